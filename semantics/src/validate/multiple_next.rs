//! More than one `next` for one fold.

use std::collections::hash_map::Entry;

use air_syntax::TextRange;
use rustc_hash::FxHashMap;

use super::iterators::{Event, Iterators};
use crate::finding::{Finding, Related, Rule};
use crate::hir::{Hir, InstrKind};

/// Each fold takes one `next` of its iterator, inner folds of the same name aside. Alternatives
/// count too: both branches of `xor` or `par`, body and last instruction. Gives the further ones with the first one's
/// place and the fold.
pub(super) fn further(iterators: &Iterators) -> impl Iterator<Item = (&Event, TextRange, &Event)> {
    let mut first = FxHashMap::default();
    iterators.of_kind(InstrKind::Next).filter_map(move |next| {
        let (index, fold) = (next.fold?, iterators.fold_of(next)?);
        match first.entry(index) {
            Entry::Occupied(before) => Some((next, *before.get(), fold)),
            Entry::Vacant(place) => {
                place.insert(next.range);
                None
            }
        }
    })
}

pub(super) fn report(hir: &Hir, iterators: &Iterators) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (next, before, fold) in further(iterators) {
        let name = hir.name(next.name);
        findings.push(Finding {
            rule: Rule::MultipleNext,
            instr: next.instr,
            name: Some(next.name),
            range: next.range,
            message: format!(
                "`next {name}` may stand only once in a fold, even in branches of which only one runs"
            ),
            related: vec![
                Related { range: before, message: format!("the first `next {name}` stands here").into() },
                Related {
                    range: fold.range,
                    message: format!("`{name}` is the iterator of this fold").into(),
                },
            ],
            fixes: Vec::new(),
        });
    }
    findings.sort_by_key(|finding| finding.range.start());
    findings
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn alternatives_count() {
        check(
            r#"(fold [] i
 (xor
  (next i)
  (next i)))"#,
            expect![[r#"
                |   (next i)))
                |         ^ MultipleNext: `next i` may stand only once in a fold, even in branches of which only one runs
                |   (next i)
                |         - the first `next i` stands here
                | (fold [] i
                |          - `i` is the iterator of this fold
                AquaVM 30..38: multiple next instructions for iterator 'i' found for one fold, that is prohibited
            "#]],
        );
    }

    #[test]
    fn body_and_last_count() {
        check(
            "(fold [] i (next i) (next i))",
            expect![[r#"
                | (fold [] i (next i) (next i))
                |                           ^ MultipleNext: `next i` may stand only once in a fold, even in branches of which only one runs
                | (fold [] i (next i) (next i))
                |                  - the first `next i` stands here
                | (fold [] i (next i) (next i))
                |          - `i` is the iterator of this fold
                AquaVM 20..28: multiple next instructions for iterator 'i' found for one fold, that is prohibited
            "#]],
        );
    }

    #[test]
    fn each_further_one_is_reported() {
        check(
            "(fold [] i (seq (next i) (seq (next i) (next i))))",
            expect![[r#"
                | (fold [] i (seq (next i) (seq (next i) (next i))))
                |                                     ^ MultipleNext: `next i` may stand only once in a fold, even in branches of which only one runs
                | (fold [] i (seq (next i) (seq (next i) (next i))))
                |                       - the first `next i` stands here
                | (fold [] i (seq (next i) (seq (next i) (next i))))
                |          - `i` is the iterator of this fold
                AquaVM 30..38: multiple next instructions for iterator 'i' found for one fold, that is prohibited
                | (fold [] i (seq (next i) (seq (next i) (next i))))
                |                                              ^ MultipleNext: `next i` may stand only once in a fold, even in branches of which only one runs
                | (fold [] i (seq (next i) (seq (next i) (next i))))
                |                       - the first `next i` stands here
                | (fold [] i (seq (next i) (seq (next i) (next i))))
                |          - `i` is the iterator of this fold
                AquaVM 39..47: multiple next instructions for iterator 'i' found for one fold, that is prohibited
            "#]],
        );
    }

    #[test]
    fn folds_beside_each_other_are_free() {
        check(
            "(seq (fold [] i (next i)) (fold [] i (next i)))",
            expect![[r#"
                accepted
            "#]],
        );
    }

    #[test]
    fn inner_folds_have_their_own() {
        check(
            "(fold [] i (seq (fold [] j (next j)) (next i)))",
            expect![[r#"
                accepted
            "#]],
        );
    }
}
