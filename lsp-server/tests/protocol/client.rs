//! What a client says and hears, whatever the server is: a process of its own, or a service in this one.

use std::collections::VecDeque;

use serde_json::{Value, json};

use crate::harness::Server;

/// An answer: result, or error object.
pub(crate) type Answer = Result<Value, Value>;

impl Server {
    /// A server in a session with a client of those capabilities.
    pub(crate) fn session(capabilities: Value) -> Server {
        let mut server = Server::start();
        server.initialize(json!({ "processId": null, "rootUri": null, "capabilities": capabilities }));
        server.notify("initialized", json!({}));
        server
    }

    /// Sends `initialize`; its result.
    pub(crate) fn initialize(&mut self, params: Value) -> Value {
        self.call("initialize", params)
    }

    /// Sends a notification.
    pub(crate) fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request; its id.
    pub(crate) fn request(&mut self, method: &str, params: Value) -> i64 {
        self.last_id += 1;
        self.send(&json!({ "jsonrpc": "2.0", "id": self.last_id, "method": method, "params": params }));
        self.last_id
    }

    /// The answer to a request.
    pub(crate) fn answer(&mut self, id: i64) -> Answer {
        self.answer_to(json!(id))
    }

    /// Whether a request has been answered by now.
    pub(crate) fn has_answer(&mut self, id: i64) -> bool {
        self.take_messages();
        self.waiting.iter().any(|message| message.get("method").is_none() && message["id"] == id)
    }

    /// The answer to a request with any id.
    pub(crate) fn answer_to(&mut self, id: Value) -> Answer {
        let message = self.wait(&format!("answer to {id}"), |message| {
            message.get("method").is_none() && message.get("id") == Some(&id)
        });
        match message.get("error") {
            Some(error) => Err(error.clone()),
            None => Ok(message.get("result").expect("result or error").clone()),
        }
    }

    /// Sends a request and takes its result.
    pub(crate) fn call(&mut self, method: &str, params: Value) -> Value {
        let id = self.request(method, params);
        self.answer(id).unwrap_or_else(|error| panic!("{method} was refused: {error}"))
    }

    /// The same, where an error is expected: its code.
    pub(crate) fn refused(&mut self, method: &str, params: Value) -> i64 {
        let id = self.request(method, params);
        let error = self.answer(id).expect_err("an error");
        assert!(!error["message"].as_str().unwrap().is_empty());
        error["code"].as_i64().unwrap()
    }

    /// The parameters of the next notification of that method.
    pub(crate) fn notification(&mut self, method: &str) -> Value {
        let mut message = self.wait(method, |message| message.get("method") == Some(&json!(method)));
        message["params"].take()
    }

    /// The parameters of all notifications of that method that have come.
    pub(crate) fn seen(&mut self, method: &str) -> Vec<Value> {
        self.settle();
        let (seen, rest) =
            self.waiting.drain(..).partition(|message| message.get("method") == Some(&json!(method)));
        self.waiting = rest;
        let seen: VecDeque<Value> = seen;
        seen.into_iter().map(|mut message| message["params"].take()).collect()
    }

    /// Drops messages that may have come.
    pub(crate) fn forget(&mut self, which: impl Fn(&Value) -> bool) {
        self.settle();
        self.waiting.retain(|message| !which(message));
    }

    /// The next request of the server of that method: its id and parameters.
    pub(crate) fn asked(&mut self, method: &str) -> (Value, Value) {
        let message = self.wait(method, |message| message.get("method") == Some(&json!(method)));
        (message["id"].clone(), message["params"].clone())
    }

    /// Answers a request of the server.
    pub(crate) fn reply(&mut self, id: Value, result: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "result": result }));
    }

    /// Opens a document.
    pub(crate) fn open(&mut self, uri: &str, text: &str) {
        let document = json!({ "uri": uri, "languageId": "air", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Changes a document.
    pub(crate) fn change(&mut self, uri: &str, version: i64, changes: Value) {
        let document = json!({ "uri": uri, "version": version });
        self.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
    }

    /// What the server believes a document to be.
    pub(crate) fn document(&mut self, uri: &str) -> Value {
        self.call("air/document", json!({ "textDocument": { "uri": uri } }))
    }

    /// Panics of the server are part of the test.
    pub(crate) fn expect_panics(&mut self) {
        self.panics_expected = true;
    }

    /// The words of all inlay hints of a document of at most a hundred lines.
    pub(crate) fn hints(&mut self, uri: &str) -> Vec<String> {
        let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
        let params = json!({ "textDocument": { "uri": uri }, "range": range });
        let hints = self.call("textDocument/inlayHint", params);
        let words = hints.as_array().unwrap().iter().map(|hint| hint["label"][0]["value"].as_str().unwrap());
        words.map(str::to_owned).collect()
    }
}
