//! Writes what the service says: the outbox's messages, framed.

use std::future::poll_fn;
use std::io;
use std::sync::mpsc::Sender;

use air_service::{Event, Message, Outbox};
use tokio::io::{AsyncWrite, AsyncWriteExt};

use super::log;

/// Bytes written at once.
const MAX_CHUNK_BYTES: usize = 256 << 10;

/// Writes what comes to standard output, and swallows what can no longer be read.
pub(super) async fn write<W: AsyncWrite + Unpin>(outbox: Outbox, mut output: W, events: Sender<Event>) {
    let mut broken = false;
    while let Some(message) = poll_fn(|context| outbox.poll_next(context)).await {
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
    let (near, rest) = message.body.split_at(message.body.len().min(MAX_CHUNK_BYTES));
    first.extend_from_slice(near);
    output.write_all(&first).await?;
    for chunk in rest.chunks(MAX_CHUNK_BYTES) {
        output.write_all(chunk).await?;
    }
    output.flush().await
}
