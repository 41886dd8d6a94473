//! Structural editing as commands: `air.slurpForward` and its kin. The client makes the edit and moves the cursor.

use air_ide::structural::find;
use air_syntax::{LineCol, LineIndex};
use serde::{Deserialize, Serialize};

use crate::lsp;
use crate::snapshot::Snapshot;

/// The argument, besides `uri`.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct StructuralParams {
    /// Of the cursor.
    position: lsp::Position,
    /// The version that the client sees; another one is refused.
    version: Option<i32>,
}

/// What to do.
#[derive(Debug, Serialize)]
pub(crate) struct Done {
    /// `null` if only the cursor moves.
    edit: Option<lsp::WorkspaceEdit>,
    /// Where the cursor belongs once the edit is made.
    position: lsp::Position,
}

/// One of the commands; `null` if there is nothing to do.
pub(crate) fn structural(
    snapshot: &Snapshot,
    params: StructuralParams,
    name: &str,
) -> lsp::Result<Option<Done>> {
    if params.version.is_some_and(|version| version != snapshot.document.version) {
        return Err(lsp::Error::content_modified());
    }
    let text = &*snapshot.document.text;
    let options = snapshot.document.settings.format(text);
    let offset = snapshot.offset(params.position);
    let change = find(name).and_then(|command| command.run(snapshot.analysis(), offset, &options));
    let Some(change) = change else { return Ok(None) };
    if change.edits.is_empty() {
        return Ok(Some(Done { edit: None, position: snapshot.position(change.caret) }));
    }
    let after = air_semantics::text_edit::apply(text, &change.edits);
    let LineCol { line, col } = LineIndex::new(&after).line_col(change.caret, snapshot.client.encoding);
    let edits = change.edits.into_iter().map(|edit| snapshot.text_edit(edit)).collect();
    let edit = Some(snapshot.workspace_edit(edits));
    Ok(Some(Done { edit, position: lsp::Position { line, character: col } }))
}

#[cfg(test)]
mod tests {
    use air_ide::structural::COMMANDS;
    use serde_json::{Value, json};

    use super::*;
    use crate::features::fixture::{cursor, edited, open_as, uri};
    use crate::routes;

    fn run(snapshot: &Snapshot, position: lsp::Position, name: &str) -> Value {
        let argument = json!({ "uri": uri(), "position": position });
        (routes::command(&format!("air.{name}")).unwrap().run)(snapshot, argument).unwrap().value()
    }

    #[test]
    fn all_are_commands() {
        let (snapshot, position) = cursor("(seq (nu$0ll) (never))");
        for structural in COMMANDS {
            run(&snapshot, position, structural.name);
        }
    }

    #[test]
    fn the_edit_and_the_cursor() {
        let (snapshot, position) = cursor("(par\n (call \"é\" (\"s\" \"f\") [$0a b])\n (null)\n)");
        let done = run(&snapshot, position, "dragForward");
        let edits = serde_json::from_value(done["edit"]["documentChanges"][0]["edits"].clone()).unwrap();
        assert_eq!(edited(&snapshot, edits), "(par\n (call \"é\" (\"s\" \"f\") [b a])\n (null)\n)");
        assert_eq!(done["position"], json!({ "line": 1, "character": 25 }), "in UTF-8");
        assert_eq!(run(&snapshot, position, "jumpToClosingBracket")["edit"], Value::Null);
        assert_eq!(run(&snapshot, lsp::Position::new(3, 1), "raise"), Value::Null);
        let snapshot = open_as("(par\n (ap \"😀\" x)\n (null)\n)", json!({}), json!({}));
        let done = run(&snapshot, lsp::Position::new(1, 8), "dragForward");
        assert_eq!(done["position"], json!({ "line": 1, "character": 10 }), "in UTF-16");
    }

    #[test]
    fn of_the_version_that_is_seen() {
        let (snapshot, position) = cursor("(seq (nu$0ll) (never))");
        let params = StructuralParams { position, version: Some(6) };
        assert!(structural(&snapshot, params, "raise").is_err());
    }
}
