//! `next` without a fold around it.

use rustc_hash::{FxHashMap, FxHashSet};

use super::iterators::{Event, Iterators};
use super::role_range;
use crate::finding::{Finding, Fix, Related, Rule};
use crate::hir::{Hir, InstrId, InstrKind, Role};
use crate::text_edit::TextEdit;

/// Parents looked at in all to find the fold that was meant.
const MAX_PARENTS_VISITED: usize = 100_000;

/// Only the first `next` of each name, in closing order, is looked at: it needs a fold around it
/// that has its iterator. Being in the fold's last instruction is enough.
pub(super) fn first(iterators: &Iterators) -> impl Iterator<Item = &Event> {
    let mut seen = FxHashSet::default();
    iterators.of_kind(InstrKind::Next).filter(move |next| seen.insert(next.name) && next.fold.is_none())
}

pub(super) fn report(hir: &Hir, iterators: &Iterators) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut budget = MAX_PARENTS_VISITED;
    let mut folds = FxHashMap::default();
    for fold in iterators.of_kind(InstrKind::Fold) {
        folds.entry(fold.name).or_insert(fold.range);
    }
    for next in first(iterators) {
        let name = hir.name(next.name);
        let mut message = format!("`{name}` is not the iterator of a fold around this `next`");
        let mut related = Vec::new();
        let mut fixes = Vec::new();
        if let Some(fold) = enclosing_fold(hir, next.instr, &mut budget) {
            let range = role_range(hir, fold, Role::Iterator);
            let other = hir.text_at(range);
            message.push_str(&format!("; the nearest one has `{other}`"));
            related
                .push(Related { range, message: format!("`{other}` is the iterator of this fold").into() });
            fixes.push(Fix {
                title: format!("replace by `{other}`").into(),
                safe: false,
                edits: vec![TextEdit { range: next.range, new_text: other.to_owned() }],
            });
        } else if let Some(&range) = folds.get(&next.name) {
            message.push_str("; move the `next` into its fold");
            related.push(Related { range, message: format!("`{name}` is the iterator of this fold").into() });
        }
        findings.push(Finding {
            rule: Rule::UndefinedIterable,
            instr: next.instr,
            name: Some(next.name),
            range: next.range,
            message,
            related,
            fixes,
        });
    }
    findings.sort_by_key(|finding| finding.range.start());
    findings
}

fn enclosing_fold(hir: &Hir, id: InstrId, budget: &mut usize) -> Option<InstrId> {
    let mut id = hir.instr(id)?.parent?;
    loop {
        *budget = budget.checked_sub(1)?;
        let instr = hir.instr(id)?;
        if instr.kind == InstrKind::Fold && hir.operand(instr, Role::Iterator).is_some() {
            return Some(id);
        }
        id = instr.parent?;
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn needs_a_fold() {
        check(
            "(next i)",
            expect![[r#"
                | (next i)
                |       ^ UndefinedIterable: `i` is not the iterator of a fold around this `next`
                AquaVM 0..8: iterable 'i' wasn't defined
            "#]],
        );
    }

    #[test]
    fn names_the_fold_that_is_there() {
        check(
            r#"(fold [] item
 (seq (null)
  (next itme)))"#,
            expect![[r#"
                |   (next itme)))
                |         ^^^^ UndefinedIterable: `itme` is not the iterator of a fold around this `next`; the nearest one has `item`
                | (fold [] item
                |          ---- `item` is the iterator of this fold
                fix: replace by `item`: "(fold [] item\n (seq (null)\n  (next item)))"
                AquaVM 29..40: iterable 'itme' wasn't defined
            "#]],
        );
    }

    #[test]
    fn outside_of_its_fold() {
        check(
            "(seq (next i) (fold [] i (null)))",
            expect![[r#"
                | (seq (next i) (fold [] i (null)))
                |            ^ UndefinedIterable: `i` is not the iterator of a fold around this `next`; move the `next` into its fold
                | (seq (next i) (fold [] i (null)))
                |                        - `i` is the iterator of this fold
                AquaVM 5..13: iterable 'i' wasn't defined
            "#]],
        );
    }

    #[test]
    fn only_the_first_next_is_tested() {
        check(
            "(seq (fold [] i (next i)) (next i))",
            expect![[r#"
                accepted
            "#]],
        );
    }

    #[test]
    fn the_last_instruction_is_inside() {
        check(
            "(fold [] i (null) (next i))",
            expect![[r#"
                accepted
            "#]],
        );
    }
}
