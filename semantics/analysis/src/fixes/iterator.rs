//! The fix for a fold whose iterator has the name of an outer one.

use air_semantics::Script;
use air_semantics::finding::Finding;
use air_syntax::TextSize;

use crate::diagnostic::{Fix, TextEdit};
use crate::fresh::fresh;

/// For a fold in another one with the same iterator: a name of its own.
pub(crate) fn other_name(script: &Script, finding: &Finding) -> Option<Fix> {
    other_name_at(script, finding, finding.range.start())
}

/// The same for the fold whose iterator is named at `place`.
pub(super) fn other_name_at(script: &Script, finding: &Finding, place: TextSize) -> Option<Fix> {
    let (hir, resolution) = (script.hir(), script.resolution());
    let binding = resolution.at(place)?.binding;
    let name = fresh(hir, "", &format!("{}_2", hir.name(finding.name?)));
    let places = resolution.occurrences_of(binding);
    let edits = places.map(|place| TextEdit { range: place.range, new_text: name.clone() });
    Some(Fix {
        title: format!("rename this fold's iterator to `{name}`").into(),
        safe: false,
        edits: edits.collect(),
    })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn the_inner_fold_gets_another_name() {
        check(
            r#"(fold [] i
 (par (fold [] j
  (fold [] i (null)))
  (next i)))"#,
            expect![[r#"
                |   (fold [] i (null)))
                |            ^ V005 `i` is already the iterator of a fold around this one; take another name
                | (fold [] i
                |          - `i` is the iterator of this fold
                fix: rename this fold's iterator to `i_2`: "(fold [] i\n (par (fold [] j\n  (fold [] i_2 (null)))\n  (next i)))"
                AquaVM 30..48: multiple iterable values found for iterator name 'i'
            "#]],
        );
    }

    #[test]
    fn whatever_is_taken() {
        check(
            "(seq (ap 1 i_2) (fold [] i (par (fold [] i (next i)) (next i))))",
            expect![[r#"
            | (seq (ap 1 i_2) (fold [] i (par (fold [] i (next i)) (next i))))
            |                                          ^ V005 `i` is already the iterator of a fold around this one; take another name
            | (seq (ap 1 i_2) (fold [] i (par (fold [] i (next i)) (next i))))
            |                          - `i` is the iterator of this fold
            fix: rename this fold's iterator to `i_2_2`: "(seq (ap 1 i_2) (fold [] i (par (fold [] i_2_2 (next i_2_2)) (next i))))"
            AquaVM 32..52: multiple iterable values found for iterator name 'i'
        "#]],
        );
    }
}
