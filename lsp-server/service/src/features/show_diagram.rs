//! The last run as a picture: `air.showDiagram`.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::diagram::{Diagram, mermaid, svg};
use crate::lsp;
use crate::snapshot::Snapshot;

/// Name of the command.
pub(crate) const COMMAND: &str = "air.showDiagram";

/// The argument of `air.showDiagram`, besides `uri`.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct DiagramParams {}

/// `air.showDiagram`: the picture as SVG and as Mermaid, so that each client can draw one of them; `null` if the script,
/// as it stands, was not run.
pub(crate) fn diagram(snapshot: &Snapshot, _: DiagramParams) -> lsp::Result<Value> {
    let Some(run) = snapshot.document.run() else { return Ok(Value::Null) };
    let Ok(report) = &run.result else { return Ok(Value::Null) };
    let diagram = Diagram::new(report);
    Ok(json!({ "mermaid": mermaid(&diagram), "svg": svg(&diagram) }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::fixture::{open, uri};
    use crate::features::run::command::run;
    use crate::results::RunParams;

    #[test]
    fn of_the_run_and_only_then() {
        let snapshot = open("(call %init_peer_id% (\"op\" \"identity\") [1] x)");
        assert_eq!(diagram(&snapshot, DiagramParams {}).unwrap(), Value::Null);
        run(&snapshot, RunParams::of(uri())).unwrap();
        let told = diagram(&snapshot, DiagramParams {}).unwrap();
        assert!(told["mermaid"].as_str().unwrap().contains("op.identity"), "{told}");
        let svg = told["svg"].as_str().unwrap();
        assert!(
            svg.starts_with("<svg") && svg.contains(r#"<g data-line="1" data-column="1" data-peer="0">"#),
            "{svg}"
        );
    }
}
