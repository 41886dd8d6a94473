//! The native host of the language server: standard input and output, threads, files, the sandbox.
//!
//! ```text
//! stdin ─ framing ─ tower-lsp ─ queue ─┐               ┌─ worker threads
//!                                      ├ service thread ┤
//! stdout ─ writer ─ outbox ────────────┘               └─ format thread, …
//! ```
//!
//! What the server does is `air_service`'s business; here is only how it reaches the world. Standard output belongs to
//! the protocol; people are talked to on standard error ([`log`]).
//!
//! Each module uses only those above it in this list: `log`, `files`, `runner`, `panic_hook`,
//! `parent_watch`, `test_hooks`, `pool`, `framing`, `writer`, `transport`, `stdio`, `dap`: the debugger, which needs the framing alone.

mod dap;
mod files;
mod framing;
mod log;
mod panic_hook;
mod parent_watch;
mod pool;
mod runner;
mod stdio;
mod test_hooks;
mod transport;
mod writer;

pub use dap::run_dap;
pub use files::NativeFiles;
pub use stdio::{Options, run_stdio};
