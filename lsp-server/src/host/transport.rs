//! tower-lsp as a codec: bytes to messages, nothing else.
//!
//! tower-lsp's own `LspService` polls handlers lazily and concurrently, keeps cancellations in the
//! same queue as what they should cancel, and shares one task among all handlers. So only its
//! `Server` is used, with a [`Service`] of ours whose `call` (which runs in the order in which
//! messages were read) puts the message into the service's unbounded queue before anything else happens.
//! Order, lifecycle, cancellation and panics are the service's business. What it says, answers too, goes through the
//! [`Outbox`] as text: tower-lsp would make a tree of values of each answer, and a text of that.
//!
//! Each message is parsed twice, by [`framing`](super::framing) and by tower-lsp: tower-lsp takes bytes only, and its
//! reader ends for ever at the first message that it cannot decode, so that what it gets must have been decoded before.
//! A cheaper look (skipping over `params`) would let nested arrays and halves of surrogates through that end it.

use std::convert::Infallible;
use std::future::{Future, Ready, ready};
use std::io;
use std::pin::Pin;
use std::sync::mpsc::Sender;
use std::task::{self, Context, Poll};
use std::time::Duration;

use air_service::{Event, Outbox, Reply, json_rpc};
use futures_core::Stream;
use futures_sink::Sink;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::watch;
use tower_lsp::jsonrpc::{Id, Request, Response};
use tower_lsp::{Loopback, Server};
use tower_service::Service;

use super::framing::{Framing, MALFORMED};
use super::log;
use super::writer::write;

/// How long a client may take to read the last answers.
const LAST_WORDS_TIMEOUT: Duration = Duration::from_secs(2);

/// Serves until end of input or until `stop` says so and the last answers are written.
pub(super) async fn serve<R, W>(
    input: R,
    output: W,
    events: Sender<Event>,
    outbox: Outbox,
    stop: watch::Receiver<bool>,
) where
    R: AsyncRead + Unpin + Send + 'static,
    W: AsyncWrite + Unpin + Send + 'static,
{
    let input = Input::new(input, events.clone(), outbox.clone(), stop.clone());
    // The framing lets nothing through that tower-lsp itself would answer.
    let reading = Server::new(input, tokio::io::sink(), Socket { events: events.clone() })
        .serve(Forward { events: events.clone(), outbox: outbox.clone() });
    let serving = async { tokio::join!(reading, write(outbox, output, events)) };
    let mut stop = stop;
    let stopped = async move {
        // An error means that the service is gone: also a reason to stop.
        let _ = stop.wait_for(|stop| *stop).await;
        tokio::time::sleep(LAST_WORDS_TIMEOUT).await;
    };
    tokio::select! {
        _ = serving => {}
        () = stopped => log::warn("the client did not read the last answers"),
    }
}

/// Hands every message to the service.
struct Forward {
    events: Sender<Event>,
    outbox: Outbox,
}

impl Service<Request> for Forward {
    type Response = Option<Response>;
    type Error = Infallible;
    type Future = Ready<Result<Option<Response>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let (method, id, params) = request.into_parts();
        let params = params.unwrap_or_default();
        let _ = self.events.send(match id.map(own_id) {
            Some(id) if method == MALFORMED => malformed(&params, self.outbox.reply(id)),
            Some(id) => Event::Request { id: id.clone(), method, params, reply: self.outbox.reply(id) },
            None => Event::Notification { method, params },
        });
        ready(Ok(None))
    }
}

fn own_id(id: Id) -> json_rpc::Id {
    match id {
        Id::Number(id) => json_rpc::Id::Number(id),
        Id::String(id) => json_rpc::Id::String(id),
        Id::Null => json_rpc::Id::Null,
    }
}

/// What stands in the place of a message that could not be read.
fn malformed(params: &Value, reply: Reply) -> Event {
    let code = params.get("code").and_then(Value::as_i64).unwrap_or(json_rpc::PARSE_ERROR);
    let message = params.get("message").and_then(Value::as_str).unwrap_or("malformed message");
    Event::Malformed { code, message: message.to_owned(), reply }
}

/// The way back for answers to what the server asks; how they are asked is not tower-lsp's business.
struct Socket {
    events: Sender<Event>,
}

impl Loopback for Socket {
    type RequestStream = Silence;
    type ResponseSink = Answers;

    fn split(self) -> (Silence, Answers) {
        (Silence, Answers(self.events))
    }
}

/// No requests.
struct Silence;

impl Stream for Silence {
    type Item = Request;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Request>> {
        Poll::Ready(None)
    }
}

/// Takes the client's answers.
struct Answers(Sender<Event>);

impl Sink<Response> for Answers {
    type Error = Infallible;

    fn poll_ready(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn start_send(self: Pin<&mut Self>, response: Response) -> Result<(), Infallible> {
        let (id, answer) = response.into_parts();
        if let Id::Number(id) = id {
            let answer = answer.map_err(|error| json_rpc::Error {
                code: error.code.code(),
                message: error.message,
                data: error.data,
            });
            let _ = self.0.send(Event::Answer { id, answer });
        }
        Ok(())
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }
}

/// Standard input after the [`Framing`]; ends when told to.
struct Input<R> {
    inner: R,
    framing: Framing,
    frame: Vec<u8>,
    /// How much of `frame` the codec has.
    taken: usize,
    chunk: Box<[u8]>,
    events: Sender<Event>,
    outbox: Outbox,
    stop: Pin<Box<dyn Future<Output = ()> + Send>>,
    ended: bool,
}

impl<R> Input<R> {
    fn new(inner: R, events: Sender<Event>, outbox: Outbox, mut stop: watch::Receiver<bool>) -> Self {
        let stop = Box::pin(async move {
            let _ = stop.wait_for(|stop| *stop).await;
        });
        let chunk = vec![0; 64 << 10].into_boxed_slice();
        Input {
            inner,
            framing: Framing::default(),
            frame: Vec::new(),
            taken: 0,
            chunk,
            events,
            outbox,
            stop,
            ended: false,
        }
    }

    fn end(&mut self) -> Poll<io::Result<()>> {
        if !std::mem::replace(&mut self.ended, true) {
            let _ = self.events.send(Event::InputEnded);
        }
        Poll::Ready(Ok(()))
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for Input<R> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        loop {
            if this.ended || this.stop.as_mut().poll(context).is_ready() {
                return this.end();
            }
            task::ready!(this.outbox.poll_room(context));
            if let Some(rest) = this.frame.get(this.taken..).filter(|rest| !rest.is_empty()) {
                let (now, _) = rest.split_at(rest.len().min(out.remaining()));
                out.put_slice(now);
                this.taken += now.len();
                return Poll::Ready(Ok(()));
            }
            if let Some(frame) = this.framing.next_frame() {
                this.frame = frame;
                this.taken = 0;
                continue;
            }
            this.frame = Vec::new();
            let mut chunk = ReadBuf::new(&mut this.chunk);
            match Pin::new(&mut this.inner).poll_read(context, &mut chunk) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Ok(())) if !chunk.filled().is_empty() => this.framing.push(chunk.filled()),
                Poll::Ready(Ok(())) => return this.end(),
                Poll::Ready(Err(error)) => {
                    log::warn(&format!("standard input failed: {error}"));
                    return this.end();
                }
            }
        }
    }
}
