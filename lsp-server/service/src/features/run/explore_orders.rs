//! All orders of a run, on request: `air.exploreOrders`.

use air_simulation::explore::{Compare, ExploreRequest};

use super::{command, orders};
use crate::json::Json;
use crate::lsp;
use crate::results::{Explored, RunParams};
use crate::snapshot::Snapshot;

/// Name of the command.
pub(crate) const COMMAND: &str = "air.exploreOrders";

/// On request.
const MAX_ORDERS: u64 = 1_000;
const MAX_INVOCATIONS: u64 = 5_000;
/// Ends that get a witness.
const MAX_ENDS: u64 = 16;

/// `air.exploreOrders`: runs the script, then follows its orders; the answer is what `air explore --json` prints. Lenses show the
/// ends, and run the order of each.
pub(crate) fn explore_orders(snapshot: &Snapshot, params: RunParams) -> lsp::Result<Json> {
    let params = RunParams { order: None, answers: None, ..params };
    // All orders are followed below.
    command::run_and(snapshot, params.clone(), false)?;
    let request = ExploreRequest {
        run: command::request(snapshot, &params)?,
        compare: Compare::Response,
        max_orders: MAX_ORDERS,
        max_invocations: MAX_INVOCATIONS,
        max_ends: MAX_ENDS,
        explain: true,
    };
    let explored = orders::explore(snapshot, &request, &command::limits(snapshot));
    snapshot.check_cancelled()?;
    let (exploration, bytes) = explored?;
    let revision = snapshot.document.revision;
    snapshot.document.keep_explored_unless(&snapshot.stop, Explored { revision, params, exploration });
    Ok(Json::raw(bytes))
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
        let other = other.into_iter().find(|command| command.title.contains("end 2")).unwrap();
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
