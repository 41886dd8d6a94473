//! Where settings come from and what becomes of wrong ones.

use serde_json::{Value, json};

use crate::harness::Server;

const URI: &str = "file:///a.air";

fn formatted(server: &mut Server, uri: &str) -> String {
    let options = json!({ "tabSize": 8, "insertSpaces": false });
    let params = json!({ "textDocument": { "uri": uri }, "options": options });
    server.call("textDocument/formatting", params).to_string()
}

fn pulling(more: Value) -> Value {
    let mut capabilities = json!({ "textDocument": { "diagnostic": {} }, "workspace": { "diagnostics": { "refreshSupport": true } } });
    capabilities.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    capabilities
}

const SCRIPT: &str = "(seq\n(null)\n(null)\n)\n";

#[test]
fn from_initialize_then_from_a_notification() {
    let mut server = Server::start();
    let options = json!({ "air": { "format": { "indent-width": 3 } } });
    server.initialize(json!({ "capabilities": pulling(json!({})), "initializationOptions": options }));
    server.notify("initialized", json!({}));
    server.open(URI, SCRIPT);
    assert!(formatted(&mut server, URI).contains("\"   \""), "three blanks, whatever the tab size");
    server.notify(
        "workspace/didChangeConfiguration",
        json!({ "settings": { "air": { "format": { "indent-width": 5 } } } }),
    );
    assert!(formatted(&mut server, URI).contains("\"     \""));
}

#[test]
fn asked_of_the_client() {
    let workspace = json!({
        "workspace": {
            "configuration": true,
            "didChangeConfiguration": { "dynamicRegistration": true },
            "diagnostics": { "refreshSupport": true },
        },
    });
    let mut server = Server::session(pulling(workspace));
    let (id, params) = server.asked("client/registerCapability");
    assert_eq!(params["registrations"][0]["method"], "workspace/didChangeConfiguration");
    server.reply(id, Value::Null);
    server.open(URI, SCRIPT);
    let (id, params) = server.asked("workspace/configuration");
    assert_eq!(params, json!({ "items": [{ "section": "air" }] }));
    server.reply(id, json!([{ "format": { "indent-width": 2 } }]));
    let (id, _) = server.asked("workspace/diagnostic/refresh");
    server.reply(id, Value::Null);
    assert!(formatted(&mut server, URI).contains("\"  \""));
    // A bare "something changed" makes the server ask again.
    server.notify("workspace/didChangeConfiguration", json!({ "settings": null }));
    let (id, _) = server.asked("workspace/configuration");
    server.reply(id, json!([null]));
    assert!(formatted(&mut server, URI).contains("\"  \""), "null is no change");
}

#[test]
fn wrong_ones_are_told_and_ignored() {
    let mut server = Server::session(pulling(json!({})));
    server.open(URI, SCRIPT);
    let wrong = json!({ "air": { "format": { "indent-width": "wide", "compact": true }, "fromat": 3 } });
    server.notify("workspace/didChangeConfiguration", json!({ "settings": wrong }));
    let mut told = vec![server.notification("window/logMessage"), server.notification("window/logMessage")];
    told.sort_by_key(Value::to_string);
    assert!(told[0]["message"].as_str().unwrap().contains("air.format.indent-width"), "{told:?}");
    assert!(told[1]["message"].as_str().unwrap().contains("air.fromat"), "{told:?}");
    assert!(!formatted(&mut server, URI).is_empty());
}

#[test]
fn from_files_that_change() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("air.toml");
    std::fs::write(&config, "[format]\nindent-width = 6\n").unwrap();
    let uri = format!("file://{}", folder.path().join("a.air").display());
    let watched = json!({ "workspace": {
        "didChangeWatchedFiles": { "dynamicRegistration": true },
        "diagnostics": { "refreshSupport": true },
    } });
    let mut server = Server::session(pulling(watched));
    let (id, params) = server.asked("client/registerCapability");
    assert_eq!(params["registrations"][0]["method"], "workspace/didChangeWatchedFiles");
    server.reply(id, Value::Null);
    server.open(&uri, SCRIPT);
    assert!(formatted(&mut server, &uri).contains("\"      \""));
    std::fs::write(&config, "[format]\nindent-width = 99\n").unwrap();
    let change = json!({ "changes": [{ "uri": format!("file://{}", config.display()), "type": 2 }] });
    server.notify("workspace/didChangeWatchedFiles", change);
    let told = server.notification("window/logMessage");
    assert!(told["message"].as_str().unwrap().contains("air.toml"), "{told}");
    let shown = server.notification("textDocument/publishDiagnostics");
    assert!(shown["uri"].as_str().unwrap().ends_with("air.toml"), "{shown}");
    assert!(formatted(&mut server, &uri).contains("\" \""), "the default again");
}

/// Who writes `air.toml` sees its mistakes in it, for as long as they are there.
#[test]
fn mistakes_in_a_file_are_shown_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("air.toml");
    std::fs::write(&config, "[format]\nindent-width = 99\n").unwrap();
    let uri = format!("file://{}", folder.path().join("a.air").display());
    let mut server = Server::session(pulling(json!({})));
    server.open(&uri, SCRIPT);
    server.notification("window/logMessage");
    let told = server.notification("textDocument/publishDiagnostics");
    let config_uri = format!("file://{}", config.display());
    assert_eq!(told["uri"], json!(config_uri));
    assert_eq!(told["diagnostics"][0]["range"]["start"]["line"], 1, "{told}");
    assert_eq!(told["diagnostics"][0]["severity"], 1);
    std::fs::write(&config, "[format]\nindent-width = 3\n").unwrap();
    let change = json!({ "changes": [{ "uri": config_uri, "type": 2 }] });
    server.notify("workspace/didChangeWatchedFiles", change);
    let told = server.notification("textDocument/publishDiagnostics");
    assert_eq!((&told["uri"], &told["diagnostics"]), (&json!(config_uri), &json!([])));
}
