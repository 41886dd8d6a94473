//! Whether things could have come in another order: a small search after each run, and what all searches share.

use air_simulation::explore::{Compare, Exploration, ExploreRequest};
use air_simulation::report::{Report, Status};
use air_simulation::run::RunRequest;

use super::refusal::{RUN_FAILED, refused};
use crate::host::{RunError, RunLimits};
use crate::lsp;
use crate::run_answer::refusal;
use crate::snapshot::Snapshot;

/// After a run: so much that people do not wait for it, and the same on each machine.
const FIRST_ORDERS: u64 = 40;
const FIRST_INVOCATIONS: u64 = 120;
/// A run of more invocations has too many orders for that.
const MAX_RUN_INVOCATIONS: u64 = 200;
/// What the first orders of a run end with; `None` if that would take too long, or the run was in an order of its own.
pub(super) fn first_orders(
    snapshot: &Snapshot,
    run: &RunRequest,
    report: &Report,
    limits: &RunLimits,
) -> Option<Exploration> {
    let too_long = report.duration.invocations > MAX_RUN_INVOCATIONS;
    // With less than two things at once there is nothing to be put in order.
    let alone = report.events.len() < 3;
    if run.schedule.is_some() || too_long || alone || report.outcome.status == Status::Stopped {
        return None;
    }
    let request = ExploreRequest {
        run: run.clone(),
        compare: Compare::Response,
        max_orders: FIRST_ORDERS,
        max_invocations: FIRST_INVOCATIONS,
        max_ends: 1,
        explain: false,
    };
    explore(snapshot, &request, limits).ok().map(|(explored, _)| explored)
}

/// One search; also its answer as it came.
pub(super) fn explore(
    snapshot: &Snapshot,
    request: &ExploreRequest,
    limits: &RunLimits,
) -> lsp::Result<(Exploration, Vec<u8>)> {
    let request = serde_json::to_vec(request).unwrap_or_default();
    let answer = snapshot.host.runner.explore(&request, limits, &snapshot.stop);
    let bytes = answer.map_err(|error| match error {
        RunError::Time { .. } => lsp::error(
            RUN_FAILED,
            format!(
                "the orders were not all followed: {error}; `air explore` on the command line takes longer"
            ),
        ),
        error => refused(error.code(), error.to_string()),
    })?;
    match serde_json::from_slice(&bytes) {
        Ok(exploration) => Ok((exploration, bytes)),
        Err(error) => {
            let message = refusal(&bytes).unwrap_or_else(|| error.to_string());
            Err(refused("run-refused", message))
        }
    }
}

/// `3 ends in all 7 orders`.
pub(super) fn summary(explored: &Exploration) -> String {
    let ends = match explored.found_ends {
        1 => "one end".to_owned(),
        ends => format!("{ends} ends"),
    };
    match (explored.complete, explored.orders) {
        (true, 0 | 1) => format!("{ends} in the only order"),
        (true, orders) => format!("{ends} in all {orders} orders"),
        (false, orders) => format!("{ends} in {orders} orders of at least {}", explored.at_least),
    }
}
