//! The AIR language server and the `air` command line: the native host of `air-service` and of all crates below it.
//!
//! Layers, lowest first; each module uses only those before it:
//!
//! 1. [`xml`], [`files`], [`config`], [`sandbox`]
//! 2. [`host`]: what `air-lsp` and `air lsp` run
//! 3. [`cli`]: what the commands share
//! 4. [`commands`]: the commands of `air`, one module each

pub mod cli;
pub mod commands;
pub mod config;
pub mod files;
pub mod host;
pub mod sandbox;
#[cfg(test)]
mod schemas;
pub mod xml;

pub use air_service::{diagram, sample_schema as sample};
