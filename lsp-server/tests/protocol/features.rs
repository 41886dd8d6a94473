//! Every request once, through the real server; what they mean in detail is tested beside them.

use serde_json::{Value, json};

use crate::harness::Server;

const URI: &str = "file:///a.air";
const SCRIPT: &str = "(seq\n (call %init_peer_id% (\"é😀\" \"f\") [] x)\n (par (ap x.$.a $s)\n  (call x (\"srv\" \"fun\") [y])))\n";

fn pulling() -> Server {
    let mut server = Server::session(json!({
        "textDocument": {
            "diagnostic": {},
            "codeAction": { "codeActionLiteralSupport": {} },
            "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
        },
        "workspace": { "diagnostics": { "refreshSupport": true } },
    }));
    server.open(URI, SCRIPT);
    server
}

fn here() -> Value {
    json!({ "textDocument": { "uri": URI } })
}

fn with(mut params: Value, more: Value) -> Value {
    params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    params
}

fn options() -> Value {
    json!({ "options": { "tabSize": 4, "insertSpaces": true } })
}

#[test]
fn diagnostics_pulled() {
    let mut server = pulling();
    let report = server.call("textDocument/diagnostic", here());
    assert_eq!(report["items"][0]["code"], "V001");
    let start = json!({ "line": 3, "character": 25 });
    assert_eq!(report["items"][0]["range"]["start"], start, "{report}");
    let again = with(here(), json!({ "previousResultId": report["resultId"] }));
    assert_eq!(server.call("textDocument/diagnostic", again.clone())["kind"], "unchanged");
    let place = json!({ "start": start, "end": { "line": 3, "character": 26 } });
    server.change(URI, 2, json!([{ "range": place, "text": "x" }]));
    let report = server.call("textDocument/diagnostic", again);
    let items = report["items"].as_array().unwrap();
    let codes: Vec<_> = items.iter().map(|item| (&item["code"], &item["severity"])).collect();
    assert_eq!(report["kind"], "full");
    assert_eq!(codes, [(&json!("L005"), &json!(4))], "what is left is advice");
}

#[test]
fn diagnostics_pushed() {
    let mut server = Server::session(json!({}));
    server.open(URI, SCRIPT);
    let published = server.notification("textDocument/publishDiagnostics");
    assert_eq!((&published["uri"], &published["version"]), (&json!(URI), &json!(1)));
    assert_eq!(published["diagnostics"][0]["code"], "V001");
    // A burst is one analysis, or a few: the last one counts.
    for version in 2..100 {
        server.change(URI, version, json!([{ "text": "(null)" }]));
    }
    let mut publications = 0;
    loop {
        publications += 1;
        let published = server.notification("textDocument/publishDiagnostics");
        if published["version"] == 99 {
            assert_eq!(published["diagnostics"], json!([]));
            break;
        }
    }
    assert!(publications < 90, "{publications} publications for 98 edits");
    server.notify("textDocument/didClose", here());
    let published = server.notification("textDocument/publishDiagnostics");
    assert_eq!(published["diagnostics"], json!([]), "a closed document has none");
}

#[test]
fn formatting() {
    let mut server = pulling();
    let edits = server.call("textDocument/formatting", with(here(), options()));
    assert!(edits.as_array().unwrap().len() > 1);
    let line = json!({ "start": { "line": 1, "character": 0 }, "end": { "line": 1, "character": 1 } });
    let params = with(with(here(), options()), json!({ "range": line }));
    assert_eq!(server.call("textDocument/rangeFormatting", params), json!([]), "that line is right");
    let params = with(
        with(here(), options()),
        json!({ "ranges": [line, { "start": { "line": 3, "character": 5 }, "end": { "line": 3, "character": 9 } }] }),
    );
    assert!(server.call("textDocument/rangesFormatting", params).is_array());
    let params =
        with(with(here(), options()), json!({ "position": { "line": 3, "character": 27 }, "ch": ")" }));
    assert!(server.call("textDocument/onTypeFormatting", params).is_array());
}

#[test]
fn code_actions() {
    let mut server = pulling();
    server.change(
        URI,
        2,
        json!([{ "text": "(seq (call %init_peer_id% (\"s\" \"f\") [] result) (ap resul x))" }]),
    );
    let place = json!({ "line": 0, "character": 54 });
    let params =
        with(here(), json!({ "range": { "start": place, "end": place }, "context": { "diagnostics": [] } }));
    let actions = server.call("textDocument/codeAction", params);
    assert_eq!(actions[0]["kind"], "quickfix");
    assert_eq!(actions[0]["edit"]["changes"][URI][0]["newText"], "result");
}

#[test]
fn refactorings() {
    let mut server = Server::session(json!({ "textDocument": {
        "diagnostic": {},
        "codeAction": {
            "codeActionLiteralSupport": {}, "dataSupport": true, "resolveSupport": { "properties": ["edit"] },
        },
    }, "workspace": {
        "diagnostics": { "refreshSupport": true },
        "workspaceEdit": { "documentChanges": true },
    } }));
    server.open(URI, "(seq\n (ap \"é😀\" x)\n (call \"p\" (\"s\" \"f\") [x])\n)\n");
    let place = json!({ "line": 1, "character": 2 });
    let context = json!({ "diagnostics": [], "only": ["refactor.inline"] });
    let params = with(here(), json!({ "range": { "start": place, "end": place }, "context": context }));
    let actions = server.call("textDocument/codeAction", params);
    assert_eq!(actions[0]["title"], "Inline `x`");
    assert_eq!(actions[0]["edit"], Value::Null, "{actions}");
    let resolved = server.call("codeAction/resolve", actions[0].clone());
    let change = &resolved["edit"]["documentChanges"][0];
    assert_eq!(change["textDocument"]["version"], 1);
    let new_text: String =
        change["edits"].as_array().unwrap().iter().map(|edit| edit["newText"].to_string()).collect();
    assert!(new_text.contains("é😀"), "{resolved}");
    server.change(URI, 2, json!([{ "text": "(null)" }]));
    assert_eq!(server.refused("codeAction/resolve", actions[0].clone()), -32801);
    let plain = json!({ "title": "of another server" });
    assert_eq!(server.refused("codeAction/resolve", plain), -32602);
}

#[test]
fn structural_editing() {
    let mut server = pulling();
    server.change(URI, 2, json!([{ "text": "(par\n (ap \"😀\" x)\n (null)\n)\n" }]));
    let mut run = |command: &str, line: u32, character: u32| {
        let argument =
            json!({ "uri": URI, "position": { "line": line, "character": character }, "version": 2 });
        server.call("workspace/executeCommand", json!({ "command": command, "arguments": [argument] }))
    };
    let done = run("air.dragForward", 1, 2);
    assert_eq!(done["position"], json!({ "line": 2, "character": 2 }));
    assert_eq!(done["edit"]["changes"][URI].as_array().unwrap().len(), 1, "{done}");
    let done = run("air.jumpToClosingBracket", 1, 10);
    assert_eq!(done, json!({ "edit": null, "position": { "line": 1, "character": 12 } }));
    assert_eq!(run("air.raise", 0, 2), Value::Null, "nothing is around it");
    let old = json!({ "uri": URI, "position": { "line": 0, "character": 2 }, "version": 1 });
    let old = json!({ "command": "air.kill", "arguments": [old] });
    assert_eq!(server.refused("workspace/executeCommand", old), -32801);
}

#[test]
fn document_highlight() {
    let mut server = pulling();
    let params = with(here(), json!({ "position": { "line": 1, "character": 37 } }));
    let places = server.call("textDocument/documentHighlight", params);
    let kinds: Vec<_> = places.as_array().unwrap().iter().map(|place| &place["kind"]).collect();
    assert_eq!(kinds, [3, 2, 2], "a write and two reads: {places}");
}

#[test]
fn definition_and_its_kin() {
    let mut server = pulling();
    let here = with(here(), json!({ "position": { "line": 2, "character": 11 } }));
    for method in ["textDocument/definition", "textDocument/declaration"] {
        let places = server.call(method, here.clone());
        assert_eq!(places[0]["range"]["start"], json!({ "line": 1, "character": 37 }), "{method} {places}");
    }
    assert_eq!(server.call("textDocument/implementation", here), Value::Null, "x is no stream");
}

#[test]
fn rename() {
    let mut server = pulling();
    let place = with(here(), json!({ "position": { "line": 2, "character": 11 } }));
    let prepared = server.call("textDocument/prepareRename", place.clone());
    assert_eq!(prepared["placeholder"], "x");
    let edit = server.call("textDocument/rename", with(place.clone(), json!({ "newName": "z" })));
    assert_eq!(edit["changes"][URI].as_array().unwrap().len(), 3, "{edit}");
    let taken = with(place, json!({ "newName": "y" }));
    assert_eq!(server.refused("textDocument/rename", taken), -32803);
}

#[test]
fn hover() {
    let mut server = pulling();
    let place = with(here(), json!({ "position": { "line": 2, "character": 11 } }));
    let text = server.call("textDocument/hover", place);
    assert!(text["contents"]["value"].as_str().unwrap().contains("line 2"), "{text}");
}

#[test]
fn signature_help() {
    let mut server = pulling();
    let place = with(here(), json!({ "position": { "line": 1, "character": 10 } }));
    let help = server.call("textDocument/signatureHelp", place);
    assert_eq!((&help["activeParameter"], &help["activeSignature"]), (&json!(0), &json!(0)), "{help}");
}

#[test]
fn completion() {
    let mut server = pulling();
    server.change(URI, 2, json!([{ "text": "(seq (ap 1 result) (ap " }]));
    let place = with(here(), json!({ "position": { "line": 0, "character": 23 } }));
    let list = server.call("textDocument/completion", place);
    let first = &list["items"][0];
    assert_eq!(first["textEdit"]["newText"], "result", "{list}");
    let resolved = server.call("completionItem/resolve", first.clone());
    assert!(resolved["documentation"]["value"].as_str().unwrap().contains("result"), "{resolved}");
}

#[test]
fn inlay_hints() {
    let mut server = pulling();
    server.change(URI, 2, json!([{ "text": format!("(seq{}(null)\n (null)\n)", "\n".repeat(30)) }]));
    let whole = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
    let hints = server.call("textDocument/inlayHint", with(here(), json!({ "range": whole })));
    assert_eq!(hints[0]["label"][0]["value"], "seq", "{hints}");
    assert_eq!(hints[0]["label"][0]["location"]["range"]["start"], json!({ "line": 0, "character": 0 }));
}

/// A server with a folder of two scripts, one of them open.
fn in_a_folder() -> (tempfile::TempDir, Server, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let one = folder.path().join("one.air");
    let two = folder.path().join("two.air");
    std::fs::write(&one, "(call \"p\" (\"srv\" \"fun\") [])").unwrap();
    std::fs::write(&two, "(seq\n (call q (\"srv\" \"fun\") [])\n (null)\n)").unwrap();
    let uri = |path: &std::path::Path| format!("file://{}", path.display());
    let mut server = Server::start();
    server.initialize(json!({
        "processId": null,
        "workspaceFolders": [],
        "capabilities": { "textDocument": { "diagnostic": {} }, "workspace": { "diagnostics": { "refreshSupport": true } } },
    }));
    server.notify("initialized", json!({}));
    let added = json!([{ "uri": uri(folder.path()), "name": "scripts" }]);
    server
        .notify("workspace/didChangeWorkspaceFolders", json!({ "event": { "added": added, "removed": [] } }));
    let (one, two) = (uri(&one), uri(&two));
    server.open(&one, "(call \"p\" (\"srv\" \"fun\") [])");
    (folder, server, one, two)
}

/// Nobody has asked for anything of the workspace before.
#[test]
fn functions_of_other_scripts_are_completed() {
    let (_folder, mut server, one, _) = in_a_folder();
    server.change(&one, 2, json!([{ "text": "(call \"p\" (\"srv\" \"" }]));
    let params = json!({ "textDocument": { "uri": one }, "position": { "line": 0, "character": 17 } });
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    loop {
        let list = server.call("textDocument/completion", params.clone());
        let items = list["items"].as_array().unwrap();
        if let Some(item) = items.iter().find(|item| item["label"].as_str().unwrap().contains("fun")) {
            assert_eq!(item["detail"], "no arguments, in other scripts");
            break;
        }
        assert_eq!(list["isIncomplete"], true, "clients ask again: {list}");
        assert!(std::time::Instant::now() < deadline, "{list}");
    }
}

#[test]
fn references() {
    let (_folder, mut server, one, two) = in_a_folder();
    let place = json!({
        "textDocument": { "uri": one },
        "position": { "line": 0, "character": 20 },
        "context": { "includeDeclaration": true },
    });
    let places = server.call("textDocument/references", place);
    assert_eq!(places.as_array().unwrap().len(), 2, "{places}");
    assert_eq!((&places[1]["uri"], &places[1]["range"]["start"]["line"]), (&json!(two), &json!(1)));
}

#[test]
fn rename_in_the_workspace() {
    let (folder, mut server, one, two) = in_a_folder();
    std::fs::write(
        folder.path().join("two.sample.json"),
        r#"{ "services": [{ "service": "srv", "function": "fun" }] }"#,
    )
    .unwrap();
    let place = json!({ "textDocument": { "uri": one }, "position": { "line": 0, "character": 11 } });
    let prepared = server.call("textDocument/prepareRename", place.clone());
    assert_eq!(prepared["placeholder"], "srv", "{prepared}");
    let edit = server.call("textDocument/rename", with(place.clone(), json!({ "newName": "depot" })));
    let sample = two.replace("two.air", "two.sample.json");
    for file in [&one, &two, &sample] {
        assert_eq!(edit["changes"][file][0]["newText"], "depot", "{edit}");
    }
    let built_in = with(place, json!({ "newName": "op" }));
    assert_eq!(server.refused("textDocument/rename", built_in), -32803);
}

#[test]
fn call_hierarchy() {
    let (_folder, mut server, one, _) = in_a_folder();
    let place = json!({ "textDocument": { "uri": one }, "position": { "line": 0, "character": 20 } });
    let items = server.call("textDocument/prepareCallHierarchy", place);
    assert_eq!(items[0]["name"], "srv.fun");
    let calls = server.call("callHierarchy/incomingCalls", json!({ "item": items[0] }));
    let names: Vec<_> = calls.as_array().unwrap().iter().map(|call| &call["from"]["name"]).collect();
    assert_eq!(names, ["one.air", "two.air"]);
    let calls = server.call("callHierarchy/outgoingCalls", json!({ "item": calls[1]["from"] }));
    assert_eq!(calls[0]["to"]["name"], "srv.fun");
}

#[test]
fn workspace_symbols_and_diagnostics() {
    let (_folder, mut server, _, two) = in_a_folder();
    let symbols = server.call("workspace/symbol", json!({ "query": "srvfun" }));
    assert_eq!(symbols.as_array().unwrap().len(), 2, "{symbols}");
    let report = server.call("workspace/diagnostic", json!({ "previousResultIds": [] }));
    assert_eq!(report["items"][0]["uri"], json!(two), "{report}");
    assert_eq!(report["items"][0]["items"][0]["code"], "V001", "{report}");
}

#[test]
fn linked_editing() {
    let mut server = pulling();
    let place = with(here(), json!({ "position": { "line": 2, "character": 11 } }));
    let linked = server.call("textDocument/linkedEditingRange", place);
    assert_eq!(linked["ranges"].as_array().unwrap().len(), 3, "{linked}");
}

#[test]
fn document_symbols() {
    let mut server = pulling();
    let symbols = server.call("textDocument/documentSymbol", here());
    assert!(symbols[0]["name"].as_str().unwrap().contains("é😀.f"), "{symbols}");
    assert_eq!(symbols[1]["children"].as_array().unwrap().len(), 2, "{symbols}");
}

#[test]
fn folding() {
    let mut server = pulling();
    let folds = server.call("textDocument/foldingRange", here());
    assert_eq!((&folds[0]["startLine"], &folds[0]["endLine"]), (&json!(0), &json!(3)));
}

#[test]
fn selection() {
    let mut server = pulling();
    let params = with(
        here(),
        json!({ "positions": [{ "line": 1, "character": 25 }, { "line": 99, "character": 99 }] }),
    );
    let selections = server.call("textDocument/selectionRange", params);
    assert_eq!(selections.as_array().unwrap().len(), 2, "one for each position");
    assert!(selections[0]["parent"]["parent"].is_object());
}

#[test]
fn semantic_tokens() {
    let mut server = pulling();
    let whole = server.call("textDocument/semanticTokens/full", here());
    let count = whole["data"].as_array().unwrap().len();
    assert_eq!(count % 5, 0);
    server.change(URI, 2, json!([{ "range": { "start": { "line": 0, "character": 4 }, "end": { "line": 0, "character": 4 } }, "text": " ; c" }]));
    let params = with(here(), json!({ "previousResultId": whole["resultId"] }));
    let delta = server.call("textDocument/semanticTokens/full/delta", params);
    assert_eq!(delta["edits"].as_array().unwrap().len(), 1, "{delta}");
    assert!(delta["edits"][0]["data"].as_array().unwrap().len() <= 10, "{delta}");
    let line = json!({ "start": { "line": 1, "character": 0 }, "end": { "line": 2, "character": 0 } });
    let part = server.call("textDocument/semanticTokens/range", with(here(), json!({ "range": line })));
    assert!(part["data"].as_array().unwrap().len() < count);
}

#[test]
fn view_and_virtual_document() {
    let mut server = pulling();
    let view = server.call("air/view", here());
    assert!(
        view["text"].as_str().unwrap().contains("x <- call %init_peer_id% (\"é😀\", \"f\") []"),
        "{view}"
    );
    assert_eq!(view["lines"][0], json!([0, 1, 1]));
    let content = server
        .call("workspace/textDocumentContent", json!({ "uri": "air-view:a.air?file%3A%2F%2F%2Fa.air" }));
    assert_eq!(content["text"], view["text"]);
    assert_eq!(server.refused("workspace/textDocumentContent", json!({ "uri": "air-view:a.air" })), -32602);
}

/// A client that shows a virtual document is told when its script has changed, once each time it asks.
#[test]
fn virtual_documents_follow() {
    let mut server = Server::session(
        json!({ "workspace": { "textDocumentContent": {}, "diagnostics": { "refreshSupport": true } }, "textDocument": { "diagnostic": {} } }),
    );
    server.open(URI, SCRIPT);
    let view = json!({ "uri": "air-view:a.air?file%3A%2F%2F%2Fa.air" });
    for version in [2, 4] {
        server.call("workspace/textDocumentContent", view.clone());
        server.change(URI, version, json!([{ "text": "(null)" }]));
        let (id, params) = server.asked("workspace/textDocumentContent/refresh");
        assert_eq!(params, view);
        server.reply(id, Value::Null);
        server.change(URI, version + 1, json!([{ "text": "(never)" }]));
    }
}

/// The analysis of a very large script shows a progress, if the client lets it.
#[test]
fn progress_of_the_server_itself() {
    let mut server = Server::session(json!({ "window": { "workDoneProgress": true } }));
    server.open(URI, &format!("(null) ; {}", "x".repeat(8 << 20)));
    let (id, params) = server.asked("window/workDoneProgress/create");
    server.reply(id, Value::Null);
    assert_eq!(server.notification("textDocument/publishDiagnostics")["diagnostics"], json!([]));
    // The analysis may be over before the client has agreed: then nothing is shown.
    server.document(URI);
    let shown = server.seen("$/progress");
    let kinds: Vec<_> = shown.iter().map(|progress| progress["value"]["kind"].as_str().unwrap()).collect();
    assert!(kinds.is_empty() || kinds == ["begin", "end"], "{kinds:?}");
    assert!(shown.iter().all(|progress| progress["token"] == params["token"]));
}

#[test]
fn document_state() {
    let mut server = pulling();
    let state = server.document(URI);
    assert_eq!((&state["version"], &state["length"]), (&json!(1), &json!(SCRIPT.len())));
    assert_eq!(state["digest"], crate::sync::digest(SCRIPT));
}

/// Nothing is known of documents that are not open: no result, no error.
#[test]
fn closed_documents() {
    let mut server = pulling();
    server.notify("textDocument/didClose", here());
    for method in [
        "textDocument/documentSymbol",
        "textDocument/foldingRange",
        "textDocument/semanticTokens/full",
        "air/view",
    ] {
        assert_eq!(server.call(method, here()), Value::Null, "{method}");
    }
    let report = server.call("textDocument/diagnostic", here());
    assert_eq!(report, json!({ "kind": "full", "items": [] }));
}

/// Too large to be analysed: one note, everything else is silent, the text is kept.
#[test]
fn a_giant() {
    let mut server = pulling();
    server.change(URI, 2, json!([{ "text": "(null) ".repeat(5 << 20) }]));
    let report = server.call("textDocument/diagnostic", here());
    assert!(report["items"][0]["message"].as_str().unwrap().contains("32 MiB"), "{report}");
    assert_eq!(server.call("textDocument/documentSymbol", here()), Value::Null);
    server.change(URI, 3, json!([{ "text": "(null)" }]));
    let report = server.call("textDocument/diagnostic", here());
    assert_eq!(report["items"], json!([]));
}
