//! What a run shows in each editor, by the capabilities that it really announces (`../clients`, each with its source).
//!
//! The client here does what an editor with these capabilities does and nothing else: it asks for diagnostics, hints
//! and lenses when it opens a script, after an edit, and when it is asked to and has said that it can be.

use air_service::host::memory::MemoryHost;
use serde_json::{Value, json};

use super::Session;

const URI: &str = "file:///w/script.air";
const SCRIPT: &str = "(seq\n (ap 1 x)\n (seq\n  (fail 1 \"no\")\n  (ap x y)))";

/// An editor with one script, and what it shows.
struct Editor {
    name: String,
    capabilities: Value,
    session: Session,
    /// Whether the server has said that diagnostics can be pulled.
    pulls: bool,
    /// Whether it then says so of a workspace, too.
    pulls_workspace: bool,
    published: Vec<Value>,
    pulled: Vec<Value>,
    hints: Vec<Value>,
    lenses: Vec<Value>,
    messages: Vec<String>,
}

impl Editor {
    fn open((name, client, capabilities): (String, String, Value)) -> Editor {
        let mut session = Session::of(MemoryHost::default(), &client, capabilities.clone());
        let provides = &session.initialized["capabilities"]["diagnosticProvider"];
        let pulls = provides.is_object() && capabilities["textDocument"]["diagnostic"].is_object();
        let pulls_workspace = provides["workspaceDiagnostics"] == true;
        session.open(URI, SCRIPT);
        let mut editor = Editor {
            name,
            capabilities,
            session,
            pulls,
            pulls_workspace,
            published: Vec::new(),
            pulled: Vec::new(),
            hints: Vec::new(),
            lenses: Vec::new(),
            messages: Vec::new(),
        };
        editor.look();
        editor
    }

    fn can_refresh(&self, what: &str) -> bool {
        self.capabilities["workspace"][what]["refreshSupport"] == true
    }

    /// Asks for all that it shows.
    fn look(&mut self) {
        self.pull();
        self.ask_hints();
        self.ask_lenses();
        self.listen();
    }

    fn pull(&mut self) {
        if self.pulls {
            let report = self.session.call("textDocument/diagnostic", here()).unwrap();
            self.pulled = report["items"].as_array().unwrap().clone();
        }
    }

    fn ask_hints(&mut self) {
        if self.capabilities["textDocument"]["inlayHint"].is_object() {
            let mut params = here();
            params["range"] =
                json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
            let hints = self.session.call("textDocument/inlayHint", params).unwrap();
            self.hints = hints.as_array().cloned().unwrap_or_default();
        }
    }

    fn ask_lenses(&mut self) {
        if self.capabilities["textDocument"]["codeLens"].is_object() || self.can_refresh("codeLens") {
            let lenses = self.session.call("textDocument/codeLens", here()).unwrap();
            self.lenses = lenses.as_array().cloned().unwrap_or_default();
        }
    }

    /// Takes what the server says by itself.
    fn listen(&mut self) {
        while let Some(message) = self.session.received.pop_front() {
            let method = message["method"].as_str().unwrap_or_default().to_owned();
            let answer = match &*method {
                "workspace/configuration" => json!([null]),
                _ => Value::Null,
            };
            if let Some(id) = message.get("id") {
                self.session.send(json!({ "jsonrpc": "2.0", "id": id, "result": answer }));
            }
            let asked = |can: bool| assert!(can, "{}: {method} was never offered", self.name);
            match &*method {
                "textDocument/publishDiagnostics" => {
                    self.published = message["params"]["diagnostics"].as_array().unwrap().clone();
                }
                "window/showMessage" => {
                    self.messages.push(message["params"]["message"].as_str().unwrap().to_owned());
                }
                "workspace/diagnostic/refresh" => {
                    // Without the `s` in clients that are built on older libraries.
                    asked(self.can_refresh("diagnostics") || self.can_refresh("diagnostic"));
                    // What it does with those of a workspace changes nothing in an open buffer.
                    if !(self.name == "neovim-0.12" && self.pulls_workspace) {
                        self.pull();
                    }
                }
                "workspace/inlayHint/refresh" => {
                    asked(self.can_refresh("inlayHint"));
                    self.ask_hints();
                }
                "workspace/codeLens/refresh" => {
                    asked(self.can_refresh("codeLens"));
                    self.ask_lenses();
                }
                _ => {}
            }
        }
    }

    fn run_all(&mut self) {
        self.session.call("workspace/executeCommand", json!({ "command": "air.runAll" })).unwrap();
        self.listen();
    }

    fn edit(&mut self) {
        let document = json!({ "uri": URI, "version": 2 });
        let changes = json!([{ "text": format!("{SCRIPT}\n") }]);
        let params = json!({ "textDocument": document, "contentChanges": changes });
        self.session.notify("textDocument/didChange", params);
        self.look();
    }

    /// What is on the screen of the last run: the messages of diagnostics, and of hints the labels.
    fn shown(&self) -> Vec<String> {
        let found = self.published.iter().chain(&self.pulled).filter(|found| found["source"] == "air run");
        let mut shown: Vec<_> = found.map(|found| found["message"].as_str().unwrap().to_owned()).collect();
        for hint in &self.hints {
            let label = match &hint["label"] {
                Value::Array(parts) => parts[0]["value"].as_str(),
                label => label.as_str(),
            };
            shown.extend(label.filter(|label| label.starts_with("= ")).map(str::to_owned));
        }
        shown
    }

    /// Where the outcome is to be read.
    fn outcome(&self) -> Vec<&str> {
        let titles = self.lenses.iter().filter_map(|lens| lens["command"]["title"].as_str());
        let told = self.messages.iter().map(String::as_str);
        titles.chain(told).filter(|text| text.contains("failed, ")).collect()
    }
}

fn here() -> Value {
    json!({ "textDocument": { "uri": URI } })
}

/// Names of the file and of the client, and capabilities.
fn clients() -> Vec<(String, String, Value)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let read = |file: std::path::PathBuf| {
        let client: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        assert!(client["source"].is_string(), "{}: where is it from?", file.display());
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        (name, client["name"].as_str().unwrap().to_owned(), client["capabilities"].clone())
    };
    let mut clients: Vec<_> = files.map(read).collect();
    clients.sort_by(|one, other| one.0.cmp(&other.0));
    clients
}

#[test]
fn errors_reasons_and_values_of_a_run_reach_it() {
    let clients = clients();
    assert!(clients.len() > 15, "{}", clients.len());
    for client in clients {
        let mut editor = Editor::open(client);
        let name = editor.name.clone();
        assert_eq!(editor.shown(), [""; 0], "{name}, before");
        editor.run_all();
        let shown = editor.shown();
        let once = |text: &str| {
            let times = shown.iter().filter(|shown| shown.contains(text)).count();
            assert_eq!(times, 1, "{name}: {text:?} in {shown:#?}");
        };
        once("fails with 1: no");
        once("not executed: after error 10006 at line 4");
        // A label after the name, or with the name at the end of the line.
        once("= 1");
        assert_eq!(editor.outcome().len(), 1, "{name}: {:?} {:?}", editor.lenses, editor.messages);
        editor.edit();
        assert_eq!(editor.shown(), [""; 0], "{name}, after an edit");
    }
}

/// An editor is not told twice: one that pulls is sent nothing, one that is sent something has nothing to pull.
#[test]
fn each_has_one_way_for_diagnostics() {
    for client in clients() {
        let mut editor = Editor::open(client);
        editor.run_all();
        assert_ne!(editor.published.is_empty(), editor.pulled.is_empty(), "{}", editor.name);
    }
}
