//! The debugger as a state machine: messages of the Debug Adapter Protocol in, messages out.
//!
//! A script runs once, when it is launched, and is recorded; after that the machine only moves over the recording,
//! forward and back alike. So nothing blocks, no request waits for another, and the same messages give the same
//! answers. What it needs of the outside is the text of files ([`Files`]).
//!
//! Peers are threads; the frames of one are the instructions that it is in, and below them the events that led there,
//! on whatever peers. What the protocol has no words for are requests of our own, `air/…`; `lsp-server/docs/debugging.md`
//! lists them.
//!
//! # Layers
//!
//! Lowest first: `plain`, `message`, `places`, `launch`; `expression`; `breakpoints`; `session`, what is recorded and where one
//! stands; `frames`, `variables`, `moving`, `asking`, the requests; `machine`.

mod asking;
mod breakpoints;
mod expression;
mod frames;
mod launch;
mod machine;
mod message;
mod moving;
mod places;
mod plain;
mod session;
#[cfg(test)]
mod tests;
mod variables;

pub use launch::Files;
pub use machine::Debugger;
