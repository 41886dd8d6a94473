//! The whole tool as one WebAssembly module: the language server and what the commands of `air` say, for browsers and for
//! Node.js. It imports nothing: it can compute and return texts, and cannot reach files, network or time.
//!
//! ```text
//! one JSON message in ──► session ──► JSON messages out      the language server, as a host without threads
//! one JSON request in ──► functions ──► one JSON answer out  check, format, run …, one call each
//! ```
//!
//! The language server is [`air_service`] itself, files are those that the client sends ([`files`]), jobs are done one by one
//! when the host says so, and scripts run in this very instance: the same code as the sandbox of the native server runs.
//! What is different from the native server is listed in `lsp-server/web/npm/README.md`. `tests/hosts/run AIR protocol` runs the
//! native server's own tests against the module, but for those that `tests/hosts/web.differences` names with reasons.
//!
//! # Layers
//!
//! Each module uses only those above it in this list; nothing goes round in a circle.
//!
//! 1. `memory`: what the host has allocated, and the text that waits to be read
//! 2. `files`: files that the client sends
//! 3. `functions`: one command of `air` each, as a function
//! 4. `session`: the language server
//! 5. `instance`: what the module exports, without the linker's names
//! 6. `wasm`: their names
//!
//! # Invariants
//!
//! - An instance lives as long as its host. What a call takes it frees; an answer lies where it is until the next call.
//! - No place or length that a host passes is read before it is found among what was allocated.
//! - A panic ends the instance, as any trap does. Its words are kept where `wasm` says.

pub mod files;
pub mod functions;
pub mod instance;
mod memory;
pub mod session;
#[cfg(target_family = "wasm")]
pub mod wasm;
