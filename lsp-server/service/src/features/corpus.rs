//! Every request on every script of the shared corpus: answers are well-formed, nothing panics.
//! Skipped, with a message, where the corpus is missing (`AIR_SHARED`, by default `../shared` beside the repository).

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use super::fixture::{edited, everything, open_as, uri};
use crate::document::digest;
use crate::lsp::{self, Position};
use crate::routes;
use crate::snapshot::Snapshot;

/// Places in each script.
const POSITIONS: usize = 50;

fn scripts() -> Vec<PathBuf> {
    let shared =
        std::env::var_os("AIR_SHARED").map_or_else(|| Path::new("../../../shared").to_owned(), PathBuf::from);
    let mut found = Vec::new();
    let mut folders = vec![shared.join("corpus/air")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "air") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn ask(snapshot: &Snapshot, method: &str, more: Value) -> Value {
    let mut params =
        json!({ "textDocument": { "uri": uri() }, "options": { "tabSize": 1, "insertSpaces": true } });
    if method == "air/view" {
        params["options"].take();
        params["options"] = json!({ "idioms": true, "comments": true });
    }
    params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let answer = (routes::find(method, false).unwrap().run)(snapshot, params);
    answer.unwrap_or_else(|error| panic!("{method}: {error}")).value()
}

fn check(snapshot: &Snapshot) {
    let text = &*snapshot.document.text;
    let last = snapshot.position(u32::try_from(text.len()).unwrap().into());

    let tokens: lsp::SemanticTokens =
        serde_json::from_value(ask(snapshot, "textDocument/semanticTokens/full", json!({}))).unwrap();
    let (mut at, mut end) = (Position::default(), Position::default());
    for token in tokens.data {
        let start = if token.delta_line == 0 { at.character + token.delta_start } else { token.delta_start };
        at = Position::new(at.line + token.delta_line, start);
        assert!(at >= end && token.length > 0, "tokens ascend and do not overlap");
        end = Position::new(at.line, at.character + token.length);
        assert!(end <= last);
    }

    let folds: Vec<lsp::FoldingRange> =
        serde_json::from_value(ask(snapshot, "textDocument/foldingRange", json!({}))).unwrap();
    assert!(folds.iter().all(|fold| fold.start_line < fold.end_line && fold.end_line <= last.line));

    let symbols: Vec<lsp::DocumentSymbol> =
        serde_json::from_value(ask(snapshot, "textDocument/documentSymbol", json!({}))).unwrap();
    let mut stack: Vec<_> = symbols.iter().collect();
    while let Some(symbol) = stack.pop() {
        let (range, selection) = (symbol.range, symbol.selection_range);
        assert!(
            range.start <= selection.start && selection.end <= range.end && range.end <= last,
            "{}",
            symbol.name
        );
        assert!(!symbol.name.is_empty());
        stack.extend(symbol.children.iter().flatten());
    }

    for edits in [
        ask(snapshot, "textDocument/formatting", json!({})),
        ask(
            snapshot,
            "textDocument/rangeFormatting",
            json!({ "range": { "start": Position::default(), "end": last } }),
        ),
    ] {
        let edits: Option<Vec<lsp::TextEdit>> = serde_json::from_value(edits).unwrap();
        let edits = edits.unwrap_or_default();
        assert!(edits.is_sorted_by(|one, next| one.range.end <= next.range.start), "edits ascend");
    }

    ask(snapshot, "air/view", json!({}));
    let report = ask(snapshot, "textDocument/diagnostic", json!({}));
    for item in report["items"].as_array().unwrap() {
        let item: lsp::Diagnostic = serde_json::from_value(item.clone()).unwrap();
        assert!(item.range.start <= item.range.end && item.range.end <= last, "{item:?}");
        assert!(item.code.is_some() && !item.message.is_empty());
    }

    // The same places each time: a failure can be looked at again.
    let mut dice = u64::from(digest(text.as_bytes()) as u32) | 1;
    for _ in 0..POSITIONS {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mut offset = (dice >> 33) as usize % (text.len() + 1);
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let position = snapshot.position(u32::try_from(offset).unwrap().into());
        let places = ask(snapshot, "textDocument/documentHighlight", json!({ "position": position }));
        let places: Option<Vec<lsp::DocumentHighlight>> = serde_json::from_value(places).unwrap();
        if let Some(places) = places {
            let here =
                |place: &lsp::DocumentHighlight| place.range.start <= position && position <= place.range.end;
            assert!(places.iter().any(here), "the place itself is among them");
        }
        names(snapshot, position, last);
        teaching(snapshot, position, last);
        let selections = ask(snapshot, "textDocument/selectionRange", json!({ "positions": [position] }));
        assert_eq!(selections.as_array().unwrap().len(), 1);
        let place =
            json!({ "range": { "start": position, "end": position }, "context": { "diagnostics": [] } });
        ask(snapshot, "textDocument/codeAction", place);
        for typed in [")", "\n"] {
            ask(snapshot, "textDocument/onTypeFormatting", json!({ "position": position, "ch": typed }));
        }
    }
}

/// What is said of a place is about that place; what is offered replaces the word there.
fn teaching(snapshot: &Snapshot, position: Position, last: Position) {
    let here = json!({ "position": position });
    let around = |range: lsp::Range| range.start <= position && position <= range.end && range.end <= last;
    let hover: Option<lsp::Hover> =
        serde_json::from_value(ask(snapshot, "textDocument/hover", here.clone())).unwrap();
    assert!(hover.is_none_or(|hover| hover.range.is_some_and(around)));
    ask(snapshot, "textDocument/signatureHelp", here.clone());
    let list: lsp::CompletionList =
        serde_json::from_value(ask(snapshot, "textDocument/completion", here.clone())).unwrap();
    for item in list.items {
        let Some(lsp::CompletionTextEdit::Edit(edit)) = item.text_edit else { panic!("an edit") };
        assert!(around(edit.range), "{edit:?} at {position:?}");
        assert_eq!(edit.range.start.line, position.line, "clients take edits of one line only");
    }
    let part = json!({ "range": { "start": position, "end": last } });
    let hints: Vec<lsp::InlayHint> =
        serde_json::from_value(ask(snapshot, "textDocument/inlayHint", part)).unwrap();
    assert!(hints.iter().all(|hint| position <= hint.position && hint.position <= last));
    let mut wide = snapshot.clone();
    wide.view.open = [snapshot.document.clone()].into();
    let places = ask(
        &wide,
        "textDocument/references",
        json!({ "position": position, "context": { "includeDeclaration": true } }),
    );
    let places: Option<Vec<lsp::Location>> = serde_json::from_value(places).unwrap();
    assert!(places.is_none_or(|places| places.iter().any(|place| around(place.range))));
    for item in ask(&wide, "textDocument/prepareCallHierarchy", here).as_array().into_iter().flatten() {
        for method in ["callHierarchy/incomingCalls", "callHierarchy/outgoingCalls"] {
            ask(&wide, method, json!({ "item": item }));
        }
    }
}

/// Places to go to lie in the text; renamed and renamed back, a script is what it was.
fn names(snapshot: &Snapshot, position: Position, last: Position) {
    let here = json!({ "position": position });
    for method in ["textDocument/definition", "textDocument/declaration", "textDocument/implementation"] {
        let links: Option<Vec<lsp::LocationLink>> =
            serde_json::from_value(ask(snapshot, method, here.clone())).unwrap();
        for link in links.unwrap_or_default() {
            let (whole, name) = (link.target_range, link.target_selection_range);
            assert!(whole.start <= name.start && name.end <= whole.end && whole.end <= last, "{method}");
        }
    }
    ask(snapshot, "textDocument/linkedEditingRange", here.clone());
    let find = |method: &str| routes::find(method, false).unwrap().run;
    let place =
        json!({ "textDocument": { "uri": uri() }, "position": position, "newName": "never-seen-before" });
    let Ok(prepared) = find("textDocument/prepareRename")(snapshot, place.clone()) else { return };
    let prepared = prepared.value();
    let Some(old) = prepared["placeholder"].as_str() else { return };
    let is = |error: lsp::Error, codes: &[&str]| {
        error.data.is_some_and(|data| codes.iter().any(|code| data["code"] == *code))
    };
    // A `next` out of place is known to AquaVM by the name alone, and refused under another one; and peers are known
    // by the form of their ids.
    let refused = find("textDocument/rename")(snapshot, place.clone());
    if refused.is_err_and(|error| is(error, &["rejected", "no-peer-id"])) {
        return;
    }
    let (renamed, first) = renamed(snapshot, place);
    assert_ne!(renamed, &*snapshot.document.text);
    // Nothing before the first edit has moved.
    let again = open_as(&renamed, everything(), json!({}));
    let place = json!({ "textDocument": { "uri": uri() }, "position": first, "newName": old });
    // Nor to a name that an iterator shares with something else, which AquaVM takes and runs into; nor to the key of a
    // map that no lens could take, or to a service that nodes have by now.
    let back = find("textDocument/rename")(&again, place.clone());
    if back.is_err_and(|error| is(error, &["name-taken", "not-a-field", "built-in"])) {
        return;
    }
    // Another name may fix something that AquaVM refuses; then the way back is refused.
    if again.analysis().diagnostics().len() < snapshot.analysis().diagnostics().len() {
        return;
    }
    assert_eq!(self::renamed(&again, place).0, &*snapshot.document.text, "back to {old}");
}

fn renamed(snapshot: &Snapshot, place: Value) -> (String, Position) {
    let edit = (routes::find("textDocument/rename", false).unwrap().run)(snapshot, place).unwrap().value();
    let edits: Vec<lsp::TextEdit> =
        serde_json::from_value(edit["documentChanges"][0]["edits"].clone()).unwrap();
    let first = edits[0].range.start;
    (edited(snapshot, edits), first)
}

#[test]
fn every_request_on_every_script() {
    let scripts = scripts();
    if scripts.is_empty() {
        eprintln!("SKIPPED: no shared corpus (AIR_SHARED is not set and ../shared is missing)");
        return;
    }
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some(path) = scripts.get(next.fetch_add(1, Ordering::Relaxed)) {
            let Ok(text) = std::fs::read_to_string(path) else { continue };
            // Large ones cost much in a debug build and show nothing new.
            if text.len() > 200_000 {
                continue;
            }
            let snapshot = open_as(&text, everything(), json!({}));
            let checked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| check(&snapshot)));
            assert!(checked.is_ok(), "on {}", path.display());
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(work);
        work();
    });
    eprintln!("{} scripts of the corpus", scripts.len());
}
