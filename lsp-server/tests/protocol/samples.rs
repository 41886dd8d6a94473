//! Sample data through the real server: generated, checked, completed, run case by case.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::Server;

const SCRIPT: &str = "(seq\n (call \"@a\" (\"s\" \"f\") [] x)\n (ap x y))\n";
const CASES: &str = "{\n \"cases\": [\n  {\"name\": \"one\", \"services\": [{\"function\": \"f\", \"answer\": {\"ok\": 1}}]},\n  {\"name\": \"two\", \"services\": [{\"function\": \"f\", \"answer\": {\"ok\": 2}}]}\n ]\n}\n";

fn client() -> Value {
    json!({
        "textDocument": { "diagnostic": {} },
        "window": { "showDocument": { "support": true } },
        "workspace": {
            "applyEdit": true,
            "workspaceEdit": { "documentChanges": true, "resourceOperations": ["create"] },
            "inlayHint": { "refreshSupport": true },
            "codeLens": { "refreshSupport": true },
            "diagnostics": { "refreshSupport": true },
        },
    })
}

/// A folder with `dir/a.air`, open; its URI and that of its sample data.
fn folder(server: &mut Server) -> (TempDir, String, String) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.air"), SCRIPT).unwrap();
    let uri = |name: &str| format!("file://{}/{name}", folder.path().display());
    let (script, sample) = (uri("a.air"), uri("a.sample.json"));
    server.open(&script, SCRIPT);
    (folder, script, sample)
}

fn of(uri: &str) -> Value {
    json!({ "textDocument": { "uri": uri } })
}

fn command(name: &str, argument: Value) -> Value {
    json!({ "command": name, "arguments": [argument] })
}

fn titles(server: &mut Server, uri: &str) -> Vec<String> {
    let lenses = server.call("textDocument/codeLens", of(uri));
    let title = |lens: &Value| lens["command"]["title"].as_str().unwrap().to_owned();
    lenses.as_array().unwrap().iter().map(title).collect()
}

/// The editor was told to look again.
fn refreshed(server: &mut Server, methods: &[&str]) {
    for method in methods {
        let (id, _) = server.asked(method);
        server.reply(id, Value::Null);
    }
}

const RESULTS: [&str; 2] = ["workspace/inlayHint/refresh", "workspace/codeLens/refresh"];

#[test]
fn generated_by_a_lens() {
    let mut server = Server::session(client());
    let (folder, script, sample) = folder(&mut server);
    assert_eq!(titles(&mut server, &script), ["▶ Run", "Generate sample data"]);
    let made =
        server.call("workspace/executeCommand", command("air.generateSample", json!({ "uri": script })));
    assert_eq!(made, json!({ "uri": sample }));
    let (id, asked) = server.asked("workspace/applyEdit");
    let changes = &asked["edit"]["documentChanges"];
    assert_eq!((&changes[0]["kind"], &changes[0]["uri"]), (&json!("create"), &json!(sample)));
    fs::write(folder.path().join("a.sample.json"), changes[1]["edits"][0]["newText"].as_str().unwrap())
        .unwrap();
    server.reply(id, json!({ "applied": true }));
    let (id, asked) = server.asked("window/showDocument");
    assert_eq!(asked["uri"], sample);
    server.reply(id, json!({ "success": true }));
    refreshed(&mut server, &["workspace/codeLens/refresh"]);

    // It is complete: a run with it makes nothing up.
    assert_eq!(titles(&mut server, &script), ["▶ Run", "▶ Run with a.sample.json"]);
    let run = command("air.run", json!({ "uri": script, "sample": true }));
    let report = server.call("workspace/executeCommand", run);
    assert_eq!(
        (&report["outcome"]["status"], &report["made_up"]),
        // The script ends on `@a`.
        (&json!("unheard"), &json!([])),
        "{report}"
    );
    refreshed(&mut server, &RESULTS);

    // It is not written over.
    let again =
        server.request("workspace/executeCommand", command("air.generateSample", json!({ "uri": script })));
    let error = server.answer(again).unwrap_err();
    assert_eq!((&error["code"], &error["data"]["code"]), (&json!(-32803), &json!("sample-exists")));

    // Annotations instead; an edit that the client does not make is told.
    let annotated = command("air.generateSample", json!({ "uri": script, "annotations": true }));
    assert_eq!(server.call("workspace/executeCommand", annotated), json!({ "uri": script }));
    let (id, asked) = server.asked("workspace/applyEdit");
    assert!(asked.to_string().contains("; ok = "), "{asked}");
    server.reply(id, json!({ "applied": false, "failureReason": "read only" }));
    let said = server.notification("window/logMessage");
    assert!(said["message"].as_str().unwrap().ends_with("read only"), "{said}");
}

#[test]
fn clients_that_make_no_edits_get_the_edit() {
    let mut server = Server::session(json!({}));
    server.open("file:///a.air", SCRIPT);
    assert_eq!(titles(&mut server, "file:///a.air"), ["▶ Run"]);
    let generate = command("air.generateSample", json!({ "uri": "file:///a.air" }));
    let made = server.call("workspace/executeCommand", generate);
    assert!(made["edit"]["changes"]["file:///a.air"][0]["newText"].is_string(), "{made}");
    server.seen("textDocument/publishDiagnostics");
}

#[test]
fn sample_data_as_a_document() {
    let mut server = Server::session(client());
    let (_folder, script, sample) = folder(&mut server);
    server.open(&sample, "{\n \"servces\": [],\n \"expect\": {\"outcome\": }\n}\n");
    let messages = |server: &mut Server| -> Vec<(Value, String)> {
        let items = server.call("textDocument/diagnostic", of(&sample))["items"].clone();
        let item =
            |item: &Value| (item["range"]["start"].clone(), item["message"].as_str().unwrap().to_owned());
        items.as_array().unwrap().iter().map(item).collect()
    };
    // What is no JSON says where.
    let found = messages(&mut server);
    assert_eq!((found.len(), &found[0].0["line"]), (1, &json!(2)), "{found:?}");
    assert!(found[0].1.starts_with("not valid JSON: "), "{found:?}");
    // What may stand there.
    let at = json!({ "textDocument": { "uri": sample }, "position": { "line": 2, "character": 23 } });
    let items = server.call("textDocument/completion", at)["items"].clone();
    let labels: Vec<_> = items.as_array().unwrap().iter().map(|item| item["label"].clone()).collect();
    assert_eq!(labels, ["completed", "failed", "waiting", "stopped", "unheard"]);
    // A key that is none.
    server.change(&sample, 2, json!([{ "text": "{\n \"servces\": []\n}\n" }]));
    let found = messages(&mut server);
    assert_eq!(found[0].0, json!({ "line": 1, "character": 1 }));
    assert!(found[0].1.starts_with("unknown member `servces`; "), "{found:?}");
    // It is no script.
    let position = json!({ "textDocument": { "uri": sample }, "position": { "line": 0, "character": 0 } });
    assert_eq!(server.call("textDocument/hover", position), Value::Null);
    let run = command("air.run", json!({ "uri": sample }));
    assert_eq!(server.refused("workspace/executeCommand", run), -32803);

    // Its cases, in itself and in the script, saved or not.
    server.change(&sample, 3, json!([{ "text": CASES }]));
    assert_eq!(messages(&mut server), []);
    assert_eq!(titles(&mut server, &sample), ["▶ Run", "▶ Run one", "▶ Run two"]);
    assert_eq!(titles(&mut server, &script), ["▶ Run", "▶ Run with a.sample.json", "▶ one", "▶ two"]);
    let lenses = server.call("textDocument/codeLens", of(&sample));
    let of_two = &lenses[2]["command"];
    let run = json!({ "command": of_two["command"], "arguments": of_two["arguments"] });
    server.call("workspace/executeCommand", run);
    refreshed(&mut server, &RESULTS);
    assert_eq!(server.hints(&script)[0], "= 2");
    let shown = titles(&mut server, &script);
    assert!(shown[3].starts_with("▶ two · unheard, "), "{shown:?}");

    // A script that is not open says so.
    server.notify("textDocument/didClose", of(&script));
    let run = command("air.run", json!({ "uri": script, "sample": true, "case": "two" }));
    assert_eq!(server.refused("workspace/executeCommand", run), -32803);
}

fn session(options: Value) -> Server {
    let mut server = Server::start();
    let capabilities = client();
    server.initialize(json!({ "processId": null, "rootUri": null, "capabilities": capabilities,
        "initializationOptions": options }));
    server.notify("initialized", json!({}));
    server
}

#[test]
fn saved_sample_data_runs_its_script_again() {
    let mut server = session(json!({ "run": { "on-save": true } }));
    let (_folder, script, sample) = folder(&mut server);
    server.open(&sample, CASES);
    let run = command("air.run", json!({ "uri": script, "sample": true, "case": "one" }));
    server.call("workspace/executeCommand", run);
    refreshed(&mut server, &RESULTS);
    assert_eq!(server.hints(&script)[0], "= 1");
    server.change(&sample, 2, json!([{ "text": CASES.replace("{\"ok\": 1}", "{\"ok\": \"new\"}") }]));
    refreshed(&mut server, &RESULTS);
    assert_eq!(server.hints(&script), Vec::<String>::new(), "values of sample data that was");
    server.notify("textDocument/didSave", of(&sample));
    refreshed(&mut server, &["workspace/codeLens/refresh", RESULTS[0], RESULTS[1]]);
    assert_eq!(server.hints(&script)[0], "= \"new\"");
}

/// Values beside a script are those of its sample data as it is.
#[test]
fn other_sample_data_takes_values_away() {
    let mut server = session(json!({}));
    let (folder, script, sample) = folder(&mut server);
    fs::write(folder.path().join("a.sample.json"), CASES).unwrap();
    let run = |server: &mut Server, sample: bool| {
        let mut argument = json!({ "uri": script, "sample": sample });
        if sample {
            argument["case"] = json!("one");
        }
        server.call("workspace/executeCommand", command("air.run", argument));
        refreshed(server, &RESULTS);
        assert_eq!(server.hints(&script).len(), 2);
    };
    let watched = |server: &mut Server| {
        let changes = json!({ "changes": [{ "uri": sample, "type": 2 }] });
        server.notify("workspace/didChangeWatchedFiles", changes);
        refreshed(server, &RESULTS);
        server.hints(&script).len()
    };
    run(&mut server, true);
    assert_eq!(watched(&mut server), 0);

    run(&mut server, true);
    server.open(&sample, CASES);
    assert_eq!(server.hints(&script).len(), 2, "it is only looked at");
    server.change(&sample, 2, json!([{ "text": CASES.replace("1}", "3}") }]));
    refreshed(&mut server, &RESULTS);
    assert_eq!(server.hints(&script).len(), 0);
    server.change(&sample, 3, json!([{ "text": CASES.replace("1}", "4}") }]));
    run(&mut server, true);
    assert_eq!(server.hints(&script)[0], "= 4");
    assert_eq!(watched(&mut server), 2, "what is open counts as it is there");
    // Not saved: what is on disk counts from now on.
    server.notify("textDocument/didClose", of(&sample));
    refreshed(&mut server, &RESULTS);
    assert_eq!(server.hints(&script).len(), 0);

    run(&mut server, false);
    assert_eq!(watched(&mut server), 2, "it did not read any");
}

#[test]
fn sample_data_goes_with_its_script() {
    let mut server = Server::start();
    let mut capabilities = client();
    capabilities["workspace"]["workspaceEdit"]["resourceOperations"] = json!(["create", "rename"]);
    let params = json!({ "processId": null, "rootUri": null, "capabilities": capabilities });
    let operations = server.initialize(params)["capabilities"]["workspace"]["fileOperations"].clone();
    let filters = &operations["willRename"]["filters"];
    assert_eq!(
        (&filters[0]["pattern"]["glob"], filters),
        (&json!("**/*.air"), &operations["didRename"]["filters"])
    );
    server.notify("initialized", json!({}));
    let (folder, script, sample) = folder(&mut server);
    fs::write(folder.path().join("a.sample.json"), CASES).unwrap();
    let run = command("air.run", json!({ "uri": script, "sample": true, "case": "one" }));
    server.call("workspace/executeCommand", run);
    refreshed(&mut server, &RESULTS);

    let new = |old: &str| old.replace("/a.", "/b.");
    let files = json!({ "files": [{ "oldUri": script, "newUri": new(&script) }] });
    let edit = server.call("workspace/willRenameFiles", files.clone());
    let rename = &edit["documentChanges"][0];
    assert_eq!((&rename["kind"], &rename["oldUri"]), (&json!("rename"), &json!(sample)), "{edit}");
    assert_eq!(rename["newUri"], new(&sample));
    for name in ["a.air", "a.sample.json"] {
        fs::rename(folder.path().join(name), folder.path().join(name.replacen("a.", "b.", 1))).unwrap();
    }
    server.notify("textDocument/didClose", of(&script));
    server.open(&new(&script), SCRIPT);
    server.notify("workspace/didRenameFiles", files);
    assert_eq!(server.hints(&new(&script)), ["= 1", "= 1"]);
    let shown = titles(&mut server, &new(&script));
    assert!(shown[1] == "▶ Run with b.sample.json" && shown[2].starts_with("▶ one · unheard"), "{shown:?}");
}

/// A folder from elsewhere cannot turn on runs that nobody asked for.
#[test]
fn files_of_a_workspace_run_nothing() {
    let mut server = session(json!({}));
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("air.toml"), "[run]\non-save = true\n").unwrap();
    let uri = format!("file://{}/a.air", folder.path().display());
    server.open(&uri, SCRIPT);
    server.notify("textDocument/didSave", of(&uri));
    // A run on save would have begun before this is answered.
    assert_eq!(server.call("workspace/executeCommand", json!({ "command": "air.stop" })), 0);
    assert_eq!(server.hints(&uri), Vec::<String>::new());
}

const PEER: &str = "12D3KooWR1cFrRWULaAZy8Vu2Ys8MpjK1dGYvFaSPGo7pSVPAxUW";

#[test]
fn names_of_peers() {
    let mut server = session(json!({ "peers": { "far": "12D3KooWElsewhere" } }));
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("air.toml"), format!("[peers]\nbootstrap = {PEER:?}\n")).unwrap();
    let sample =
        r#"{"peers": ["@init", "@a"], "services": [{"function": "f", "answer": {"ok": {"deep": [7]}}}]}"#;
    fs::write(folder.path().join("a.sample.json"), sample).unwrap();
    let uri = |name: &str| format!("file://{}/{name}", folder.path().display());
    let script = uri("a.air");
    let text = format!("(seq\n (call \"@a\" (\"s\" \"f\") [] x)\n (call {PEER:?} (\"s\" \"f\") [x]))\n");
    server.open(&script, &text);
    let hover = |server: &mut Server, line: u32, character: u32| -> String {
        let position = json!({ "line": line, "character": character });
        let params = json!({ "textDocument": { "uri": script }, "position": position });
        server.call("textDocument/hover", params)["contents"]["value"].as_str().unwrap_or_default().to_owned()
    };
    let told = hover(&mut server, 2, 10);
    assert!(told.contains("named bootstrap by the settings"), "{told}");
    let told = hover(&mut server, 1, 9);
    assert!(told.contains("named @a by a.sample.json"), "{told}");
    // What the peer will answer, where it is read.
    let told = hover(&mut server, 2, 74);
    assert!(told.contains("Value in a.sample.json") && told.contains("\"deep\""), "{told}");
    // Sample data counts as it is open.
    server.open(&uri("a.sample.json"), &sample.replace("deep", "new"));
    assert!(hover(&mut server, 2, 74).contains("\"new\""));

    // All of them, where a peer is written.
    server.change(&script, 2, json!([{ "text": "(call \"" }]));
    let at = json!({ "textDocument": { "uri": script }, "position": { "line": 0, "character": 7 } });
    let list = server.call("textDocument/completion", at);
    let labels: Vec<_> = list["items"].as_array().unwrap().iter().map(|it| it["label"].clone()).collect();
    let quoted = |text: &str| json!(format!("{text:?}"));
    assert_eq!(labels, [quoted(PEER), quoted("12D3KooWElsewhere"), quoted("@a"), quoted("@init")], "{list}");

    // The last run knows the id of a name.
    server.change(&script, 3, json!([{ "text": text }]));
    server.call("workspace/executeCommand", command("air.run", json!({ "uri": script })));
    refreshed(&mut server, &RESULTS);
    let told = hover(&mut server, 1, 9);
    assert!(told.contains("its id in the last run is 12D3KooW"), "{told}");
    assert!(hover(&mut server, 2, 74).contains("\"new\""));
    // That says nothing any more when the sample data has changed.
    server.change(&uri("a.sample.json"), 2, json!([{ "text": sample.replace("deep", "newest") }]));
    refreshed(&mut server, &RESULTS);
    let told = hover(&mut server, 2, 74);
    assert!(told.contains("\"newest\"") && !told.contains("\"new\""), "{told}");
}
