//! Running scripts, as the service sees it.

use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::RunError;

/// Runs scripts on simulated peers.
pub trait Runner: Debug + Send + Sync {
    /// The answer to one request, `air_simulation::run::RunRequest` as JSON: a report or `{"error":{"message"}}`
    /// ([`crate::run_answer`] reads it). Returns when the answer is complete, a limit is reached, or `stop` is set.
    fn run(&self, request: &[u8], limits: &RunLimits, stop: &Stop) -> Result<Vec<u8>, RunError>;

    /// The same for all orders of a run: `air_simulation::explore::ExploreRequest` as JSON, answered by an `Exploration` or
    /// `{"error":{"message"}}`.
    fn explore(&self, request: &[u8], limits: &RunLimits, stop: &Stop) -> Result<Vec<u8>, RunError>;
}

/// What a run may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunLimits {
    /// Bytes of memory.
    pub memory: usize,
    /// Wall time.
    pub time: core::time::Duration,
    /// Bytes of the answer.
    pub answer: usize,
}

impl Default for RunLimits {
    fn default() -> Self {
        RunLimits { memory: 256 << 20, time: core::time::Duration::from_secs(5), answer: 64 << 20 }
    }
}

/// Ends what is under way, also from another thread: requests, analyses, runs. Long loops look at it.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Ends it, now or as soon as it begins.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether it is to end.
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}
