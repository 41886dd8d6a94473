//! The language server.
//!
//! ```text
//! stdin ─ shield ─ tower-lsp ─ queue ─┐              ┌─ worker threads ─ features
//!                                     ├ owner thread ┤
//! stdout ─ outbox ────────────────────┘              └─ format thread
//! ```
//!
//! Invariants:
//! - One thread, the `owner`, has all state and takes messages in the order in which they
//!   were read; workers see finished versions (`document::Document`) and send results back to it.
//! - Nothing waits while it holds something, nothing runs on a timer, idle costs nothing.
//! - A request that panics gets an error; the server lives.
//! - The protocol's types come in through `lsp` and go no further down than this module.
//! - Standard output belongs to the protocol; people are talked to on standard error (`log`).

mod boundary;
mod capabilities;
mod client;
mod convert;
mod disk;
mod document;
mod features;
mod json;
mod log;
mod lsp;
mod outbox;
mod owner;
mod parent;
mod pool;
mod routes;
mod settings;
mod shield;
mod surrogates;
mod text;
mod transport;
mod workspace;

use std::process::ExitCode;
use std::sync::mpsc::channel;
use std::thread;

use tokio::sync::watch;

use outbox::Outbox;
use owner::Owner;

use crate::sandbox::Sandbox;

/// What the command line may say.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Process whose end ends the server, where the client names none.
    pub client_process: Option<u32>,
}

/// Serves on standard input and output until the client ends the session.
///
/// The program must call [`crate::sandbox::asked`] first: it is what makes machine code for the server.
///
/// The exit code is 0 after `shutdown` and `exit`, else 1, as the protocol says; 2 if the server
/// could not start.
pub fn run_stdio(options: Options) -> ExitCode {
    boundary::install();
    Sandbox::shared().made_apart();
    let code = log::start().and_then(|()| serve(options)).unwrap_or_else(|error| {
        log::error(&format!("cannot start: {error}"));
        2
    });
    log::flush();
    ExitCode::from(code)
}

fn serve(options: Options) -> std::io::Result<u8> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().thread_name("air-stdio").build()?;
    let (events, queue) = channel();
    let (stop, stopped) = watch::channel(false);
    let outbox = Outbox::default();
    let owner = Owner::new(events.clone(), outbox.clone(), stop, options.client_process)?;
    let owner = thread::Builder::new().name("air-owner".to_owned()).spawn(move || owner.run(&queue))?;

    // A task, so that a panic inside the transport is an error here.
    let transport = transport::serve(tokio::io::stdin(), tokio::io::stdout(), events, outbox, stopped);
    let serving =
        tokio::task::LocalSet::new().block_on(&runtime, async { tokio::task::spawn_local(transport).await });
    if let Err(error) = serving {
        log::error(&format!("the transport failed: {error}"));
    }
    // A read that nobody waits for any more must not keep the process.
    runtime.shutdown_background();
    Ok(owner.join().unwrap_or(1))
}
