//! Replays a recorded invocation.

use air_simulation::anomaly::Anomaly;

use crate::cli::exit::Exit;
use crate::cli::output::{ERROR, GOOD, Output, visible};

/// Runs the invocation of an anomaly file and compares.
pub(super) fn run(name: &str, text: &str, output: &mut Output) -> Result<Exit, String> {
    let anomaly = Anomaly::parse(text).map_err(|error| format!("{name}: {error}"))?;
    let outcome = anomaly.replay();
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
        output.line(format_args!("requests {id}: {service}.{function}({})", visible(&arguments.join(", "))));
    }
    let differences = anomaly.differences(&outcome);
    if differences.is_empty() {
        let same = output.paint(GOOD, "same as recorded").to_string();
        output.line(same);
        return Ok(Exit::Clean);
    }
    for difference in differences {
        let what = output.paint(ERROR, format_args!("{} differs", difference.what)).to_string();
        output.line(what);
        output.line(format_args!("  recorded {}", visible(&difference.recorded.to_json())));
        output.line(format_args!("  now      {}", visible(&difference.replayed.to_json())));
    }
    Ok(Exit::Findings)
}
