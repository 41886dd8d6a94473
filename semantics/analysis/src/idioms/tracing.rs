//! What the compiler's option for tracing adds. It shows where functions begin and end, which
//! nothing else does once they are inlined.

use air_semantics::hir::{InstrId, InstrKind};

use super::Certainty::Certain;
use super::PayloadRole::{Body, Name, Value};
use super::patterns::{Op, Patterns};
use super::{IdiomKind, Recognition};

/// `(call %init_peer_id% ("tracingSrv" "tracingEvent") ["FUNC" "enter"])`
pub(super) fn event(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let (name, what) = traced(patterns, id)?;
    let label = format!("trace {} {}", patterns.literal(name).unwrap_or_default(), patterns.show(what));
    Some(Recognition::new(IdiomKind::Trace, Certain, label).operand(Name, name).operand(Value, what))
}

fn traced<'h>(patterns: &Patterns<'h>, id: InstrId) -> Option<(Op<'h>, Op<'h>)> {
    patterns.host_call(id, &patterns.host.tracing)?;
    let mut arguments = patterns.arguments(id);
    let (name, what) = (arguments.next()?, arguments.next()?);
    patterns.literal(name).map(|_| (name, what))
}

/// `(par (call … ["FUNC" "enter"]) (null))`, then `(xor (seq BODY (par (call … ["FUNC" "exit"]) (null))) …)`.
pub(super) fn function(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let enter = announced(patterns, id, "enter")?;
    let mut rest = patterns.following(id).iter().copied().filter(|&step| !super::hop::moves(patterns, step));
    let frame = rest.next().filter(|&step| patterns.is(step, InstrKind::Xor))?;
    let (body, handler) = patterns.pair(frame)?;
    let (&exit, steps) = patterns.steps(body).split_last()?;
    let left = announced(patterns, exit, "exit")?;
    if patterns.literal(left) != patterns.literal(enter) {
        return None;
    }
    let label = format!("function {}", patterns.literal(enter).unwrap_or_default());
    let found = Recognition::new(IdiomKind::TracedFunction, Certain, label)
        .operand(Name, enter)
        .carried_by([frame, exit])
        .carried_by(patterns.children(id).iter().copied())
        .carried_by(patterns.children(exit).iter().copied())
        .carried_by(patterns.steps(handler).iter().copied())
        .until(patterns.hir, id, frame);
    Some(steps.iter().fold(found, |found, &step| found.body(patterns.hir, Body, step)))
}

/// The function's name in a detached call that traces `what`.
fn announced<'h>(patterns: &Patterns<'h>, id: InstrId, what: &str) -> Option<Op<'h>> {
    let (call, null) = patterns.pair(id).filter(|_| patterns.is(id, InstrKind::Par))?;
    let (name, event) = traced(patterns, call)?;
    (patterns.literal(event) == Some(what) && patterns.is(null, InstrKind::Null)).then_some(name)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::IdiomKind;
    use super::super::testing::{found, has};

    fn traced(end: &str) -> String {
        let event = |what: &str| {
            format!(r#"(par (call %init_peer_id% ("tracingSrv" "tracingEvent") ["f" "{what}"]) (null))"#)
        };
        let report = r#"
(seq
 (new -return-error-msg-
  (call %init_peer_id% ("tracingSrv" "tracingEvent") ["f" -return-error-msg-]))
 (fail :error:))"#;
        format!(r#"(seq {} (xor (seq (call "p" ("s" "f") []) {}) {report}))"#, event("enter"), event(end))
    }

    #[test]
    fn functions_after_inlining() {
        expect![[r#"
            traced-function: function f
            trace: trace f -return-error-msg-
              rethrow: rethrow
        "#]]
        .assert_eq(&found(&traced("exit")));
        assert!(!has(&traced("enter"), IdiomKind::TracedFunction));
    }
}
