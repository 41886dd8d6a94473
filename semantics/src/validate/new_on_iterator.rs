//! `new` of the iterator inside its fold.

use air_syntax::TextRange;

use super::iterators::{Event, Iterators};
use crate::finding::{Finding, Fix, Related, Rule};
use crate::hir::{Hir, InstrId, InstrKind};
use crate::text_edit::TextEdit;

/// `new NAME` must not stand inside a fold whose iterator is NAME.
pub(super) fn inside(iterators: &Iterators) -> impl Iterator<Item = (&Event, &Event)> {
    iterators.of_kind(InstrKind::New).filter_map(|new| Some((new, iterators.fold_of(new)?)))
}

pub(super) fn report(hir: &Hir, iterators: &Iterators) -> Vec<Finding> {
    inside(iterators)
        .map(|(new, fold)| {
            let name = hir.name(new.name);
            Finding {
                rule: Rule::NewOnIterator,
                instr: new.instr,
                name: Some(new.name),
                range: new.range,
                message: format!(
                    "`new` cannot hide the iterator `{name}` of the fold around it; take another name"
                ),
                related: vec![Related {
                    range: fold.range,
                    message: format!("`{name}` is the iterator of this fold").into(),
                }],
                fixes: without(hir, new.instr).into_iter().collect(),
            }
        })
        .collect()
}

/// Leaves the body of a `new` alone, where no comment would be lost.
fn without(hir: &Hir, new: InstrId) -> Option<Fix> {
    let new = hir.instr(new)?;
    let [body] = hir.children_of(new) else { return None };
    let body = hir.instr(*body)?.range;
    let around =
        [TextRange::new(new.range.start(), body.start()), TextRange::new(body.end(), new.range.end())];
    if around.iter().any(|range| hir.text_at(*range).contains(';')) {
        return None;
    }
    let edits = around.map(|range| TextEdit { range, new_text: String::new() });
    Some(Fix { title: "remove this `new` and keep its body".into(), safe: false, edits: edits.into() })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn inside_of_the_fold() {
        check(
            r#"(fold [] i
 (seq (null)
  (new i (next i))))"#,
            expect![[r#"
                |   (new i (next i))))
                |        ^ NewOnIterator: `new` cannot hide the iterator `i` of the fold around it; take another name
                | (fold [] i
                |          - `i` is the iterator of this fold
                fix: remove this `new` and keep its body: "(fold [] i\n (seq (null)\n  (next i)))"
                AquaVM 26..42: new can't be applied to a 'i' because it's an iterator
            "#]],
        );
    }

    #[test]
    fn around_and_behind_is_fine() {
        check(
            "(seq (new i (fold [] i (next i))) (new i (null)))",
            expect![[r#"
                accepted
            "#]],
        );
    }

    #[test]
    fn other_tags_are_other_names() {
        check(
            "(fold [] i (new $i (next i)))",
            expect![[r#"
                accepted
            "#]],
        );
    }
}
