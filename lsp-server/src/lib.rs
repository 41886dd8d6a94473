//! The AIR language server and the `air` command line.

pub mod cli;
pub mod commands;
pub mod config;
pub mod diagram;
pub mod sample;
pub mod sandbox;
pub mod server;
