//! Refactorings and structural edits as code actions; their edits at once, or when one is chosen.

use air_ide::refactor::{self, Change, Kind, Refactoring};
use air_ide::structural;
use air_syntax::TextRange;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::lsp::{self, Url};
use crate::snapshot::Snapshot;

/// What an action needs to be found again.
#[derive(Debug, Serialize, Deserialize)]
struct Data {
    uri: Url,
    version: i32,
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
    wanted: &dyn Fn(&str) -> bool,
) -> lsp::Result<Vec<lsp::CodeAction>> {
    let range = snapshot.text_range(range);
    let analysis = snapshot.analysis();
    let options = snapshot.document.settings.format(&snapshot.document.text);
    let mut actions = Vec::new();
    for refactoring in refactor::REFACTORINGS.iter().filter(|refactoring| wanted(kind(refactoring))) {
        for offer in refactoring.offers(analysis, range) {
            let change = || offer.change(analysis, &options);
            actions.push(action(snapshot, &offer.title, kind(refactoring), refactoring.name, range, change));
        }
        snapshot.check_cancelled()?;
    }
    if wanted(REWRITE) && range.is_empty() {
        for offer in structural::offers(analysis, range.start()) {
            let (title, name) = (offer.command.title, offer.command.name);
            actions.push(action(snapshot, title, REWRITE, name, range, || offer.change(analysis, &options)));
            snapshot.check_cancelled()?;
        }
    }
    Ok(actions)
}

const REWRITE: &str = "refactor.rewrite";

fn kind(refactoring: &Refactoring) -> &'static str {
    match refactoring.kind {
        Kind::Extract => "refactor.extract",
        Kind::Inline => "refactor.inline",
        Kind::Rewrite => REWRITE,
    }
}

fn action(
    snapshot: &Snapshot,
    title: &str,
    kind: &str,
    name: &str,
    range: TextRange,
    change: impl FnOnce() -> Change,
) -> lsp::CodeAction {
    let later = snapshot.client.action_edits_later;
    let data = Data {
        uri: snapshot.document.uri.clone(),
        version: snapshot.document.version,
        name: name.to_owned(),
        start: range.start().into(),
        end: range.end().into(),
    };
    lsp::CodeAction {
        title: title.to_owned(),
        kind: Some(lsp::CodeActionKind::from(kind.to_owned())),
        edit: (!later).then(|| edit(snapshot, change())),
        data: serde_json::to_value(data).ok().filter(|_| later),
        ..Default::default()
    }
}

fn edit(snapshot: &Snapshot, change: Change) -> lsp::WorkspaceEdit {
    snapshot.workspace_edit(change.edits.into_iter().map(|edit| snapshot.text_edit(edit)).collect())
}

/// The document that an action is for.
pub(crate) fn origin(params: &Value) -> lsp::Result<Url> {
    super::completion::origin(params)
}

/// `codeAction/resolve`: with its edit.
pub(crate) fn resolve(snapshot: &Snapshot, mut action: lsp::CodeAction) -> lsp::Result<lsp::CodeAction> {
    let Some(data) = action.data.clone().filter(|_| action.edit.is_none()) else { return Ok(action) };
    let data: Data = serde_json::from_value(data).map_err(|error| lsp::error(-32602, error.to_string()))?;
    if data.version != snapshot.document.version {
        return Err(lsp::Error::content_modified());
    }
    let (start, end) = (data.start.min(data.end), data.end.max(data.start));
    let range = TextRange::new(start.into(), end.into());
    let analysis = snapshot.analysis();
    let options = snapshot.document.settings.format(&snapshot.document.text);
    let refactoring = refactor::REFACTORINGS.iter().find(|refactoring| refactoring.name == data.name);
    let change = match refactoring {
        Some(refactoring) => {
            let mut offers = refactoring.offers(analysis, range).into_iter();
            offers.find(|offer| offer.title == action.title).map(|offer| offer.change(analysis, &options))
        }
        None => {
            structural::find(&data.name).and_then(|command| command.run(analysis, range.start(), &options))
        }
    };
    let change = change.ok_or_else(|| lsp::error(-32602, format!("`{}` is not offered there", data.name)))?;
    action.edit = Some(edit(snapshot, change));
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
        let of = |only: &'static str| actions(&snapshot, here, &move |kind| kind.starts_with(only)).unwrap();
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
        let found = actions(&snapshot, lsp::Range::new(place, place), &|_| true).unwrap();
        assert!(found.len() > 5 && found.iter().all(|action| action.edit.is_none()), "{:?}", titles(&found));
        assert_eq!(origin(&serde_json::to_value(&found[0]).unwrap()).unwrap(), uri());
        for action in found {
            let resolved = resolve(&snapshot, action.clone()).unwrap();
            assert_ne!(after(&snapshot, resolved.clone()), &*snapshot.document.text, "{}", action.title);
            assert_eq!(resolve(&snapshot, resolved.clone()).unwrap(), resolved, "resolved already");
            let mut old = action;
            old.data.as_mut().unwrap()["version"] = json!(6);
            assert!(resolve(&snapshot, old).is_err());
        }
    }
}
