//! What a simulation came to, as JSON: the outcome of `air run --json`.
//!
//! ```text
//! {"steps": [{"peer": "@init", "from": null, "runs": [
//!     {"ret_code": 0, "calls": [{"id": 1, "service_id", "function_name", "arguments", "tetraplets",
//!        "answer": {"ret_code": 0, "value": "…"}}], "next": ["@a"]}]}],
//!  "hops": [["@init", "@a"]], "final": {"@init": {"trace": […]}}}
//! ```
//!
//! Peers with names are written `@name` everywhere, inside messages too. The result of an answer is a `value` if
//! printing it gives the text of the answer, else that text as `result`. What is not always there: `error_message`, `calls`,
//! `next`, the flags of exceeded limits; `lost` (peers that are not there, once for each particle), `stopped`;
//! with answers that come later `time` of a step (simulated milliseconds since the start) and `answered` (the
//! numbers of the requests), and `at` of an answer; with faults `dropped` and `duplicated`, written as `hops`.

use super::observer::{Cause, Fate};
use super::service::Answer;
use super::simulator::Network;
use super::step::{Call, Invocation, Step};
use air_interpreter::CallServiceResult;
use air_interpreter::value::{Value, object};

type Members = Vec<(&'static str, Value)>;

fn of(members: Members) -> Value {
    Value::object(members.into_iter().map(|(key, value)| (key.into(), value)).collect())
}

fn texts<'t>(texts: impl IntoIterator<Item = &'t String>) -> Value {
    Value::array(texts.into_iter().map(|text| Value::from(text.as_str())).collect())
}

/// The parts of an outcome: `steps` and `final` are large, and peers have their ids there.
pub(crate) struct OutcomeParts {
    pub(crate) steps: Value,
    pub(crate) kept: Vec<(String, Value)>,
    /// Everything else, with names.
    pub(crate) rest: Value,
}

impl Network<'_> {
    /// What it came to so far.
    pub fn outcome(&mut self) -> Value {
        let OutcomeParts { steps, kept, rest } = self.outcome_parts();
        let kept = kept.into_iter().map(|(peer, data)| (peer.into(), data)).collect();
        let large = self.peers().show_value(&of(vec![("steps", steps), ("final", Value::object(kept))]));
        let members = [&large, &rest].map(|part| part.as_object().map(|it| it.members()).unwrap_or_default());
        Value::object(members.concat())
    }

    /// The same in parts.
    pub(crate) fn outcome_parts(&mut self) -> OutcomeParts {
        let steps = Value::array(self.steps().iter().map(step).collect());
        let mut members = Members::new();
        let sent = || {
            self.steps()
                .iter()
                .flat_map(|step| step.sent.iter().map(move |sent| (&step.peer, &sent.to, sent.fate)))
        };
        let pairs = |wanted: &dyn Fn(Fate) -> bool| {
            let pairs = sent().filter(|(_, _, fate)| wanted(*fate)).map(|(from, to, _)| texts([from, to]));
            Value::array(pairs.collect())
        };
        members.push(("hops", pairs(&|_| true)));
        let lost: Vec<&String> = sent().filter(|sent| sent.2 == Fate::Lost).map(|(_, to, _)| to).collect();
        if !lost.is_empty() {
            members.push(("lost", texts(lost)));
        }
        for (key, fate) in [("dropped", Fate::Dropped), ("duplicated", Fate::Duplicated)] {
            if sent().any(|sent| sent.2 == fate) {
                members.push((key, pairs(&|given| given == fate)));
            }
        }
        if let Some(stopped) = self.stopped() {
            members.push(("stopped", Value::from(stopped)));
        }
        let kept = self.kept_data().into_iter().map(|(peer, data)| {
            let trace = air_interpreter::display::resolved_trace(&data).map_or(Value::Null, Value::array);
            (peer, object([("trace", trace)]))
        });
        let kept = kept.collect();
        OutcomeParts { steps, kept, rest: self.peers().show_value(&of(members)) }
    }
}

fn step(step: &Step) -> Value {
    let from =
        if let Cause::Particle { from } = &step.cause { Value::from(from.as_str()) } else { Value::Null };
    let mut members: Members = vec![
        ("peer", Value::from(step.peer.as_str())),
        ("from", from),
        ("runs", Value::array(step.runs.iter().map(run).collect())),
    ];
    if let Cause::Answer { ids } = &step.cause {
        let ids = ids.iter().map(|id| Value::unsigned((*id).into()));
        members.push(("answered", Value::array(ids.collect())));
    }
    if step.time > 0 {
        members.push(("time", Value::unsigned(step.time)));
    }
    of(members)
}

fn run(run: &Invocation) -> Value {
    let mut members: Members = vec![("ret_code", Value::integer(run.ret_code))];
    if !run.error_message.is_empty() {
        members.push(("error_message", Value::from(run.error_message.as_str())));
    }
    if !run.calls.is_empty() {
        members.push(("calls", Value::array(run.calls.iter().map(call).collect())));
    }
    if !run.next.is_empty() {
        members.push(("next", texts(&run.next)));
    }
    for (key, flag) in [
        ("air_size_limit_exceeded", run.air_size_limit_exceeded),
        ("particle_size_limit_exceeded", run.particle_size_limit_exceeded),
        ("call_result_size_limit_exceeded", run.call_result_size_limit_exceeded),
    ] {
        if flag {
            members.push((key, Value::Bool(true)));
        }
    }
    of(members)
}

fn call(call: &Call) -> Value {
    let request = air_interpreter::protocol::request_json(&call.request);
    let request = request.as_object().map(|request| request.members().to_vec());
    let mut members = request.unwrap_or_default();
    members.push(("id".into(), Value::unsigned(call.id.into())));
    match &call.answer {
        Answer::Now(result) => members.push(("answer".into(), of(answer(result)))),
        Answer::Later { at, result } => {
            let mut answer = answer(result);
            answer.push(("at", Value::unsigned(*at)));
            members.push(("answer".into(), of(answer)));
        }
        Answer::Silent => {}
    }
    Value::object(members)
}

fn answer(answer: &CallServiceResult) -> Members {
    let value =
        air_interpreter::json::parse(&answer.result).ok().filter(|value| value.to_json() == answer.result);
    let result = match value {
        Some(value) => ("value", value),
        None => ("result", Value::from(answer.result.as_str())),
    };
    vec![("ret_code", Value::integer(answer.ret_code.into())), result]
}
