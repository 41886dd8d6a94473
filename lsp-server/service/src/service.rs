//! The owner: one thread that has all state and takes every message in the order of its arrival.
//!
//! Edits are applied here, at once. Requests run on worker threads, on the version that was current
//! when they came; their results come back here as events, so that one thread decides what is still
//! worth answering. When the queue is empty, and only then, what edits made necessary is
//! started: a burst of edits costs one analysis. Nothing runs on a timer.

mod background;
mod documents;
mod lifecycle;
mod requests;
mod runs;
mod tidy;

pub(super) use runs::COMMANDS;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, TryRecvError};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::sync::watch;

use super::boundary;
use super::client::Client;
use super::document::World;
use super::json::Json;
use super::log;
use super::lsp::{self, Id, MessageType, Url};
use super::outbox::{Outbox, Reply};
use super::pool::Pool;
use super::settings::Settings;
use super::workspace::Workspace;
use crate::config::Configs;
use background::Background;
use documents::OpenDocument;
use lifecycle::{Asked, Phase};
use requests::Flights;

/// A turn longer than this is a bug: it delays everybody.
const SLOW_TURN: Duration = Duration::from_millis(100);

/// Scripts from this size on are looked at by one thread alone.
const LARGE: usize = 512 << 10;

/// Everything that can happen. A closed list.
#[derive(Debug)]
pub(super) enum Event {
    /// The client asks.
    Request { id: Id, method: Cow<'static, str>, params: Value, reply: Reply },
    /// The client tells.
    Notification { method: Cow<'static, str>, params: Value },
    /// The client answers what the server asked.
    Answer { id: i64, answer: lsp::Result<Value> },
    /// A worker has the result of a request.
    Done { id: Id, serial: u64, result: Result<lsp::Result<Json>, String> },
    /// A worker has diagnostics to publish.
    Diagnosed { uri: Url, version: i32, serial: u64, result: Result<Vec<lsp::Diagnostic>, String> },
    /// Nothing more can be read.
    InputEnded,
    /// Nothing more can be written.
    OutputFailed,
    /// The process that started the server has ended.
    ParentGone,
}

/// All state of the server.
pub(super) struct Owner {
    phase: Phase,
    client: Arc<Client>,
    /// What the client set; files add to it.
    settings: Arc<Settings>,
    /// Configuration files seen so far.
    configs: Configs,
    world: Arc<World>,
    open: HashMap<Url, OpenDocument>,
    flights: Flights,
    background: Background,
    /// What the server asked and has no answer to yet.
    asked: HashMap<i64, Asked>,
    last_asked: i64,
    outbox: Outbox,
    workers: Pool,
    /// One thread for large scripts: of several, each would keep the memory that it once took.
    large: Pool,
    formatting: Pool,
    /// One thread for what looks at files.
    searching: Pool,
    /// Scripts on disk.
    workspace: Arc<Workspace>,
    runs: Pool,
    /// Whether the sandbox was told to get ready.
    prepared: bool,
    /// Runs that no request waits for, counted.
    unasked: u64,
    events: Sender<Event>,
    stop: watch::Sender<bool>,
    exit_code: Option<u8>,
    /// Process to watch if the client names none.
    parent: Option<u32>,
}

impl Owner {
    pub(super) fn new(
        events: Sender<Event>,
        outbox: Outbox,
        stop: watch::Sender<bool>,
        parent: Option<u32>,
    ) -> std::io::Result<Owner> {
        Ok(Owner {
            phase: Phase::Uninitialized,
            client: Arc::default(),
            settings: Arc::default(),
            configs: Configs::search(),
            world: Arc::default(),
            open: HashMap::new(),
            flights: Flights::default(),
            background: Background::default(),
            asked: HashMap::new(),
            last_asked: 0,
            outbox,
            workers: Pool::new("worker", Pool::width())?,
            large: Pool::new("large", 1)?,
            formatting: Pool::new("format", 1)?,
            searching: Pool::new("search", 1)?,
            workspace: Arc::default(),
            // A run that has been ended may take some milliseconds to notice.
            runs: Pool::new("runs", 2)?,
            prepared: false,
            unasked: 0,
            events,
            stop,
            exit_code: None,
            parent,
        })
    }

    /// Runs to the end of the session; the process's exit code.
    pub(super) fn run(mut self, events: &Receiver<Event>) -> u8 {
        loop {
            let event = match events.try_recv() {
                Ok(event) => event,
                Err(TryRecvError::Empty) => {
                    self.turn("background work", Owner::start_background);
                    match events.recv() {
                        Ok(event) => event,
                        Err(_) => break,
                    }
                }
                Err(TryRecvError::Disconnected) => break,
            };
            let name = event.name();
            self.turn(&name, |owner| owner.handle(event));
            if self.exit_code.is_some() {
                break;
            }
        }
        self.flights.abandon();
        self.outbox.close();
        let _ = self.stop.send(true);
        self.exit_code.unwrap_or(1)
    }

    /// One step, inside its own panic boundary: a bug costs the message, not the session.
    fn turn(&mut self, name: &str, step: impl FnOnce(&mut Owner)) {
        let begun = Instant::now();
        if let Err(panic) = boundary::guard(|| step(self)) {
            self.say(MessageType::ERROR, &format!("{name} was not handled: {panic}"));
        }
        let took = begun.elapsed();
        if took > SLOW_TURN {
            log::info(&format!("{name} held the server for {} ms", took.as_millis()));
        }
    }

    fn handle(&mut self, event: Event) {
        match event {
            Event::Request { id, method, params, reply } => self.request(id, &method, params, reply),
            Event::Notification { method, params } => self.notification(&method, params),
            Event::Answer { id, answer } => self.answer(id, answer),
            Event::Done { id, serial, result } => self.done(&id, serial, result),
            Event::Diagnosed { uri, version, serial, result } => {
                self.diagnosed(&uri, version, serial, result)
            }
            Event::InputEnded => self.input_ended(),
            Event::OutputFailed | Event::ParentGone => self.exit(),
        }
    }

    /// Threads for what is about a script of that many bytes.
    fn workers_for(&self, length: usize) -> &Pool {
        if length >= LARGE { &self.large } else { &self.workers }
    }

    /// Takes a notification. None has an answer, so what is wrong with one is logged.
    fn notification(&mut self, method: &str, mut params: Value) {
        log::debug(method);
        if method == "exit" {
            return self.exit();
        }
        if self.phase != Phase::Running {
            return log::warn(&format!("{method} ignored: {}", self.phase.excuse()));
        }
        if matches!(method, "textDocument/didOpen" | "textDocument/didChange") {
            self.tidy(&mut params);
        }
        match method {
            "initialized" => self.initialized(),
            "textDocument/didOpen" => self.take(method, params, Owner::did_open),
            "textDocument/didChange" => self.take(method, params, Owner::did_change),
            "textDocument/didClose" => self.take(method, params, Owner::did_close),
            "textDocument/didSave" => self.take(method, params, Owner::did_save),
            "$/setTrace" => {}
            "workspace/didChangeConfiguration" => self.take(method, params, Owner::did_change_configuration),
            "workspace/didChangeWatchedFiles" => self.take(method, params, Owner::did_change_watched_files),
            "workspace/didChangeWorkspaceFolders" => self.take(method, params, Owner::did_change_folders),
            "window/workDoneProgress/cancel" => self.take(method, params, Owner::cancel_progress),
            "$/cancelRequest" => self.take(method, params, Owner::cancel),
            _ if method.starts_with("$/") => {}
            _ => log::info(&format!("unknown notification {method} ignored")),
        }
    }

    fn take<P: serde::de::DeserializeOwned>(&mut self, method: &str, params: Value, step: fn(&mut Owner, P)) {
        match serde_json::from_value(params) {
            Ok(params) => step(self, params),
            Err(error) => self.say(MessageType::WARNING, &format!("{method} ignored: {error}")),
        }
    }

    /// Logs, for the people at both ends.
    fn say(&self, kind: MessageType, message: &str) {
        log::line(kind, message);
        if self.phase == Phase::Running {
            self.outbox.log(kind, message);
        }
    }
}

impl Event {
    fn name(&self) -> Cow<'static, str> {
        match self {
            Event::Request { method, .. } | Event::Notification { method, .. } => method.clone(),
            Event::Answer { .. } => "a client's answer".into(),
            Event::Done { .. } => "a result".into(),
            Event::Diagnosed { .. } => "diagnostics".into(),
            Event::InputEnded => "end of input".into(),
            Event::OutputFailed => "end of output".into(),
            Event::ParentGone => "end of the parent".into(),
        }
    }
}
