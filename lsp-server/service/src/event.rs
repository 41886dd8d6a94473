//! Everything that can happen.

use std::borrow::Cow;

use serde_json::Value;

use crate::json::Json;
use crate::json_rpc::{self, Id};
use crate::lsp::{self, Url};
use crate::outbox::Reply;

/// Everything that the host hands to the service. A closed list.
#[derive(Debug)]
pub enum Event {
    /// The client asks.
    Request {
        /// Names the request in its answer and in a cancellation.
        id: Id,
        /// Name in the protocol.
        method: Cow<'static, str>,
        /// `null` where the message has none.
        params: Value,
        /// Where the answer goes: [`crate::Outbox::reply`].
        reply: Reply,
    },
    /// A message of the client could not be read.
    Malformed {
        /// JSON-RPC's code: parse error or invalid request.
        code: i64,
        /// What is wrong with it.
        message: String,
        /// Of the id `null`.
        reply: Reply,
    },
    /// The client notifies.
    Notification {
        /// Name in the protocol.
        method: Cow<'static, str>,
        /// `null` where the message has none.
        params: Value,
    },
    /// The client answers a request of the service.
    Answer {
        /// Of the request.
        id: i64,
        /// Its result or error.
        answer: json_rpc::Result<Value>,
    },
    /// A job is done.
    Job(JobResult),
    /// Nothing more can be read.
    InputEnded,
    /// Nothing more can be written.
    OutputFailed,
    /// The process that started the server has ended.
    ParentGone,
}

/// The result of a job; made by the service's own jobs only.
#[derive(Debug)]
pub struct JobResult(pub(crate) Finished);

/// Results of jobs. The outer error of each is the text of a panic.
#[derive(Debug)]
pub(crate) enum Finished {
    /// A request has its result.
    Request { id: Id, serial: u64, result: Result<lsp::Result<Json>, String> },
    /// A run has ended; `used_up`: only because it had to let others in.
    Run { id: Id, serial: u64, used_up: bool, result: Result<lsp::Result<Json>, String> },
    /// A document has its diagnostics, an array.
    Diagnostics { uri: Url, version: i32, serial: u64, result: Result<Json, String> },
}

impl Event {
    /// For lines of a log.
    pub fn name(&self) -> Cow<'static, str> {
        match self {
            Event::Request { method, .. } | Event::Notification { method, .. } => method.clone(),
            Event::Malformed { .. } => "a malformed message".into(),
            Event::Answer { .. } => "a client's answer".into(),
            Event::Job(JobResult(Finished::Request { .. } | Finished::Run { .. })) => "a result".into(),
            Event::Job(JobResult(Finished::Diagnostics { .. })) => "diagnostics".into(),
            Event::InputEnded => "end of input".into(),
            Event::OutputFailed => "end of output".into(),
            Event::ParentGone => "end of the parent".into(),
        }
    }
}
