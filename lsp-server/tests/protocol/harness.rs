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

use serde_json::Value;

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
    pub(crate) waiting: VecDeque<Value>,
    errors: Arc<Mutex<String>>,
    pub(crate) last_id: i64,
    ended: bool,
    pub(crate) panics_expected: bool,
}

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
        // A test that pulls diagnostics when it wants them need not be asked to, and on a slow machine any run takes long
        // enough to be shown.
        self.waiting.retain(|message| {
            !["workspace/diagnostic/refresh", "workspace/codeLens/refresh"]
                .iter()
                .any(|it| message["method"] == *it)
        });
        assert!(self.waiting.is_empty(), "messages nobody looked at: {:#?}", self.waiting);
        assert!(self.panics_expected || !self.errors().contains("panic"), "{}", self.errors());
    }

    /// The next message that fits; others wait.
    pub(crate) fn wait(&mut self, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
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

    /// Takes what has come.
    pub(crate) fn take_messages(&mut self) {
        self.waiting.extend(self.messages.try_iter());
    }

    /// The same: how much there is still to come, a client does not know.
    pub(crate) fn settle(&mut self) {
        self.take_messages();
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
