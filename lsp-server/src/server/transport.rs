//! tower-lsp as a codec: bytes to messages and back, nothing else.
//!
//! tower-lsp's own `LspService` polls handlers lazily and concurrently, keeps cancellations in the
//! same queue as what they should cancel, and shares one task among all handlers. So only its
//! `Server` is used, with a [`Service`] of ours whose `call` (which runs in the order in which
//! messages were read) puts message and reply channel into the owner's unbounded queue before
//! anything else happens. Order, lifecycle, cancellation and panics are the owner's business.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::mpsc::Sender;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_sink::Sink;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, ReadBuf};
use tokio::sync::{oneshot, watch};
use tower_lsp::jsonrpc::{Error, Id, Request, Response};
use tower_lsp::{Loopback, Server};
use tower_service::Service;

use super::log;
use super::outbox::Outbox;
use super::owner::Event;
use super::shield::Shield;

/// Waiting requests cost a channel each and nothing else.
const CONCURRENCY: usize = 4096;

/// Bytes of answers that may wait for a client that does not read; beyond, nothing more is read from it either.
const UNREAD: usize = 64 << 20;

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
    let input = Input::new(input, events.clone(), stop.clone());
    // tower-lsp reads no further while its output waits, and a client that writes much before it reads anything
    // would wait for ever: answers go to a queue first.
    let (answers, queue) = tokio::io::duplex(UNREAD);
    let serving = Server::new(input, answers, Socket { outbox, events: events.clone() })
        .concurrency_level(CONCURRENCY)
        .serve(Forward { events: events.clone() });
    let serving = async { tokio::join!(serving, write(queue, output, events)) };
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

/// Writes what comes to standard output, and swallows what nobody can read: tower-lsp panics when writing fails.
async fn write<W: AsyncWrite + Unpin>(mut queue: DuplexStream, mut output: W, events: Sender<Event>) {
    let mut chunk = vec![0; CHUNK].into_boxed_slice();
    let mut broken = false;
    while let Ok(length @ 1..) = queue.read(&mut chunk).await {
        let bytes = chunk.get(..length).unwrap_or_default();
        if broken {
            continue;
        }
        let written = match output.write_all(bytes).await {
            Ok(()) => output.flush().await,
            failed => failed,
        };
        if let Err(error) = written {
            broken = true;
            log::warn(&format!("standard output failed: {error}"));
            let _ = events.send(Event::OutputFailed);
        }
    }
}

/// Hands every message to the owner.
struct Forward {
    events: Sender<Event>,
}

impl Service<Request> for Forward {
    type Response = Option<Response>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Option<Response>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let (method, id, params) = request.into_parts();
        let params = params.unwrap_or_default();
        let Some(id) = id else {
            let _ = self.events.send(Event::Notification { method, params });
            return Box::pin(std::future::ready(Ok(None)));
        };
        let (reply, answer) = oneshot::channel();
        let _ = self.events.send(Event::Request { id: id.clone(), method, params, reply });
        Box::pin(async move {
            // A dropped channel is a bug of the owner's, but the client must not wait for ever.
            let answer = answer.await.unwrap_or_else(|_| Err(Error::internal_error()));
            Ok(Some(Response::from_parts(id, answer)))
        })
    }
}

/// The way to the client and back for what the server asks.
struct Socket {
    outbox: Outbox,
    events: Sender<Event>,
}

impl Loopback for Socket {
    type RequestStream = Outbox;
    type ResponseSink = Answers;

    fn split(self) -> (Outbox, Answers) {
        (self.outbox, Answers(self.events))
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
    stop: Pin<Box<dyn Future<Output = ()> + Send>>,
    ended: bool,
}

impl<R> Input<R> {
    fn new(inner: R, events: Sender<Event>, mut stop: watch::Receiver<bool>) -> Self {
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
