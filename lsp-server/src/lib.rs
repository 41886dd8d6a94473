//! The AIR language server and the `air` command line: the native host of `air-service` and of all crates below it.

pub mod cli;
pub mod config;
pub mod host;
pub mod sandbox;

pub use air_service::{diagram, sample_schema as sample};

#[cfg(test)]
mod schemas;
