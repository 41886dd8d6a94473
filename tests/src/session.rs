//! A client of a language server over its pipes, made for measuring: when an answer has come is noted before
//! anything of it is read.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Far beyond what anything takes.
const LIMIT: Duration = Duration::from_secs(120);

/// A server and the session with it.
pub struct Session {
    child: Child,
    input: Option<ChildStdin>,
    messages: Receiver<(Instant, Vec<u8>)>,
    last_id: i64,
    /// When the process was started.
    pub spawned: Instant,
    /// What `initialize` gave.
    pub capabilities: Value,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// When its last byte had come.
    pub at: Instant,
    /// Its result, or the error object.
    pub result: Result<Value, Value>,
    /// Bytes of the message.
    pub length: usize,
}

impl Session {
    /// Starts a server and initializes it with a client of those capabilities.
    pub fn start(mut program: Command, capabilities: Value) -> Session {
        let spawned = Instant::now();
        let mut child = program.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (sender, messages) = channel();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        thread::spawn(move || {
            while let Some(message) = read(&mut output) {
                if sender.send((Instant::now(), message)).is_err() {
                    break;
                }
            }
        });
        let input = child.stdin.take();
        let mut session = Session { child, input, messages, last_id: 0, spawned, capabilities: Value::Null };
        let params = json!({ "processId": null, "rootUri": null, "capabilities": capabilities });
        let answer = session.call("initialize", params);
        session.capabilities = answer.result.unwrap()["capabilities"].take();
        session.notify("initialized", json!({}));
        session
    }

    /// Sends a notification.
    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request; its id.
    pub fn request(&mut self, method: &str, params: Value) -> i64 {
        self.last_id += 1;
        self.send(&json!({ "jsonrpc": "2.0", "id": self.last_id, "method": method, "params": params }));
        self.last_id
    }

    /// Sends a request and waits for its answer.
    pub fn call(&mut self, method: &str, params: Value) -> Answer {
        let id = self.request(method, params);
        self.answers(&[id]).pop().unwrap().1
    }

    /// The answers to these requests, in the order in which they come.
    pub fn answers(&mut self, ids: &[i64]) -> Vec<(i64, Answer)> {
        let mut found = Vec::new();
        while found.len() < ids.len() {
            let (at, bytes) = self.messages.recv_timeout(LIMIT).expect("an answer");
            let mut message: Value = serde_json::from_slice(&bytes).expect("a message");
            if message.get("method").is_some() {
                // What the server asks or tells; it asks for registrations and refreshes only.
                if let Some(id) = message.get("id") {
                    self.send(&json!({ "jsonrpc": "2.0", "id": id, "result": null }));
                }
                continue;
            }
            let Some(id) = message["id"].as_i64().filter(|id| ids.contains(id)) else { continue };
            let result = match message.get_mut("error") {
                Some(error) => Err(error.take()),
                None => Ok(message["result"].take()),
            };
            found.push((id, Answer { at, result, length: bytes.len() }));
        }
        found
    }

    /// Peak resident memory in MiB.
    pub fn peak(&self) -> f64 {
        status(self.child.id(), "VmHWM:")
    }

    /// Resident memory in MiB.
    pub fn resident(&self) -> f64 {
        status(self.child.id(), "VmRSS:")
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        let input = self.input.as_mut().unwrap();
        write!(input, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        input.flush().unwrap();
    }
}

/// A line of what the system knows of a process's memory, in MiB.
fn status(process: u32, key: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_default();
    let kilobytes = line.split_whitespace().next().and_then(|number| number.parse::<f64>().ok());
    kilobytes.unwrap_or(f64::NAN) / 1024.0
}

impl Drop for Session {
    fn drop(&mut self) {
        if !thread::panicking() {
            self.call("shutdown", Value::Null);
            self.notify("exit", Value::Null);
            self.input = None;
            let until = Instant::now() + Duration::from_secs(10);
            while Instant::now() < until {
                if self.child.try_wait().is_ok_and(|status| status.is_some()) {
                    return;
                }
                thread::sleep(Duration::from_millis(1));
            }
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(output: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end().split_once(':') {
            Some(("Content-Length", value)) => length = value.trim().parse().ok(),
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length?];
    output.read_exact(&mut body).ok()?;
    Some(body)
}
