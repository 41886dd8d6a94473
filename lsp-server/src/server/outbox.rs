//! What the server says unasked: notifications and requests to the client, in order.
//!
//! The queue never blocks whoever fills it. A client that stops reading costs at most one
//! `publishDiagnostics` per document and [`LOG_LIMIT`] log lines.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use futures_core::Stream;
use serde::Serialize;
use serde_json::Value;
use tower_lsp::jsonrpc::{Id, Request};

use super::lsp::{MessageType, PublishDiagnosticsParams, Url};

/// Log lines that may wait for the client; further ones only go to standard error.
const LOG_LIMIT: usize = 256;

/// Sending half and, as a [`Stream`], the receiving half.
#[derive(Debug, Clone, Default)]
pub(super) struct Outbox(Arc<Mutex<Queue>>);

#[derive(Debug, Default)]
struct Queue {
    waiting: VecDeque<Outgoing>,
    waker: Option<Waker>,
    closed: bool,
}

#[derive(Debug)]
struct Outgoing {
    what: What,
    request: Request,
}

#[derive(Debug, PartialEq)]
enum What {
    Diagnostics(Url),
    Log,
    Other,
}

impl Outbox {
    /// Sends a notification.
    pub(super) fn notify(&self, method: &'static str, params: impl Serialize) {
        self.push(What::Other, Request::build(method).params(to_value(params)).finish());
    }

    /// Sends a request; its answer comes to the owner.
    pub(super) fn request(&self, id: i64, method: &'static str, params: impl Serialize) {
        self.push(What::Other, Request::build(method).params(to_value(params)).id(Id::Number(id)).finish());
    }

    /// Publishes diagnostics; what still waits for the same document is replaced.
    pub(super) fn publish(&self, params: PublishDiagnosticsParams) {
        let what = What::Diagnostics(params.uri.clone());
        self.push(what, Request::build("textDocument/publishDiagnostics").params(to_value(params)).finish());
    }

    /// Shows a line in the client's log.
    pub(super) fn log(&self, kind: MessageType, message: &str) {
        let params = serde_json::json!({ "type": kind, "message": message });
        self.push(What::Log, Request::build("window/logMessage").params(params).finish());
    }

    /// Nothing more will come.
    pub(super) fn close(&self) {
        let mut queue = self.lock();
        queue.closed = true;
        if let Some(waker) = queue.waker.take() {
            waker.wake();
        }
    }

    fn push(&self, what: What, request: Request) {
        let mut queue = self.lock();
        match what {
            What::Diagnostics(_) => queue.waiting.retain(|waiting| waiting.what != what),
            What::Log if queue.waiting.len() >= LOG_LIMIT => return,
            _ => {}
        }
        queue.waiting.push_back(Outgoing { what, request });
        if let Some(waker) = queue.waker.take() {
            waker.wake();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Stream for Outbox {
    type Item = Request;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Request>> {
        let mut queue = self.lock();
        match queue.waiting.pop_front() {
            Some(outgoing) => Poll::Ready(Some(outgoing.request)),
            None if queue.closed => Poll::Ready(None),
            None => {
                queue.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

fn to_value(params: impl Serialize) -> Value {
    // Only maps with keys that are no strings fail; LSP has none.
    serde_json::to_value(params).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drain(outbox: &Outbox) -> Vec<String> {
        let mut queue = outbox.lock();
        queue.waiting.drain(..).map(|outgoing| outgoing.request.to_string()).collect()
    }

    #[test]
    fn a_newer_publication_replaces_the_waiting_one() {
        let outbox = Outbox::default();
        let a: Url = "file:///a.air".parse().unwrap();
        let b: Url = "file:///b.air".parse().unwrap();
        for (uri, version) in [(&a, 1), (&b, 1), (&a, 2)] {
            outbox.publish(PublishDiagnosticsParams::new(uri.clone(), Vec::new(), Some(version)));
        }
        let sent = drain(&outbox);
        assert_eq!(sent.len(), 2);
        assert!(sent[0].contains("b.air") && sent[1].contains("\"version\":2"));
    }

    #[test]
    fn logs_are_bounded() {
        let outbox = Outbox::default();
        for _ in 0..10_000 {
            outbox.log(MessageType::INFO, "line");
        }
        assert_eq!(drain(&outbox).len(), LOG_LIMIT);
    }
}
