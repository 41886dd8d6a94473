//! Sample data to start from, on request: `air.generateSample`.

use air_simulation::sample::generate::{annotate, skeleton};
use serde::Deserialize;
use serde_json::{Value, json};

use super::sample::{beside, new_file, range};
use crate::lsp::{self, REQUEST_FAILED};
use crate::snapshot::Snapshot;

/// Name of the command.
pub(crate) const COMMAND: &str = "air.generateSample";

/// The argument of `air.generateSample`, besides `uri`.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct GenerateParams {
    /// Annotations in the script instead of a file beside it.
    #[serde(default)]
    annotations: bool,
}

/// The edit that writes `NAME.sample.json` or annotations, and the document that it changes.
pub(crate) fn generate(snapshot: &Snapshot, params: GenerateParams) -> lsp::Result<Value> {
    let analysis = snapshot.analysis();
    if !analysis.accepted() {
        return Err(refused("script-rejected", "AquaVM rejects this script: fix its errors first"));
    }
    let file = beside(&snapshot.document.uri).filter(|_| snapshot.client.create_files && !params.annotations);
    if let Some((uri, name)) = file {
        if snapshot.sample_path().is_some_and(|file| snapshot.host.files.metadata(&file).is_some()) {
            return Err(refused("sample-exists", format!("{name}.sample.json already exists")));
        }
        let text = skeleton(analysis.hir(), analysis.resolution(), &name);
        return Ok(json!({ "uri": uri, "edit": new_file(uri.clone(), text) }));
    }
    let insertions = annotate(analysis.hir(), analysis.resolution());
    if insertions.is_empty() {
        return Err(refused("nothing-to-answer", "no call of this script needs an annotation"));
    }
    let edits = insertions.into_iter().map(|insertion| lsp::TextEdit {
        range: snapshot.range(range(insertion.at, insertion.at)),
        new_text: insertion.text,
    });
    Ok(json!({ "uri": snapshot.document.uri, "edit": snapshot.workspace_edit(edits.collect()) }))
}

fn refused(code: &str, message: impl Into<String>) -> lsp::Error {
    let mut error = lsp::error(REQUEST_FAILED, message);
    error.data = Some(json!({ "code": code }));
    error
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::fixture::{everything, open, open_as};

    const SCRIPT: &str = "(call \"p\" (\"s\" \"f\") [] x)\n";

    #[test]
    fn a_file_if_the_client_makes_files_else_annotations() {
        let annotations = GenerateParams { annotations: true };
        let file = GenerateParams { annotations: false };
        let mut capabilities = everything();
        capabilities["workspace"]["workspaceEdit"]["resourceOperations"] = json!(["create"]);
        let snapshot = open_as(SCRIPT, capabilities, json!({}));
        let made = generate(&snapshot, file.clone()).unwrap();
        assert_eq!(made["uri"], "file:///script.sample.json");
        assert_eq!(made["edit"]["documentChanges"][0]["kind"], "create");
        let made = generate(&snapshot, annotations).unwrap();
        assert_eq!(made["uri"], "file:///script.air");
        let made = generate(&open(SCRIPT), file).unwrap();
        assert!(made.to_string().contains("; ok = "), "{made}");
    }

    #[test]
    fn what_cannot_be_done_says_why() {
        let code = |text: &str| {
            let error = generate(&open(text), GenerateParams { annotations: true }).unwrap_err();
            error.data.unwrap()["code"].as_str().unwrap().to_owned()
        };
        assert_eq!(code("(seq (null) x)"), "script-rejected");
        assert_eq!(code("(null)"), "nothing-to-answer");
    }
}
