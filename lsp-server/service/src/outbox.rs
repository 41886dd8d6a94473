//! What the server says: answers, notifications and requests to the client, in order, as JSON text.
//!
//! The queue never blocks. A client that stops reading costs at most one `publishDiagnostics` per document,
//! [`MAX_WAITING_LOG_LINES`] log lines, and answers of about [`MAX_UNREAD_BYTES`]: with more of them, or with
//! [`MAX_UNANSWERED_REQUESTS`] requests without an answer, a host reads nothing more from the client either
//! ([`Outbox::poll_room`]).

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use serde::Serialize;

use crate::json::Json;
use crate::lsp::{self, Id, MessageType, PublishDiagnosticsParams, Url};

/// Log lines that may wait for the client; further ones only go to standard error.
const MAX_WAITING_LOG_LINES: usize = 256;

/// Bytes that may wait for a client that does not read.
const MAX_UNREAD_BYTES: usize = 64 << 20;

/// Requests that may wait for their answers.
const MAX_UNANSWERED_REQUESTS: usize = 4096;

/// Sending half and receiving half.
#[derive(Debug, Clone, Default)]
pub struct Outbox(Arc<Mutex<Queue>>);

#[derive(Debug, Default)]
struct Queue {
    waiting: VecDeque<Outgoing>,
    /// Bytes that wait, those included that are being written.
    unread: usize,
    /// Requests without an answer.
    unanswered: usize,
    writer: Option<Waker>,
    reader: Option<Waker>,
    closed: bool,
}

#[derive(Debug)]
struct Outgoing {
    what: Kind,
    message: Message,
}

#[derive(Debug, PartialEq)]
enum Kind {
    Diagnostics(Url),
    Log,
    Other,
}

/// One message; `body` follows `head`.
#[derive(Debug, Default)]
pub struct Message {
    /// First part of the text.
    pub head: Vec<u8>,
    /// The rest of it.
    pub body: Vec<u8>,
}

impl Message {
    /// Bytes.
    pub fn len(&self) -> usize {
        self.head.len() + self.body.len()
    }

    /// Whether it has none, which never happens.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The whole text.
    pub fn into_text(self) -> String {
        let mut bytes = self.head;
        bytes.extend(self.body);
        // It was made from text.
        String::from_utf8(bytes).unwrap_or_default()
    }

    fn of(value: &impl Serialize) -> Message {
        // Serialising fails only for maps whose keys are not strings; LSP has none.
        Message { head: serde_json::to_vec(value).unwrap_or_default(), body: Vec::new() }
    }

    fn answer(id: &Id, answer: lsp::Result<Json>) -> Message {
        match answer {
            Ok(result) => {
                let head = format!("{{\"jsonrpc\":\"2.0\",\"id\":{},\"result\":", serde_json::json!(id));
                let mut body = result.into_bytes();
                body.push(b'}');
                Message { head: head.into_bytes(), body }
            }
            Err(error) => Message::of(&serde_json::json!({ "jsonrpc": "2.0", "id": id, "error": error })),
        }
    }
}

#[derive(Serialize)]
struct Call<P> {
    jsonrpc: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<i64>,
    method: &'static str,
    params: P,
}

impl<P: Serialize> Call<P> {
    fn message(method: &'static str, params: P, id: Option<i64>) -> Message {
        Message::of(&Call { jsonrpc: "2.0", id, method, params })
    }
}

/// Where one answer goes. A request is never left without one: dropping it unused is a bug, and says so.
#[derive(Debug)]
pub struct Reply {
    outbox: Outbox,
    id: Option<Id>,
}

impl Reply {
    /// A reply that goes nowhere, for runs that no request asked for.
    pub(crate) fn nobody() -> Reply {
        Reply { outbox: Outbox::default(), id: None }
    }

    /// Whether it goes nowhere.
    pub(crate) fn is_nobodys(&self) -> bool {
        self.id.is_none()
    }

    pub(crate) fn send(mut self, answer: lsp::Result<Json>) {
        self.give(answer);
    }

    fn give(&mut self, answer: lsp::Result<Json>) {
        if let Some(id) = self.id.take() {
            self.outbox.push(Kind::Other, Message::answer(&id, answer));
            let mut queue = self.outbox.lock();
            queue.unanswered = queue.unanswered.saturating_sub(1);
            queue.wake_reader();
        }
    }
}

impl Drop for Reply {
    fn drop(&mut self) {
        self.give(Err(lsp::Error::internal_error()));
    }
}

impl Outbox {
    /// Sends a notification.
    pub(crate) fn notify(&self, method: &'static str, params: impl Serialize) {
        self.push(Kind::Other, Call::message(method, params, None));
    }

    /// Sends a request; its answer comes to the owner.
    pub(crate) fn request(&self, id: i64, method: &'static str, params: impl Serialize) {
        self.push(Kind::Other, Call::message(method, params, Some(id)));
    }

    /// Publishes diagnostics; what still waits for the same document is replaced.
    pub(crate) fn publish(&self, params: PublishDiagnosticsParams) {
        let what = Kind::Diagnostics(params.uri.clone());
        self.push(what, Call::message("textDocument/publishDiagnostics", params, None));
    }

    /// The same for diagnostics that are written already, as an array.
    pub(crate) fn publish_written(&self, uri: &Url, version: i32, diagnostics: Json) {
        let about = serde_json::json!(uri);
        let head = format!(
            "{{\"jsonrpc\":\"2.0\",\"method\":\"textDocument/publishDiagnostics\",\"params\":\
             {{\"uri\":{about},\"version\":{version},\"diagnostics\":"
        );
        let mut body = diagnostics.into_bytes();
        body.extend_from_slice(b"}}");
        self.push(Kind::Diagnostics(uri.clone()), Message { head: head.into_bytes(), body });
    }

    /// Shows a line in the client's log.
    pub(crate) fn log(&self, kind: MessageType, message: &str) {
        let params = serde_json::json!({ "type": kind, "message": message });
        self.push(Kind::Log, Call::message("window/logMessage", params, None));
    }

    /// The client asks: where the answer goes.
    pub fn reply(&self, id: Id) -> Reply {
        self.lock().unanswered += 1;
        Reply { outbox: self.clone(), id: Some(id) }
    }

    /// Nothing more will come.
    pub fn close(&self) {
        let mut queue = self.lock();
        queue.closed = true;
        queue.wake_writer();
    }

    /// The next message, for hosts that do not wait; [`Outbox::written`] is not needed then.
    pub fn pop(&self) -> Option<Message> {
        let mut queue = self.lock();
        let outgoing = queue.waiting.pop_front()?;
        queue.unread = queue.unread.saturating_sub(outgoing.message.len());
        queue.wake_reader();
        Some(outgoing.message)
    }

    /// The next message, to be written, and [`Outbox::written`] then; `None` once closed and empty.
    pub fn poll_next(&self, context: &mut Context<'_>) -> Poll<Option<Message>> {
        let mut queue = self.lock();
        match queue.waiting.pop_front() {
            Some(outgoing) => Poll::Ready(Some(outgoing.message)),
            None if queue.closed => Poll::Ready(None),
            None => {
                queue.writer = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }

    /// The client has taken that many bytes.
    pub fn written(&self, length: usize) {
        let mut queue = self.lock();
        queue.unread = queue.unread.saturating_sub(length);
        queue.wake_reader();
    }

    /// Ready as long as the client reads what it asked for.
    pub fn poll_room(&self, context: &mut Context<'_>) -> Poll<()> {
        let mut queue = self.lock();
        if queue.has_room() {
            return Poll::Ready(());
        }
        queue.reader = Some(context.waker().clone());
        Poll::Pending
    }

    fn push(&self, what: Kind, message: Message) {
        let mut queue = self.lock();
        match what {
            Kind::Diagnostics(_) => {
                let mut gone = 0;
                queue.waiting.retain(|waiting| {
                    let same = waiting.what == what;
                    gone += if same { waiting.message.len() } else { 0 };
                    !same
                });
                queue.unread = queue.unread.saturating_sub(gone);
            }
            Kind::Log if queue.waiting.len() >= MAX_WAITING_LOG_LINES => return,
            _ => {}
        }
        queue.unread += message.len();
        queue.waiting.push_back(Outgoing { what, message });
        queue.wake_writer();
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    fn has_room(&self) -> bool {
        self.unread < MAX_UNREAD_BYTES && self.unanswered < MAX_UNANSWERED_REQUESTS
    }

    fn wake_writer(&mut self) {
        if let Some(writer) = self.writer.take() {
            writer.wake();
        }
    }

    fn wake_reader(&mut self) {
        if self.has_room()
            && let Some(reader) = self.reader.take()
        {
            reader.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use serde_json::{Value, json};

    use super::*;

    fn drain(outbox: &Outbox) -> Vec<Value> {
        let mut context = Context::from_waker(Waker::noop());
        let mut sent = Vec::new();
        while let Poll::Ready(Some(message)) = outbox.poll_next(&mut context) {
            outbox.written(message.len());
            sent.push(serde_json::from_slice(&[message.head, message.body].concat()).unwrap());
        }
        sent
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
        assert_eq!(sent[0]["params"]["uri"], "file:///b.air");
        assert_eq!(sent[1]["params"]["version"], 2);
        assert_eq!(outbox.lock().unread, 0);
    }

    #[test]
    fn logs_are_bounded() {
        let outbox = Outbox::default();
        for _ in 0..10_000 {
            outbox.log(MessageType::INFO, "line");
        }
        assert_eq!(drain(&outbox).len(), MAX_WAITING_LOG_LINES);
    }

    #[test]
    fn answers() {
        let outbox = Outbox::default();
        outbox.reply(Id::Number(1)).send(Ok(json!([1, null]).into()));
        outbox.reply(Id::String("\"a\"".to_owned())).send(Err(lsp::error(-32803, "no")));
        drop(outbox.reply(Id::Null));
        Reply::nobody().send(Ok(json!(1).into()));
        outbox.close();
        let sent = drain(&outbox);
        assert_eq!(sent[0], json!({ "jsonrpc": "2.0", "id": 1, "result": [1, null] }));
        let error = json!({ "code": -32803, "message": "no" });
        assert_eq!(sent[1], json!({ "jsonrpc": "2.0", "id": "\"a\"", "error": error }));
        assert_eq!((&sent[2]["id"], &sent[2]["error"]["code"]), (&Value::Null, &json!(-32603)), "{sent:?}");
        assert_eq!(sent.len(), 3);
        assert_eq!(outbox.lock().unanswered, 0);
    }

    #[test]
    fn nothing_is_read_from_who_does_not_read() {
        let outbox = Outbox::default();
        let mut context = Context::from_waker(Waker::noop());
        let text = Json::from(json!("x".repeat(MAX_UNREAD_BYTES / 2)));
        outbox.reply(Id::Number(1)).send(Ok(text.clone()));
        assert!(outbox.poll_room(&mut context).is_ready());
        outbox.reply(Id::Number(2)).send(Ok(text));
        assert!(outbox.poll_room(&mut context).is_pending());
        assert_eq!(drain(&outbox).len(), 2);
        assert!(outbox.poll_room(&mut context).is_ready());
        let replies: Vec<_> =
            (0..MAX_UNANSWERED_REQUESTS).map(|id| outbox.reply(Id::Number(id as i64))).collect();
        assert!(outbox.poll_room(&mut context).is_pending());
        drop(replies);
        assert!(outbox.poll_room(&mut context).is_ready());
    }
}
