//! Why something did not run: `air.explainNotExecuted`.

use serde::Deserialize;
use serde_json::{Value, json};

use super::run::hover::{not_executed, range};
use crate::lsp;
use crate::snapshot::Snapshot;

/// Name of the command.
pub(crate) const COMMAND: &str = "air.explainNotExecuted";

/// The argument of `air.explainNotExecuted`, besides `uri`.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct ExplainParams {
    /// What is asked about; left out, everything.
    #[serde(default)]
    position: Option<lsp::Position>,
}

/// `air.explainNotExecuted`: `null` if the script, as it stands, was not run.
pub(crate) fn explain(snapshot: &Snapshot, params: ExplainParams) -> lsp::Result<Value> {
    let Some(run) = snapshot.document.run() else { return Ok(Value::Null) };
    let Ok(report) = &run.result else { return Ok(Value::Null) };
    let parts: Vec<_> = match params.position {
        None => report.not_executed.iter().collect(),
        Some(position) => not_executed(&report.not_executed, snapshot.offset(position)).into_iter().collect(),
    };
    let explained = parts.into_iter().map(|part| {
        json!({
            "range": snapshot.range(range(part.range)),
            "instructions": part.instructions,
            "reason": part.reason,
            "text": part.text,
        })
    });
    Ok(explained.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::fixture::{cursor, uri};
    use crate::features::run::command::run;
    use crate::results::RunParams;

    #[test]
    fn the_part_around_the_cursor() {
        let (snapshot, position) = cursor("(xor (ap 1 x) (seq (ap$0 2 y) (ap 3 z)))");
        let ask = || {
            explain(&snapshot, serde_json::from_value(json!({ "uri": uri(), "position": position })).unwrap())
        };
        assert_eq!(ask().unwrap(), Value::Null);
        run(&snapshot, RunParams::of(uri())).unwrap();
        let told = ask().unwrap();
        assert_eq!(told[0]["reason"]["kind"], "no_error", "{told}");
        assert_eq!(told[0]["instructions"], 3);
    }
}
