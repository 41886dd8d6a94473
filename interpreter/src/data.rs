//! Interpreter data: what one invocation leaves for the next, here and on other peers.
//!
//! The layout of the inner data is what rkyv 0.7 derives from these types, order of fields and of variants
//! included: [`read`] and [`mod@write`] keep to it, golden vectors and rkyv itself (`tests/layout`) guard it.
#![allow(missing_docs)]

mod display;
mod envelope;
mod read;
mod store;
mod write;

use std::cell::OnceCell;
use std::fmt;
use std::rc::Rc;

use smallvec::SmallVec;

pub use crate::cid::Cid;
pub use display::{envelope_to_json, to_json};
pub(crate) use display::{provenance as provenance_json, state as state_json, tetraplet as tetraplet_json};
pub use envelope::{Envelope, EnvelopeError};
pub use read::Malformed;
pub(crate) use store::Sizes;
pub use store::{Store, Stores};
pub(crate) use write::Parts;

/// Everything inside an envelope.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct InterpreterData {
    pub trace: Vec<ExecutedState>,
    pub last_call_request_id: u32,
    pub cid_info: CidInfo,
    pub signatures: Vec<SignatureEntry>,
}

/// What one instruction left in the trace.
#[derive(Debug, Clone, PartialEq)]
pub enum ExecutedState {
    Par(ParResult),
    Call(CallResult),
    Fold(FoldResult),
    Ap(ApResult),
    Canon(CanonResult),
}

/// Numbers of states that the two branches left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ParResult {
    pub left_size: u32,
    pub right_size: u32,
}

/// A call: requested, answered, or failed.
#[derive(Debug, Clone, PartialEq)]
pub enum CallResult {
    RequestSentBy(Sender),
    Executed(ValueRef),
    Failed(Cid),
}

/// Who waits for a call.
#[derive(Debug, Clone, PartialEq)]
pub enum Sender {
    /// A peer that sent the particle on.
    PeerId(Rc<String>),
    /// A peer whose host has the request.
    PeerIdWithCallId { peer_id: Rc<String>, call_id: u32 },
}

/// Where the result of a call is.
#[derive(Debug, Clone, PartialEq)]
pub enum ValueRef {
    Scalar(Cid),
    Stream { cid: Cid, generation: u32 },
    Unused(Cid),
}

/// The iterations of a fold over a stream or map.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FoldResult {
    pub lore: Vec<FoldSubTraceLore>,
}

/// One iteration: the position of its value, and its states before and after `next`.
#[derive(Debug, Clone, PartialEq)]
pub struct FoldSubTraceLore {
    pub value_pos: u32,
    pub subtraces_desc: Vec<SubTraceDesc>,
}

/// A piece of a trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SubTraceDesc {
    pub begin_pos: u32,
    pub subtrace_len: u32,
}

/// A value put into a stream or map, with its generation (always one).
#[derive(Debug, Clone, PartialEq)]
pub struct ApResult {
    /// Inline: there is one for each value in a stream.
    pub res_generations: SmallVec<[u32; 1]>,
}

/// A canon: asked for, or done.
#[derive(Debug, Clone, PartialEq)]
pub enum CanonResult {
    RequestSentBy(Rc<String>),
    Executed(Cid),
}

/// The five stores of contents by identifier, in the order in which entries were added.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CidInfo {
    pub value_store: Vec<Entry<RawValue>>,
    pub tetraplet_store: Vec<Entry<SecurityTetraplet>>,
    pub canon_element_store: Vec<Entry<CanonElement>>,
    pub canon_result_store: Vec<Entry<CanonResultAggregate>>,
    pub service_result_store: Vec<Entry<ServiceResult>>,
}

/// A content by its identifier.
#[derive(Debug, PartialEq)]
pub struct Entry<T> {
    pub cid: Cid,
    pub value: Rc<T>,
}

impl<T> Clone for Entry<T> {
    fn clone(&self) -> Self {
        Entry { cid: self.cid.clone(), value: self.value.clone() }
    }
}

/// The JSON text of a value; what it stands for is read once, when asked for.
pub struct RawValue {
    raw: Box<str>,
    parsed: OnceCell<crate::value::Value>,
}

impl RawValue {
    /// A value that is only known as text.
    pub fn from_text(text: impl Into<Box<str>>) -> Self {
        RawValue { raw: text.into(), parsed: OnceCell::new() }
    }

    /// A compact text and the value that it stands for.
    pub(crate) fn new(text: impl Into<Box<str>>, value: crate::value::Value) -> Self {
        RawValue { raw: text.into(), parsed: OnceCell::from(value) }
    }

    /// The text as stored.
    pub fn text(&self) -> &str {
        &self.raw
    }

    /// The value.
    ///
    /// # Errors
    /// If the text is not JSON, which a foreign peer can send.
    pub fn value(&self) -> Result<&crate::value::Value, crate::json::JsonError> {
        match self.parsed.get() {
            Some(value) => Ok(value),
            None => {
                let value = crate::json::parse(&self.raw)?;
                Ok(self.parsed.get_or_init(|| value))
            }
        }
    }
}

impl fmt::Debug for RawValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawValue").field("raw", &self.raw).finish()
    }
}

impl Clone for RawValue {
    fn clone(&self) -> Self {
        RawValue::from_text(self.raw.clone())
    }
}

impl PartialEq for RawValue {
    fn eq(&self, other: &Self) -> bool {
        self.raw == other.raw
    }
}

/// Where a value comes from: peer, service, function, and the lens it was taken by.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct SecurityTetraplet {
    pub peer_pk: String,
    pub service_id: String,
    pub function_name: String,
    pub lens: String,
}

/// One value of a canon.
#[derive(Debug, Clone, PartialEq)]
pub struct CanonElement {
    pub value: Cid,
    pub tetraplet: Cid,
    pub provenance: Provenance,
}

/// What vouches for a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Provenance {
    Literal,
    ServiceResult { cid: Cid },
    Canon { cid: Cid },
}

/// A canon: who made it, of which elements.
#[derive(Debug, Clone, PartialEq)]
pub struct CanonResultAggregate {
    pub tetraplet: Cid,
    pub values: Vec<Cid>,
}

/// The answer of a service, and to what.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceResult {
    pub value_cid: Cid,
    pub argument_hash: Rc<str>,
    pub tetraplet_cid: Cid,
}

/// The signature of one peer over the identifiers that it produced; byte 0 of both is the key format.
#[derive(Debug, Clone, PartialEq)]
pub struct SignatureEntry {
    pub public_key: PublicKeyBytes,
    pub signature: SignatureBytes,
}

/// Format byte and key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKeyBytes(pub Box<[u8]>);

/// Format byte and signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureBytes(pub Box<[u8]>);

impl InterpreterData {
    /// Reads inner data; all of it is validated.
    ///
    /// # Errors
    /// If it is not well formed.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        read::read(bytes)
    }

    /// Writes inner data; the same data gives the same bytes.
    ///
    /// # Errors
    /// If it does not fit into the 2 GiB that relative pointers reach.
    pub fn encode(&self) -> Result<Vec<u8>, String> {
        let info = &self.cid_info;
        Parts {
            trace: &self.trace,
            last_call_request_id: self.last_call_request_id,
            values: &info.value_store,
            tetraplets: &info.tetraplet_store,
            canon_elements: &info.canon_element_store,
            canon_results: &info.canon_result_store,
            service_results: &info.service_result_store,
            signatures: &self.signatures,
        }
        .write()
    }
}

impl SecurityTetraplet {
    /// The tetraplet of a literal: the peer that started the particle, nothing else.
    pub fn literal(peer: impl Into<String>) -> Self {
        SecurityTetraplet { peer_pk: peer.into(), ..SecurityTetraplet::default() }
    }

    /// What is hashed: fields in order of declaration.
    pub fn hashed_text(&self) -> String {
        hashed(&[
            ("peer_pk", &self.peer_pk),
            ("service_id", &self.service_id),
            ("function_name", &self.function_name),
            ("lens", &self.lens),
        ])
    }
}

impl ServiceResult {
    /// What is hashed.
    pub fn hashed_text(&self) -> String {
        hashed(&[
            ("value_cid", self.value_cid.as_str()),
            ("argument_hash", &self.argument_hash),
            ("tetraplet_cid", self.tetraplet_cid.as_str()),
        ])
    }
}

impl CanonElement {
    /// What is hashed.
    pub fn hashed_text(&self) -> String {
        // Three identifiers and what stands around them.
        let mut out = String::with_capacity(256);
        self.write_hashed(&mut out);
        out
    }

    /// Appends what is hashed.
    pub(crate) fn write_hashed(&self, out: &mut String) {
        write_hashed(&[("value", self.value.as_str()), ("tetraplet", self.tetraplet.as_str())], out);
        out.pop();
        out.push_str(",\"provenance\":");
        match &self.provenance {
            Provenance::Literal => out.push_str("{\"type\":\"literal\"}"),
            Provenance::ServiceResult { cid } => {
                write_hashed(&[("type", "service_result"), ("cid", cid.as_str())], out);
            }
            Provenance::Canon { cid } => write_hashed(&[("type", "canon"), ("cid", cid.as_str())], out),
        }
        out.push('}');
    }
}

impl CanonResultAggregate {
    /// What is hashed.
    pub fn hashed_text(&self) -> String {
        let mut out = hashed(&[("tetraplet", self.tetraplet.as_str())]);
        out.pop();
        out.push_str(",\"values\":[");
        for (at, value) in self.values.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            crate::json::write_string(value.as_str(), &mut out);
        }
        out.push_str("]}");
        out
    }
}

/// An object of strings; names need no escapes.
fn hashed(fields: &[(&str, &str)]) -> String {
    let size = fields.iter().map(|(name, text)| name.len() + text.len() + 6).sum::<usize>();
    let mut out = String::with_capacity(size + 1);
    write_hashed(fields, &mut out);
    out
}

fn write_hashed(fields: &[(&str, &str)], out: &mut String) {
    out.push('{');
    for (at, (name, text)) in fields.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        out.push('"');
        out.push_str(name);
        out.push_str("\":");
        crate::json::write_string(text, out);
    }
    out.push('}');
}

/// The short form that some messages of the reference use.
impl fmt::Display for ExecutedState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExecutedState::Par(par) => write!(f, "par({}, {})", par.left_size, par.right_size),
            ExecutedState::Call(CallResult::RequestSentBy(Sender::PeerId(peer))) => {
                write!(f, "request_sent_by({peer})")
            }
            ExecutedState::Call(CallResult::RequestSentBy(Sender::PeerIdWithCallId { peer_id, call_id })) => {
                write!(f, "request_sent_by({peer_id}: {call_id})")
            }
            ExecutedState::Call(CallResult::Executed(value)) => write!(f, "executed({value:?})"),
            ExecutedState::Call(CallResult::Failed(cid)) => write!(f, "failed({cid:?})"),
            ExecutedState::Fold(fold) => {
                f.write_str("fold(\n")?;
                for lore in &fold.lore {
                    let piece = |at: usize| {
                        lore.subtraces_desc.get(at).map_or((0, 0), |desc| (desc.begin_pos, desc.subtrace_len))
                    };
                    let ((before, before_len), (after, after_len)) = (piece(0), piece(1));
                    writeln!(
                        f,
                        "          {} - [{before}, {before_len}], [{after}, {after_len}]",
                        lore.value_pos
                    )?;
                }
                f.write_str("     )")
            }
            ExecutedState::Ap(ap) => write!(f, "ap: _ -> {:?}", ap.res_generations),
            ExecutedState::Canon(canon) => write!(f, "canon [{canon:?}]"),
        }
    }
}
