//! `workspace/diagnostic` for clients that ask again as soon as they have an answer.

use serde_json::{Value, json};

use crate::harness::Server;

/// A client that asks again after each answer, as VS Code does.
struct Poller {
    server: Server,
    folder: std::path::PathBuf,
    /// By URI, as the last answer had them.
    known: Vec<Value>,
    id: i64,
    asked: usize,
}

/// Of something in the folder.
fn uri(folder: &std::path::Path, name: &str) -> String {
    format!("file://{}/{name}", folder.display())
}

impl Poller {
    fn new(name: &str, texts: &[(&str, &str)]) -> Poller {
        let folder = std::env::temp_dir().join(format!("air-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let folder = folder.canonicalize().unwrap();
        for (name, text) in texts {
            std::fs::write(folder.join(name), text).unwrap();
        }
        let mut server = Server::start();
        let capabilities = json!({
            "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } },
            "textDocument": { "diagnostic": {} },
        });
        server.initialize(
            json!({ "processId": null, "capabilities": capabilities, "rootUri": uri(&folder, "") }),
        );
        server.notify("initialized", json!({}));
        let (id, _) = server.asked("client/registerCapability");
        server.reply(id, Value::Null);
        let mut poller = Poller { server, folder, known: Vec::new(), id: 0, asked: 0 };
        poller.ask();
        poller
    }

    fn ask(&mut self) {
        self.id = self.server.request("workspace/diagnostic", json!({ "previousResultIds": self.known }));
        self.asked += 1;
    }

    /// What the next answer says of a document: its codes, or that nothing has changed. Asks again.
    fn told(&mut self, name: &str) -> String {
        let report = self.server.answer(self.id).unwrap();
        let mut told = "nothing".to_owned();
        for item in report["items"].as_array().unwrap() {
            let uri = &item["uri"];
            if *uri == self::uri(&self.folder, name) {
                let codes = item["items"].as_array();
                let codes = codes.map(|items| items.iter().map(|it| it["code"].as_str().unwrap_or("-")));
                told = codes.map_or("unchanged".to_owned(), |codes| codes.collect::<Vec<_>>().join(" "));
            }
            self.known.retain(|known| known["uri"] != *uri);
            self.known.push(json!({ "uri": uri, "value": item["resultId"] }));
        }
        self.ask();
        told
    }

    /// Whatever else is asked, that many requests have an answer, and one more has none.
    fn waits(&mut self, answers: usize) {
        for _ in 0..10 {
            // Of the same thread: a search that is held must not hold it.
            assert!(self.server.call("workspace/symbol", json!({ "query": "" })).is_array());
        }
        self.server.settle();
        assert!(!self.server.has_answer(self.id), "an answer without news");
        assert_eq!(self.asked, answers + 1);
    }

    fn watched(&mut self, name: &str) {
        let uri = uri(&self.folder, name);
        let changes = json!({ "changes": [{ "uri": uri, "type": 2 }] });
        self.server.notify("workspace/didChangeWatchedFiles", changes);
    }
}

impl Drop for Poller {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

#[test]
fn an_answer_for_each_change() {
    let unknown = "(call x (\"s\" \"f\") [])";
    let mut poller = Poller::new("polling", &[("a.air", unknown), ("b.air", unknown)]);
    assert_eq!(poller.told("a.air"), "V001");
    poller.waits(1);

    // An edit.
    let a = uri(&poller.folder, "a.air");
    poller.server.open(&a, unknown);
    assert_eq!(poller.told("a.air"), "unchanged", "it is as it is on disk");
    poller.waits(2);
    poller.server.change(&a, 2, json!([{ "text": "(null)" }]));
    assert_eq!(poller.told("a.air"), "");
    poller.waits(3);

    // A run, and what it found.
    let run = json!({ "command": "air.run", "arguments": [{ "uri": a }] });
    poller.server.change(&a, 3, json!([{ "text": "(fail 7 \"seven\")" }]));
    poller.server.call("workspace/executeCommand", run);
    while !poller.told("a.air").contains('-') && poller.asked < 9 {}
    let answers = poller.asked - 1;
    poller.waits(answers);

    // Settings.
    let settings = json!({ "settings": { "air": { "levels": { "V001": "allow" } } } });
    poller.server.notify("workspace/didChangeConfiguration", settings);
    assert_eq!(poller.told("b.air"), "unchanged", "an error stays one");
    poller.waits(answers + 1);

    // Files.
    std::fs::write(poller.folder.join("b.air"), "(null)").unwrap();
    poller.watched("b.air");
    assert_eq!(poller.told("b.air"), "");
    poller.waits(answers + 2);

    poller.server.notify("textDocument/didClose", json!({ "textDocument": { "uri": a } }));
    assert_eq!(poller.told("a.air"), "V001", "as it is on disk");
    poller.waits(answers + 3);

    // Whoever gives up waiting has an answer, too.
    poller.server.notify("$/cancelRequest", json!({ "id": poller.id }));
    assert_eq!(poller.server.answer(poller.id).unwrap_err()["code"], -32800);
    // One that asks twice has the first answer at once.
    poller.ask();
    let first = poller.id;
    poller.ask();
    assert!(poller.server.answer(first).is_ok());
    poller.server.call("shutdown", Value::Null);
    let last = poller.server.answer(poller.id).unwrap();
    assert!(last["items"].as_array().unwrap().iter().all(|item| item["kind"] == "unchanged"), "{last}");
    poller.server.notify("exit", Value::Null);
    assert_eq!(poller.server.wait_for_end().code(), Some(0));
}

#[test]
fn nothing_to_say_is_said_once() {
    let mut poller = Poller::new("polling-clean", &[("a.air", "(null)")]);
    assert_eq!(poller.told("a.air"), "nothing");
    poller.waits(1);
    let b = uri(&poller.folder, "b.air");
    poller.server.open(&b, "(null)");
    assert_eq!(poller.told("b.air"), "nothing");
    poller.waits(2);
    poller.server.close_input();
    assert_eq!(poller.server.answer(poller.id).unwrap(), json!({ "items": [] }));
    poller.server.wait_for_end();
}

/// A client that does not tell which files have changed must ask for it.
#[test]
fn without_watched_files_every_answer_comes_at_once() {
    let folder = std::env::temp_dir();
    let mut server = Server::start();
    let capabilities = json!({ "textDocument": { "diagnostic": {} } });
    let nowhere = uri(&folder, "air-no-such-folder");
    server.initialize(json!({ "processId": null, "capabilities": capabilities, "rootUri": nowhere }));
    server.notify("initialized", json!({}));
    for _ in 0..3 {
        assert_eq!(
            server.call("workspace/diagnostic", json!({ "previousResultIds": [] }))["items"],
            json!([])
        );
    }
}
