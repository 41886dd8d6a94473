//! Invocations that copies of a simulation have in common: the same input to a peer that has kept the same.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, Hash};
use std::rc::Rc;

use air_interpreter::recorder::Iteration;
use air_interpreter::{CallServiceResult, Outcome};
use air_semantics::hir::InstrId;
use foldhash::quality::FixedState;
use rustc_hash::FxHashMap;

use super::kept::Kept;

/// What a peer that ran came to.
#[derive(Debug, Clone)]
pub(super) struct Ran<'s> {
    pub(super) outcome: Outcome,
    pub(super) places: BTreeMap<u32, (InstrId, Vec<Iteration>)>,
    pub(super) reached_end: bool,
    pub(super) state: Rc<Kept<'s>>,
}

/// Invocations that copies of one network have in common, by what the peer kept and what came in.
#[derive(Debug, Default)]
pub(super) struct Memo<'s> {
    known: FxHashMap<(u64, u64), Ran<'s>>,
    bytes: u64,
    pub(super) invocations: u64,
}

/// Bytes of all that a memo keeps; then it begins anew.
const MAX_MEMO_BYTES: u64 = 96 << 20;

impl<'s> Memo<'s> {
    pub(super) fn get(&self, key: (u64, u64)) -> Option<Ran<'s>> {
        self.known.get(&key).cloned()
    }

    pub(super) fn put(&mut self, key: (u64, u64), ran: Ran<'s>, bytes: u64) {
        if self.bytes > MAX_MEMO_BYTES {
            self.known.clear();
            self.bytes = 0;
        }
        self.bytes += bytes;
        self.known.insert(key, ran);
    }
}

/// Shared by all copies.
pub(super) type SharedMemo<'s> = Rc<RefCell<Memo<'s>>>;

/// Something that a hash stands for, the same in each copy.
pub(crate) fn hash_of(content: impl Hash) -> u64 {
    FixedState::default().hash_one(content)
}

/// What comes in, by content.
pub(super) fn input_hash(particle: Option<u64>, results: &BTreeMap<u32, CallServiceResult>) -> u64 {
    let results: Vec<_> = results.iter().map(|(id, result)| (id, result.ret_code, &result.result)).collect();
    hash_of((particle, results))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_differ_by_what_came_and_by_every_answer() {
        let answers = |id: u32, result: &str| {
            BTreeMap::from([(id, CallServiceResult { ret_code: 0, result: result.to_owned() })])
        };
        let hashes = [
            input_hash(None, &BTreeMap::new()),
            input_hash(Some(0), &BTreeMap::new()),
            input_hash(Some(1), &BTreeMap::new()),
            input_hash(None, &answers(1, "1")),
            input_hash(None, &answers(2, "1")),
            input_hash(None, &answers(1, "2")),
        ];
        let different: std::collections::BTreeSet<u64> = hashes.into_iter().collect();
        assert_eq!(different.len(), hashes.len());
        assert_eq!(input_hash(None, &answers(1, "1")), input_hash(None, &answers(1, "1")));
    }
}
