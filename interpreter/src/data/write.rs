//! Writes inner data; see [`super::read`] for the layout.
//!
//! Depth first, in the order of fields: what an object points to, then the object on a word of its own. A list is
//! what all of its elements point to, then its elements. What is shared in memory is written once.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::{
    CallResult, CanonElement, CanonResult, CanonResultAggregate, Cid, Entry, ExecutedState, InterpreterData,
    Provenance, RawValue, SecurityTetraplet, Sender, ServiceResult, SignatureEntry, ValueRef,
};

impl InterpreterData {
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

/// The parts of inner data.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parts<'a> {
    pub(crate) trace: &'a [ExecutedState],
    pub(crate) last_call_request_id: u32,
    pub(crate) values: &'a [Entry<RawValue>],
    pub(crate) tetraplets: &'a [Entry<SecurityTetraplet>],
    pub(crate) canon_elements: &'a [Entry<CanonElement>],
    pub(crate) canon_results: &'a [Entry<CanonResultAggregate>],
    pub(crate) service_results: &'a [Entry<ServiceResult>],
    pub(crate) signatures: &'a [SignatureEntry],
}

impl Parts<'_> {
    /// Writes all of it.
    ///
    /// # Errors
    /// If it does not fit into the 2 GiB that relative pointers reach.
    pub(crate) fn write(self) -> Result<Vec<u8>, String> {
        // About what a call and its contents take; a canon's elements take more.
        let size = self.trace.len() * 128 + self.values.len() * 128 + self.canon_elements.len() * 128 + 1024;
        // Most of what is shared are the identifiers of contents.
        let shared = self.values.len()
            + self.canon_elements.len()
            + 2 * self.service_results.len()
            + self.tetraplets.len();
        let shared = FxHashMap::with_capacity_and_hasher(shared, Default::default());
        let mut writer = Writer { out: Vec::with_capacity(size), shared };
        let trace = writer.list(self.trace, Writer::state_parts, Writer::state);
        let values = writer.entries(self.values, |writer, value| {
            let text = writer.bytes(value.text().as_bytes());
            writer.align();
            writer.object(|at| [pointer(at, text), number(value.text().len())])
        });
        let tetraplets = writer.entries(self.tetraplets, Writer::tetraplet);
        let elements = writer.entries(self.canon_elements, Writer::canon_element);
        let canons = writer.entries(self.canon_results, Writer::canon_result);
        let results = writer.entries(self.service_results, Writer::service_result);
        let signatures = writer.list(
            self.signatures,
            |writer, entry| (writer.bytes(&entry.public_key.0), writer.bytes(&entry.signature.0)),
            |at, entry, (key, signature)| {
                let (key_size, size) = (entry.public_key.0.len(), entry.signature.0.len());
                [pointer(at, key), number(key_size), pointer(at + 8, signature), number(size)]
            },
        );
        writer.align();
        writer.object(|at| {
            let length = |at, list, length| [pointer(at, list), number(length)];
            let [a, b] = length(at, trace, self.trace.len());
            let [c, d] = length(at + 12, values, self.values.len());
            let [e, f] = length(at + 20, tetraplets, self.tetraplets.len());
            let [g, h] = length(at + 28, elements, self.canon_elements.len());
            let [i, j] = length(at + 36, canons, self.canon_results.len());
            let [k, l] = length(at + 44, results, self.service_results.len());
            let [m, n] = length(at + 52, signatures, self.signatures.len());
            [a, b, self.last_call_request_id.to_be_bytes(), c, d, e, f, g, h, i, j, k, l, m, n]
        });
        if i32::try_from(writer.out.len()).is_err() {
            return Err(format!("{} bytes are more than relative pointers reach", writer.out.len()));
        }
        Ok(writer.out)
    }
}

type Word = [u8; 4];

struct Writer {
    out: Vec<u8>,
    /// Where shared contents went, by address.
    shared: FxHashMap<usize, usize>,
}

/// Data beyond 2 GiB is refused when it is written, so nothing is lost here.
fn pointer(from: usize, to: usize) -> Word {
    (to.wrapping_sub(from) as i32).to_be_bytes()
}

fn number(size: usize) -> Word {
    (size as u32).to_be_bytes()
}

fn tag(tag: u8) -> Word {
    [tag, 0, 0, 0]
}

const ZERO: Word = [0; 4];

impl Writer {
    fn align(&mut self) {
        self.out.resize(self.out.len().next_multiple_of(4), 0);
    }

    fn object<const W: usize>(&mut self, words: impl FnOnce(usize) -> [Word; W]) -> usize {
        let at = self.out.len();
        self.out.extend_from_slice(words(at).as_flattened());
        at
    }

    fn bytes(&mut self, bytes: &[u8]) -> usize {
        let at = self.out.len();
        self.out.extend_from_slice(bytes);
        at
    }

    /// What elements point to, then the elements; the place of the first one.
    fn list<const W: usize, T, P>(
        &mut self,
        items: &[T],
        mut parts: impl FnMut(&mut Self, &T) -> P,
        object: impl Fn(usize, &T, P) -> [Word; W],
    ) -> usize {
        let parts: Vec<P> = items.iter().map(|item| parts(self, item)).collect();
        self.align();
        let first = self.out.len();
        self.out.reserve(items.len() * 4 * W);
        for (item, parts) in items.iter().zip(parts) {
            self.object(|at| object(at, item, parts));
        }
        first
    }

    /// Writes something shared when it is met first; its place.
    fn once<T: ?Sized>(&mut self, content: &Rc<T>, write: impl FnOnce(&mut Self, &T) -> usize) -> usize {
        // What nothing else points to is not met again.
        if Rc::strong_count(content) == 1 {
            return write(self, content);
        }
        let address = Rc::as_ptr(content).addr();
        if let Some(&place) = self.shared.get(&address) {
            return place;
        }
        let place = write(self, content);
        self.shared.insert(address, place);
        place
    }

    fn text(&mut self, text: &Rc<str>) -> usize {
        self.once(text, |writer, text| {
            let place = writer.bytes(text.as_bytes());
            if text.is_empty() {
                // Places of shared contents are different.
                writer.out.push(0);
            }
            place
        })
    }

    fn cid(&mut self, cid: &Cid) -> usize {
        self.text(&cid.0)
    }

    /// The bytes of a string that does not fit into seven.
    fn long_text(&mut self, text: &str) -> usize {
        if text.len() > 7 { self.bytes(text.as_bytes()) } else { 0 }
    }

    fn peer(&mut self, peer: &Rc<String>) -> usize {
        self.once(peer, |writer, peer| {
            let place = writer.long_text(peer);
            writer.align();
            writer.object(|at| string(at, peer, place))
        })
    }

    fn entries<T>(&mut self, entries: &[Entry<T>], write: impl Fn(&mut Self, &T) -> usize) -> usize {
        self.list(
            entries,
            |writer, entry| (writer.cid(&entry.cid), writer.once(&entry.value, &write)),
            |at, entry, (cid, value)| [pointer(at, cid), number(entry.cid.0.len()), pointer(at + 8, value)],
        )
    }

    /// What a state points to.
    fn state_parts(&mut self, state: &ExecutedState) -> usize {
        match state {
            ExecutedState::Par(_) => 0,
            ExecutedState::Call(CallResult::RequestSentBy(
                Sender::PeerId(peer) | Sender::PeerIdWithCallId { peer_id: peer, .. },
            ))
            | ExecutedState::Canon(CanonResult::RequestSentBy(peer)) => self.peer(peer),
            ExecutedState::Call(
                CallResult::Executed(
                    ValueRef::Scalar(cid) | ValueRef::Stream { cid, .. } | ValueRef::Unused(cid),
                )
                | CallResult::Failed(cid),
            )
            | ExecutedState::Canon(CanonResult::Executed(cid)) => self.cid(cid),
            ExecutedState::Fold(fold) => self.list(
                &fold.lore,
                |writer, lore| {
                    writer.list(
                        &lore.subtraces_desc,
                        |_, _| (),
                        |_, desc, ()| [desc.begin_pos.to_be_bytes(), desc.subtrace_len.to_be_bytes()],
                    )
                },
                |at, lore, list| {
                    let length = number(lore.subtraces_desc.len());
                    [lore.value_pos.to_be_bytes(), pointer(at + 4, list), length]
                },
            ),
            ExecutedState::Ap(ap) => {
                self.list(&ap.res_generations, |_, _| (), |_, generation, ()| [generation.to_be_bytes()])
            }
        }
    }

    fn state(at: usize, state: &ExecutedState, part: usize) -> [Word; 6] {
        let text = |at, text: &str| [pointer(at, part), number(text.len())];
        match state {
            ExecutedState::Par(par) => {
                [tag(0), par.left_size.to_be_bytes(), par.right_size.to_be_bytes(), ZERO, ZERO, ZERO]
            }
            ExecutedState::Call(call) => match call {
                CallResult::RequestSentBy(Sender::PeerId(_)) => {
                    [tag(1), tag(0), tag(0), pointer(at + 12, part), ZERO, ZERO]
                }
                CallResult::RequestSentBy(Sender::PeerIdWithCallId { call_id, .. }) => {
                    [tag(1), tag(0), tag(1), pointer(at + 12, part), call_id.to_be_bytes(), ZERO]
                }
                CallResult::Executed(value) => {
                    let (variant, cid, generation) = match value {
                        ValueRef::Scalar(cid) => (0, cid, 0),
                        ValueRef::Stream { cid, generation } => (1, cid, *generation),
                        ValueRef::Unused(cid) => (2, cid, 0),
                    };
                    let [to, length] = text(at + 12, cid.as_str());
                    [tag(1), tag(1), tag(variant), to, length, generation.to_be_bytes()]
                }
                CallResult::Failed(cid) => {
                    let [to, length] = text(at + 8, cid.as_str());
                    [tag(1), tag(2), to, length, ZERO, ZERO]
                }
            },
            ExecutedState::Fold(fold) => {
                [tag(2), pointer(at + 4, part), number(fold.lore.len()), ZERO, ZERO, ZERO]
            }
            ExecutedState::Ap(ap) => {
                [tag(3), pointer(at + 4, part), number(ap.res_generations.len()), ZERO, ZERO, ZERO]
            }
            ExecutedState::Canon(CanonResult::RequestSentBy(_)) => {
                [tag(4), tag(0), pointer(at + 8, part), ZERO, ZERO, ZERO]
            }
            ExecutedState::Canon(CanonResult::Executed(cid)) => {
                let [to, length] = text(at + 8, cid.as_str());
                [tag(4), tag(1), to, length, ZERO, ZERO]
            }
        }
    }

    fn tetraplet(&mut self, tetraplet: &SecurityTetraplet) -> usize {
        let SecurityTetraplet { peer_pk, service_id, function_name, lens } = tetraplet;
        let [peer, service, function, path] =
            [peer_pk, service_id, function_name, lens].map(|text| self.long_text(text));
        self.align();
        self.object(|at| {
            let [a, b] = string(at, peer_pk, peer);
            let [c, d] = string(at + 8, service_id, service);
            let [e, f] = string(at + 16, function_name, function);
            let [g, h] = string(at + 24, lens, path);
            [a, b, c, d, e, f, g, h]
        })
    }

    fn canon_element(&mut self, element: &CanonElement) -> usize {
        let (value, tetraplet) = (self.cid(&element.value), self.cid(&element.tetraplet));
        let (variant, provenance) = match &element.provenance {
            Provenance::Literal => (0, None),
            Provenance::ServiceResult { cid } => (1, Some((self.cid(cid), cid))),
            Provenance::Canon { cid } => (2, Some((self.cid(cid), cid))),
        };
        self.align();
        self.object(|at| {
            let [a, b] = text(at, &element.value, value);
            let [c, d] = text(at + 8, &element.tetraplet, tetraplet);
            let [e, f] = provenance.map_or([ZERO; 2], |(place, cid)| text(at + 20, cid, place));
            [a, b, c, d, tag(variant), e, f]
        })
    }

    fn canon_result(&mut self, canon: &CanonResultAggregate) -> usize {
        let tetraplet = self.cid(&canon.tetraplet);
        let values = self.list(&canon.values, Writer::cid, text);
        self.align();
        self.object(|at| {
            let [a, b] = text(at, &canon.tetraplet, tetraplet);
            [a, b, pointer(at + 8, values), number(canon.values.len())]
        })
    }

    fn service_result(&mut self, result: &ServiceResult) -> usize {
        let value = self.cid(&result.value_cid);
        let hash = self.text(&result.argument_hash);
        let tetraplet = self.cid(&result.tetraplet_cid);
        self.align();
        self.object(|at| {
            let [a, b] = text(at, &result.value_cid, value);
            let [c, d] = [pointer(at + 8, hash), number(result.argument_hash.len())];
            let [e, f] = text(at + 16, &result.tetraplet_cid, tetraplet);
            [a, b, c, d, e, f]
        })
    }
}

fn text(at: usize, cid: &Cid, place: usize) -> [Word; 2] {
    [pointer(at, place), number(cid.0.len())]
}

/// A string: up to seven bytes and their number, or the number and a pointer with its least byte first.
fn string(at: usize, text: &str, place: usize) -> [Word; 2] {
    if text.len() > 7 {
        return [number(text.len()), (place.wrapping_sub(at) as i32).to_le_bytes()];
    }
    let mut bytes = [0; 8];
    bytes.iter_mut().zip(text.as_bytes()).for_each(|(to, from)| *to = *from);
    let [a, b, c, d, e, f, g, _] = bytes;
    [[a, b, c, d], [e, f, g, text.len() as u8]]
}
