//! What the process says to the shell when it ends.

use std::process::ExitCode;

/// The three exit codes of `air`; of several the worst counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Exit {
    /// 0: nothing to report.
    #[default]
    Clean,
    /// 1: diagnostics, or a file that would be formatted.
    Findings,
    /// 2: the work could not be done: usage, input or output, a bug.
    Failed,
}

impl Exit {
    /// Keeps the worse of both.
    pub fn worsen(&mut self, other: Exit) {
        *self = (*self).max(other);
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}
