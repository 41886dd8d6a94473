//! Calls that only write to a log.

use air_semantics::hir::InstrId;

use super::Certainty::Likely;
use super::PayloadRole::Value;
use super::patterns::Patterns;
use super::{IdiomKind, Recognition};

/// `(call … ("run-console" "print") [X])`, `(call … ("spell" "store_log") [X])`
pub(super) fn logging(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let verb = match patterns.called(id)? {
        ("run-console", "print") => "print",
        ("spell", "store_log") => "log",
        _ => return None,
    };
    let label = format!("{verb} {}", patterns.show_list(patterns.arguments(id)));
    let found = Recognition::new(IdiomKind::Logging, Likely, label);
    Some(patterns.arguments(id).fold(found, |found, value| found.operand(Value, value)))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::IdiomKind;
    use super::super::testing::{found, has};

    #[test]
    fn logs() {
        let script = r#"
(seq
 (call %init_peer_id% ("run-console" "print") ["got" x])
 (call "p" ("spell" "store_log") ["done"]))"#;
        expect![[r#"
            logging (likely): print "got", x
            logging (likely): log "done"
        "#]]
        .assert_eq(&found(script));
        assert!(!has(r#"(call "p" ("console" "print") [x])"#, IdiomKind::Logging));
    }
}
