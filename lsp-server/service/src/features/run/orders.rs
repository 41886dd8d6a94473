//! Whether things could have come in another order: a small search after each run, and all orders by
//! `air.exploreOrders`.

use air_simulation::explore::{Compare, Exploration, ExploreRequest};
use air_simulation::report::{Report, Status};
use air_simulation::run::RunRequest;

use super::command::{self, RUN_FAILED};
use crate::host::{RunError, RunLimits};
use crate::json::Json;
use crate::lsp;
use crate::results::{Explored, RunParams};
use crate::run_answer::refusal;
use crate::snapshot::Snapshot;

/// Name of the command.
pub(crate) const COMMAND: &str = "air.exploreOrders";

/// After a run: so much that people do not wait for it, and the same on each machine.
const FIRST_ORDERS: u64 = 40;
const FIRST_INVOCATIONS: u64 = 120;
/// A run of more invocations has too many orders for that.
const MAX_RUN_INVOCATIONS: u64 = 200;
/// On request.
const MAX_ORDERS: u64 = 1_000;
const MAX_INVOCATIONS: u64 = 5_000;
/// Ends that get a witness.
const MAX_ENDS: u64 = 16;

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

/// `air.exploreOrders`: runs the script, then follows its orders; the answer is what `air explore --json` prints. Lenses show the
/// ends, and run the order of each.
pub(crate) fn explore_orders(snapshot: &Snapshot, params: RunParams) -> lsp::Result<Json> {
    let params = RunParams { order: None, answers: None, ..params };
    command::run(snapshot, params.clone())?;
    let request = ExploreRequest {
        run: command::request(snapshot, &params)?,
        compare: Compare::Response,
        max_orders: MAX_ORDERS,
        max_invocations: MAX_INVOCATIONS,
        max_ends: MAX_ENDS,
        explain: true,
    };
    let explored = explore(snapshot, &request, &command::limits(snapshot));
    snapshot.check_cancelled()?;
    let (exploration, bytes) = explored?;
    let revision = snapshot.document.revision;
    snapshot.document.keep_explored_unless(&snapshot.stop, Explored { revision, params, exploration });
    Ok(Json::raw(bytes))
}

fn explore(
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
        error => command::refused(error.code(), error.to_string()),
    })?;
    match serde_json::from_slice(&bytes) {
        Ok(exploration) => Ok((exploration, bytes)),
        Err(error) => {
            let message = refusal(&bytes).unwrap_or_else(|| error.to_string());
            Err(command::refused("run-refused", message))
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

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::features::fixture::{open, uri};
    use crate::features::run::lens::lenses;

    /// Two answers of one peer race for a stream.
    const RACE: &str = r#"(new $s (seq
 (par (call %init_peer_id% ("op" "identity") ["A"] $s) (call %init_peer_id% ("op" "identity") ["B"] $s))
 (seq (canon %init_peer_id% $s #can) (call %init_peer_id% ("callbackSrv" "response") [#can]))))"#;

    fn titles(snapshot: &Snapshot) -> String {
        let commands = lenses(snapshot).into_iter().filter_map(|lens| lens.command);
        commands.map(|command| format!("{} → {}\n", command.title, command.command)).collect()
    }

    #[test]
    fn a_run_says_that_order_matters() {
        let snapshot = open(RACE);
        command::run(&snapshot, RunParams::of(uri())).unwrap();
        expect![[r#"
            ▶ Run · completed, 8 of 8 instructions ran → air.run
            order matters: 3 ends in all 7 orders · Explore → air.exploreOrders
            Clear → air.clearResults
        "#]]
        .assert_eq(&titles(&snapshot));
    }

    #[test]
    fn each_end_can_be_run() {
        let snapshot = open(RACE);
        let answer = explore_orders(&snapshot, RunParams::of(uri())).unwrap();
        assert_eq!(answer.value()["found_ends"], 3);
        expect![[r#"
            ▶ Run · completed, 8 of 8 instructions ran → air.run
            3 ends in all 7 orders → air.exploreOrders
            ▶ end 2: completed: response ["A"] → air.run
            ▶ end 3: completed: response ["B"] → air.run
            Clear → air.clearResults
        "#]]
        .assert_eq(&titles(&snapshot));
        let other = lenses(&snapshot).into_iter().filter_map(|lens| lens.command);
        let other = other.filter(|command| command.title.contains("end 2")).next().unwrap();
        let params = serde_json::from_value(other.arguments.unwrap()[0].clone()).unwrap();
        let report = command::run(&snapshot, params).unwrap();
        assert_eq!(report.value()["outcome"]["text"].as_str().unwrap(), "completed: response [\"A\"]");
        // The other ends are still there.
        expect![[r#"
            ▶ Run · completed, 8 of 8 instructions ran → air.run
            3 ends in all 7 orders → air.exploreOrders
            ▶ end 2: completed: response ["A"] → air.run
            ▶ end 3: completed: response ["B"] → air.run
            Clear → air.clearResults
        "#]]
        .assert_eq(&titles(&snapshot));
        snapshot.document.keep_run(None);
        expect![[r#"
            ▶ Run → air.run
        "#]]
        .assert_eq(&titles(&snapshot));
    }

    #[test]
    fn where_order_does_not_matter_nothing_is_said() {
        let snapshot = open(r#"(seq (call "a" ("op" "identity") [1] x) (call "b" ("op" "identity") [x] y))"#);
        command::run(&snapshot, RunParams::of(uri())).unwrap();
        assert!(!titles(&snapshot).contains("order"), "{}", titles(&snapshot));
        explore_orders(&snapshot, RunParams::of(uri())).unwrap();
        assert!(titles(&snapshot).contains("one end in "), "{}", titles(&snapshot));
    }

    #[test]
    fn moves_that_do_not_fit_are_refused() {
        let snapshot = open(RACE);
        let params = RunParams { order: Some("@b→@c".to_owned()), ..RunParams::of(uri()) };
        let error = command::run(&snapshot, params).unwrap_err();
        assert!(error.message.contains("@b→@c"), "{error}");
        let params = RunParams { answers: Some("one".to_owned()), ..RunParams::of(uri()) };
        assert!(command::run(&snapshot, params).is_err());
    }
}
