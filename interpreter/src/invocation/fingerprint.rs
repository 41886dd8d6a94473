//! What a peer keeps of a particle, in one number: equal for peers that will do the same with the same input.

use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, Hash as _, Hasher};

use foldhash::quality::FixedState;

use crate::data::{CallResult, CanonResult, ExecutedState, Sender, ValueRef};

/// What a peer keeps, in one number, and its calls by where they stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fingerprint {
    /// Equal if the traces are equal but for the numbers of requests. Contents follow from their identifiers in the trace.
    /// It differs between machines and builds.
    pub hash: u64,
    /// The peer's own requests that have no answer: which of them each number is, in the order of the trace.
    pub requests: BTreeMap<u32, u32>,
}

/// The fingerprint of a trace on its peer. Requests are counted in the order of the trace, for each peer by itself: their
/// numbers only say in which order they were made.
pub(super) fn fingerprint(trace: &[ExecutedState], peer: &str) -> Fingerprint {
    let mut hasher = FixedState::default().build_hasher();
    let mut requests = BTreeMap::new();
    let mut foreign: BTreeMap<&str, BTreeMap<u32, u32>> = BTreeMap::new();
    for state in trace {
        match state {
            ExecutedState::Par(par) => (0u8, par.left_size, par.right_size).hash(&mut hasher),
            ExecutedState::Call(CallResult::RequestSentBy(Sender::PeerId(sender))) => {
                (1u8, sender).hash(&mut hasher);
            }
            ExecutedState::Call(CallResult::RequestSentBy(Sender::PeerIdWithCallId { peer_id, call_id })) => {
                let known = match peer_id.as_str() {
                    own if own == peer => &mut requests,
                    other => foreign.entry(other).or_default(),
                };
                let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
                let ordinal = *known.entry(*call_id).or_insert(next);
                (2u8, peer_id, ordinal).hash(&mut hasher);
            }
            ExecutedState::Call(CallResult::Executed(ValueRef::Scalar(cid))) => (3u8, cid).hash(&mut hasher),
            ExecutedState::Call(CallResult::Executed(ValueRef::Stream { cid, generation })) => {
                (4u8, cid, generation).hash(&mut hasher);
            }
            ExecutedState::Call(CallResult::Executed(ValueRef::Unused(cid))) => (5u8, cid).hash(&mut hasher),
            ExecutedState::Call(CallResult::Failed(cid)) => (6u8, cid).hash(&mut hasher),
            ExecutedState::Fold(fold) => {
                (7u8, fold.lore.len()).hash(&mut hasher);
                for lore in &fold.lore {
                    lore.value_pos.hash(&mut hasher);
                    for part in &lore.subtraces_desc {
                        (part.begin_pos, part.subtrace_len).hash(&mut hasher);
                    }
                }
            }
            ExecutedState::Ap(ap) => (8u8, &ap.res_generations[..]).hash(&mut hasher),
            ExecutedState::Canon(CanonResult::RequestSentBy(sender)) => (9u8, sender).hash(&mut hasher),
            ExecutedState::Canon(CanonResult::Executed(cid)) => (10u8, cid).hash(&mut hasher),
        }
    }
    Fingerprint { hash: hasher.finish(), requests }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;

    fn request(peer: &str, call_id: u32) -> ExecutedState {
        let peer_id = Rc::new(peer.to_owned());
        ExecutedState::Call(CallResult::RequestSentBy(Sender::PeerIdWithCallId { peer_id, call_id }))
    }

    #[test]
    fn numbers_of_requests_do_not_count_and_their_places_do() {
        let of = |trace: &[ExecutedState]| fingerprint(trace, "a");
        let first = of(&[request("a", 1), request("a", 2), request("b", 7)]);
        let other = of(&[request("a", 9), request("a", 4), request("b", 1)]);
        assert_eq!(first.hash, other.hash);
        assert_eq!(other.requests, BTreeMap::from([(9, 0), (4, 1)]));
        assert_ne!(first.hash, of(&[request("a", 1), request("b", 7), request("a", 2)]).hash);
        assert_ne!(first.hash, of(&[request("a", 1), request("a", 1), request("b", 7)]).hash);
    }
}
