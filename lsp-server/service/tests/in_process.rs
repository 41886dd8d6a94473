//! A session in this very process with a single thread: how a browser drives the service.

// Tests fail loudly; the rules for libraries are for libraries.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::VecDeque;

use air_service::Service;
use air_service::host::memory::MemoryHost;
use serde_json::{Value, json};

#[path = "in_process/every_client.rs"]
mod every_client;

/// The host: a service, files in a map, and a queue of jobs.
struct Session {
    memory: MemoryHost,
    service: Service,
    /// The answer to `initialize`.
    initialized: Value,
    received: VecDeque<Value>,
    last_id: i64,
}

impl Session {
    fn new(memory: MemoryHost, capabilities: Value) -> Session {
        Session::of(memory, "a test", capabilities)
    }

    fn of(memory: MemoryHost, client: &str, capabilities: Value) -> Session {
        let service = Service::new(memory.host());
        let mut session =
            Session { memory, service, initialized: Value::Null, received: VecDeque::new(), last_id: 0 };
        let folders = json!([{ "uri": "file:///w", "name": "w" }]);
        let client = json!({ "name": client });
        let params =
            json!({ "clientInfo": client, "workspaceFolders": folders, "capabilities": capabilities });
        let answer = session.call("initialize", params).unwrap();
        assert_eq!(answer["serverInfo"]["name"], "air-lsp");
        assert_eq!(session.service.take_client_process().map(|process| process.id), Some(None));
        session.initialized = answer;
        session.notify("initialized", json!({}));
        session
    }

    fn send(&mut self, message: Value) {
        self.service.receive(&message.to_string());
        self.settle();
    }

    /// Does all that can be done, and takes what the service says.
    fn settle(&mut self) {
        let mut told = Vec::new();
        // What jobs tell may leave something for the next idle moment.
        loop {
            self.service.idle();
            if !self.memory.jobs.step(|event| told.push(event)) {
                break;
            }
            told.drain(..).for_each(|event| self.service.handle(event));
        }
        while let Some(message) = self.service.outbox().pop() {
            self.received.push_back(serde_json::from_str(&message.into_text()).unwrap());
        }
    }

    fn notify(&mut self, method: &str, params: Value) {
        self.send(json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    fn request(&mut self, method: &str, params: Value) -> i64 {
        self.last_id += 1;
        self.send(json!({ "jsonrpc": "2.0", "id": self.last_id, "method": method, "params": params }));
        self.last_id
    }

    fn call(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        let id = self.request(method, params);
        let answer = self.take(|message| message["id"] == id && message.get("method").is_none());
        match answer.get("error") {
            Some(error) => Err(error.clone()),
            None => Ok(answer["result"].clone()),
        }
    }

    fn take(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        let at = self.received.iter().position(wanted);
        self.received.remove(at.unwrap_or_else(|| panic!("not said: {:?}", self.received))).unwrap()
    }

    fn open(&mut self, uri: &str, text: &str) {
        let document = json!({ "uri": uri, "languageId": "air", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }
}

const SCRIPT: &str =
    "(seq\n (call \"@a\" (\"s\" \"f\") [] x)\n (call %init_peer_id% (\"r\" \"done\") [y]))\n";

fn at(uri: &str, line: u32, character: u32) -> Value {
    json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": character } })
}

#[test]
fn a_session_from_beginning_to_end() {
    let memory = MemoryHost::default();
    memory.files.write("/w/other.air", "(call \"@a\" (\"s\" \"f\") [])");
    memory.files.write("/w/air.toml", "[levels]\nL001 = \"allow\"\n");
    let mut session = Session::new(
        memory,
        json!({
            "textDocument": { "hover": { "contentFormat": ["markdown"] } },
            "workspace": { "workspaceEdit": { "documentChanges": true } },
        }),
    );
    let uri = "file:///w/script.air";
    session.open(uri, SCRIPT);
    let published = session.take(|message| message["method"] == "textDocument/publishDiagnostics");
    let codes: Vec<_> =
        published["params"]["diagnostics"].as_array().unwrap().iter().map(|it| &it["code"]).collect();
    assert_eq!(codes[0], "V001", "{published}");

    let change = json!({ "range": { "start": { "line": 2, "character": 37 }, "end": { "line": 2, "character": 38 } }, "text": "x" });
    session.notify(
        "textDocument/didChange",
        json!({ "textDocument": { "uri": uri, "version": 2 }, "contentChanges": [change] }),
    );
    let published = session.take(|message| message["params"]["version"] == 2);
    let codes = published["params"]["diagnostics"].as_array().unwrap();
    assert!(codes.iter().all(|it| it["code"] != "V001"), "{published}");

    let hover = session.call("textDocument/hover", at(uri, 1, 2)).unwrap();
    assert!(hover["contents"]["value"].as_str().unwrap().contains("call"), "{hover}");
    let list = session.call("textDocument/completion", at(uri, 2, 37)).unwrap();
    assert!(list["items"].as_array().unwrap().iter().any(|item| item["label"] == "x"), "{list}");

    // The other script is not open.
    let mut params = at(uri, 1, 16);
    params["newName"] = "stock".into();
    let edit = session.call("textDocument/rename", params).unwrap();
    let files = edit["documentChanges"].as_array().unwrap().iter().map(|file| &file["textDocument"]["uri"]);
    assert_eq!(files.collect::<Vec<_>>(), [uri, "file:///w/other.air"]);

    assert_eq!(session.call("shutdown", Value::Null), Ok(Value::Null));
    session.notify("exit", Value::Null);
    assert_eq!(session.service.exit_code(), Some(0));
    assert_eq!(session.service.end(), 0);
}

#[test]
fn a_run_and_its_values() {
    let memory = MemoryHost::default();
    memory.files.write(
        "/w/script.sample.json",
        r#"{"peers": ["@a"], "services": [{"service": "s", "answer": {"ok": {"price": 5}}}]}"#,
    );
    let mut session = Session::new(
        memory,
        json!({ "textDocument": { "diagnostic": {} }, "workspace": { "diagnostics": { "refreshSupport": true } } }),
    );
    let uri = "file:///w/script.air";
    session.open(uri, &SCRIPT.replace('y', "x"));
    let lenses = session.call("textDocument/codeLens", json!({ "textDocument": { "uri": uri } })).unwrap();
    let lens = &lenses[1]["command"];
    assert_eq!(lens["title"], "▶ Run with script.sample.json");
    let run = json!({ "command": lens["command"], "arguments": lens["arguments"] });
    let report = session.call("workspace/executeCommand", run).unwrap();
    assert!(report["outcome"]["status"].is_string(), "{report}");
    let all = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 9, "character": 0 } });
    let hints = session
        .call("textDocument/inlayHint", json!({ "textDocument": { "uri": uri }, "range": all }))
        .unwrap();
    assert!(hints.to_string().contains(r#"= {\"price\": 5}"#), "{hints}");
    let hover = session.call("textDocument/hover", at(uri, 1, 26)).unwrap();
    assert!(hover.to_string().contains("on @a"), "{hover}");
}

/// Errors of a run and what did not run change without an edit: they are pushed unless pulling can be asked for.
#[test]
fn a_run_reaches_every_client() {
    let uri = "file:///w/script.air";
    for (refresh, pulls) in [
        (json!({}), false),
        (json!({ "diagnostics": { "refreshSupport": true } }), true),
        (json!({ "diagnostic": { "refreshSupport": true } }), true),
    ] {
        let capabilities = json!({
            "textDocument": { "diagnostic": {}, "publishDiagnostics": { "tagSupport": { "valueSet": [1] } } },
            "workspace": refresh,
        });
        let mut session = Session::new(MemoryHost::default(), capabilities);
        session.open(uri, "(seq\n (fail 1 \"no\")\n (ap 1 x))");
        session.received.clear();
        let run = json!({ "command": "air.run", "arguments": [{ "uri": uri }] });
        session.call("workspace/executeCommand", run).unwrap();
        let shown = if pulls {
            session.take(|message| message["method"] == "workspace/diagnostic/refresh");
            session.call("textDocument/diagnostic", json!({ "textDocument": { "uri": uri } })).unwrap()
        } else {
            session.take(|message| message["method"] == "textDocument/publishDiagnostics")
        }
        .to_string();
        assert!(shown.contains("fails with 1: no") && shown.contains("not executed: after error"), "{shown}");
    }
}

#[test]
fn what_is_not_a_message() {
    let mut session = Session::new(MemoryHost::default(), json!({}));
    session.service.receive("{");
    session.settle();
    let answer = session.take(|message| message["id"].is_null() && message.get("error").is_some());
    assert_eq!(answer["error"]["code"], -32700);
    let id = session.request("textDocument/hover", json!({}));
    let answer = session.take(|message| message["id"] == id);
    assert_eq!(answer["error"]["code"], -32602);
}

const TWICE: &str = "(seq (call \"relay\" (\"svc\" \"get\") [] x) (call \"relay\" (\"svc\" \"get\") [x] y))";

/// The files that renaming `get` in a document edits, each with its number of edits.
fn renamed(session: &mut Session, uri: &str) -> Vec<(String, usize)> {
    let mut params = at(uri, 0, 28);
    params["newName"] = "fetch".into();
    let edit = session.call("textDocument/rename", params).unwrap();
    let files = edit["documentChanges"].as_array().unwrap().iter().map(|file| {
        let uri = file["textDocument"]["uri"].as_str().unwrap();
        (uri.to_owned(), file["edits"].as_array().unwrap().len())
    });
    files.collect()
}

#[test]
fn a_file_is_one_however_it_is_spelled() {
    for (path, uri) in [
        ("/w/@x+(1)/one.air", "file:///w/%40x%2B%281%29/one.air"),
        ("/w/copy (2)/one.air", "file:///w/copy%20%282%29/one.air"),
        ("/w/c++/[slug].air", "file:///w/c%2B%2B/%5Bslug%5D.air"),
        ("/w/one's.air", "file:///w/one%27s.air"),
        ("/w/ä/ж.air", "file:///w/%c3%a4/%D0%B6.air"),
    ] {
        let memory = MemoryHost::default();
        memory.files.write(path, TWICE);
        let capabilities = json!({ "workspace": { "workspaceEdit": { "documentChanges": true } } });
        let mut session = Session::new(memory, capabilities);
        session.open(uri, TWICE);
        assert_eq!(renamed(&mut session, uri), [(uri.to_owned(), 2)], "{path}");
        let mut params = at(uri, 0, 28);
        params["context"] = json!({ "includeDeclaration": true });
        let places = session.call("textDocument/references", params).unwrap();
        assert_eq!(places.as_array().unwrap().len(), 2, "{places}");
        let symbols = session.call("workspace/symbol", json!({ "query": "svc.get" })).unwrap();
        assert_eq!(symbols.as_array().unwrap().len(), 1, "{symbols}");
        let reports = session.call("workspace/diagnostic", json!({ "previousResultIds": [] })).unwrap();
        assert_eq!(reports["items"].as_array().unwrap().len(), 1, "{reports}");
        assert_eq!(reports["items"][0]["uri"], uri);
    }
}

#[test]
fn a_drive_is_one_however_it_is_spelled() {
    let mut session = Session::new(MemoryHost::default(), json!({}));
    session.open("file:///c%3A/x/a.air", "(null)");
    for uri in ["file:///C:/x/a.air", "file:///c:/x/a.air", "file:///C%3a/x/a.air"] {
        let document = json!({ "textDocument": { "uri": uri } });
        assert_eq!(session.call("air/document", document).unwrap()["length"], 6, "{uri}");
    }
    session.notify("textDocument/didClose", json!({ "textDocument": { "uri": "file:///C:/x/a.air" } }));
    let document = json!({ "textDocument": { "uri": "file:///c%3A/x/a.air" } });
    assert_eq!(session.call("air/document", document).unwrap(), Value::Null);
}

#[test]
fn a_file_open_under_two_names_is_edited_once() {
    let memory = MemoryHost::default();
    memory.files.write("/w/Real/one.air", TWICE);
    memory.files.link("/w/link", "/w/Real");
    memory.files.link("/w/other.air", "/w/Real/one.air");
    memory.files.ignore_case();
    let capabilities = json!({ "workspace": { "workspaceEdit": { "documentChanges": true } } });
    let mut session = Session::new(memory, capabilities);
    let names = ["file:///w/link/one.air", "file:///w/Real/one.air", "file:///w/real/ONE.air"];
    for uri in names {
        session.open(uri, TWICE);
    }
    for uri in names {
        assert_eq!(renamed(&mut session, uri), [(names[0].to_owned(), 2)], "{uri}");
    }
    let symbols = session.call("workspace/symbol", json!({ "query": "svc.get" })).unwrap();
    assert_eq!(symbols.as_array().unwrap().len(), 1, "{symbols}");
}

#[test]
fn changed_sample_data_is_shown() {
    let memory = MemoryHost::default();
    let capabilities = json!({ "workspace": {
        "codeLens": { "refreshSupport": true },
        "inlayHint": { "refreshSupport": true },
        "didChangeWatchedFiles": { "dynamicRegistration": true },
    } });
    let mut session = Session::new(memory, capabilities);
    let registered = session.take(|message| message["method"] == "client/registerCapability");
    assert!(registered.to_string().contains("**/*.sample.json"), "{registered}");
    session.open("file:///w/copy%20%282%29/a.air", "(null)");
    session.received.clear();
    let changed = |uri: &str| json!({ "changes": [{ "uri": uri, "type": 2 }] });
    session.notify("workspace/didChangeWatchedFiles", changed("file:///w/b.sample.json"));
    assert!(session.received.is_empty(), "{:?}", session.received);
    session.notify("workspace/didChangeWatchedFiles", changed("file:///w/copy%20(2)/a.sample.json"));
    for method in
        ["workspace/inlayHint/refresh", "workspace/codeLens/refresh", "textDocument/publishDiagnostics"]
    {
        session.take(|message| message["method"] == method);
    }
}

/// Half a rename is worse than none, half a list is worth something and says so.
#[test]
fn what_would_be_incomplete_is_refused_or_said() {
    let memory = MemoryHost::default();
    memory.files.write("/w/huge.air", " ".repeat((32 << 20) + 1));
    memory.files.write("/w/other.air", SCRIPT);
    let mut session =
        Session::new(memory, json!({ "workspace": { "workspaceEdit": { "documentChanges": true } } }));
    let uri = "file:///w/script.air";
    session.open(uri, SCRIPT);
    let mut place = at(uri, 1, 15);
    place["newName"] = json!("fetch");
    let refused = session.call("textDocument/rename", place).unwrap_err();
    assert_eq!(refused["code"], -32803, "{refused}");
    assert_eq!(refused["data"], json!({ "code": "script-too-large", "limit": 32 << 20 }), "{refused}");

    let mut place = at(uri, 1, 15);
    place["context"] = json!({ "includeDeclaration": true });
    for _ in 0..2 {
        let found = session.call("textDocument/references", place.clone()).unwrap();
        assert_eq!(found.as_array().map(Vec::len), Some(2), "{found}");
    }
    let said = session.take(|message| message["method"] == "window/showMessage");
    assert!(said["params"]["message"].as_str().unwrap().contains("huge.air"), "{said}");
    assert!(session.received.iter().all(|message| message["method"] != "window/showMessage"), "once");
}

#[test]
fn a_script_that_cannot_be_read_is_told_once() {
    let memory = MemoryHost::default();
    memory.files.write("/w/a.air", SCRIPT);
    memory.files.refuse("/w/b.air");
    let mut session = Session::new(memory, json!({}));
    for _ in 0..3 {
        let found = session.call("workspace/symbol", json!({ "query": "" })).unwrap();
        assert!(!found.as_array().unwrap().is_empty());
    }
    let told = session.take(|message| message["method"] == "window/showMessage");
    assert!(told["params"]["message"].as_str().unwrap().contains("/w/b.air cannot be read: "), "{told}");
    assert!(!session.received.iter().any(|message| message["method"] == "window/showMessage"));
}
