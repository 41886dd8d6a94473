//! The AIR language server as a state machine: messages of a client and results of jobs in; messages and jobs out.
//!
//! ```text
//!            Event                  Job                 Files, Runner, Log
//! client ──────────► Service ──────────────► workers ◄──────────────────────► host
//!        ◄────────── Outbox ◄──── Event::Job ───┘
//! ```
//!
//! There is no input or output here, no thread, no clock and no environment: what the service needs of them it has
//! from its [`Host`]. The language server is one host, with threads, files and a sandbox; a browser is another, with a
//! single thread ([`host::memory`]).
//!
//! Invariants:
//! - [`Service`] has all state and takes events in the order in which they come; jobs see finished versions
//!   (`snapshot`) and report their results as events.
//! - Nothing waits while it holds something; nothing runs on a timer.
//! - A request that panics gets an error; the service lives.
//! - The protocol's types come in through `lsp` and go no further down than this crate.
//!
//! # Layers
//!
//! Lowest first; each module uses only those before it:
//!
//! 1. `json_rpc`, `json`, `lsp`, `panic_guard`, `file_url`, `sample_path`, `run_answer`, `documents`, `surrogates`: values and conversions
//! 2. `outbox`, `event`, `host`: the outside
//! 3. `file_key`, `client`, `text`, `config`, `sample_schema`, `diagram`: parts that know nothing of documents
//! 4. `settings`, `results`, `written`, `document`, `workspace`, `snapshot`, `convert`: state, as requests see it
//! 5. `features`: one request each
//! 6. `routes`, `capabilities`: which there are
//! 7. `service`: the machine
//!
//! [`dap`] is a machine of its own: the debugger. It uses `sample_path` and nothing else of this crate.

pub mod config;
pub mod dap;
pub mod diagram;
pub mod documents;
pub mod event;
pub mod file_url;
pub mod host;
pub mod json_rpc;
pub mod panic_guard;
pub mod run_answer;
pub mod sample_path;
pub mod sample_schema;
pub mod surrogates;

mod capabilities;
mod client;
mod convert;
mod document;
mod features;
mod file_key;
mod json;
mod lsp;
mod outbox;
mod results;
mod routes;
mod service;
mod settings;
mod snapshot;
mod text;
mod workspace;
mod written;

pub use event::Event;
pub use host::Host;
pub use outbox::{Message, Outbox, Reply};
pub use sample_path::SamplePath;
pub use service::{ClientProcess, Service};
