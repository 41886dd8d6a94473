//! From a request to its ends.

use air_semantics::Script;

use super::explored::Explored;
use super::search::{Budget, Found, Search};
use super::shrink::shrink;
use super::types::{End, Exploration, ExploreRequest};
use super::witness::Witness;
use crate::network::{Answers, MaxRuns, Network, Order, Schedule, Setup};
use crate::report::Report;
use crate::run::{self, RunProblem};
use crate::sample::{Preparation, prepare};

/// Invocations within one order, at most: a script that goes on for ever has no end to compare.
const MAX_RUNS_OF_ORDER: u64 = 500;

/// Follows all orders of a run, as far as the request and `stops` allow: it is asked before each event.
///
/// # Errors
/// As [`run::run`] has them.
pub fn explore(request: &ExploreRequest, stops: &mut dyn FnMut() -> bool) -> Result<Exploration, RunProblem> {
    let report = run::run(&request.run)?;
    explore_after(request, &report, stops)
}

/// The same for hosts that exchange JSON: [`ExploreRequest`], answered by [`Exploration`] or `{"error": {"message"}}`. Nothing
/// stops it but the request's own limits.
pub fn explore_json(request: &[u8]) -> Vec<u8> {
    // Nothing in an exploration can fail to print: all keys are strings.
    let print = |explored: Exploration| serde_json::to_string(&explored).unwrap_or_default();
    run::answer_json(request, |request: ExploreRequest| explore(&request, &mut || false).map(print))
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
