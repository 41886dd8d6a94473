//! Sample data in the editor: invalid annotations, and sample data to start from.

use air_simulation::sample::annotations;
use air_simulation::sample::generate::{annotate, skeleton};
use air_syntax::{TextRange, TextSize};

use crate::lsp::{self, Url};
use crate::sample_path::SamplePath;
use crate::snapshot::Snapshot;

/// Kind of the actions that write sample data.
pub(crate) const KIND: &str = "source.generateSample.air";

/// Wrong annotations, each where it is wrong.
pub(super) fn problems(snapshot: &Snapshot) -> Vec<lsp::Diagnostic> {
    let (_, problems) = annotations(snapshot.analysis().hir());
    let shown = problems.into_iter().map(|problem| lsp::Diagnostic {
        range: snapshot.range(range(problem.range.start, problem.range.end)),
        severity: Some(lsp::DiagnosticSeverity::WARNING),
        source: Some("air sample".to_owned()),
        message: problem.message,
        ..Default::default()
    });
    shown.collect()
}

/// Actions that write sample data for the script: a file beside it, or annotations in it.
pub(super) fn actions(snapshot: &Snapshot) -> Vec<lsp::CodeAction> {
    let analysis = snapshot.analysis();
    if snapshot.document.too_large() || !analysis.accepted() {
        return Vec::new();
    }
    let action = |title: String, edit| lsp::CodeAction {
        title,
        kind: Some(lsp::CodeActionKind::from(KIND.to_owned())),
        edit: Some(edit),
        ..Default::default()
    };
    let mut actions = Vec::new();
    if snapshot.client.create_files
        && let Some((uri, name)) = beside(&snapshot.document.uri)
    {
        let text = skeleton(analysis.hir(), analysis.resolution(), &name);
        actions.push(action(format!("Generate {name}.sample.json"), new_file(uri, text)));
    }
    let insertions = annotate(analysis.hir(), analysis.resolution());
    if !insertions.is_empty() {
        let edits = insertions.into_iter().map(|insertion| lsp::TextEdit {
            range: snapshot.range(range(insertion.at, insertion.at)),
            new_text: insertion.text,
        });
        let edit = snapshot.workspace_edit(edits.collect());
        actions.push(action("Generate sample data as annotations".to_owned(), edit));
    }
    actions
}

/// `NAME.sample.json` beside a script, and `NAME`.
pub(crate) fn beside(script: &Url) -> Option<(Url, String)> {
    let sample = SamplePath::of_url(script)?;
    let (_, name) = SamplePath::names(&sample)?;
    Some((sample, name))
}

/// A new file with that text; the client leaves an existing one alone.
pub(super) fn new_file(uri: Url, text: String) -> lsp::WorkspaceEdit {
    let create = lsp::CreateFile { uri: uri.clone(), options: None, annotation_id: None };
    let insert = lsp::TextDocumentEdit {
        text_document: lsp::OptionalVersionedTextDocumentIdentifier { uri, version: None },
        edits: vec![lsp::OneOf::Left(lsp::TextEdit { range: lsp::Range::default(), new_text: text })],
    };
    lsp::WorkspaceEdit {
        document_changes: Some(lsp::DocumentChanges::Operations(vec![
            lsp::DocumentChangeOperation::Op(lsp::ResourceOp::Create(create)),
            lsp::DocumentChangeOperation::Edit(insert),
        ])),
        ..Default::default()
    }
}

pub(super) fn range(start: usize, end: usize) -> TextRange {
    // A document is never larger than four gigabytes.
    let at = |offset: usize| TextSize::new(u32::try_from(offset).unwrap_or(u32::MAX));
    TextRange::new(at(start), at(end.max(start)))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use super::{actions, problems};
    use crate::features::fixture::{edited, everything, open, open_as, underlined};

    #[test]
    fn wrong_annotations() {
        let snapshot = open(
            "(seq\n (call \"é\" (\"s\" \"f\") [] x) ; ok = [1,\n (call \"p\" (\"s\" \"f\") [] y)) ; behaviour = sing\n",
        );
        let marks = problems(&snapshot).into_iter().map(|found| (found.range, found.message));
        expect![[r#"
            (seq
             (call "é" ("s" "f") [] x) ; ok = [1,
                                                 ^ expected JSON after `ok =`: EOF while parsing a value
             (call "p" ("s" "f") [] y)) ; behaviour = sing
                                                      ^^^^ unknown behaviour `sing`; expected one of echo, unit, service, function, arg.0, tetraplet
        "#]].assert_eq(&underlined(&snapshot, marks.collect()));
    }

    const SCRIPT: &str = "(seq\n (call \"p\" (\"s\" \"f\") [] x)\n (call x.$.peer (\"s\" \"g\") []))\n";

    #[test]
    fn a_file_or_annotations() {
        let mut capabilities = everything();
        capabilities["workspace"]["workspaceEdit"]["resourceOperations"] = json!(["create"]);
        let snapshot = open_as(SCRIPT, capabilities, json!({}));
        let [file, annotations] = <[_; 2]>::try_from(actions(&snapshot)).unwrap();
        assert_eq!(file.title, "Generate script.sample.json");
        let edit = serde_json::to_value(file.edit.unwrap()).unwrap();
        assert_eq!(
            edit["documentChanges"][0],
            json!({"kind": "create", "uri": "file:///script.sample.json"})
        );
        let text = edit["documentChanges"][1]["edits"][0]["newText"].as_str().unwrap();
        let (sample, problems) = air_simulation::sample::from_json(text);
        assert_eq!((sample.services.len(), problems.len(), sample.name.as_str()), (1, 0, "script"));
        let edit = serde_json::to_value(annotations.edit.unwrap()).unwrap();
        let edits = serde_json::from_value(edit["documentChanges"][0]["edits"].clone()).unwrap();
        expect![[r#"
            (seq
             (call "p" ("s" "f") [] x) ; ok = {"peer":"@peer_3"}
             (call x.$.peer ("s" "g") []))
        "#]]
        .assert_eq(&edited(&snapshot, edits));
    }

    #[test]
    fn the_file_is_the_one_that_is_read() {
        let (uri, name) = super::beside(&"file:///d/script.txt".parse().unwrap()).unwrap();
        assert_eq!((uri.as_str(), &*name), ("file:///d/script.sample.json", "script"));
    }

    #[test]
    fn clients_that_create_no_files_get_annotations_only() {
        assert_eq!(actions(&open(SCRIPT)).len(), 1);
        assert_eq!(actions(&open("(seq (null) x)")).len(), 0, "scripts that cannot run");
    }
}
