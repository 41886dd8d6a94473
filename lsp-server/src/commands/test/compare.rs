//! What is expected of a run, and what happened.

use std::collections::VecDeque;

use air_interpreter::value::Value;
use air_simulation::report::{Outcome, Reason, Report, Role, Shown};
use air_simulation::sample::{Expect, ExpectedCall};
use schemars::JsonSchema;
use serde::Serialize;

use super::places::Place;
use super::value_diff::value_diff;

/// Calls that a message about a missing call lists.
const MAX_CALLS_SHOWN: usize = 4;

/// Something that is not as expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(super) struct Mismatch {
    /// The member of `expect`; `orders` if other orders of delivery end otherwise; `run` if there was no report.
    #[serde(rename = "what")]
    pub(super) key: &'static str,
    /// For people.
    pub(super) message: String,
    /// Where the expectation stands in the sample data.
    #[serde(flatten)]
    pub(super) place: Option<Place>,
}

impl Mismatch {
    pub(super) fn new(key: &'static str, message: String) -> Self {
        Mismatch { key, message, place: None }
    }
}

/// A call that was made.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PerformedCall {
    pub(super) peer: String,
    pub(super) service: String,
    pub(super) function: String,
    pub(super) arguments: Vec<Value>,
}

/// All that is not as expected, in the order of [`Expect`].
pub(super) fn compare(expect: &Expect, report: &Report) -> Vec<Mismatch> {
    let mut found = Vec::new();
    let mut differs = |key, message| found.push(Mismatch::new(key, message));
    let outcome = &report.outcome;
    if let Some(wanted) = expect.outcome.as_deref().filter(|wanted| *wanted != status(outcome)) {
        differs("outcome", format!("expected {wanted}, but {}", outcome.text));
    }
    if let Some(wanted) = &expect.response {
        let wanted = Value::array(wanted.clone());
        match response(outcome) {
            Some(response) if response == wanted => {}
            Some(response) => differs("response", value_diff(&wanted, &response)),
            None => differs("response", format!("expected {}, but there was none", wanted.to_json())),
        }
    }
    if let Some(wanted) = expect.error {
        match error(outcome) {
            Some(code) if code == wanted => {}
            Some(code) => differs("error", format!("expected {wanted}, found {code}: {}", outcome.text)),
            None => differs("error", format!("expected {wanted}, but there was none")),
        }
    }
    if let Some(message) = calls(expect, report) {
        differs("calls", message);
    }
    for (name, wanted) in &expect.values {
        match last_value(report, name) {
            Some(value) if value == *wanted => {}
            Some(value) => differs("values", format!("{name}: {}", value_diff(wanted, &value))),
            None => differs("values", format!("{name}: expected {}, but it got no value", wanted.to_json())),
        }
    }
    if let Some(wanted) = &expect.hops {
        let wanted: Vec<_> =
            wanted.iter().map(|(from, to)| (named(report, from), named(report, to))).collect();
        let hops: Vec<_> = report.hops.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
        if wanted != hops {
            differs("hops", format!("expected {}, found {}", route(&wanted), route(&hops)));
        }
    }
    let waiting = waiting_for(outcome);
    for wanted in &expect.waiting_for {
        if !waiting.iter().any(|name| name == named(report, wanted)) {
            let found = if waiting.is_empty() { "nothing waits".to_owned() } else { waiting.join(", ") };
            differs("waiting_for", format!("expected {wanted}, found: {found}"));
        }
    }
    found
}

/// The word for the outcome, as sample data writes it.
pub(super) fn status(outcome: &Outcome) -> &'static str {
    outcome.status.word()
}

/// The arguments of the first response.
pub(super) fn response(outcome: &Outcome) -> Option<Value> {
    let response = outcome.responses.first()?;
    Some(Value::array(response.values.iter().map(whole).collect()))
}

/// The first error that counts.
pub(super) fn error(outcome: &Outcome) -> Option<i64> {
    outcome.failures.first().map(|failure| failure.code)
}

/// Variables and peers that are waited for, each once.
pub(super) fn waiting_for(outcome: &Outcome) -> Vec<String> {
    let mut names = Vec::new();
    for waiting in &outcome.waiting {
        let name = match &waiting.reason {
            Reason::Variable { name, .. } => name,
            Reason::Elements { stream } => stream,
            Reason::Unreachable { peer } | Reason::Peer { peer } | Reason::Unanswered { peer, .. } => peer,
            _ => continue,
        };
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

/// The last value of a variable; where several places set it, that of the last one in the text that did.
pub(super) fn last_value(report: &Report, name: &str) -> Option<Value> {
    let sets = |role| matches!(role, Role::Output | Role::Target | Role::Iterator);
    let values = report.values.iter().filter(|values| values.name == name && sets(values.role));
    values.filter_map(|values| values.values.last()).next_back().map(|last| whole(&last.value))
}

/// Calls in the order in which they were made.
pub(super) fn made(report: &Report) -> Vec<PerformedCall> {
    let steps = report.steps.value();
    let list = |value: &Value, key: &str| -> Vec<Value> {
        value.get(key).and_then(Value::as_array).unwrap_or_default().to_vec()
    };
    let text =
        |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut made = Vec::new();
    for step in steps.as_array().unwrap_or_default() {
        for call in list(step, "runs").iter().flat_map(|run| list(run, "calls")) {
            made.push(PerformedCall {
                peer: text(step, "peer"),
                service: text(&call, "service_id"),
                function: text(&call, "function_name"),
                arguments: list(&call, "arguments"),
            });
        }
    }
    made
}

/// The first expected call that was not made.
fn calls(expect: &Expect, report: &Report) -> Option<String> {
    if expect.calls.is_empty() {
        return None;
    }
    let made = made(report);
    let fits = |wanted: &ExpectedCall, call: &PerformedCall| {
        wanted.peer.as_ref().is_none_or(|peer| named(report, peer) == call.peer)
            && wanted.service.as_ref().is_none_or(|service| *service == call.service)
            && wanted.function.as_ref().is_none_or(|function| *function == call.function)
            && wanted.arguments.as_ref().is_none_or(|arguments| *arguments == call.arguments)
    };
    let missing = if expect.any_order {
        let fitting: Vec<Vec<usize>> = expect
            .calls
            .iter()
            .map(|wanted| {
                (0..made.len()).filter(|at| made.get(*at).is_some_and(|call| fits(wanted, call))).collect()
            })
            .collect();
        unmatched(&fitting, made.len())
    } else {
        let mut rest = made.iter();
        expect.calls.iter().position(|wanted| !rest.any(|call| fits(wanted, call)))
    }?;
    let wanted = expect.calls.get(missing)?;
    let same = made.iter().filter(|call| wanted.function.as_ref().is_none_or(|name| *name == call.function));
    let mut shown: Vec<String> = same.take(MAX_CALLS_SHOWN).map(show).collect();
    if shown.is_empty() {
        shown.push("no call of that function".to_owned());
    }
    let order = if expect.any_order || missing == 0 { "" } else { " after those before it" };
    Some(format!(
        "call {} was not made{order}: {}; made: {}",
        missing + 1,
        show_wanted(wanted),
        shown.join(", ")
    ))
}

/// The first of the wanted that gets no partner of its own when as many as possible get one.
/// `fitting` says which of `count` partners fit each.
fn unmatched(fitting: &[Vec<usize>], count: usize) -> Option<usize> {
    // Whom each partner is given to.
    let mut taken: Vec<Option<usize>> = vec![None; count];
    for wanted in 0..fitting.len() {
        // Breadth first over partners; each with the one who would give up another for it.
        let mut reached: Vec<Option<(usize, Option<usize>)>> = vec![None; count];
        let mut queue = VecDeque::from([(wanted, None)]);
        let mut free = None;
        'search: while let Some((who, through)) = queue.pop_front() {
            for &partner in fitting.get(who).map(Vec::as_slice).unwrap_or_default() {
                let Some(slot @ None) = reached.get_mut(partner) else { continue };
                *slot = Some((who, through));
                match taken.get(partner).copied().flatten() {
                    None => {
                        free = Some(partner);
                        break 'search;
                    }
                    Some(other) => queue.push_back((other, Some(partner))),
                }
            }
        }
        let Some(mut at) = free else { return Some(wanted) };
        while let Some((who, through)) = reached.get(at).copied().flatten() {
            if let Some(slot) = taken.get_mut(at) {
                *slot = Some(who);
            }
            match through {
                Some(before) => at = before,
                None => break,
            }
        }
    }
    None
}

fn show(call: &PerformedCall) -> String {
    let arguments: Vec<String> = call.arguments.iter().map(Value::to_json).collect();
    format!("{} {}.{}({})", call.peer, call.service, call.function, arguments.join(", "))
}

fn show_wanted(call: &ExpectedCall) -> String {
    let any = |text: &Option<String>| text.clone().unwrap_or_else(|| "*".to_owned());
    let arguments = call.arguments.as_ref().map_or_else(
        || "…".to_owned(),
        |arguments| arguments.iter().map(Value::to_json).collect::<Vec<_>>().join(", "),
    );
    format!("{} {}.{}({arguments})", any(&call.peer), any(&call.service), any(&call.function))
}

/// A peer as reports write it: by its name if it has one.
fn named<'a>(report: &'a Report, peer: &'a str) -> &'a str {
    report.peers.iter().find(|(_, id)| *id == peer).map_or(peer, |(name, _)| name.as_str())
}

fn route(hops: &[(&str, &str)]) -> String {
    if hops.is_empty() {
        return "no hops".to_owned();
    }
    hops.iter().map(|(from, to)| format!("{from} → {to}")).collect::<Vec<_>>().join(", ")
}

/// The value; runs of tests show all of them whole.
fn whole(shown: &Shown) -> Value {
    shown.json.as_ref().map(|json| json.value()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partners_are_found_although_the_first_try_takes_them() {
        // The first takes 0, which is the only one for the second; the third then moves both on.
        assert_eq!(unmatched(&[vec![0, 1], vec![0], vec![1, 2]], 3), None);
        assert_eq!(unmatched(&[vec![0, 1], vec![0], vec![1, 0]], 3), Some(2));
        assert_eq!(unmatched(&[vec![0, 1, 2], vec![0, 1], vec![0], vec![3]], 4), None);
        assert_eq!(unmatched(&[vec![]], 0), Some(0));
    }
}
