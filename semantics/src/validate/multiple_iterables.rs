//! Nested folds with one iterator name.

use super::iterators::{Event, Iterators};
use crate::finding::{Finding, Related, Rule};
use crate::hir::{Hir, InstrKind};

/// A fold must not stand, at any depth, inside one with the same iterator name; beside it is fine.
pub(super) fn inside(iterators: &Iterators) -> impl Iterator<Item = (&Event, &Event)> {
    iterators.of_kind(InstrKind::Fold).filter_map(|inner| Some((inner, iterators.fold_of(inner)?)))
}

pub(super) fn report(hir: &Hir, iterators: &Iterators) -> Vec<Finding> {
    let mut findings: Vec<_> = inside(iterators)
        .map(|(inner, outer)| {
            let name = hir.name(inner.name);
            Finding {
                rule: Rule::MultipleIterables,
                instr: inner.instr,
                name: Some(inner.name),
                range: inner.range,
                message: format!(
                    "`{name}` is already the iterator of a fold around this one; take another name"
                ),
                related: vec![Related {
                    range: outer.range,
                    message: format!("`{name}` is the iterator of this fold").into(),
                }],
                fixes: Vec::new(),
            }
        })
        .collect();
    findings.sort_by_key(|finding| finding.range.start());
    findings
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn at_any_depth() {
        check(
            r#"(fold [] i
 (par (fold [] j
  (fold [] i (null)))
  (next i)))"#,
            expect![[r#"
                |   (fold [] i (null)))
                |            ^ MultipleIterables: `i` is already the iterator of a fold around this one; take another name
                | (fold [] i
                |          - `i` is the iterator of this fold
                AquaVM 30..48: multiple iterable values found for iterator name 'i'
            "#]],
        );
    }

    #[test]
    fn beside_each_other_is_fine() {
        check(
            "(par (fold [] i (next i)) (fold [] i (next i)))",
            expect![[r#"
                accepted
            "#]],
        );
    }

    #[test]
    fn each_is_told_of_the_one_around_it() {
        check(
            "(fold [] i (fold [] i (fold [] i (null))))",
            expect![[r#"
                | (fold [] i (fold [] i (fold [] i (null))))
                |                     ^ MultipleIterables: `i` is already the iterator of a fold around this one; take another name
                | (fold [] i (fold [] i (fold [] i (null))))
                |          - `i` is the iterator of this fold
                AquaVM 11..41: multiple iterable values found for iterator name 'i'
                | (fold [] i (fold [] i (fold [] i (null))))
                |                                ^ MultipleIterables: `i` is already the iterator of a fold around this one; take another name
                | (fold [] i (fold [] i (fold [] i (null))))
                |                     - `i` is the iterator of this fold
                AquaVM 22..40: multiple iterable values found for iterator name 'i'
            "#]],
        );
    }
}
