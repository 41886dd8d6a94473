//! Refactorings and structural edits as code actions; their edits at once, or when one is chosen.

use air_analysis::diagnostic::TextEdit;
use air_analysis::format::FormatOptions;
use air_ide::code_action::{Action, ActionKind, edits_of, refactorings};
use air_syntax::TextRange;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::lsp::{self, Url};
use crate::snapshot::Snapshot;

/// What an action needs to be found again.
#[derive(Debug, Serialize, Deserialize)]
struct Data {
    uri: Url,
    revision: u64,
    /// Of the refactoring, or of the structural command.
    name: String,
    /// Bytes.
    start: u32,
    end: u32,
}

/// What can be done with the selected place, of the kinds that are wanted.
pub(crate) fn actions(
    snapshot: &Snapshot,
    range: lsp::Range,
    wanted: &dyn Fn(ActionKind) -> bool,
    options: &FormatOptions,
) -> lsp::Result<Vec<lsp::CodeAction>> {
    let range = snapshot.text_range(range);
    let found = refactorings(snapshot.analysis(), range, wanted, &|| snapshot.stop.is_set());
    let mut actions = Vec::new();
    for found in found.ok_or_else(lsp::Error::request_cancelled)? {
        actions.push(action(snapshot, &found, range, options));
        snapshot.check_cancelled()?;
    }
    Ok(actions)
}

fn action(
    snapshot: &Snapshot,
    found: &Action<'_>,
    range: TextRange,
    options: &FormatOptions,
) -> lsp::CodeAction {
    let later = snapshot.client.action_edits_later;
    let data = Data {
        uri: snapshot.document.uri.clone(),
        revision: snapshot.document.revision,
        name: found.name.unwrap_or_default().to_owned(),
        start: range.start().into(),
        end: range.end().into(),
    };
    lsp::CodeAction {
        edit: (!later).then(|| edit(snapshot, found, options)),
        data: serde_json::to_value(data).ok().filter(|_| later),
        ..converted(snapshot, found)
    }
}

/// All but its edits.
pub(super) fn converted(snapshot: &Snapshot, action: &Action<'_>) -> lsp::CodeAction {
    let diagnostic = action.finding.and_then(|finding| snapshot.diagnostic(finding));
    lsp::CodeAction {
        title: action.title.clone(),
        kind: Some(lsp::CodeActionKind::from(action.kind.name().to_owned())),
        diagnostics: diagnostic.map(|diagnostic| vec![diagnostic]),
        is_preferred: (snapshot.client.preferred_actions && action.preferred).then_some(true),
        ..Default::default()
    }
}

/// The edits of an action, made now.
pub(super) fn edit(snapshot: &Snapshot, action: &Action<'_>, options: &FormatOptions) -> lsp::WorkspaceEdit {
    workspace_edit(snapshot, action.edits(snapshot.analysis(), options))
}

fn workspace_edit(snapshot: &Snapshot, edits: Vec<TextEdit>) -> lsp::WorkspaceEdit {
    snapshot.workspace_edit(edits.into_iter().map(|edit| snapshot.text_edit(edit)).collect())
}

/// The document that an action is for.
pub(crate) fn origin(params: &Value) -> lsp::Result<Url> {
    super::completion::origin(params)
}

/// `codeAction/resolve`: with its edit.
pub(crate) fn resolve(snapshot: &Snapshot, mut action: lsp::CodeAction) -> lsp::Result<lsp::CodeAction> {
    let Some(data) = action.data.clone().filter(|_| action.edit.is_none()) else { return Ok(action) };
    let data: Data = serde_json::from_value(data).map_err(|error| lsp::error(-32602, error.to_string()))?;
    if data.revision != snapshot.document.revision {
        return Err(lsp::Error::content_modified());
    }
    let (start, end) = (data.start.min(data.end), data.end.max(data.start));
    let range = TextRange::new(start.into(), end.into());
    let options = snapshot.document.settings.format(&snapshot.document.text);
    let edits = edits_of(snapshot.analysis(), range, (&data.name, &action.title), &options);
    let edits =
        edits.ok_or_else(|| lsp::error(-32602, format!("`{}` is not available at this place", data.name)))?;
    action.edit = Some(workspace_edit(snapshot, edits));
    Ok(action)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::features::fixture::{cursor, edited, open_as, uri};

    fn titles(actions: &[lsp::CodeAction]) -> Vec<&str> {
        actions.iter().map(|action| action.title.as_str()).collect()
    }

    fn after(snapshot: &Snapshot, action: lsp::CodeAction) -> String {
        let edit = serde_json::to_value(action.edit.unwrap()).unwrap();
        let edits = match edit.get("changes") {
            Some(changes) => &changes[uri().as_str()],
            None => {
                assert_eq!(edit["documentChanges"][0]["textDocument"]["version"], 7);
                &edit["documentChanges"][0]["edits"]
            }
        };
        edited(snapshot, serde_json::from_value(edits.clone()).unwrap())
    }

    #[test]
    fn by_kind() {
        let (snapshot, position) = cursor("(seq (ap 1 x) (call \"p\" (\"s\" \"f\") [\"$0yes\" x]))");
        let here = lsp::Range::new(position, position);
        let of = |only: &'static str| {
            let wanted = move |kind: ActionKind| kind.name().starts_with(only);
            actions(&snapshot, here, &wanted, &FormatOptions::default()).unwrap()
        };
        assert_eq!(titles(&of("refactor.extract")), ["Extract `\"yes\"` into `yes`"]);
        assert!(of("refactor.inline").is_empty() && of("quickfix").is_empty());
        let drag = "Drag forward: the form changes places with the next one";
        assert!(titles(&of("refactor")).contains(&drag));
        let action = of("refactor").into_iter().find(|action| action.title == drag).unwrap();
        assert!(after(&snapshot, action).ends_with("[x \"yes\"]))"));
    }

    #[test]
    fn when_chosen() {
        let later = json!({ "textDocument": { "codeAction": {
            "codeActionLiteralSupport": {}, "dataSupport": true, "resolveSupport": { "properties": ["edit"] },
        } } });
        let snapshot = open_as("(seq\n (ap \"é😀\" x) (null)\n)", later, json!({}));
        let place = lsp::Position::new(1, 2);
        let found = actions(&snapshot, lsp::Range::new(place, place), &|_| true, &FormatOptions::default());
        let found = found.unwrap();
        assert!(found.len() > 5 && found.iter().all(|action| action.edit.is_none()), "{:?}", titles(&found));
        assert_eq!(origin(&serde_json::to_value(&found[0]).unwrap()).unwrap(), uri());
        for action in found {
            let resolved = resolve(&snapshot, action.clone()).unwrap();
            assert_ne!(after(&snapshot, resolved.clone()), &*snapshot.document.text, "{}", action.title);
            assert_eq!(resolve(&snapshot, resolved.clone()).unwrap(), resolved, "resolved already");
            let mut old = action;
            old.data.as_mut().unwrap()["revision"] = json!(6);
            assert!(resolve(&snapshot, old).is_err());
        }
    }
}
