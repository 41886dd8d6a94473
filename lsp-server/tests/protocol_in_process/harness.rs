//! The same client as `protocol/harness.rs`, for the service in this very process: no pipes, no threads, no sandbox.
//!
//! What the test sends is taken at once; jobs are done only while the test waits for a message. So whatever is sent in
//! one breath is on its way together, as it is with a slow host.

use std::collections::VecDeque;
use std::process::ExitStatus;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use air_lsp::host::NativeFiles;
use air_service::Service;
use air_service::event::Event;
use air_service::host::memory::{DirectRunner, JobQueue};
use air_service::host::{Host, Level, Log, Stop};
use serde_json::Value;

/// As in the other harness.
pub(crate) const LIMIT: Duration = Duration::from_secs(30);

/// Whether the server is a process of its own. Tests of what only a process has say so and end.
pub(crate) const PROCESS: bool = false;

/// A service and its client.
pub(crate) struct Server {
    service: Service,
    jobs: Arc<JobQueue>,
    /// Said by the service, but not yet asked for.
    pub(crate) waiting: VecDeque<Value>,
    lines: Arc<Lines>,
    /// Bytes of a message that has not come whole.
    partial: Vec<u8>,
    pub(crate) last_id: i64,
    ended: bool,
    pub(crate) panics_expected: bool,
}

/// What the service tells people.
#[derive(Debug)]
struct Lines {
    written: Mutex<String>,
    debug: bool,
}

impl Log for Lines {
    fn line(&self, level: Level, message: &str) {
        let name = match level {
            Level::Error => "error",
            Level::Warning => "warn",
            Level::Info | Level::Debug if !self.debug => return,
            Level::Info => "info",
            Level::Debug => "debug",
        };
        self.written.lock().unwrap().push_str(&format!("{name}: {message}\n"));
    }
}

/// Waits until it is stopped, which nobody can do here meanwhile: answers at once.
fn no_wait(milliseconds: u64, _: &Stop) -> u64 {
    milliseconds
}

impl Server {
    pub(crate) fn start() -> Server {
        Server::start_saying(&[], "warn")
    }

    pub(crate) fn start_saying(arguments: &[&str], level: &str) -> Server {
        assert!(arguments.is_empty(), "arguments are a program's: {arguments:?}");
        let jobs = Arc::<JobQueue>::default();
        let lines = Arc::new(Lines { written: Mutex::default(), debug: level == "debug" });
        let service = Service::new(Host {
            files: Arc::new(NativeFiles),
            jobs: Arc::clone(&jobs) as _,
            runner: Arc::new(DirectRunner),
            log: Arc::clone(&lines) as _,
            test_sleep: Some(no_wait),
        });
        Server {
            service,
            jobs,
            waiting: VecDeque::new(),
            lines,
            partial: Vec::new(),
            last_id: 0,
            ended: false,
            panics_expected: false,
        }
    }

    /// Takes bytes; whole messages among them go to the service.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.partial.extend_from_slice(bytes);
        while let Some(end) = self.partial.windows(4).position(|part| part == b"\r\n\r\n") {
            let header = String::from_utf8_lossy(&self.partial[..end]).into_owned();
            let length: usize = header.trim_start_matches("Content-Length:").trim().parse().unwrap();
            if self.partial.len() < end + 4 + length {
                return;
            }
            let rest = self.partial.split_off(end + 4 + length);
            let message = std::mem::replace(&mut self.partial, rest);
            self.receive(&String::from_utf8_lossy(&message[end + 4..]));
        }
    }

    pub(crate) fn send(&mut self, message: &Value) {
        self.receive(&message.to_string());
    }

    fn receive(&mut self, text: &str) {
        if self.service.exit_code().is_none() {
            self.service.receive(text);
        }
    }

    fn errors(&self) -> String {
        self.lines.written.lock().unwrap().clone()
    }

    pub(crate) fn writes(&mut self, part: &str) {
        while !self.errors().contains(part) {
            assert!(self.step(), "no {part:?} in {:?}", self.errors());
        }
    }

    #[allow(dead_code, reason = "lifecycle is about processes")]
    pub(crate) fn close_input(&mut self) {
        self.service.handle(Event::InputEnded);
    }

    /// This very process.
    pub(crate) fn id(&self) -> u32 {
        std::process::id()
    }

    pub(crate) fn wait_for_end(&mut self) -> ExitStatus {
        use std::os::unix::process::ExitStatusExt;
        self.ended = true;
        while self.service.exit_code().is_none() {
            assert!(self.step(), "the service did not end");
        }
        let code = self.service.end();
        self.take_messages();
        ExitStatus::from_raw(i32::from(code) << 8)
    }

    fn finish(&mut self) {
        self.call("shutdown", Value::Null);
        self.notify("exit", Value::Null);
        assert_eq!(self.wait_for_end().code(), Some(0), "after shutdown and exit");
        // A test that pulls diagnostics and lenses when it wants them need not be asked to.
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
        let until = Instant::now() + LIMIT;
        loop {
            self.take_messages();
            if let Some(at) = self.waiting.iter().position(&fits) {
                return self.waiting.remove(at).unwrap();
            }
            assert!(
                self.step() && Instant::now() < until,
                "no {what}; the service logged: {}; waiting: {:?}",
                self.errors(),
                self.waiting
            );
        }
    }

    /// Does one thing: background work that edits made necessary, or a job. False if nothing is left to do.
    fn step(&mut self) -> bool {
        self.service.idle();
        let mut told = None;
        let stepped = self.jobs.step(|event| told = Some(event));
        if let Some(event) = told {
            self.service.handle(event);
        }
        self.take_messages();
        stepped
    }

    /// Does all that is to be done.
    pub(crate) fn settle(&mut self) {
        while self.step() {}
    }

    /// Takes what has been said.
    pub(crate) fn take_messages(&mut self) {
        while let Some(message) = self.service.outbox().pop() {
            let message: Value = serde_json::from_str(&message.into_text()).expect("JSON");
            assert_eq!(message["jsonrpc"], "2.0");
            self.waiting.push_back(message);
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if !std::thread::panicking() && !self.ended {
            self.finish();
        }
    }
}
