//! The frame of a compiled function: error wrapper, parameters, results, callbacks.

use air_semantics::hir::{InstrId, InstrKind, OperandKind, Role};

use super::Certainty::{Certain, Likely};
use super::PayloadRole::{Body, Name, Result, Value};
use super::patterns::{Op, Patterns};
use super::{IdiomKind, Recognition};

/// `(xor BODY (… (call %init_peer_id% ("errorHandlingSrv" "error") [:error: N])))`
pub(super) fn error_wrapper(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let (body, handler) = patterns.pair(id)?;
    let steps = patterns.steps(handler);
    // Nearly always the last step: a cheap test before the hops are looked at.
    let ends = [steps.last(), steps.get(steps.len().wrapping_sub(2))];
    if !ends.into_iter().flatten().any(|&step| patterns.is_report(step)) {
        return None;
    }
    let report = super::hop::sole(patterns, handler)?;
    let label = if patterns.instr(id)?.parent.is_none() {
        format!("entry point: errors → {}.{}", patterns.host.errors, patterns.host.error)
    } else {
        match patterns.reporter(report) {
            Some(number) => format!("errors → reporter {number} of {}", patterns.reporters()),
            None => format!("errors → {}.{}", patterns.host.errors, patterns.host.error),
        }
    };
    let found = Recognition::new(IdiomKind::ErrorWrapper, Certain, label).carried_by(steps.iter().copied());
    Some(found.body(patterns.hir, Body, body))
}

/// `(call %init_peer_id% ("getDataSrv" "NAME") [] -NAME-arg-)`
pub(super) fn parameter(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let (name, output) = loaded(patterns, id)?;
    let certain =
        patterns.hir.literal(name.operand) == patterns.show_bare(output) || is_reserved(patterns, output);
    let label = format!("parameter {}", patterns.hir.literal(name.operand));
    let found = Recognition::new(IdiomKind::Parameter, if certain { Certain } else { Likely }, label);
    Some(found.operand(Name, name).operand(Result, output))
}

/// A parameter that is a stream: an array is loaded and its items are pushed.
pub(super) fn stream_parameter(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let (name, output) = loaded(patterns, id)?;
    let fold = patterns.next_step(id)?;
    let iterable = patterns.op(fold, Role::Iterable)?;
    let iterator = patterns.op(fold, Role::Iterator)?;
    let (body, last) = match patterns.children(fold) {
        [body] => (*body, None),
        [body, last] => (*body, Some(*last)),
        _ => return None,
    };
    let &[push, next] = patterns.steps(body) else { return None };
    let (source, target) = patterns.ap(push)?;
    let fits = patterns.is(fold, InstrKind::Fold)
        && patterns.same(iterable, output)
        && patterns.same(source, iterator)
        && matches!(target.operand.kind, OperandKind::Stream(_))
        && patterns.is_next(next, iterator)
        && last.is_none_or(|last| patterns.is(last, InstrKind::Null));
    let certain = is_reserved(patterns, target) || patterns.base(output).ends_with("-iter");
    let label = format!("parameter *{}", patterns.hir.literal(name.operand));
    let found = Recognition::new(IdiomKind::StreamParameter, if certain { Certain } else { Likely }, label)
        .carried_by([fold, push, next])
        .carried_by(last)
        .until(patterns.hir, id, fold);
    fits.then(|| found.operand(Name, name).operand(Result, target))
}

fn loaded<'h>(patterns: &Patterns<'h>, id: InstrId) -> Option<(Op<'h>, Op<'h>)> {
    patterns.host_call(id, &patterns.host.parameters)?;
    let output = patterns.op(id, Role::Output)?;
    let bare = patterns.no_arguments(id);
    Some((patterns.op(id, Role::Function)?, output)).filter(|_| bare)
}

fn is_reserved(patterns: &Patterns<'_>, op: Op<'_>) -> bool {
    patterns.base(op).starts_with('-') && patterns.base(op).ends_with('-')
}

/// `(call %init_peer_id% ("callbackSrv" "response") [r1 r2])`
pub(super) fn response(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let function = patterns.host_call(id, &patterns.host.callbacks)?;
    if function != patterns.host.response || patterns.op(id, Role::Output).is_some() {
        return None;
    }
    let label = format!("return {}", patterns.show_list(patterns.arguments(id)));
    let found = Recognition::new(IdiomKind::Return, Certain, label.trim_end().to_owned());
    Some(patterns.arguments(id).fold(found, |found, value| found.operand(Value, value)))
}

/// `(call %init_peer_id% ("callbackSrv" "NAME") [args] out)`
pub(super) fn callback(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let name = patterns.host_call(id, &patterns.host.callbacks)?;
    let label = format!("callback {name}({})", patterns.show_list(patterns.arguments(id)));
    let found =
        Recognition::new(IdiomKind::Callback, Certain, label).operand(Name, patterns.op(id, Role::Function)?);
    let found = patterns.arguments(id).fold(found, |found, value| found.operand(Value, value));
    Some(match patterns.op(id, Role::Output) {
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
