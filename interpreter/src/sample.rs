//! Sample data: who is there and what services answer, for a run on simulated peers.

pub mod answers;
pub mod scenario;

pub use answers::{AnswerSpec, Rule, Rules};
pub use scenario::{Sample, from_json};
