//! What the commands of `air` share.

pub mod exit;
pub mod inputs;
pub mod output;
pub mod pool;
pub mod progress;
pub mod report;
pub mod runner;
pub mod scripts;
pub mod text_reader;
pub mod text_writer;
