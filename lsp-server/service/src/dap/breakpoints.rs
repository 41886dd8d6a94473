//! Breakpoints. A run is known as a whole, so each of them is a list of moments.

use air_semantics::hir::InstrId;
use air_simulation::recording::{MomentId, MomentKind, Recording};
use dapts::{ExceptionBreakpointsFilter, StoppedEventReason};

use super::expression::Scene;

/// What ends a `continue`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Breakpoint {
    pub(super) id: u64,
    pub(super) stops: What,
    pub(super) condition: Option<String>,
    pub(super) hit_condition: Option<String>,
    /// Prints this and does not stop.
    pub(super) log: Option<String>,
    /// Moments at which it stops, in order of time.
    pub(super) hits: Vec<MomentId>,
}

/// What a breakpoint is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    Instruction(InstrId),
    /// `service.function`, or a peer.
    Function(String),
    /// A variable, stream or map gets a value.
    Value(String),
    /// Errors of one of [`filters`].
    Errors(String),
}

/// Classes of errors.
pub(super) fn filters() -> Vec<ExceptionBreakpointsFilter> {
    let filter = |filter: &str, label: &str, description: &str, default| ExceptionBreakpointsFilter {
        filter: filter.to_owned(),
        label: label.to_owned(),
        description: Some(description.to_owned()),
        default: Some(default),
        supports_condition: Some(true),
        condition_description: Some("a comparison, as `%last_error%.$.error_code == 10000`".to_owned()),
    };
    vec![
        filter("uncaught", "Uncaught errors", "Errors that end an invocation", true),
        filter("service", "Failed calls", "Services that answer with an error", false),
        filter("caught", "Caught errors", "Errors after which `xor` or `par` goes on", false),
        filter("uncatchable", "Uncatchable errors", "Errors that nothing can catch", false),
    ]
}

/// AquaVM's code of a service's error.
const SERVICE_ERROR: i64 = 10000;

impl Breakpoint {
    /// Finds its moments.
    pub(super) fn find(&mut self, recording: &Recording) {
        let all: Vec<MomentId> = match &self.stops {
            What::Instruction(instr) => {
                let begins = |at: &MomentId| recording.moment(*at).kind == MomentKind::Entered;
                recording.moments_at(*instr).filter(begins).collect()
            }
            What::Function(name) => called(recording, name),
            What::Value(name) => bound(recording, name),
            What::Errors(filter) => failed(recording, filter),
        };
        let holds = |at: &MomentId| {
            let scene = Scene { recording, at: *at, instr: recording.instr_of(*at) };
            self.condition.as_deref().is_none_or(|condition| scene.holds(condition))
        };
        let wanted = self.hit_condition.as_deref();
        let hits = all.into_iter().filter(holds).zip(1..);
        self.hits =
            hits.filter(|(_, nth)| wanted.is_none_or(|wanted| is_hit(wanted, *nth))).map(|it| it.0).collect();
    }

    pub(super) fn reason(&self) -> StoppedEventReason {
        match self.stops {
            What::Instruction(_) => StoppedEventReason::Breakpoint,
            What::Function(_) => StoppedEventReason::FunctionBreakpoint,
            What::Value(_) => StoppedEventReason::DataBreakpoint,
            What::Errors(_) => StoppedEventReason::Exception,
        }
    }

    pub(super) fn next(&self, after: MomentId) -> Option<MomentId> {
        self.hits.get(self.hits.partition_point(|hit| *hit <= after)).copied()
    }

    pub(super) fn before(&self, before: MomentId) -> Option<MomentId> {
        self.hits.get(self.hits.partition_point(|hit| *hit < before).checked_sub(1)?).copied()
    }
}

/// Compares the number of a hit with the one that is wanted.
type Comparison = fn(u64, u64) -> bool;

/// `5` or `== 5`: the fifth; `>= 5`, `> 5`, `<= 5`, `< 5`; `% 5`: every fifth.
fn is_hit(condition: &str, nth: u64) -> bool {
    let condition = condition.trim();
    let number = |text: &str| text.trim().parse::<u64>().ok();
    let signs: [(&str, Comparison); 6] = [
        (">=", |nth, wanted| nth >= wanted),
        ("<=", |nth, wanted| nth <= wanted),
        ("==", |nth, wanted| nth == wanted),
        (">", |nth, wanted| nth > wanted),
        ("<", |nth, wanted| nth < wanted),
        ("%", |nth, wanted| wanted > 0 && nth.is_multiple_of(wanted)),
    ];
    for (sign, compare) in signs {
        if let Some(rest) = condition.strip_prefix(sign) {
            return number(rest).is_some_and(|wanted| compare(nth, wanted));
        }
    }
    number(condition).is_some_and(|wanted| nth == wanted)
}

/// Whether a hit condition can be read.
pub(super) fn is_hit_condition(condition: &str) -> bool {
    let digits = condition.trim().trim_start_matches(['>', '<', '=', '%']).trim();
    digits.parse::<u64>().is_ok()
}

/// Where a service's function is asked, or a peer begins.
fn called(recording: &Recording, name: &str) -> Vec<MomentId> {
    let mut calls = Vec::new();
    let mut begun = None;
    for at in (0..).map(MomentId).take(recording.len()) {
        let moment = recording.moment(at);
        if moment.kind == MomentKind::Arrived {
            begun = Some(at);
        }
        if name.starts_with('@') {
            let mine = recording.peer_name(at) == name;
            let stop = moment.kind == MomentKind::Entered && !moment.again && moment.instr().is_some();
            if mine && stop && begun.take().is_some() {
                calls.push(at);
            }
            continue;
        }
        if moment.kind == MomentKind::Requested
            && let Some(asked) = recording.asked(at)
            && name.split_once('.').map_or(asked.request.function_name == name, |(service, function)| {
                (asked.request.service_id.as_str(), asked.request.function_name.as_str())
                    == (service, function)
            })
        {
            let entered = (0..at.0).rev().map(MomentId).take(1000);
            let mut entered = entered.filter(|before| recording.moment(*before).kind == MomentKind::Entered);
            calls.push(entered.next().unwrap_or(at));
        }
    }
    calls
}

/// The first stop after each value that a name gets.
fn bound(recording: &Recording, name: &str) -> Vec<MomentId> {
    let all = (0..).map(MomentId).take(recording.len());
    let mine = |at: &MomentId| {
        !recording.moment(*at).again && recording.binding(*at).is_some_and(|bound| &*bound.name == name)
    };
    all.filter(mine).collect()
}

fn failed(recording: &Recording, filter: &str) -> Vec<MomentId> {
    let all = (0..).map(MomentId).take(recording.len());
    let failures = all.filter_map(|at| Some((at, recording.failure(at)?)));
    let first: Vec<_> = failures.filter(|(at, _)| !recording.moment(*at).again).collect();
    let mine = |(index, (at, failure)): (usize, &(MomentId, &air_simulation::recording::Failure))| {
        let invocation = recording.invocation_of(*at);
        // The last one of an invocation that ended with an error is the one it ended with.
        let ended = invocation.is_some_and(|it| it.ret_code == failure.code);
        let next = first.get(index + 1).and_then(|(next, _)| recording.invocation_of(*next));
        let uncaught = ended && next.map(|next| next.event) != invocation.map(|it| it.event);
        let wanted = match filter {
            "uncaught" => uncaught,
            "service" => failure.code == SERVICE_ERROR,
            "caught" => !uncaught,
            _ => failure.uncatchable,
        };
        wanted.then_some(*at)
    };
    first.iter().enumerate().filter_map(mine).collect()
}

#[cfg(test)]
mod tests {
    use super::is_hit;

    #[test]
    fn counts_of_hits() {
        let hit = |condition: &str| (1..=6).filter(|nth| is_hit(condition, *nth)).collect::<Vec<u64>>();
        assert_eq!(hit("3"), [3]);
        assert_eq!(hit("== 3"), [3]);
        assert_eq!(hit(">4"), [5, 6]);
        assert_eq!(hit("<= 2"), [1, 2]);
        assert_eq!(hit("% 2"), [2, 4, 6]);
        assert_eq!(hit("% 0"), [0_u64; 0]);
        assert_eq!(hit("often"), [0_u64; 0]);
    }
}
