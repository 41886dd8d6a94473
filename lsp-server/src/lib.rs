//! The AIR language server and the `air` command line.
//!
//! Layers, lowest first; each module uses only those before it:
//!
//! 1. [`xml`], [`sample`], [`config`], [`sandbox`]
//! 2. [`diagram`]
//! 3. [`server`]: what `air-lsp` and `air lsp` run
//! 4. [`cli`]: what the commands share
//! 5. [`commands`]: the commands of `air`, one module each

pub mod cli;
pub mod commands;
pub mod config;
pub mod diagram;
pub mod sample;
pub mod sandbox;
pub mod server;
pub mod xml;
