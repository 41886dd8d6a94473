//! Replays a recorded invocation: what comes out now beside what was recorded, then a run of its script with the answers
//! that it holds, shown as any run is.

use air_interpreter::Outcome;
use air_interpreter::display::read_data;
use air_interpreter::protocol::outcome_json;
use air_simulation::anomaly::{Anomaly, Difference};
use air_simulation::report::{Json, Report};
use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::exit::Exit;
use crate::cli::output::{ERROR, GOOD, Output, STRONG, visible};

/// What `air run ANOMALY --json` prints.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "air run ANOMALY --json")]
struct ReplayObject<'a> {
    /// Version of this form: 1.
    version: u32,
    /// `replay`.
    kind: &'static str,
    /// Whether all is as it was recorded.
    same: bool,
    /// What is not.
    differences: Vec<DifferenceObject>,
    /// What the invocation gives now, as an answer of `air invoke`.
    outcome: Json,
    /// A run of the script with the answers that were recorded; none if AquaVM rejects the script.
    report: Option<&'a Report>,
}

/// A part of the outcome that is not as it was recorded.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Difference")]
struct DifferenceObject {
    /// `ret_code`, `error_message`, `next_peer_pks` or `call_requests`.
    what: &'static str,
    /// What was recorded.
    recorded: Json,
    /// What comes out now.
    replayed: Json,
}

/// An invocation that was made again.
pub(super) struct Replay {
    anomaly: Anomaly,
    outcome: Outcome,
    differences: Vec<Difference>,
}

impl Replay {
    /// Makes the invocation of an anomaly file again.
    pub(super) fn new(text: &str) -> Result<Replay, String> {
        let anomaly = Anomaly::parse(text)?;
        let outcome = anomaly.replay();
        let differences = anomaly.differences(&outcome);
        Ok(Replay { anomaly, outcome, differences })
    }

    /// [`Exit::Clean`] if all is as it was.
    pub(super) fn exit(&self) -> Exit {
        if self.differences.is_empty() { Exit::Clean } else { Exit::Findings }
    }

    /// The script that was run.
    pub(super) fn script(&self) -> &str {
        &self.anomaly.script
    }

    /// One object: the outcome, what differs, and the report of the run.
    pub(super) fn json(&self, report: Option<&Report>) -> String {
        let difference = |it: &Difference| DifferenceObject {
            what: it.what,
            recorded: Json::from(&it.recorded),
            replayed: Json::from(&it.replayed),
        };
        let object = ReplayObject {
            version: 1,
            kind: "replay",
            same: self.differences.is_empty(),
            differences: self.differences.iter().map(difference).collect(),
            outcome: Json::from(&outcome_json(&self.outcome)),
            report,
        };
        // All keys are strings, so that nothing can fail.
        serde_json::to_string(&object).unwrap_or_default()
    }

    /// For people; `trace` adds the data.
    pub(super) fn show(&self, trace: bool, output: &mut Output) {
        let outcome = &self.outcome;
        output.line(format_args!("code {}", outcome.ret_code));
        if !outcome.error_message.is_empty() {
            output.line(format_args!("message {}", visible(&outcome.error_message)));
        }
        for peer in &outcome.next_peer_pks {
            output.line(format_args!("goes to {}", visible(peer)));
        }
        for (id, request) in outcome.call_requests.iter().flatten() {
            let arguments: Vec<String> = request.arguments.iter().map(ToString::to_string).collect();
            let (service, function) = (visible(&request.service_id), visible(&request.function_name));
            output.line(format_args!(
                "requests {id}: {service}.{function}({})",
                visible(&arguments.join(", "))
            ));
        }
        if trace {
            let parts = [
                ("previous data", &self.anomaly.prev_data),
                ("current data", &self.anomaly.current_data),
                ("new data", &outcome.data),
            ];
            for (name, bytes) in parts.iter().filter(|(_, bytes)| !bytes.is_empty()) {
                data(name, bytes, output);
            }
        }
        if self.differences.is_empty() {
            let same = output.paint(GOOD, "same as recorded").to_string();
            output.line(same);
        }
        for difference in &self.differences {
            let what = output.paint(ERROR, format_args!("{} differs", difference.what)).to_string();
            output.line(what);
            output.line(format_args!("  recorded {}", visible(&difference.recorded.to_json())));
            output.line(format_args!("  now      {}", visible(&difference.replayed.to_json())));
        }
    }
}

fn data(name: &str, bytes: &[u8], output: &mut Output) {
    let title = output.paint(STRONG, name).to_string();
    output.line(title);
    match read_data(bytes) {
        Ok(data) => {
            for line in data.lines.iter().flat_map(|line| line.lines()) {
                output.line(format_args!("  {}", visible(line)));
            }
        }
        Err(error) => output.line(format_args!("  {}", visible(&error))),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_schema_is_current() {
        let schema = schemars::schema_for!(super::ReplayObject<'static>);
        crate::schemas::compare("replay.schema.json", &schema.to_value());
    }
}
