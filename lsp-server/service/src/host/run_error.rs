//! How runs end that give no answer.

use std::fmt;
use std::time::Duration;

/// Why there is no answer. The codes never change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SandboxError {
    /// The script wanted more memory than a run may have.
    Memory {
        /// Bytes it may have.
        limit: usize,
    },
    /// The time was over.
    Time {
        /// What a run may take.
        limit: Duration,
    },
    /// Somebody ended the run.
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

impl SandboxError {
    /// A stable name.
    pub fn code(&self) -> &'static str {
        match self {
            SandboxError::Memory { .. } => "sandbox-memory",
            SandboxError::Time { .. } => "sandbox-time",
            SandboxError::Stopped => "sandbox-stopped",
            SandboxError::Answer { .. } => "sandbox-answer",
            SandboxError::Trap { .. } => "sandbox-trap",
            SandboxError::Unavailable { .. } => "sandbox-unavailable",
        }
    }
}

impl fmt::Display for SandboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SandboxError::Memory { limit } => {
                write!(f, "stopped: the run needs more than the {} MiB of memory it may have", limit >> 20)
            }
            SandboxError::Time { limit } => {
                write!(f, "stopped: the run takes longer than the {} s it may take", limit.as_secs_f32())
            }
            SandboxError::Stopped => f.write_str("stopped on request"),
            SandboxError::Answer { length, limit } => {
                write!(f, "the run's report has {length} bytes; {limit} are allowed")
            }
            SandboxError::Trap { message } => {
                write!(f, "the interpreter failed, which is a bug in it and not in the script: {message}")
            }
            SandboxError::Unavailable { message } => write!(f, "scripts cannot be run here: {message}"),
        }
    }
}

impl std::error::Error for SandboxError {}
