//! The protocol, tried on the real `air-lsp` over standard input and output.

// Tests fail loudly; the rules for libraries are for libraries.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::string_slice, clippy::print_stdout)]

mod attacks;
mod client;
mod deaf;
mod features;
mod framing;
mod harness;
mod hostile;
mod large_script;
mod latency;
mod lifecycle;
mod polling;
mod readme;
mod requests;
mod runs;
mod samples;
mod settings;
mod sync;
