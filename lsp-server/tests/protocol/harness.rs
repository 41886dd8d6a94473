//! A client for the real binary over real pipes.
//!
//! Everything has a time limit. A test that ends without having looked at every message the server
//! sent fails, and so does one whose server wrote about a panic that the test did not expect.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Far beyond what anything takes, so that only a hang meets it.
pub(crate) const LIMIT: Duration = Duration::from_secs(30);

/// Whether the server is a process of its own. Tests of what only a process has say so and end.
pub(crate) const PROCESS: bool = true;

/// A running server.
pub(crate) struct Server {
    child: Child,
    input: Option<ChildStdin>,
    messages: Receiver<Value>,
    /// Read, but not yet asked for.
    waiting: VecDeque<Value>,
    errors: Arc<Mutex<String>>,
    last_id: i64,
    ended: bool,
    panics_expected: bool,
}

/// An answer: result, or error object.
pub(crate) type Answer = Result<Value, Value>;

impl Server {
    /// A server that knows nothing yet.
    pub(crate) fn start() -> Server {
        Server::start_with(&[])
    }

    /// The same with arguments.
    pub(crate) fn start_with(arguments: &[&str]) -> Server {
        Server::start_saying(arguments, "warn")
    }

    /// The same with a level of what it tells on standard error.
    pub(crate) fn start_saying(arguments: &[&str], level: &str) -> Server {
        // Another build of it, for measuring.
        let program =
            std::env::var_os("AIR_LSP_PROGRAM").unwrap_or_else(|| env!("CARGO_BIN_EXE_air-lsp").into());
        let mut child = Command::new(program)
            .args(arguments)
            .env("AIR_LSP_TEST", "1")
            .env("AIR_CACHE_DIR", concat!(env!("CARGO_TARGET_TMPDIR"), "/air-cache"))
            .env("AIR_LOG", level)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, messages) = channel();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        thread::spawn(move || {
            while let Some(message) = read_message(&mut output) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        let errors = Arc::new(Mutex::new(String::new()));
        let sink = Arc::clone(&errors);
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        thread::spawn(move || {
            let mut line = String::new();
            while lines.read_line(&mut line).is_ok_and(|read| read > 0) {
                sink.lock().unwrap().push_str(&line);
                line.clear();
            }
        });
        let input = child.stdin.take();
        Server {
            child,
            input,
            messages,
            waiting: VecDeque::new(),
            errors,
            last_id: 0,
            ended: false,
            panics_expected: false,
        }
    }

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

    /// Writes bytes as they are.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().expect("input is open");
        input.write_all(bytes).unwrap();
        input.flush().unwrap();
    }

    /// Writes one message.
    pub(crate) fn send(&mut self, message: &Value) {
        let body = message.to_string();
        self.raw(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
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
        self.waiting.extend(self.messages.try_iter());
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
        self.waiting.extend(self.messages.try_iter());
        let (seen, rest) =
            self.waiting.drain(..).partition(|message| message.get("method") == Some(&json!(method)));
        self.waiting = rest;
        let seen: VecDeque<Value> = seen;
        seen.into_iter().map(|mut message| message["params"].take()).collect()
    }

    /// Drops messages that may have come.
    pub(crate) fn forget(&mut self, which: impl Fn(&Value) -> bool) {
        self.waiting.extend(self.messages.try_iter());
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

    /// What the server wrote to standard error so far.
    fn errors(&self) -> String {
        self.errors.lock().unwrap().clone()
    }

    /// Waits until the server has written that to standard error.
    pub(crate) fn writes(&self, part: &str) {
        let until = Instant::now() + LIMIT;
        while !self.errors().contains(part) {
            assert!(Instant::now() < until, "no {part:?} in {:?}", self.errors());
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// Closes the server's input.
    pub(crate) fn close_input(&mut self) {
        self.input = None;
    }

    /// The server's process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for the process to end by itself.
    pub(crate) fn wait_for_end(&mut self) -> ExitStatus {
        self.ended = true;
        let until = Instant::now() + LIMIT;
        while Instant::now() < until {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            thread::sleep(Duration::from_millis(2));
        }
        self.child.kill().unwrap();
        panic!("the server did not end; it wrote: {}", self.errors());
    }

    fn finish(&mut self) {
        self.call("shutdown", Value::Null);
        self.notify("exit", Value::Null);
        let status = self.wait_for_end();
        while let Some(message) = self.next(LIMIT) {
            self.waiting.push_back(message);
        }
        assert_eq!(status.code(), Some(0), "after shutdown and exit");
        assert!(self.waiting.is_empty(), "messages nobody looked at: {:#?}", self.waiting);
        assert!(self.panics_expected || !self.errors().contains("panic"), "{}", self.errors());
    }

    fn wait(&mut self, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.waiting.iter().position(&fits) {
            return self.waiting.remove(at).unwrap();
        }
        let until = Instant::now() + LIMIT;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.next(left) {
                Some(message) if fits(&message) => return message,
                Some(message) => self.waiting.push_back(message),
                None => panic!("no {what}; the server wrote: {}; waiting: {:?}", self.errors(), self.waiting),
            }
        }
    }

    fn next(&mut self, limit: Duration) -> Option<Value> {
        self.messages.recv_timeout(limit).ok()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if thread::panicking() || self.ended {
            // The test has failed or looked at the end itself.
            let _ = self.child.kill();
            let _ = self.child.wait();
        } else {
            self.finish();
        }
    }
}

pub(crate) fn read_message(output: &mut impl BufRead) -> Option<Value> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').unwrap_or_else(|| panic!("no header of LSP: {line:?}"));
        assert_eq!(name, "Content-Length", "only the protocol may be on standard output");
        length = value.trim().parse().ok();
    }
    let mut body = vec![0; length.expect("a length")];
    output.read_exact(&mut body).ok()?;
    let message: Value = serde_json::from_slice(&body).expect("JSON");
    assert_eq!(message["jsonrpc"], "2.0");
    Some(message)
}
