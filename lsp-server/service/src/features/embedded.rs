//! Scripts in documents of other languages: each is a document of its own to the features, with places in the host.
//!
//! What the language's own server answers too (symbols, folding, formatting of the whole document) is left to it.

use std::sync::Arc;

use air_analysis::Diagnostic;

use crate::document::Document;
use crate::lsp;
use crate::snapshot::Snapshot;

/// Kind of the action that lays out one script.
pub(crate) const FORMAT_KIND: &str = "refactor.rewrite.format";

/// More diagnostics help no reader.
const MAX_DIAGNOSTICS: usize = 1000;

/// The request on the script that has this place; `None` between scripts.
pub(crate) fn at(snapshot: &Snapshot, position: lsp::Position) -> Option<Snapshot> {
    let offset = usize::from(snapshot.offset(position));
    // Templates may be inside of templates: the innermost is the last that begins before.
    let part = snapshot.document.parts().iter().rfind(|part| {
        part.place().is_some_and(|place| {
            let range = place.script.host_range();
            range.start <= offset && offset <= range.end
        })
    })?;
    Some(snapshot.of(Arc::clone(part)))
}

/// Diagnostics of all scripts.
pub(crate) fn diagnostics(snapshot: &Snapshot) -> lsp::Result<Vec<lsp::Diagnostic>> {
    let mut items = Vec::new();
    for part in snapshot.document.parts() {
        let part = snapshot.of(Arc::clone(part));
        snapshot.check_cancelled()?;
        items.extend(sure(&part)?.into_iter().filter_map(|found| part.diagnostic(found)));
        items.truncate(MAX_DIAGNOSTICS);
    }
    Ok(items)
}

/// What holds whatever the holes of the script are.
fn sure(part: &Snapshot) -> lsp::Result<Vec<&Diagnostic>> {
    let found = part.findings()?;
    Ok(part.document.place().map(|place| place.script.sure(found).collect()).unwrap_or_default())
}

/// Fixes of what is found at the place, and the script's layout.
pub(crate) fn code_actions(
    snapshot: &Snapshot,
    params: lsp::CodeActionParams,
) -> lsp::Result<Option<lsp::CodeActionResponse>> {
    let wanted = |kind: &str| {
        params.context.only.as_ref().is_none_or(|only| {
            only.iter().any(|only| {
                let rest = kind.strip_prefix(only.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.') || only.as_str().is_empty())
            })
        })
    };
    let Some(part) = at(snapshot, params.range.start).filter(|_| snapshot.client.code_action_literals) else {
        return Ok(None);
    };
    let Some(place) = part.document.place() else { return Ok(None) };
    let mut actions = Vec::new();
    if wanted("quickfix") {
        let range = part.text_range(params.range);
        let settings = &part.document.settings;
        let shown = sure(&part)?.into_iter().filter(|it| settings.severity(it.code, it.severity).is_some());
        let touched = shown.filter(|found| found.range.intersect(range).is_some());
        for (found, fix) in touched.flat_map(|found| found.fixes.iter().map(move |fix| (found, fix))) {
            let edits = fix.edits.iter().map(|edit| place.script.edit_to_host(&place.host, edit));
            // The literal may not hold the new text.
            let Some(edits) = edits.collect::<Option<Vec<_>>>() else { continue };
            let edits = edits.into_iter().map(|edit| snapshot.text_edit(edit)).collect();
            actions.push(lsp::CodeAction {
                title: fix.title.to_string(),
                kind: Some(lsp::CodeActionKind::QUICKFIX),
                diagnostics: part.diagnostic(found).map(|it| vec![it]),
                edit: Some(snapshot.workspace_edit(edits)),
                ..Default::default()
            });
        }
    }
    let unasked = params.context.trigger_kind == Some(lsp::CodeActionTriggerKind::AUTOMATIC);
    if wanted(FORMAT_KIND)
        && (!unasked || params.context.only.is_some())
        && let Some(edits) = layout(snapshot, &part.document).filter(|edits| !edits.is_empty())
    {
        actions.push(lsp::CodeAction {
            title: "Format this AIR".to_owned(),
            kind: Some(FORMAT_KIND.to_owned().into()),
            edit: Some(snapshot.workspace_edit(edits)),
            ..Default::default()
        });
    }
    Ok(Some(actions.into_iter().map(lsp::CodeActionOrCommand::CodeAction).collect()))
}

/// The layout of the scripts that are in a range as wholes. A range that is inside of one is of the host's own.
pub(crate) fn range_formatting(
    snapshot: &Snapshot,
    params: lsp::DocumentRangeFormattingParams,
) -> lsp::Result<Option<Vec<lsp::TextEdit>>> {
    let range = snapshot.text_range(params.range);
    let inside = |part: &&Arc<Document>| {
        part.place().is_some_and(|place| {
            let script = place.script.host_range();
            usize::from(range.start()) <= script.start && script.end <= usize::from(range.end())
        })
    };
    let parts = snapshot.document.parts().iter().filter(inside);
    Ok(Some(parts.filter_map(|part| layout(snapshot, part)).flatten().collect()))
}

/// The edits of the host that lay out one script; `None` where its literal has no lines.
fn layout(snapshot: &Snapshot, part: &Document) -> Option<Vec<lsp::TextEdit>> {
    let place = part.place()?;
    let options = snapshot.document.settings.format(&snapshot.document.text);
    let edits = place.script.format(&place.host, &options)?;
    Some(edits.into_iter().map(|edit| snapshot.text_edit(edit)).collect())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::{Value, json};

    use super::*;
    use crate::features::fixture::{edited, open, underlined};
    use crate::routes;

    const TS: &str = "const a = `\n  (seq\n    (call ${peer} (\"s\" \"f\") [nme] x)\n  (null))`;\nconst b = \"(seq (ap 1 y) (ap y z))\";\n";

    fn host(text: &str) -> Snapshot {
        let document = Document::new(
            crate::lsp::Url::parse("file:///a.ts").unwrap(),
            7,
            Arc::from(text),
            Arc::default(),
            Arc::default(),
        );
        let language = air_ide::embedded::HostLanguage::JavaScript;
        Snapshot { document: Arc::new(document.written_in(Some(language))), ..open("") }
    }

    /// As the route does it.
    fn ask(snapshot: &Snapshot, method: &str, params: Value) -> Value {
        let route = routes::find(method, false).unwrap();
        let json = route.run_guarded(snapshot, params).unwrap().unwrap().into_bytes();
        serde_json::from_slice(&json).unwrap()
    }

    fn place(text: &str, before: &str) -> Value {
        let (above, _) = text.split_once(before).unwrap();
        let line = above.matches('\n').count();
        let column = above.len() - above.rfind('\n').map_or(0, |line| line + 1);
        json!({ "textDocument": { "uri": "file:///a.ts" }, "position": { "line": line, "character": column } })
    }

    #[test]
    fn diagnostics_stand_in_the_host() {
        let snapshot = host(TS);
        let found = diagnostics(&snapshot).unwrap();
        let marks = found.into_iter().map(|found| (found.range, found.message)).collect();
        expect![[r#"
            const a = `
              (seq
                (call ${peer} ("s" "f") [nme] x)
                                         ^^^ variable `nme` is not defined
              (null))`;
            const b = "(seq (ap 1 y) (ap y z))";
                                           ^ `z` is set and never read
        "#]]
        .assert_eq(&underlined(&snapshot, marks));
        let report =
            ask(&snapshot, "textDocument/diagnostic", json!({ "textDocument": { "uri": "file:///a.ts" } }));
        assert_eq!(report["items"].as_array().unwrap().len(), 2);
    }

    #[test]
    fn requests_at_a_place_are_of_its_script() {
        let snapshot = host(TS);
        let hover = ask(&snapshot, "textDocument/hover", place(TS, "y z"));
        assert!(hover["contents"]["value"].as_str().unwrap().contains("written in line 1"), "{hover}");
        assert_eq!(hover["range"]["start"], json!({ "line": 4, "character": 29 }));
        let list = ask(&snapshot, "textDocument/completion", place(TS, "null"));
        let labels: Vec<_> = list["items"].as_array().unwrap().iter().map(|it| it["label"].clone()).collect();
        assert!(labels.contains(&json!("null")), "{labels:?}");
        // Quotes would have to be escaped in the other.
        assert_eq!(ask(&snapshot, "textDocument/completion", place(TS, "y z")), Value::Null);
        for (method, before) in [("textDocument/hover", "const b"), ("textDocument/foldingRange", "null")] {
            assert_eq!(ask(&snapshot, method, place(TS, before)), Value::Null, "{method}");
        }
        assert_eq!(
            ask(
                &snapshot,
                "textDocument/formatting",
                json!({ "textDocument": { "uri": "file:///a.ts" }, "options": { "tabSize": 2, "insertSpaces": true } })
            ),
            Value::Null
        );
    }

    #[test]
    fn layout_of_one_script() {
        let snapshot = host(TS);
        let whole = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 9, "character": 0 } });
        let edits = ask(
            &snapshot,
            "textDocument/rangeFormatting",
            json!({
                "textDocument": { "uri": "file:///a.ts" }, "range": whole, "options": { "tabSize": 2, "insertSpaces": true },
            }),
        );
        let edits: Vec<lsp::TextEdit> = serde_json::from_value(edits).unwrap();
        expect![[r#"
            const a = `
              (seq
               (call ${peer} ("s" "f") [nme] x)
               (null)
              )`;
            const b = "(seq (ap 1 y) (ap y z))";
        "#]]
        .assert_eq(&edited(&snapshot, edits));
        let at = place(TS, "null")["position"].clone();
        let actions = ask(
            &snapshot,
            "textDocument/codeAction",
            json!({
                "textDocument": { "uri": "file:///a.ts" }, "range": { "start": at, "end": at }, "context": { "diagnostics": [] },
            }),
        );
        let titles: Vec<_> = actions.as_array().unwrap().iter().map(|it| it["title"].clone()).collect();
        assert_eq!(titles, ["Format this AIR"]);
    }
}
