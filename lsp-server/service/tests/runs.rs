//! What a client sees of runs that take their time, with a clock that scripts set themselves.

// Tests fail loudly; the rules for libraries are for libraries.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::VecDeque;
use std::sync::Arc;

use air_service::Service;
use air_service::host::memory::{DirectRunner, MemoryHost};
use air_service::host::{RunError, RunLimits, Runner, Stop};
use serde_json::{Value, json};

/// `; takes 1000` takes a second, without anybody waiting for it.
#[derive(Debug)]
struct TimedRunner;

impl Runner for TimedRunner {
    fn run(&self, request: &[u8], limits: &RunLimits, stop: &Stop) -> Result<Vec<u8>, RunError> {
        let request: Value = serde_json::from_slice(request).unwrap();
        let text = request["text"].as_str().unwrap();
        let takes = text.split("; takes ").nth(1).and_then(|rest| rest.trim().parse().ok());
        match takes {
            Some(time) if limits.time.as_millis() < time => Err(RunError::Time { limit: limits.time }),
            _ => DirectRunner.run(&serde_json::to_vec(&request).unwrap(), limits, stop),
        }
    }

    fn explore(&self, request: &[u8], limits: &RunLimits, stop: &Stop) -> Result<Vec<u8>, RunError> {
        DirectRunner.explore(request, limits, stop)
    }
}

struct Session {
    memory: MemoryHost,
    service: Service,
    received: VecDeque<Value>,
    last_id: i64,
}

impl Session {
    fn new() -> Session {
        let memory = MemoryHost::default();
        let mut host = memory.host();
        host.runner = Arc::new(TimedRunner);
        let mut session =
            Session { memory, service: Service::new(host), received: VecDeque::new(), last_id: 0 };
        let capabilities = json!({
            "textDocument": { "diagnostic": {} },
            "workspace": {
                "codeLens": { "refreshSupport": true },
                "inlayHint": { "refreshSupport": true },
                "diagnostics": { "refreshSupport": true },
            },
            "window": { "workDoneProgress": true },
        });
        session.call("initialize", json!({ "capabilities": capabilities })).unwrap();
        session.notify("initialized", json!({}));
        session
    }

    fn send(&mut self, message: Value) {
        self.service.receive(&message.to_string());
        self.listen();
    }

    fn listen(&mut self) {
        while let Some(message) = self.service.outbox().pop() {
            let message: Value = serde_json::from_str(&message.into_text()).unwrap();
            // What is wrong with the scripts is not looked at here.
            if message["method"] != "workspace/diagnostic/refresh" {
                self.received.push_back(message);
            }
        }
    }

    /// Does one job; those of other requests come before runs.
    fn step(&mut self) -> bool {
        self.service.idle();
        let mut told = None;
        let stepped = self.memory.jobs.step(|event| told = Some(event));
        if let Some(event) = told {
            self.service.handle(event);
        }
        self.listen();
        stepped
    }

    fn notify(&mut self, method: &str, params: Value) {
        self.send(json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    fn request(&mut self, method: &str, params: Value) -> i64 {
        self.last_id += 1;
        self.send(json!({ "jsonrpc": "2.0", "id": self.last_id, "method": method, "params": params }));
        self.last_id
    }

    fn answered(&self, id: i64) -> bool {
        self.received.iter().any(|message| message["id"] == id && message.get("method").is_none())
    }

    /// The answer to a request; not by doing runs that came after others.
    fn answer(&mut self, id: i64) -> Result<Value, Value> {
        while !self.answered(id) {
            assert!(self.step(), "no answer: {:?}", self.received);
        }
        let answer = self.take(|message| message["id"] == id && message.get("method").is_none());
        answer.get("error").cloned().map_or(Ok(answer["result"].clone()), Err)
    }

    fn call(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        let id = self.request(method, params);
        self.answer(id)
    }

    fn take(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        let at = self.received.iter().position(wanted);
        self.received.remove(at.unwrap_or_else(|| panic!("not said: {:?}", self.received))).unwrap()
    }

    /// What the server asked, answered with `null`; its parameters.
    fn agree(&mut self, method: &str) -> Value {
        let asked = self.take(|message| message["method"] == method);
        self.send(json!({ "jsonrpc": "2.0", "id": asked["id"], "result": null }));
        asked["params"].clone()
    }

    /// What the progress says now.
    fn progress(&mut self) -> Value {
        self.take(|message| message["method"] == "$/progress")["params"]["value"].clone()
    }

    fn open(&mut self, uri: &str, text: &str) {
        let document = json!({ "uri": uri, "languageId": "air", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    fn run(&mut self, uri: &str) -> i64 {
        self.request("workspace/executeCommand", command("air.run", uri))
    }

    fn lenses(&mut self, uri: &str) -> Vec<String> {
        let lenses = self.call("textDocument/codeLens", json!({ "textDocument": { "uri": uri } })).unwrap();
        let titles = lenses.as_array().unwrap().iter().map(|lens| lens["command"]["title"].as_str().unwrap());
        titles.map(str::to_owned).collect()
    }

    fn hints(&mut self, uri: &str) -> usize {
        let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 9, "character": 0 } });
        let params = json!({ "textDocument": { "uri": uri }, "range": range });
        self.call("textDocument/inlayHint", params).unwrap().as_array().unwrap().len()
    }
}

fn command(name: &str, uri: &str) -> Value {
    json!({ "command": name, "arguments": [{ "uri": uri }] })
}

const A: &str = "file:///w/a.air";

#[test]
fn a_short_run_does_not_wait_for_long_ones() {
    let mut session = Session::new();
    let endless: Vec<i64> = (0..8)
        .map(|number| {
            let uri = format!("file:///w/endless{number}.air");
            session.open(&uri, "(null) ; takes 100000");
            session.run(&uri)
        })
        .collect();
    session.open(A, "(ap 1 x)");
    let short = session.run(A);
    session.answer(short).unwrap();
    assert!(!endless.iter().any(|id| session.answered(*id)), "the short one came first");
    for id in endless {
        let error = session.answer(id).unwrap_err();
        assert_eq!(error["data"]["code"], "sandbox-time");
        assert!(error["message"].as_str().unwrap().contains("longer than 5 s"), "{error}");
    }
}

#[test]
fn a_long_run_is_shown() {
    let mut session = Session::new();
    session.open(A, "(ap 1 x) ; takes 1000");
    let id = session.run(A);
    assert_eq!(session.lenses(A)[..2], ["running · Stop", "▶ Run"]);
    assert!(!session.received.iter().any(|it| it.get("method").is_some()), "it may be short");
    assert!(session.step());
    session.agree("workspace/codeLens/refresh");
    session.agree("window/workDoneProgress/create");
    let begun = json!({ "kind": "begin", "title": "Running a.air", "cancellable": true });
    assert_eq!(session.progress(), begun);
    assert_eq!(session.lenses(A)[..2], ["running · Stop", "▶ Run"]);
    session.answer(id).unwrap();
    assert_eq!(session.progress(), json!({ "kind": "end" }));
    session.agree("workspace/codeLens/refresh");
    session.agree("workspace/inlayHint/refresh");
    assert_eq!(session.lenses(A)[0], "▶ Run · completed, 1 of 1 instructions ran");
    assert_eq!(session.hints(A), 1);
    assert!(session.received.is_empty(), "{:?}", session.received);
}

#[test]
fn nothing_old_is_shown_while_a_run_is_under_way() {
    let mut session = Session::new();
    session.open(A, "(ap 1 x)");
    let id = session.run(A);
    session.answer(id).unwrap();
    assert_eq!(session.hints(A), 1);
    let again = session.run(A);
    assert_eq!(session.lenses(A), ["running · Stop", "▶ Run"]);
    assert_eq!(session.hints(A), 0);
    let stopped = session.call("workspace/executeCommand", command("air.stop", A)).unwrap();
    assert_eq!((stopped, session.answer(again).unwrap_err()["code"].clone()), (json!(1), json!(-32800)));
    assert_eq!((session.lenses(A), session.hints(A)), (vec!["▶ Run".to_owned()], 0));
}

#[test]
fn what_waits_says_so() {
    let mut session = Session::new();
    let uris: Vec<String> = (0..4).map(|number| format!("file:///w/{number}.air")).collect();
    let ids: Vec<i64> = uris
        .iter()
        .map(|uri| {
            session.open(uri, "(ap 1 x)");
            session.run(uri)
        })
        .collect();
    assert_eq!(session.lenses(&uris[1])[0], "running · Stop");
    assert_eq!(session.lenses(&uris[2])[0], "queued · Stop");
    // Of the third and the fourth.
    session.agree("window/workDoneProgress/create");
    assert_eq!(session.progress()["message"], "queued");
    let token = session.agree("window/workDoneProgress/create")["token"].clone();
    assert_eq!(session.progress()["title"], "Running 3.air");

    session.notify("window/workDoneProgress/cancel", json!({ "token": token }));
    assert_eq!(session.answer(ids[3]).unwrap_err()["code"], -32800);
    assert_eq!(session.progress(), json!({ "kind": "end" }));
    assert_eq!(session.lenses(&uris[3])[0], "▶ Run");
    session.answer(ids[0]).unwrap();
    assert_eq!(session.progress(), json!({ "kind": "report", "message": "running" }));
    session.answer(ids[2]).unwrap();
    assert_eq!(session.progress(), json!({ "kind": "end" }));
    assert_eq!(session.lenses(&uris[2])[0], "▶ Run · completed, 1 of 1 instructions ran");
}

/// A progress that the client agrees to when the run is over is none.
#[test]
fn a_client_that_agrees_late() {
    let mut session = Session::new();
    session.open(A, "(ap 1 x) ; takes 1000");
    let id = session.run(A);
    session.answer(id).unwrap();
    session.agree("window/workDoneProgress/create");
    assert!(!session.received.iter().any(|message| message["method"] == "$/progress"));
}

/// Each run has a progress of its own, and one only.
#[test]
fn a_newer_run_and_a_slow_client() {
    let mut session = Session::new();
    session.open(A, "(ap 1 x) ; takes 1000");
    let older = session.run(A);
    assert!(session.step());
    session.agree("window/workDoneProgress/create");
    assert_eq!(session.progress()["kind"], "begin");
    let newer = session.run(A);
    assert_eq!(session.answer(older).unwrap_err()["code"], -32800);
    assert_eq!(session.progress()["kind"], "end");
    session.answer(newer).unwrap();
    let created = |message: &&Value| message["method"] == "window/workDoneProgress/create";
    assert_eq!(session.received.iter().filter(created).count(), 1, "of the newer one");

    let mut session = Session::new();
    for number in 0..3 {
        let uri = format!("file:///w/{number}.air");
        session.open(&uri, "(ap 1 x) ; takes 1000");
        session.run(&uri);
    }
    while session.step() {}
    assert_eq!(session.received.iter().filter(created).count(), 3, "one for each");
}
