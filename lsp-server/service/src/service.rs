//! The service: all state, and every event in the order of its arrival.
//!
//! Edits are applied at once. Requests become jobs on the version that was current when they came; their results come
//! back as events, so that one place decides what is still worth answering. When the host has nothing else to hand in,
//! and only then ([`Service::idle`]), what edits made necessary is started: a burst of edits costs one analysis.
//! Nothing runs on a timer.

mod background;
mod clamp_positions;
mod config_errors;
mod documents;
mod held;
mod holdable;
mod lifecycle;
mod renames;
mod requests;
mod run_queue;
mod runs;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::Value;

use crate::client::Client;
use crate::config::Configs;
use crate::event::{Event, Finished, JobResult};
use crate::file_key::FileKey;
use crate::host::{Host, Lane, Level};
use crate::json_rpc::{Id, Incoming};
use crate::lsp::{self, MessageType, Url};
use crate::outbox::Outbox;
use crate::panic_guard::guard;
use crate::settings::Settings;
use crate::surrogates;
use crate::workspace::Workspace;
use background::Background;
use documents::OpenDocument;
use lifecycle::{PendingRequest, Phase};
use renames::Renames;
use requests::Flights;
use run_queue::RunQueue;

/// Scripts from this size on are looked at in a lane of their own.
const LARGE_SCRIPT_BYTES: usize = 512 << 10;

/// The language server without input and output.
#[derive(Debug)]
pub struct Service {
    host: Host,
    phase: Phase,
    client: Arc<Client>,
    /// What the client set; files add to it.
    settings: Arc<Settings>,
    /// Configuration files seen so far.
    configs: Configs,
    /// Configuration files whose mistakes the client shows.
    broken_configs: BTreeSet<Url>,
    /// By their names as the client wrote them first.
    open: HashMap<Url, OpenDocument>,
    /// Those names, however they are written.
    names: HashMap<FileKey, Url>,
    /// How many documents were opened.
    opened: u64,
    /// How many texts there were: each document opened, each change.
    revisions: u64,
    /// Documents that get other names.
    renames: Renames,
    flights: Flights,
    runs: RunQueue,
    background: Background,
    /// What the service asked and has no answer to yet.
    pending: HashMap<i64, PendingRequest>,
    last_request: i64,
    outbox: Outbox,
    /// Scripts on disk.
    workspace: Arc<Workspace>,
    /// How much had changed when the last report on the workspace was made.
    reported: Option<u64>,
    /// Runs that no request waits for, counted.
    own_runs: u64,
    exit_code: Option<u8>,
    client_process: Option<ClientProcess>,
}

/// What `initialize` says of the process that started the server, which ends when that does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientProcess {
    /// Its id, if the client names it.
    pub id: Option<u32>,
}

impl Service {
    /// A service that waits for `initialize`.
    pub fn new(host: Host) -> Service {
        Service {
            phase: Phase::Uninitialized,
            client: Arc::default(),
            settings: Arc::default(),
            configs: Configs::search(Arc::clone(&host.files)),
            broken_configs: BTreeSet::new(),
            open: HashMap::new(),
            names: HashMap::new(),
            opened: 0,
            revisions: 0,
            renames: Renames::default(),
            flights: Flights::default(),
            runs: RunQueue::default(),
            background: Background::default(),
            pending: HashMap::new(),
            last_request: 0,
            outbox: Outbox::default(),
            workspace: Arc::default(),
            reported: None,
            own_runs: 0,
            exit_code: None,
            client_process: None,
            host,
        }
    }

    /// What is to be sent to the client. All copies are the same queue.
    pub fn outbox(&self) -> Outbox {
        self.outbox.clone()
    }

    /// Takes one event, inside of a panic boundary: a bug costs the message, not the session.
    pub fn handle(&mut self, event: Event) {
        let name = event.name();
        self.guarded(&name, |service| service.take_event(event));
    }

    /// Takes the text of one message of the client, for hosts that read messages as text.
    pub fn receive(&mut self, message: &str) {
        let whole = surrogates::replaced(message);
        self.handle(match Incoming::parse(whole.as_deref().unwrap_or(message)) {
            Ok(Incoming::Request { id, method, params }) => {
                Event::Request { id: id.clone(), method: method.into(), params, reply: self.outbox.reply(id) }
            }
            Ok(Incoming::Notification { method, params }) => {
                Event::Notification { method: method.into(), params }
            }
            Ok(Incoming::Answer { id: Id::Number(id), answer }) => Event::Answer { id, answer },
            Ok(Incoming::Answer { id, .. }) => {
                return self
                    .host
                    .log
                    .warn(&format!("the client answered request {id}, which the server did not send"));
            }
            Err(error) => {
                let reply = self.outbox.reply(Id::Null);
                Event::Malformed { code: error.code, message: error.message.into_owned(), reply }
            }
        });
    }

    /// Nothing else is to be done just now: starts what edits made necessary.
    pub fn idle(&mut self) {
        self.guarded("background work", Service::start_background);
    }

    /// The process's exit code, once the session has ended; nothing is to be handed in any more then.
    pub fn exit_code(&self) -> Option<u8> {
        self.exit_code
    }

    /// Says once, after `initialize`, which process is to be watched for its end ([`Event::ParentGone`]).
    pub fn take_client_process(&mut self) -> Option<ClientProcess> {
        self.client_process.take()
    }

    /// Ends the session, however far it is: requests that are left are answered as cancelled.
    pub fn end(&mut self) -> u8 {
        self.flights.abandon();
        self.outbox.close();
        *self.exit_code.get_or_insert(1)
    }

    fn guarded(&mut self, name: &str, step: impl FnOnce(&mut Service)) {
        if let Err(panic) = guard(|| step(self)) {
            self.say(MessageType::ERROR, &format!("{name} was not handled: {panic}"));
        }
    }

    fn take_event(&mut self, event: Event) {
        match event {
            Event::Request { id, method, params, reply } => self.request(id, &method, params, reply),
            Event::Malformed { code, message, reply } => {
                self.host.log.warn(&format!("from the client: {message}"));
                reply.send(Err(lsp::error(code, message)));
            }
            Event::Notification { method, params } => self.notification(&method, params),
            Event::Answer { id, answer } => self.answer(id, answer),
            Event::Job(JobResult(Finished::Request { id, serial, result })) => self.done(&id, serial, result),
            Event::Job(JobResult(Finished::Run { id, serial, used_up, result })) => {
                self.run_ended(&id, serial, used_up, result)
            }
            Event::Job(JobResult(Finished::Diagnostics { uri, version, serial, result })) => {
                self.diagnosed(&uri, version, serial, result)
            }
            Event::InputEnded => self.input_ended(),
            Event::OutputFailed | Event::ParentGone => self.exit(),
        }
        self.start_runs();
    }

    /// For what is about a script of that many bytes.
    fn lane_for(length: usize) -> Lane {
        if length >= LARGE_SCRIPT_BYTES { Lane::Large } else { Lane::Worker }
    }

    /// Takes a notification. None has an answer, so what is wrong with one is logged.
    fn notification(&mut self, method: &str, mut params: Value) {
        self.host.log.debug(method);
        if method == "exit" {
            return self.exit();
        }
        if self.phase != Phase::Running {
            return self.host.log.warn(&format!("{method} ignored: {}", self.phase.excuse()));
        }
        if matches!(method, "textDocument/didOpen" | "textDocument/didChange") {
            self.clamp_positions(&mut params);
        }
        match method {
            "initialized" => self.initialized(),
            "textDocument/didOpen" => self.take(method, params, Service::did_open),
            "textDocument/didChange" => self.take(method, params, Service::did_change),
            "textDocument/didClose" => self.take(method, params, Service::did_close),
            "textDocument/didSave" => self.take(method, params, Service::did_save),
            "$/setTrace" => {}
            "workspace/didChangeConfiguration" => {
                self.take(method, params, Service::did_change_configuration)
            }
            "workspace/didChangeWatchedFiles" => self.take(method, params, Service::did_change_watched_files),
            "workspace/didRenameFiles" => self.take(method, params, Service::did_rename_files),
            "workspace/didChangeWorkspaceFolders" => self.take(method, params, Service::did_change_folders),
            "window/workDoneProgress/cancel" => self.take(method, params, Service::cancel_progress),
            "$/cancelRequest" => self.take(method, params, Service::cancel),
            _ if method.starts_with("$/") => {}
            _ => self.host.log.info(&format!("unknown notification {method} ignored")),
        }
    }

    fn take<P: serde::de::DeserializeOwned>(
        &mut self,
        method: &str,
        params: Value,
        step: fn(&mut Service, P),
    ) {
        match serde_json::from_value(params) {
            Ok(params) => step(self, params),
            Err(error) => self.say(MessageType::WARNING, &format!("{method} ignored: {error}")),
        }
    }

    /// Logs, for the people at both ends.
    fn say(&self, kind: MessageType, message: &str) {
        let level = match kind {
            MessageType::ERROR => Level::Error,
            MessageType::WARNING => Level::Warning,
            MessageType::INFO => Level::Info,
            _ => Level::Debug,
        };
        self.host.log.line(level, message);
        if self.phase == Phase::Running {
            self.outbox.log(kind, message);
        }
    }
}
