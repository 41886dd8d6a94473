//! What the compiler's option for tracing adds. It shows where functions begin and end, which
//! nothing else does once they are inlined.

use super::Certainty::Certain;
use super::PayloadRole::{Body, Name, Value};
use super::shapes::{Op, Shapes};
use super::{Found, IdiomKind};
use crate::hir::{InstrId, InstrKind};

/// `(call %init_peer_id% ("tracingSrv" "tracingEvent") ["FUNC" "enter"])`
pub(super) fn event(shapes: &Shapes<'_>, id: InstrId) -> Option<Found> {
    let (name, what) = traced(shapes, id)?;
    let label = format!("trace {} {}", shapes.literal(name).unwrap_or_default(), shapes.show(what));
    Some(Found::new(IdiomKind::Trace, Certain, label).operand(Name, name).operand(Value, what))
}

fn traced<'h>(shapes: &Shapes<'h>, id: InstrId) -> Option<(Op<'h>, Op<'h>)> {
    shapes.host_call(id, &shapes.host.tracing)?;
    let mut arguments = shapes.arguments(id);
    let (name, what) = (arguments.next()?, arguments.next()?);
    shapes.literal(name).map(|_| (name, what))
}

/// `(par (call … ["FUNC" "enter"]) (null))`, then `(xor (seq BODY (par (call … ["FUNC" "exit"]) (null))) …)`.
pub(super) fn function(shapes: &Shapes<'_>, id: InstrId) -> Option<Found> {
    let enter = announced(shapes, id, "enter")?;
    let mut rest = shapes.following(id).iter().copied().filter(|&step| !super::hop::moves(shapes, step));
    let frame = rest.next().filter(|&step| shapes.is(step, InstrKind::Xor))?;
    let (body, handler) = shapes.pair(frame)?;
    let (&exit, steps) = shapes.steps(body).split_last()?;
    let left = announced(shapes, exit, "exit")?;
    if shapes.literal(left) != shapes.literal(enter) {
        return None;
    }
    let label = format!("function {}", shapes.literal(enter).unwrap_or_default());
    let found = Found::new(IdiomKind::TracedFunction, Certain, label)
        .operand(Name, enter)
        .carried_by([frame, exit])
        .carried_by(shapes.children(id).iter().copied())
        .carried_by(shapes.children(exit).iter().copied())
        .carried_by(shapes.steps(handler).iter().copied())
        .until(shapes.hir, id, frame);
    Some(steps.iter().fold(found, |found, &step| found.body(shapes.hir, Body, step)))
}

/// The function's name in a detached call that traces `what`.
fn announced<'h>(shapes: &Shapes<'h>, id: InstrId, what: &str) -> Option<Op<'h>> {
    let (call, null) = shapes.pair(id).filter(|_| shapes.is(id, InstrKind::Par))?;
    let (name, event) = traced(shapes, call)?;
    (shapes.literal(event) == Some(what) && shapes.is(null, InstrKind::Null)).then_some(name)
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
