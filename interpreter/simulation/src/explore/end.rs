//! What people can see of a run, in one number.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::network::{Cause, Network, Step, hash_of};

/// What counts when two ends are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Compare {
    /// What the peer that started the particle learned: its calls with their arguments, its errors, whether the script
    /// came to its end.
    Response,
    /// That, and the calls of all peers with their arguments.
    Calls,
    /// That, and the errors of all peers, and calls that never get an answer.
    #[default]
    All,
}

impl std::str::FromStr for Compare {
    type Err = String;

    /// `response`, `calls` or `all`.
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "response" => Ok(Compare::Response),
            "calls" => Ok(Compare::Calls),
            "all" => Ok(Compare::All),
            _ => Err(format!("unknown comparison `{text}`; expected one of response, calls, all")),
        }
    }
}

/// What could be seen so far. In which order things were seen does not count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Seen {
    /// The sum of the calls' hashes.
    calls: u64,
    /// Each error once: every run of the same peer ends with the same error again.
    errors: BTreeSet<u64>,
    /// The script came to its end somewhere.
    reached_end: bool,
}

impl Seen {
    /// Sees what an event did.
    pub(super) fn see(&mut self, compare: Compare, step: &Step, initiator: &str, reached_end: bool) {
        self.reached_end |= reached_end;
        let own = step.peer == initiator;
        for run in &step.runs {
            if run.ret_code != 0 && (own || compare == Compare::All) {
                self.errors.insert(hash_of((&step.peer, run.ret_code, &run.error_message)));
            }
            if !own && compare == Compare::Response {
                continue;
            }
            for call in &run.calls {
                let request = &call.request;
                let mut arguments = String::new();
                for argument in &request.arguments {
                    arguments.push_str(&argument.to_json());
                    arguments.push('\n');
                }
                let call = (&step.peer, &request.service_id, &request.function_name, arguments);
                self.calls = self.calls.wrapping_add(hash_of(call));
            }
        }
        debug_assert!(!matches!(step.cause, Cause::Answer { .. }) || !step.runs.is_empty());
    }

    /// In one number, while the run goes on.
    pub(super) fn hash(&self) -> u64 {
        hash_of((self.calls, &self.errors, self.reached_end))
    }

    /// The end, when nothing is left to happen.
    pub(super) fn end(&self, compare: Compare, network: &Network<'_>) -> u64 {
        let mut unanswered: Vec<u64> = Vec::new();
        if compare == Compare::All {
            let waits = |event: &crate::network::Event, asked: &crate::network::Asked| {
                use crate::network::Became;
                matches!(asked.fate, Became::Waiting | Became::Expired | Became::Silent | Became::Lost(_))
                    .then(|| hash_of((event.kind.peer(), &asked.name)))
            };
            let events = network.events().iter();
            unanswered.extend(
                events.flat_map(|event| event.asked.iter().filter_map(move |asked| waits(event, asked))),
            );
            unanswered.sort_unstable();
        }
        hash_of((self.hash(), unanswered, network.stopped().is_some()))
    }
}
