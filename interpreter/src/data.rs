//! Interpreter data: what one invocation leaves for the next, here and on other peers.
//!
//! Inside of an [`Envelope`] lies the *trace*, a flat list of what each instruction has done, and *stores* of the
//! contents to which the trace refers by identifier. The trace is in the order in which instructions ran; which states
//! belong to which branch of a `par` or iteration of a `fold` is said by sizes and positions, never by nesting. Nothing is
//! ever removed from a store, and a peer signs what it has produced.
//!
//! The layout of the inner data is what rkyv 0.7 derives from these types, order of fields and of variants
//! included: `data/read.rs` and `data/write.rs` keep to it, golden vectors and rkyv itself (`tests/layout`) guard it.
//!
//! rkyv itself is not used at run time: with shared texts of two lengths it reads beyond the text after its own
//! validation; it wants the bytes copied to an aligned place, validates them, and then builds the types anew, where
//! `data/read.rs` does all of it in one pass; and it would bring its derives for some thirty types into the Wasm.

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
    /// What each instruction has done, in the order in which they ran.
    pub trace: Vec<ExecutedState>,
    /// The number of the last [`Sender::PeerIdWithCallId`] that this peer has given; the next one is greater by one.
    /// Taken from previous data only: other peers count on their own.
    pub last_call_request_id: u32,
    /// What the trace refers to.
    pub cid_info: CidInfo,
    /// The signatures of all peers that have produced something in the trace, each peer once.
    pub signatures: Vec<SignatureEntry>,
}

/// What one instruction left in the trace. All others (`seq`, `xor`, `match`, `new`, folds over arrays, `ap` into a
/// scalar …) leave nothing: they are repeated by each invocation.
#[derive(Debug, Clone, PartialEq)]
pub enum ExecutedState {
    /// A `par`; stands before the states of its branches.
    Par(ParResult),
    /// A `call`, as far as it has come.
    Call(CallResult),
    /// A `fold` over a stream or map; stands before the states of its iterations.
    Fold(FoldResult),
    /// An `ap` into a stream or map.
    Ap(ApResult),
    /// A `canon`, as far as it has come.
    Canon(CanonResult),
}

/// How many states the two branches of a `par` have left, states inside of states counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ParResult {
    /// States of the left branch; they follow the `par`'s own.
    pub left_size: u32,
    /// States of the right branch; they follow those of the left one.
    pub right_size: u32,
}

/// A call: requested, answered, or failed.
#[derive(Debug, Clone, PartialEq)]
pub enum CallResult {
    /// Not answered yet.
    RequestSentBy(Sender),
    /// The service has answered with a value.
    Executed(ValueRef),
    /// The service has failed: the identifier of a [`ServiceResult`] whose value is
    /// `{"message": text, "ret_code": number}`.
    Failed(Cid),
}

/// Who waits for a call.
#[derive(Debug, Clone, PartialEq)]
pub enum Sender {
    /// A peer that sent the particle on.
    PeerId(Rc<String>),
    /// A peer whose host has the request.
    PeerIdWithCallId {
        /// The peer that the call is for.
        peer_id: Rc<String>,
        /// The number under which its host answers, from 1.
        call_id: u32,
    },
}

/// Where the result of a call is.
#[derive(Debug, Clone, PartialEq)]
pub enum ValueRef {
    /// Of a call into a scalar: the identifier of a [`ServiceResult`].
    Scalar(Cid),
    /// Of a call into a stream.
    Stream {
        /// The identifier of a [`ServiceResult`].
        cid: Cid,
        /// The generation of the stream that the value is in, from 0.
        generation: u32,
    },
    /// Of a call without output: the identifier of the value itself, which is in no store.
    Unused(Cid),
}

/// The iterations of a fold over a stream or map.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FoldResult {
    /// In the order in which values were visited, so grouped by generation.
    pub lore: Vec<FoldSubTraceLore>,
}

/// One iteration of a fold over a stream or map. It is found again by its value: numbers and order of iterations can
/// differ between peers.
#[derive(Debug, Clone, PartialEq)]
pub struct FoldSubTraceLore {
    /// The position in the trace of the state that put the value into the stream.
    pub value_pos: u32,
    /// Always two: the states before `next`, and those after it.
    pub subtraces_desc: Vec<SubTraceDesc>,
}

/// A piece of the trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SubTraceDesc {
    /// The position of its first state, from 0.
    pub begin_pos: u32,
    /// How many states it has; the states of the following iterations, which `next` brings inside, are not counted.
    pub subtrace_len: u32,
}

/// A value that `ap` put into a stream or map.
#[derive(Debug, Clone, PartialEq)]
pub struct ApResult {
    /// Always one number, in a list by the format: the generation that the value is in, from 0.
    pub res_generations: SmallVec<[u32; 1]>,
}

/// A canon: asked for, or done.
#[derive(Debug, Clone, PartialEq)]
pub enum CanonResult {
    /// The peer that sent the particle to the one which is to make the canon.
    RequestSentBy(Rc<String>),
    /// The identifier of a [`CanonResultAggregate`].
    Executed(Cid),
}

/// The five stores of contents by identifier, in the order in which entries were added. AquaVM has hash maps here and
/// writes them in any order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CidInfo {
    /// Values, identified by their compact JSON.
    pub value_store: Vec<Entry<RawValue>>,
    /// Where values come from.
    pub tetraplet_store: Vec<Entry<SecurityTetraplet>>,
    /// The values of canons.
    pub canon_element_store: Vec<Entry<CanonElement>>,
    /// Canons.
    pub canon_result_store: Vec<Entry<CanonResultAggregate>>,
    /// Answers of services, failures included.
    pub service_result_store: Vec<Entry<ServiceResult>>,
}

/// A content by its identifier.
#[derive(Debug, PartialEq)]
pub struct Entry<T> {
    /// The identifier.
    pub cid: Cid,
    /// What it identifies.
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

/// Where a value comes from. A service gets one with each argument, to decide whether it trusts the value.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct SecurityTetraplet {
    /// Id of the peer whose service gave the value; of a literal the peer that started the particle, of a canon the
    /// peer that made it.
    pub peer_pk: String,
    /// The service; empty if the value is not of a service.
    pub service_id: String,
    /// The function of the service; empty if the value is not of a service.
    pub function_name: String,
    /// The lens that took the value out of what the service gave, with `.$` in front: `.$.items.[0]`; empty if it is the
    /// whole of it.
    pub lens: String,
}

/// One value of a canon.
#[derive(Debug, Clone, PartialEq)]
pub struct CanonElement {
    /// In the store of values.
    pub value: Cid,
    /// In the store of tetraplets.
    pub tetraplet: Cid,
    /// By what the value was produced.
    pub provenance: Provenance,
}

/// What vouches for a value. Lenses, iterations and `ap` pass it on as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Provenance {
    /// The script, or the interpreter itself.
    Literal,
    /// A signed answer of a service.
    ServiceResult {
        /// The identifier of a [`ServiceResult`].
        cid: Cid,
    },
    /// A signed canon.
    Canon {
        /// The identifier of a [`CanonResultAggregate`].
        cid: Cid,
    },
}

/// A canon that is done.
#[derive(Debug, Clone, PartialEq)]
pub struct CanonResultAggregate {
    /// A tetraplet of nothing but the peer that made the canon.
    pub tetraplet: Cid,
    /// Identifiers of [`CanonElement`]s, in the order of the stream.
    pub values: Vec<Cid>,
}

/// The answer of a service, and to what. A peer that finds it in data compares hash and tetraplet with its own call.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceResult {
    /// The value, or what a failed call has instead.
    pub value_cid: Cid,
    /// The identifier of the JSON array of the arguments' values; the array is in no store.
    pub argument_hash: Rc<str>,
    /// Peer, service and function.
    pub tetraplet_cid: Cid,
}

/// The signature of one peer over the identifiers that it produced; byte 0 of both is the key format.
#[derive(Debug, Clone, PartialEq)]
pub struct SignatureEntry {
    /// Whose signature it is.
    pub public_key: PublicKeyBytes,
    /// Over what [`crate::signatures::signed_bytes`] gives.
    pub signature: SignatureBytes,
}

/// A byte for the format, 0 for Ed25519, and the key of 32 bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKeyBytes(pub Box<[u8]>);

/// A byte for the format, 0 for Ed25519, and the signature of 64 bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureBytes(pub Box<[u8]>);

impl SecurityTetraplet {
    /// The tetraplet of a literal: the peer that started the particle, nothing else.
    pub fn literal(peer: impl Into<String>) -> Self {
        SecurityTetraplet { peer_pk: peer.into(), ..SecurityTetraplet::default() }
    }

    /// The text that its identifier hashes: fields in the order of declaration.
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
    /// The text that its identifier hashes.
    pub fn hashed_text(&self) -> String {
        hashed(&[
            ("value_cid", self.value_cid.as_str()),
            ("argument_hash", &self.argument_hash),
            ("tetraplet_cid", self.tetraplet_cid.as_str()),
        ])
    }
}

impl CanonElement {
    /// The text that its identifier hashes.
    pub fn hashed_text(&self) -> String {
        // Three identifiers and what stands around them.
        let mut out = String::with_capacity(256);
        self.write_hashed(&mut out);
        out
    }

    /// Appends the text that its identifier hashes.
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
    /// The text that its identifier hashes.
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

/// The short form that some messages of AquaVM use.
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
