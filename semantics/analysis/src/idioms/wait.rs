//! Waits of older compilers.

use air_semantics::hir::{InstrId, Role};

use super::Certainty::Likely;
use super::PayloadRole::{Peer, Value};
use super::patterns::Patterns;
use super::{IdiomKind, Recognition};

/// `(call P ("op" "noop") [$S.$.[0]! x])`: it cannot run until its arguments resolve.
pub(super) fn wait(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let idle = patterns.called(id)? == ("op", "noop") && patterns.op(id, Role::Output).is_none();
    patterns.arguments(id).next().filter(|_| idle)?;
    let label = format!("wait for {}", patterns.show_list(patterns.arguments(id)));
    let found = Recognition::new(IdiomKind::Wait, Likely, label).operand(Peer, patterns.op(id, Role::Peer)?);
    Some(patterns.arguments(id).fold(found, |found, value| found.operand(Value, value)))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::IdiomKind;
    use super::super::testing::{found, has};

    #[test]
    fn waits_for_its_arguments() {
        expect![["wait (likely): wait for x[0], y\n"]]
            .assert_eq(&found(r#"(call "p" ("op" "noop") [x.$.[0] y])"#));
        assert!(!has(r#"(call "p" ("op" "noop") [])"#, IdiomKind::Wait));
        assert!(!has(r#"(call "p" ("op" "noop") [x] y)"#, IdiomKind::Wait));
    }
}
