//! A run for a command: in the sandbox, or by the same code without it.

use std::time::Duration;

use super::numbers::at_least_one;
use air_service::run_answer;
use air_simulation::report::Report;
use air_simulation::run::{self, RunRequest};

use crate::sandbox::{Entry, Limits, Sandbox, SandboxError, Stop};

/// Where scripts are run.
#[derive(Debug, Clone, clap::Args)]
pub struct RunnerArgs {
    /// Run without the sandbox: the same code, not as WebAssembly
    ///
    /// A run without the sandbox cannot be ended from outside. The interpreter's own limits apply in both cases.
    #[arg(long)]
    pub native: bool,
    /// End a run after this many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = at_least_one(), conflicts_with = "native")]
    pub max_time: u64,
}

/// Why there is no report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunError {
    /// The run needed more time or memory than it may have.
    Stopped(String),
    /// The sample data cannot be used, or there is no sandbox.
    Failed(String),
}

impl std::fmt::Display for RunError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (RunError::Stopped(message) | RunError::Failed(message)) = self;
        f.write_str(message)
    }
}

impl RunnerArgs {
    /// The report of a run. Blocks until it is there or the time is over.
    pub fn run(&self, request: &RunRequest) -> Result<Report, RunError> {
        if self.native {
            return run::run(request).map_err(|problem| RunError::Failed(problem.to_string()));
        }
        let limits = Limits {
            // The interpreter's own limit decides, which ends in a report; the reserve is for all else.
            memory: size(request.limits.max_memory.saturating_add(RESERVE_BYTES).min(MAX_MODULE_BYTES)),
            time: Duration::from_secs(self.max_time),
            answer: size(MAX_MODULE_BYTES),
        };
        let bytes = serde_json::to_vec(request).map_err(|error| RunError::Failed(error.to_string()))?;
        let answer = Sandbox::shared().run(Entry::Run, &bytes, &limits, &Stop::default());
        let answer = answer.map_err(|error| no_answer(error, request.limits.max_memory));
        run_answer::read(&answer?).map_err(|error| RunError::Failed(error.to_string()))
    }
}

/// `max_memory`: the limit in bytes as the user knows it.
fn no_answer(error: SandboxError, max_memory: u64) -> RunError {
    match error {
        // The reserve is nobody's business.
        SandboxError::Memory { .. } => {
            RunError::Stopped(SandboxError::Memory { limit: size(max_memory) }.to_string())
        }
        SandboxError::Time { .. } => RunError::Stopped(error.to_string()),
        // Only on request: a run without the sandbox has no limits but the interpreter's own.
        SandboxError::Unavailable { .. } => {
            RunError::Failed(format!("{error}; `--native` runs them without the sandbox"))
        }
        error => RunError::Failed(error.to_string()),
    }
}

/// Memory beside what the interpreter counts.
const RESERVE_BYTES: u64 = 256 << 20;
/// The most memory that a WebAssembly module can have.
const MAX_MODULE_BYTES: u64 = 4 << 30;

fn size(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_there_is_no_sandbox_the_way_without_it_is_named() {
        let error = no_answer(SandboxError::Unavailable { message: "no AVX2".to_owned() }, 0);
        let message =
            "scripts cannot be run here: no AVX2; `--native` runs them without the sandbox".to_owned();
        assert_eq!(error, RunError::Failed(message));
    }

    #[test]
    fn the_limit_is_named_as_the_user_set_it() {
        let error = no_answer(SandboxError::Memory { limit: 288 << 20 }, 32 << 20);
        let message = "stopped: the run needs more than 32 MiB of memory".to_owned();
        assert_eq!(error, RunError::Stopped(message));
    }
}
