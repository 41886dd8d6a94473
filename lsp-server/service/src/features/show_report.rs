//! The report of the last run: `air.showReport`.

use serde::Deserialize;
use serde_json::Value;

use crate::lsp;
use crate::snapshot::Snapshot;

/// Name of the command.
pub(crate) const COMMAND: &str = "air.showReport";

/// The argument of `air.showReport`, besides `uri`.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct ReportParams {}

/// `air.showReport`: what `air.run` answered, also of runs on save; `null` if the script, as it stands, was not run.
pub(crate) fn report(snapshot: &Snapshot, _: ReportParams) -> lsp::Result<Value> {
    let Some(run) = snapshot.document.run() else { return Ok(Value::Null) };
    let Ok(report) = &run.result else { return Ok(Value::Null) };
    serde_json::from_str(&report.to_json()).map_err(|error| lsp::error(-32603, error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::fixture::{open, uri};
    use crate::features::run::command::run;
    use crate::results::RunParams;

    #[test]
    fn the_answer_of_the_run() {
        let snapshot = open("(call %init_peer_id% (\"op\" \"identity\") [1] x)");
        assert_eq!(report(&snapshot, ReportParams {}).unwrap(), Value::Null);
        let answer = run(&snapshot, RunParams::of(uri())).unwrap();
        assert_eq!(report(&snapshot, ReportParams {}).unwrap(), answer.value());
    }
}
