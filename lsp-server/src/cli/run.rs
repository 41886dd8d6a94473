//! `air run`: a recorded invocation once more.

use std::path::PathBuf;

use air_interpreter::anomaly::Anomaly;

use super::data::bytes;
use super::exit::Exit;
use super::output::{ERROR, GOOD, Output, visible};

/// Arguments of `air run`.
#[derive(Debug, Clone, clap::Args)]
pub struct RunArgs {
    /// An anomaly file of a node; `-` is standard input
    #[arg(long, value_name = "FILE", required = true)]
    pub anomaly: PathBuf,
}

/// Runs `air run`.
pub fn run(args: &RunArgs, output: &mut Output) -> Exit {
    let read = bytes(&args.anomaly).and_then(|bytes| {
        let text = String::from_utf8(bytes).map_err(|error| error.to_string())?;
        Anomaly::parse(&text)
    });
    let anomaly = match read {
        Ok(anomaly) => anomaly,
        Err(error) => {
            output.error(format_args!("{}: {error}", args.anomaly.display()));
            return Exit::Failed;
        }
    };
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
        output.line(format_args!("asks {id}: {service}.{function}({})", visible(&arguments.join(", "))));
    }
    let differences = anomaly.differences(&outcome);
    if differences.is_empty() {
        let same = output.paint(GOOD, "as it was recorded").to_string();
        output.line(same);
        return Exit::Clean;
    }
    for difference in differences {
        let what = output.paint(ERROR, format_args!("{} differs", difference.what)).to_string();
        output.line(what);
        output.line(format_args!("  recorded {}", visible(&difference.recorded.to_json())));
        output.line(format_args!("  now      {}", visible(&difference.replayed.to_json())));
    }
    Exit::Findings
}
