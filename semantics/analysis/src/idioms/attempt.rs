//! `try … catch`, `otherwise`, and errors that are swallowed.

use air_semantics::hir::{InstrId, InstrKind};

use super::Certainty::{Certain, Likely};
use super::PayloadRole::{Body, Otherwise};
use super::patterns::Patterns;
use super::{IdiomKind, Recognition};

/// Any other `xor`: what it does depends on whether its second branch reads the error.
pub(super) fn attempt(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let (body, handler) = patterns.pair(id)?;
    let certain = if patterns.compiled() { Certain } else { Likely };
    let (kind, label) = if patterns.is(handler, InstrKind::Null) {
        (IdiomKind::TrySwallow, "try, errors swallowed")
    } else if patterns.reads_error(handler) {
        (IdiomKind::TryCatch, "try … catch")
    } else {
        (IdiomKind::TryOtherwise, "try … otherwise")
    };
    let found = Recognition::new(kind, certain, label.to_owned()).body(patterns.hir, Body, body);
    Some(if kind == IdiomKind::TrySwallow {
        found.carried_by([handler])
    } else {
        found.body(patterns.hir, Otherwise, handler)
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
