//! What came of a run, in one word and in separate facts.
//!
//! *Completed*: the response came before any error, or the whole script ended without one. *Failed*: an
//! error reached the initiator's handler or nothing caught it. A script that hands its error to
//! the handler ends all the same: that is a failure. *Stopped* is never called waiting. *Unheard*: the script ended
//! without an error elsewhere, and the initiator, which was to be told, is not.

use air_semantics::hir::{Hir, InstrKind, OperandKind, Role};

use super::reasons::Reasons;
use super::record::{Milestone, Recording};
use super::show::Show;
use super::types::{By, Failure, Outcome, Response, RunError, Status};
use air_interpreter::value::Value;

/// Errors that only say how a comparison went; caught ones are not reported.
const COMPARISONS: [i64; 2] = [10001, 10002];

/// The outcome; `limit` says which limit ended the run.
pub(crate) fn outcome(recording: &mut Recording<'_>, show: &Show<'_>, limit: Option<&str>) -> Outcome {
    let mut out = Outcome::default();
    let (mut failed_before_root, mut rooted) = (false, None);
    for milestone in std::mem::take(&mut recording.milestones) {
        let peer_name =
            |peer: u32| recording.peers.get(peer as usize).map(|id| show.peer(id)).unwrap_or_default();
        let after_response = !out.responses.is_empty();
        match milestone {
            Milestone::Response { instr, arguments } => {
                let sizes = &mut recording.sizes;
                let values = arguments.iter().map(|value| show.value(value, sizes.text(value))).collect();
                let after_error = !out.failures.is_empty();
                out.responses.push(Response { range: show.places.instr(instr), values, after_error });
            }
            Milestone::Handled { peer, fault, arguments } => {
                let object = arguments.first();
                let fault = fault.and_then(|fault| recording.faults.get(fault));
                let code = object.and_then(|object| object.get("error_code")).and_then(Value::as_i64);
                let message = object.and_then(|object| object.get("message")).and_then(Value::as_str);
                out.failures.push(Failure {
                    text: show.peer(fault.map_or(message.unwrap_or_default(), |fault| &fault.text)),
                    range: fault.and_then(|fault| fault.instr).map(|id| show.places.instr(id)),
                    code: code.unwrap_or_default(),
                    message: show.peer(message.unwrap_or_default()),
                    peer: peer_name(peer),
                    handled: true,
                    after_response,
                });
            }
            Milestone::Uncaught { peer, fault } => {
                let Some(fault) = recording.faults.get(fault) else { continue };
                let failure = Failure {
                    text: show.peer(&fault.text),
                    range: fault.instr.map(|id| show.places.instr(id)),
                    code: fault.code,
                    message: show.peer(&fault.message),
                    peer: peer_name(peer),
                    handled: false,
                    after_response,
                };
                // Each run of the same peer ends with the same error again.
                let same = |known: &Failure| {
                    (known.range, known.code, &known.peer) == (failure.range, failure.code, &failure.peer)
                };
                if !out.failures.iter().any(same) {
                    out.failures.push(failure);
                }
            }
            Milestone::Root { peer } => {
                rooted.get_or_insert(peer);
                failed_before_root |= !out.failures.is_empty();
            }
        }
    }
    out.root = rooted.and_then(|peer| recording.peers.get(peer as usize)).map(|id| show.peer(id));
    (out.status, out.by) = if limit.is_some() {
        (Status::Stopped, By::Limit)
    } else if out.responses.first().is_some_and(|response| !response.after_error) {
        (Status::Completed, By::Response)
    } else if out.root.is_some() && !failed_before_root {
        (Status::Completed, By::Root)
    } else if let Some(failure) = out.failures.first() {
        (Status::Failed, if failure.handled { By::ErrorHandler } else { By::Error })
    } else {
        (Status::Waiting, By::Wait)
    };
    out
}

/// Whether a script tells the initiator of errors and of nothing else, as compiled functions without a result do: their
/// callers do not wait.
pub(crate) fn tells_only_errors(hir: &Hir) -> bool {
    let has = |wanted: &str| {
        hir.instrs.iter().filter(|instr| instr.kind == InstrKind::Call).any(|call| {
            let service = hir.operand(call, Role::Service);
            service.is_some_and(|it| it.kind == OperandKind::Literal && hir.literal(it) == wanted)
        })
    };
    has("errorHandlingSrv") && !has("callbackSrv")
}

/// The sentence for people, when everything else is known.
pub(crate) fn text(outcome: &Outcome, reasons: &Reasons<'_>, limit: Option<&str>, ttl: u32) -> String {
    let failure = |failure: &Failure| {
        let at = failure.range.map(|at| format!(" at line {}", at.line)).unwrap_or_default();
        format!("error {}{at}: {}", failure.code, failure.text)
    };
    let mut text = match outcome.by {
        By::Response => {
            let values = outcome.responses.iter().map(|response| {
                response.values.iter().map(|value| value.short.clone()).collect::<Vec<_>>().join(", ")
            });
            let values: Vec<String> = values.collect();
            format!("completed: response {}", values.join("; then "))
        }
        By::Root => {
            let peer = outcome.root.as_deref().unwrap_or_default();
            let init_peer = reasons.init_peer();
            match (outcome.status, ttl) {
                (Status::Unheard, 0) => format!(
                    "unheard: the script reached its end on {peer}, but nothing tells {init_peer}, which waits for ever"
                ),
                (Status::Unheard, ttl) => format!(
                    "unheard: the script reached its end on {peer}, but nothing tells {init_peer}, which waits until \
                     the particle's life is over ({ttl} ms)"
                ),
                _ => format!("completed: the script reached its end on {peer}"),
            }
        }
        By::ErrorHandler | By::Error => {
            let shown = outcome.failures.first().map(failure).unwrap_or_default();
            format!("failed: {shown}")
        }
        By::Limit => format!("stopped: {}", limit.unwrap_or_default()),
        By::Wait => {
            let why = reasons.root().or_else(|| outcome.waiting.first().map(|wait| wait.text.clone()));
            format!("waiting: {}", why.unwrap_or_else(|| "nothing can continue".to_owned()))
        }
    };
    if matches!(outcome.status, Status::Completed | Status::Unheard) {
        if let Some(later) = outcome.failures.first() {
            text.push_str(&format!("; then failed: {}", failure(later)));
        }
        match outcome.waiting.len() {
            0 => {}
            1 => text.push_str("; one branch still waits"),
            count => text.push_str(&format!("; {count} places still wait")),
        }
    }
    text
}

/// Errors of the script, in order of time.
pub(crate) fn errors(recording: &Recording<'_>, show: &Show<'_>) -> Vec<RunError> {
    let hir = show.places.hir;
    let news = recording.faults.iter().filter(|fault| fault.uncaught || !COMPARISONS.contains(&fault.code));
    let error = |fault: &super::record::Fault| {
        let instr = fault.instr.and_then(|id| hir.instr(id));
        let again = instr.filter(|instr| instr.kind == InstrKind::Fail).is_some_and(|instr| {
            let object = hir.operand(instr, Role::Failure);
            object.is_some_and(|object| matches!(object.kind, OperandKind::Error | OperandKind::LastError))
        });
        RunError {
            range: fault.instr.map(|id| show.places.instr(id)),
            code: fault.code,
            message: show.peer(&fault.message),
            text: show.peer(&fault.text),
            peer: recording.peers.get(fault.peer as usize).map(|id| show.peer(id)).unwrap_or_default(),
            iteration: show.iterations(&fault.iterations),
            caught_by: fault.caught_by.filter(|_| !fault.uncaught).map(|id| show.places.instr(id)),
            again,
        }
    };
    news.map(error).collect()
}
