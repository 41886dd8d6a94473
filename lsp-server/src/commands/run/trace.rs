//! `--trace`: every delivery, then what each peer kept.

use air_interpreter::display::state_line;
use air_interpreter::value::Value;
use air_simulation::report::Report;

use crate::cli::output::{ERROR, Output, STRONG, visible};
use crate::cli::wrap::wrap;

/// Columns before a state.
const INDENT: usize = 6;
/// A state has so many columns, however narrow the terminal is.
const MIN_COLUMNS: usize = 16;

/// How states of a trace are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum TraceForm {
    /// Values in the place of identifiers, as `air data` shows them
    People,
    /// JSON with all identifiers
    Raw,
}

/// Every delivery, then what each peer kept.
pub(super) fn trace(report: &Report, form: TraceForm, output: &mut Output) {
    let steps = report.steps.value();
    let text =
        |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let list =
        |value: &Value, key: &str| value.get(key).and_then(Value::as_array).unwrap_or_default().to_vec();
    for (number, step) in (1..).zip(steps.as_array().unwrap_or_default()) {
        let from = text(step, "from");
        let from = if from.is_empty() { String::new() } else { format!(" from {from}") };
        let title =
            output.paint(STRONG, format_args!("step {number}: {}{from}", text(step, "peer"))).to_string();
        output.line(title);
        for run in list(step, "runs") {
            for call in list(&run, "calls") {
                let arguments: Vec<String> = list(&call, "arguments").iter().map(Value::to_json).collect();
                let answer = call.get("answer").map(|answer| {
                    let value =
                        answer.get("value").map(Value::to_json).unwrap_or_else(|| text(answer, "result"));
                    let failed = answer.get("ret_code").and_then(Value::as_i64).unwrap_or_default() != 0;
                    if failed { format!("fails: {value}") } else { format!("→ {value}") }
                });
                let (service, function) = (text(&call, "service_id"), text(&call, "function_name"));
                let answer = answer.unwrap_or_else(|| "no answer".to_owned());
                let line = format!("  {service}.{function}({}) {answer}", arguments.join(", "));
                output.line(visible(&line));
            }
            let code = run.get("ret_code").and_then(Value::as_i64).unwrap_or_default();
            if code != 0 {
                let line =
                    output.paint(ERROR, format!("  error {code}: {}", visible(&text(&run, "error_message"))));
                let line = line.to_string();
                output.line(line);
            }
            let next: Vec<String> =
                list(&run, "next").iter().filter_map(|peer| peer.as_str().map(str::to_owned)).collect();
            if !next.is_empty() {
                output.line(format_args!("  goes to {}", visible(&next.join(", "))));
            }
        }
    }
    for (peer, kept) in &report.kept {
        let title = output.paint(STRONG, format_args!("{peer} keeps")).to_string();
        output.line(title);
        for (position, state) in list(&kept.value(), "trace").iter().enumerate() {
            kept_state(position, state, form, output);
        }
    }
    output.line("");
}

/// A state of the trace: its position, then what it says.
fn kept_state(position: usize, state: &Value, form: TraceForm, output: &mut Output) {
    let room = match (form, output.width()) {
        (TraceForm::Raw, _) | (_, 0) => usize::MAX,
        (TraceForm::People, width) => width.saturating_sub(INDENT).max(MIN_COLUMNS),
    };
    let text = match form {
        TraceForm::Raw => state.to_json(),
        TraceForm::People => state_line(state),
    };
    let mut number = position.to_string();
    for line in text.lines() {
        let lines = if room == usize::MAX { vec![line.to_owned()] } else { wrap(line, room) };
        for line in lines {
            output.line(format_args!("  {number:3} {}", visible(&line)));
            number.clear();
        }
    }
}
