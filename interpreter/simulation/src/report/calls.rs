//! Calls and invocations read back from the `steps` of a report.

use std::collections::HashMap;

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::types::Report;

/// What a report's `steps` say of calls and invocations.
#[derive(Debug, Default)]
pub struct Calls {
    by_peer: HashMap<String, HashMap<u32, CallRecord>>,
    /// The message of each invocation, in the order of the events that have a `ret_code`; empty without an error.
    pub messages: Vec<String>,
}

/// A call that a peer's host was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallRecord {
    /// JSON of each argument.
    pub arguments: Vec<String>,
    /// What it was answered; `None` if nobody did.
    pub answer: Option<CallAnswer>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallAnswer {
    /// Whether the service failed.
    pub failed: bool,
    /// JSON of the value, or what a failed service said.
    pub text: String,
}

impl Calls {
    /// Of a report.
    pub fn of(report: &Report) -> Self {
        let steps: Vec<Step> = serde_json::from_str(report.steps.text()).unwrap_or_default();
        let mut calls = Calls::default();
        for Step { peer, runs } in steps {
            let of_peer = calls.by_peer.entry(peer).or_default();
            for run in runs {
                calls.messages.push(run.error_message);
                of_peer.extend(run.calls.into_iter().map(|call| (call.id, record(call))));
            }
        }
        calls
    }

    /// The call with this number on a peer.
    pub fn get(&self, peer: &str, id: u32) -> Option<&CallRecord> {
        self.by_peer.get(peer)?.get(&id)
    }
}

fn record(call: Call) -> CallRecord {
    let text = |value: Box<RawValue>| value.get().to_owned();
    let answer = call.answer.map(|answer| CallAnswer {
        failed: answer.ret_code != 0,
        text: answer.value.map(text).or(answer.result).unwrap_or_default(),
    });
    CallRecord { arguments: call.arguments.into_iter().map(text).collect(), answer }
}

#[derive(Deserialize)]
struct Step {
    peer: String,
    runs: Vec<Run>,
}

#[derive(Deserialize)]
struct Run {
    #[serde(default)]
    error_message: String,
    #[serde(default)]
    calls: Vec<Call>,
}

#[derive(Deserialize)]
struct Call {
    #[serde(default)]
    id: u32,
    arguments: Vec<Box<RawValue>>,
    answer: Option<Answer>,
}

#[derive(Deserialize)]
struct Answer {
    ret_code: i64,
    /// `null` is a value, too.
    #[serde(default, deserialize_with = "given")]
    value: Option<Box<RawValue>>,
    result: Option<String>,
}

fn given<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Box<RawValue>>, D::Error> {
    Box::<RawValue>::deserialize(value).map(Some)
}
