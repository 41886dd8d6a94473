//! What ends a run from outside.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// What a run may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of memory.
    pub memory: usize,
    /// Wall time.
    pub time: Duration,
    /// Bytes of the answer.
    pub answer: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { memory: 256 << 20, time: Duration::from_secs(5), answer: 64 << 20 }
    }
}

/// Ends a run from another thread, within a few milliseconds.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Ends the run, now or as soon as it begins.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether the run is to end.
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}
