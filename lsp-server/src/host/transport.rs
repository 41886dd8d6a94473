//! tower-lsp as a codec: bytes to messages, nothing else.
//!
//! tower-lsp's own `LspService` polls handlers lazily and concurrently, keeps cancellations in the
//! same queue as what they should cancel, and shares one task among all handlers. So only its
//! `Server` is used, with a [`Service`] of ours whose `call` (which runs in the order in which
//! messages were read) puts the message into the owner's unbounded queue before anything else happens.
//! Order, lifecycle, cancellation and panics are the owner's business. What it says, answers too, goes through the
//! [`Outbox`] as text: tower-lsp would make a tree of values of each answer, and a text of that.

use std::convert::Infallible;
use std::future::{Future, Ready, ready};
use std::io;
use std::pin::Pin;
use std::sync::mpsc::Sender;
use std::task::{self, Context, Poll};
use std::time::Duration;

use futures_core::Stream;
use futures_sink::Sink;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::sync::watch;
use tower_lsp::jsonrpc::{Id, Request, Response};
use tower_lsp::{Loopback, Server};
use tower_service::Service;

use super::log;
use super::outbox::{Message, Outbox};
use super::owner::Event;
use super::shield::Shield;

/// Bytes written at once.
const CHUNK: usize = 256 << 10;

/// How long a client may take to read the last answers.
const LAST_WORDS: Duration = Duration::from_secs(2);

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
    // The shield lets nothing through that tower-lsp itself would answer.
    let reading = Server::new(input, tokio::io::sink(), Socket { events: events.clone() })
        .serve(Forward { events: events.clone(), outbox: outbox.clone() });
    let serving = async { tokio::join!(reading, write(outbox, output, events)) };
    let mut stop = stop;
    let stopped = async move {
        // An error means that the owner is gone: also a reason to stop.
        let _ = stop.wait_for(|stop| *stop).await;
        tokio::time::sleep(LAST_WORDS).await;
    };
    tokio::select! {
        _ = serving => {}
        () = stopped => log::warn("the client did not read the last answers"),
    }
}

/// Writes what comes to standard output, and swallows what nobody can read.
async fn write<W: AsyncWrite + Unpin>(outbox: Outbox, mut output: W, events: Sender<Event>) {
    let mut broken = false;
    while let Some(message) = outbox.next().await {
        let length = message.len();
        if !broken && let Err(error) = put(message, &mut output).await {
            broken = true;
            log::warn(&format!("standard output failed: {error}"));
            let _ = events.send(Event::OutputFailed);
        }
        outbox.written(length);
    }
}

/// Short messages go in one piece, long ones are not copied as a whole.
async fn put<W: AsyncWrite + Unpin>(message: Message, output: &mut W) -> io::Result<()> {
    let mut first = format!("Content-Length: {}\r\n\r\n", message.len()).into_bytes();
    first.extend_from_slice(&message.head);
    let (near, rest) = message.body.split_at(message.body.len().min(CHUNK));
    first.extend_from_slice(near);
    output.write_all(&first).await?;
    for chunk in rest.chunks(CHUNK) {
        output.write_all(chunk).await?;
    }
    output.flush().await
}

/// Hands every message to the owner.
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
        let _ = self.events.send(match id {
            Some(id) => Event::Request { id: id.clone(), method, params, reply: self.outbox.reply(id) },
            None => Event::Notification { method, params },
        });
        ready(Ok(None))
    }
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

/// Standard input behind the [`Shield`]; ends when told to.
struct Input<R> {
    inner: R,
    shield: Shield,
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
            shield: Shield::default(),
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
            if let Some(frame) = this.shield.next_frame() {
                this.frame = frame;
                this.taken = 0;
                continue;
            }
            this.frame = Vec::new();
            let mut chunk = ReadBuf::new(&mut this.chunk);
            match Pin::new(&mut this.inner).poll_read(context, &mut chunk) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Ok(())) if !chunk.filled().is_empty() => this.shield.push(chunk.filled()),
                Poll::Ready(Ok(())) => return this.end(),
                Poll::Ready(Err(error)) => {
                    log::warn(&format!("standard input failed: {error}"));
                    return this.end();
                }
            }
        }
    }
}
