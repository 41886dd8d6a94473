//! Errors of runs that give no report.

use core::time::Duration;
use std::fmt;

/// Why a run gave no report. The codes never change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunError {
    /// The script wanted more memory than a run may have.
    Memory {
        /// In bytes.
        limit: usize,
    },
    /// The run took longer than it may.
    Time {
        /// Wall time that a run may take.
        limit: Duration,
    },
    /// The run was ended on request.
    Stopped,
    /// The answer is too long.
    Answer {
        /// Bytes it has.
        length: usize,
        /// Bytes it may have.
        limit: usize,
    },
    /// The interpreter failed: a bug of ours.
    Trap {
        /// What it said last.
        message: String,
    },
    /// No machine code, no thread, no memory.
    Unavailable {
        /// What is missing.
        message: String,
    },
}

impl RunError {
    /// A stable name.
    pub fn code(&self) -> &'static str {
        match self {
            RunError::Memory { .. } => "sandbox-memory",
            RunError::Time { .. } => "sandbox-time",
            RunError::Stopped => "sandbox-stopped",
            RunError::Answer { .. } => "sandbox-answer",
            RunError::Trap { .. } => "sandbox-trap",
            RunError::Unavailable { .. } => "sandbox-unavailable",
        }
    }
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RunError::Memory { limit } => {
                write!(f, "stopped: the run needs more than {} MiB of memory", limit >> 20)
            }
            RunError::Time { limit } => {
                write!(f, "stopped: the run takes longer than {} s", limit.as_secs_f32())
            }
            RunError::Stopped => f.write_str("stopped on request"),
            RunError::Answer { length, limit } => {
                write!(f, "the run's report has {length} bytes; at most {limit} are allowed")
            }
            RunError::Trap { message } => {
                write!(f, "the interpreter failed, which is a bug in it and not in the script: {message}")
            }
            RunError::Unavailable { message } => write!(f, "scripts cannot be run here: {message}"),
        }
    }
}

impl std::error::Error for RunError {}
