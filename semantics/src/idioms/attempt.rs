//! `try … catch`, `otherwise`, and errors that are swallowed.

use super::Certainty::{Certain, Likely};
use super::PayloadRole::{Body, Otherwise};
use super::shapes::Shapes;
use super::{Found, IdiomKind};
use crate::hir::{InstrId, InstrKind};

/// Any other `xor`: what it does depends on whether its second branch reads the error.
pub(super) fn attempt(shapes: &Shapes<'_>, id: InstrId) -> Option<Found> {
    let (body, handler) = shapes.pair(id)?;
    let certain = if shapes.compiled() { Certain } else { Likely };
    let (kind, label) = if shapes.is(handler, InstrKind::Null) {
        (IdiomKind::TrySwallow, "try, errors swallowed")
    } else if shapes.reads_error(handler) {
        (IdiomKind::TryCatch, "try … catch")
    } else {
        (IdiomKind::TryOtherwise, "try … otherwise")
    };
    let found = Found::new(kind, certain, label.to_owned()).body(shapes.hir, Body, body);
    Some(if kind == IdiomKind::TrySwallow {
        found.carried_by([handler])
    } else {
        found.body(shapes.hir, Otherwise, handler)
    })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::IdiomKind;
    use super::super::testing::{found, has};

    #[test]
    fn three_ways_to_fail() {
        let script = r#"
(seq
 (xor (call "p" ("s" "f") []) (ap :error:.$.message $log))
 (seq
  (xor (call "p" ("s" "f") []) (call "q" ("s" "f") []))
  (xor (call "p" ("s" "f") []) (null))))"#;
        expect![[r#"
            try-catch (likely): try … catch
            push (likely): log << :error:.message
            try-otherwise (likely): try … otherwise
            try-swallow (likely): try, errors swallowed
        "#]]
        .assert_eq(&found(script));
    }

    #[test]
    fn near_misses() {
        assert!(!has("(xor (match a b (null)) (ap :error: e))", IdiomKind::TryCatch));
        assert!(!has("(xor (ap :error: e) (ap 1 x))", IdiomKind::TryCatch), "the error read before");
    }
}
