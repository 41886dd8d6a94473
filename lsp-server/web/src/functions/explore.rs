//! `explore`: what a run may end with, as `air explore --json` prints it.

use air_service::documents::explore::{Explored, MAX_ENDS, MAX_FAULTS};
use air_simulation::explore::{Compare, ExploreRequest, explore_after, single_faults};
use air_simulation::run::{self, RunRequest};
use serde::Deserialize;

use super::{Answer, Call, CallError, accepted};

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Options {
    sample: Option<String>,
    case: Option<String>,
    make_up: bool,
    compare: Compare,
    max_orders: u64,
    /// In place of the command line's seconds, since there is no clock here.
    max_invocations: u64,
    faults: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            sample: None,
            case: None,
            make_up: false,
            compare: Compare::default(),
            max_orders: 10_000,
            max_invocations: 1_000_000,
            faults: false,
        }
    }
}

pub(super) fn explore(call: &Call<'_>) -> Answer {
    let Options { sample, case, make_up, compare, max_orders, max_invocations, faults } = call.options()?;
    accepted(&call.text)?;
    let request = RunRequest { text: call.text.clone(), sample, case, make_up, ..RunRequest::default() };
    let refused = |problem: run::RunProblem| CallError::Refused(problem.message);
    let report = run::run(&request).map_err(refused)?;
    let (orders, faults) = if faults {
        let (faults, _) = single_faults(&request, &report, MAX_FAULTS).map_err(refused)?;
        (None, Some(faults))
    } else {
        let request = ExploreRequest {
            run: request,
            compare,
            max_orders,
            max_invocations,
            max_ends: MAX_ENDS,
            explain: true,
        };
        (Some(explore_after(&request, &report, &mut || false).map_err(refused)?), None)
    };
    let explored = Explored { version: 1, orders: orders.as_ref(), faults: faults.as_deref() };
    serde_json::to_string(&explored).map_err(|error| CallError::Refused(error.to_string()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::functions::asked;

    /// Whichever answer comes first decides.
    const RACE: &str = r#"(seq
 (par (call "@a" ("s" "f") ["a"] $all) (call "@b" ("s" "f") ["b"] $all))
 (seq (canon %init_peer_id% $all #all) (call %init_peer_id% ("run-console" "print") [#all]))
)"#;

    #[test]
    fn orders_and_faults() {
        let explore = |options| {
            asked(json!({ "function": "explore", "text": RACE, "options": options }))["result"].clone()
        };
        let sample = r#"{"services": [{"function": "f", "answer": {"echo": 0}}]}"#;
        let orders = explore(json!({ "sample": sample }));
        assert!(orders["found_ends"].as_u64().unwrap() > 1 && orders["complete"] == true, "{orders}");
        let faults = explore(json!({ "sample": sample, "faults": true }));
        assert!(!faults["faults"].as_array().unwrap().is_empty(), "{faults}");
        let cut = explore(json!({ "sample": sample, "max_orders": 1 }));
        assert_eq!(cut["complete"], false);
    }
}
