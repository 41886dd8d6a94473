//! The frame of a compiled function: error wrapper, parameters, results, callbacks.

use super::Certainty::{Certain, Likely};
use super::PayloadRole::{Body, Name, Result, Value};
use super::shapes::{Op, Shapes};
use super::{Found, IdiomKind};
use crate::hir::{InstrId, InstrKind, OperandKind, Role};

/// `(xor BODY (… (call %init_peer_id% ("errorHandlingSrv" "error") [:error: N])))`
pub(super) fn error_wrapper(shapes: &Shapes<'_>, id: InstrId) -> Option<Found> {
    let (body, handler) = shapes.pair(id)?;
    let steps = shapes.steps(handler);
    // Nearly always the last step: a cheap test before the hops are looked at.
    let ends = [steps.last(), steps.get(steps.len().wrapping_sub(2))];
    if !ends.into_iter().flatten().any(|&step| is_report(shapes, step)) {
        return None;
    }
    let report = super::hop::sole(shapes, handler)?;
    let label = if shapes.instr(id)?.parent.is_none() {
        format!("entry point: errors → {}.{}", shapes.host.errors, shapes.host.error)
    } else {
        match reporter(shapes, report) {
            Some(number) => format!("errors → reporter {number} of {}", shapes.reporters()),
            None => format!("errors → {}.{}", shapes.host.errors, shapes.host.error),
        }
    };
    let found = Found::new(IdiomKind::ErrorWrapper, Certain, label).carried_by(steps.iter().copied());
    Some(found.body(shapes.hir, Body, body))
}

fn is_report(shapes: &Shapes<'_>, id: InstrId) -> bool {
    shapes.host_call(id, &shapes.host.errors) == Some(&*shapes.host.error)
        && shapes.op(id, Role::Output).is_none()
        && shapes.arguments(id).next().is_some_and(|error| shapes.is_error(error))
}

/// The number of a reporter: older compilers number their wrappers in the order of generation.
pub(super) fn reporter(shapes: &Shapes<'_>, id: InstrId) -> Option<i64> {
    if !shapes.is(id, InstrKind::Call) || !is_report(shapes, id) {
        return None;
    }
    match shapes.arguments(id).nth(1)?.operand.kind {
        OperandKind::Int(number) => Some(number),
        _ => None,
    }
}

/// `(call %init_peer_id% ("getDataSrv" "NAME") [] -NAME-arg-)`
pub(super) fn parameter(shapes: &Shapes<'_>, id: InstrId) -> Option<Found> {
    let (name, output) = loaded(shapes, id)?;
    let certain = shapes.hir.literal(name.operand) == shapes.show_bare(output) || is_reserved(shapes, output);
    let label = format!("parameter {}", shapes.hir.literal(name.operand));
    let found = Found::new(IdiomKind::Parameter, if certain { Certain } else { Likely }, label);
    Some(found.operand(Name, name).operand(Result, output))
}

/// A parameter that is a stream: an array is loaded and its items are pushed.
pub(super) fn stream_parameter(shapes: &Shapes<'_>, id: InstrId) -> Option<Found> {
    let (name, output) = loaded(shapes, id)?;
    let fold = shapes.next_step(id)?;
    let iterable = shapes.op(fold, Role::Iterable)?;
    let iterator = shapes.op(fold, Role::Iterator)?;
    let (body, last) = match shapes.children(fold) {
        [body] => (*body, None),
        [body, last] => (*body, Some(*last)),
        _ => return None,
    };
    let &[push, next] = shapes.steps(body) else { return None };
    let (source, target) = shapes.ap(push)?;
    let fits = shapes.is(fold, InstrKind::Fold)
        && shapes.same(iterable, output)
        && shapes.same(source, iterator)
        && matches!(target.operand.kind, OperandKind::Stream(_))
        && shapes.is_next(next, iterator)
        && last.is_none_or(|last| shapes.is(last, InstrKind::Null));
    let certain = is_reserved(shapes, target) || shapes.base(output).ends_with("-iter");
    let label = format!("parameter *{}", shapes.hir.literal(name.operand));
    let found = Found::new(IdiomKind::StreamParameter, if certain { Certain } else { Likely }, label)
        .carried_by([fold, push, next])
        .carried_by(last)
        .until(shapes.hir, id, fold);
    fits.then(|| found.operand(Name, name).operand(Result, target))
}

fn loaded<'h>(shapes: &Shapes<'h>, id: InstrId) -> Option<(Op<'h>, Op<'h>)> {
    shapes.host_call(id, &shapes.host.parameters)?;
    let output = shapes.op(id, Role::Output)?;
    let bare = shapes.no_arguments(id);
    Some((shapes.op(id, Role::Function)?, output)).filter(|_| bare)
}

fn is_reserved(shapes: &Shapes<'_>, op: Op<'_>) -> bool {
    shapes.base(op).starts_with('-') && shapes.base(op).ends_with('-')
}

/// `(call %init_peer_id% ("callbackSrv" "response") [r1 r2])`
pub(super) fn response(shapes: &Shapes<'_>, id: InstrId) -> Option<Found> {
    let function = shapes.host_call(id, &shapes.host.callbacks)?;
    if function != shapes.host.response || shapes.op(id, Role::Output).is_some() {
        return None;
    }
    let label = format!("return {}", shapes.show_list(shapes.arguments(id)));
    let found = Found::new(IdiomKind::Return, Certain, label.trim_end().to_owned());
    Some(shapes.arguments(id).fold(found, |found, value| found.operand(Value, value)))
}

/// `(call %init_peer_id% ("callbackSrv" "NAME") [args] out)`
pub(super) fn callback(shapes: &Shapes<'_>, id: InstrId) -> Option<Found> {
    let name = shapes.host_call(id, &shapes.host.callbacks)?;
    let label = format!("callback {name}({})", shapes.show_list(shapes.arguments(id)));
    let found = Found::new(IdiomKind::Callback, Certain, label).operand(Name, shapes.op(id, Role::Function)?);
    let found = shapes.arguments(id).fold(found, |found, value| found.operand(Value, value));
    Some(match shapes.op(id, Role::Output) {
        Some(output) => found.operand(Result, output),
        None => found,
    })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::IdiomKind;
    use super::super::testing::{found, has};

    #[test]
    fn frame_of_a_function() {
        let script = r#"
(xor
 (seq
  (seq
   (call %init_peer_id% ("getDataSrv" "-relay-") [] -relay-)
   (call %init_peer_id% ("getDataSrv" "user") [] -user-arg-))
  (seq
   (seq
    (call %init_peer_id% ("getDataSrv" "tags") [] tags-iter)
    (fold tags-iter tags-item-0
     (seq (ap tags-item-0 $-tags-arg-) (next tags-item-0))
     (null)))
   (seq
    (call %init_peer_id% ("callbackSrv" "progress") [-user-arg- 1] done)
    (call %init_peer_id% ("callbackSrv" "response") [-user-arg-.$.name done]))))
 (call %init_peer_id% ("errorHandlingSrv" "error") [:error: 0]))"#;
        expect![[r#"
            error-wrapper: entry point: errors → errorHandlingSrv.error
            parameter: parameter -relay-
            parameter: parameter user
            stream-parameter: parameter *tags
            callback: callback progress(user, 1)
            return: return user.name, done
        "#]]
        .assert_eq(&found(script));
    }

    #[test]
    fn old_reporters_are_numbered() {
        let script = r#"
(xor
 (xor
  (call -relay- ("s" "f") [])
  (seq
   (call -relay- ("op" "noop") [])
   (call %init_peer_id% ("errorHandlingSrv" "error") [%last_error% 1])))
 (call %init_peer_id% ("errorHandlingSrv" "error") [%last_error% 2]))"#;
        expect![[r#"
            error-wrapper: entry point: errors → errorHandlingSrv.error
            error-wrapper: errors → reporter 1 of 2
              hop-service (likely): hop -relay- (by service)
        "#]]
        .assert_eq(&found(script));
    }

    #[test]
    fn near_misses() {
        // Another peer; an output; a call in the way.
        for handler in [
            r#"(call "p" ("errorHandlingSrv" "error") [:error: 0])"#,
            r#"(call %init_peer_id% ("errorHandlingSrv" "error") [:error: 0] x)"#,
            r#"(seq (call "p" ("s" "f") []) (call %init_peer_id% ("errorHandlingSrv" "error") [:error: 0]))"#,
        ] {
            assert!(!has(&format!("(xor (null) {handler})"), IdiomKind::ErrorWrapper), "{handler}");
        }
        assert!(!has(r#"(call %init_peer_id% ("getDataSrv" "x") [1] x)"#, IdiomKind::Parameter));
        assert!(!has(r#"(call "p" ("getDataSrv" "x") [] x)"#, IdiomKind::Parameter));
        assert!(!has(r#"(call %init_peer_id% ("callbackSrv" "response") [] x)"#, IdiomKind::Return));
        let other =
            r#"(seq (call %init_peer_id% ("getDataSrv" "x") [] a) (fold b i (seq (ap i $s) (next i))))"#;
        assert!(!has(other, IdiomKind::StreamParameter));
    }
}
