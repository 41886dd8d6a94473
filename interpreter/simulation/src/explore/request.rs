//! What is to be explored, and what came of it.

use serde::{Deserialize, Serialize};

use air_interpreter::ParsedScript;
use air_semantics::Script;

use super::end::{Compare, Seen};
use super::search::{Beginning, Budget, Found, Search};
use super::shrink::shrink;
use super::witness::Witness;
use crate::network::{Answers, MaxRuns, Network, Order, Schedule, Setup, Unwatched};
use crate::report::{Report, Status};
use crate::run::{self, RunProblem, RunRequest};
use crate::sample::{Preparation, SampleServices, prepare};

/// What is to be explored, and how far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ExploreRequest {
    /// The run whose orders are followed. Its own order is what is followed first.
    pub run: RunRequest,
    /// What counts when ends are compared.
    pub compare: Compare,
    /// Orders that are followed at most.
    pub max_orders: u64,
    /// Invocations of the interpreter at most; what orders have in common is counted once.
    pub max_invocations: u64,
    /// Ends that get a witness; all are counted.
    pub max_ends: u64,
    /// Whether witnesses are made short, and the event that decides between ends is looked for.
    pub explain: bool,
}

impl Default for ExploreRequest {
    fn default() -> Self {
        ExploreRequest {
            run: RunRequest::default(),
            compare: Compare::default(),
            max_orders: 1_000,
            max_invocations: 20_000,
            max_ends: 16,
            explain: true,
        }
    }
}

/// Invocations within one order, at most: a script that goes on for ever has no end to compare.
const MAX_RUNS_OF_ORDER: u64 = 500;

/// What came of all orders, as far as they were followed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Exploration {
    /// What counted when ends were compared.
    pub compare: Compare,
    /// Orders that differ in what some peer got before what, as far as they were followed.
    pub orders: u64,
    /// Whether these are all.
    pub complete: bool,
    /// If not: there are at least so many.
    pub at_least: u64,
    /// Invocations of the interpreter.
    pub invocations: u64,
    /// How many ends were found.
    pub found_ends: u64,
    /// The ends, the run's own first; at most as many as asked for.
    pub ends: Vec<End>,
}

/// One end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct End {
    /// Whether it is that of the run without any moves.
    pub default: bool,
    /// How many of the orders have it; 0 if only the run's own order has it, in which answers come together and what a
    /// peer sends goes out when it has nothing more to ask.
    pub orders: u64,
    /// Moves that lead to it, one a line, for `--answers single --order`; empty if it comes by itself.
    pub order: String,
    /// Its outcome in one word.
    pub status: Status,
    /// The outcome in one sentence.
    pub text: String,
    /// Up to which event the run's own end could still come too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deciding: Option<DecidingEvent>,
}

/// The event with which one end became impossible.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DecidingEvent {
    /// Its number in the run that the end's moves lead to.
    pub event: u64,
    /// What it is, as orders name it.
    pub what: String,
}

/// What is common to all searches of one exploration.
pub(super) struct Explored<'s> {
    pub(super) script: &'s ParsedScript,
    /// With single answers, and no moves.
    pub(super) setup: Setup,
    pub(super) services: SampleServices,
    pub(super) compare: Compare,
}

impl<'s> Explored<'s> {
    pub(super) fn network(&self, schedule: Schedule) -> Network<'s> {
        Network::new(self.script, Setup { schedule, ..self.setup.clone() })
    }

    pub(super) fn beginning(&self) -> Beginning<'s> {
        Beginning::new(self.network(Schedule::default()), self.services.clone(), self.compare)
    }

    /// The end of a run, by itself after what the setup says; `None` if its moves do not fit.
    pub(super) fn end_of(&self, mut network: Network<'s>) -> Option<u64> {
        let (mut services, mut seen) = (self.services.clone(), Seen::default());
        while network.step(&mut services, &mut Unwatched).is_some() {
            let reached_end = network.reached_end();
            for step in network.take_steps() {
                seen.see(self.compare, &step, network.init_peer(), reached_end);
            }
        }
        network.misfit().is_none().then(|| seen.end(self.compare, &network))
    }
}

/// Follows all orders of a run, as far as the request and `stops` allow: it is asked before each event.
///
/// # Errors
/// As [`run::run`] has them.
pub fn explore(request: &ExploreRequest, stops: &mut dyn FnMut() -> bool) -> Result<Exploration, RunProblem> {
    let report = run::run(&request.run)?;
    explore_after(request, &report, stops)
}

/// The same when the run's own order has a report already.
///
/// # Errors
/// As [`run::run`] has them.
pub fn explore_after(
    request: &ExploreRequest,
    report: &Report,
    stops: &mut dyn FnMut() -> bool,
) -> Result<Exploration, RunProblem> {
    let sample = run::sample(&request.run)?;
    let given = Script::to_run(request.run.text.as_str());
    let Preparation { script, mut setup, services, .. } = prepare(&given, &sample, report.array_length);
    run::apply(&request.run, &mut setup)?;
    let max_runs = request.run.limits.max_steps.min(MAX_RUNS_OF_ORDER);
    setup.max_runs = MaxRuns(u32::try_from(max_runs).unwrap_or(u32::MAX));
    let own = setup.clone();
    let (schedule, order, answers) = (Schedule::default(), Order::Fifo, Answers::Single);
    let setup = Setup { schedule, order, answers, ..setup };
    let explored = Explored { script: &script, setup, services, compare: request.compare };
    let default = explored.end_of(Network::new(&script, own));
    let budget = Budget { orders: request.max_orders, invocations: request.max_invocations };
    let found = Search::new(explored.beginning(), request.compare).run(budget, stops);
    Ok(exploration(request, report, &explored, default, found, stops))
}

fn exploration(
    request: &ExploreRequest,
    report: &Report,
    explored: &Explored<'_>,
    default: Option<u64>,
    found: Found,
    stops: &mut dyn FnMut() -> bool,
) -> Exploration {
    let known = found.ends.iter().any(|end| Some(end.hash) == default);
    let own = End {
        default: true,
        orders: found.ends.iter().find(|end| Some(end.hash) == default).map_or(0, |end| end.orders),
        order: String::new(),
        status: report.outcome.status,
        text: report.outcome.text.clone(),
        deciding: None,
    };
    let mut ends = vec![own];
    let others = found.ends.iter().filter(|end| Some(end.hash) != default);
    for end in others.take(usize::try_from(request.max_ends).unwrap_or(usize::MAX).saturating_sub(1)) {
        let moves = match request.explain && !stops() {
            true => shrink(explored, end),
            false => end.moves.clone(),
        };
        let order: String = moves.iter().flat_map(|one| [one, "\n"]).collect();
        let witness = Witness { explored, moves: &moves };
        let (status, text) = witness.outcome(&request.run, report.array_length);
        let deciding = match (request.explain && known && !stops(), default) {
            (true, Some(default)) => witness.deciding(default),
            _ => None,
        };
        ends.push(End { default: false, orders: end.orders, order, status, text, deciding });
    }
    ends.sort_by_key(|end| (!end.default, end.order.lines().count()));
    let found_ends = found.ends.len() as u64 + u64::from(!known);
    Exploration {
        compare: request.compare,
        orders: found.orders,
        complete: found.left == 0,
        at_least: found.orders.saturating_add(found.left),
        invocations: found.invocations,
        found_ends,
        ends,
    }
}

/// [`explore()`] over JSON: an [`ExploreRequest`] in, an [`Exploration`] or `{"error": {"message"}}` out. Never fails.
pub fn explore_json(request: &[u8]) -> Vec<u8> {
    let request: Result<ExploreRequest, _> = serde_json::from_slice(request);
    let explored = request
        .map_err(|error| RunProblem { message: format!("bad request: {error}") })
        .and_then(|request| explore(&request, &mut || false));
    let answer = match &explored {
        Ok(exploration) => serde_json::to_vec(exploration),
        Err(problem) => serde_json::to_vec(&serde_json::json!({ "error": { "message": problem.message } })),
    };
    answer.unwrap_or_default()
}
