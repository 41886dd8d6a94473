//! What the commands of `air` share.

pub mod exit;
pub mod file_reader;
pub mod file_writer;
pub mod global_args;
pub mod inputs;
pub mod output;
pub mod pool;
pub mod progress;
pub mod rejection;
pub mod report;
pub mod runner;
pub mod scripts;
