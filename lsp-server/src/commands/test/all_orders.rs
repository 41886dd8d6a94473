//! Whether a run ends the same in all orders that can be told apart.

use std::time::{Duration, Instant};

use air_simulation::explore::{Compare, ExploreRequest, explore_after};
use air_simulation::report::{Report, Status};
use air_simulation::run::RunRequest;

use super::compare::Mismatch;
use crate::cli::moves::order_option;
use crate::cli::runner::RunError;

/// Orders that are followed at most, of each test.
const MAX_ORDERS: u64 = 10_000;

/// What came of all orders.
pub(super) enum AllOrders {
    /// One end.
    Same,
    /// One end in those that were followed; a sentence that says how many there are.
    SameSoFar(String),
    /// Another end.
    Differ(Mismatch),
}

/// Follows all orders, for at most so many seconds.
///
/// # Errors
/// If there is no report.
pub(super) fn difference(max_time: u64, run: &RunRequest, usual: &Report) -> Result<AllOrders, RunError> {
    if usual.outcome.status == Status::Stopped {
        return Ok(AllOrders::SameSoFar("was stopped, so its other orders were not followed".to_owned()));
    }
    let request = ExploreRequest {
        run: run.clone(),
        compare: Compare::Response,
        max_orders: MAX_ORDERS,
        max_invocations: u64::MAX,
        max_ends: 2,
        explain: true,
    };
    let end = Instant::now() + Duration::from_secs(max_time);
    let explored = explore_after(&request, usual, &mut || Instant::now() > end)
        .map_err(|problem| RunError::Failed(problem.to_string()))?;
    let (orders, ends) = (explored.orders, explored.found_ends);
    let coverage = match explored.complete {
        true => format!("in all {orders} orders that can be told apart"),
        false => format!("in {orders} orders of at least {}", explored.at_least),
    };
    let Some(other) = explored.ends.iter().find(|end| !end.default) else {
        return Ok(match explored.complete {
            true => AllOrders::Same,
            false => AllOrders::SameSoFar(format!("one end {coverage}")),
        });
    };
    let moves: Vec<&str> = other.order.lines().collect();
    let order = order_option(&moves);
    let message = format!(
        "{ends} ends {coverage}: the usual one is {}; another one is {}: --answers single{order}",
        usual.outcome.text, other.text
    );
    Ok(AllOrders::Differ(Mismatch::new("orders", message)))
}
