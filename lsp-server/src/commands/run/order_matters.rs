//! Whether a run could have ended otherwise, had things come in another order: a small search after each run.

use air_simulation::explore::{Compare, ExploreRequest, explore_after};
use air_simulation::report::{Report, Status};
use air_simulation::run::RunRequest;

/// So much that people do not wait for it, and the same on each machine.
const MAX_ORDERS: u64 = 40;
const MAX_INVOCATIONS: u64 = 120;
/// A run of more invocations has too many orders for that.
const MAX_RUN_INVOCATIONS: u64 = 1_000;

/// One sentence, if the initiator could have learned something else. `again`: what `air explore` takes to show the same run,
/// if it can.
pub(super) fn order_matters(again: Option<&str>, request: &RunRequest, report: &Report) -> Option<String> {
    let stopped = report.outcome.status == Status::Stopped;
    if stopped || report.duration.invocations > MAX_RUN_INVOCATIONS || request.schedule.is_some() {
        return None;
    }
    let request = ExploreRequest {
        run: request.clone(),
        compare: Compare::Response,
        max_orders: MAX_ORDERS,
        max_invocations: MAX_INVOCATIONS,
        max_ends: 1,
        explain: false,
    };
    let explored = explore_after(&request, report, &mut || false).ok()?;
    let (ends, orders) = (explored.found_ends, explored.orders);
    let more = if explored.complete { "" } else { " and there are more" };
    let plural = if orders == 1 { "" } else { "s" };
    let shows = again.map(|again| format!("; `air explore {again}` shows them")).unwrap_or_default();
    (ends > 1).then(|| format!("order matters: {ends} ends in {orders} order{plural}{more}{shows}"))
}
