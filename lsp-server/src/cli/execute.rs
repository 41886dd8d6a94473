//! A run for a command: in the sandbox, or by the same code without it.

use std::time::Duration;

use air_interpreter::report::Report;
use air_interpreter::run::{RunRequest, run};
use air_service::run_answer;

use crate::sandbox::{Entry, Limits, Sandbox, SandboxError, Stop};

/// Where scripts are run.
#[derive(Debug, Clone, clap::Args)]
pub struct ExecuteArgs {
    /// Run without the sandbox: the same code, not as WebAssembly
    ///
    /// Nothing then ends a run from outside; the limits that the interpreter itself counts hold in both.
    #[arg(long)]
    pub native: bool,
    /// End a run after that many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..), conflicts_with = "native")]
    pub max_time: u64,
}

/// Why there is no report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoReport {
    /// The script wanted more time or memory than it may have.
    Stopped(String),
    /// The sample data cannot be used, or there is no sandbox.
    Failed(String),
}

impl std::fmt::Display for NoReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (NoReport::Stopped(message) | NoReport::Failed(message)) = self;
        f.write_str(message)
    }
}

impl ExecuteArgs {
    /// The report of a run. Blocks until it is there or the time is over.
    pub fn execute(&self, request: &RunRequest) -> Result<Report, NoReport> {
        if self.native {
            return run(request).map_err(|problem| NoReport::Failed(problem.to_string()));
        }
        let limits = Limits {
            // What counts is the interpreter's own limit, which ends in a report; here is room for all else.
            memory: size(request.limits.max_memory.saturating_add(RESERVE).min(MOST)),
            time: Duration::from_secs(self.max_time),
            answer: size(MOST),
        };
        let bytes = serde_json::to_vec(request).map_err(|error| NoReport::Failed(error.to_string()))?;
        let answer = Sandbox::shared().run(Entry::Run, &bytes, &limits, &Stop::default());
        let answer = answer.map_err(|error| match error {
            SandboxError::Time { .. } | SandboxError::Memory { .. } => NoReport::Stopped(error.to_string()),
            error => NoReport::Failed(error.to_string()),
        })?;
        run_answer::read(&answer).map_err(|error| NoReport::Failed(error.to_string()))
    }
}

/// Bytes beside those that values take.
const RESERVE: u64 = 256 << 20;
/// Most bytes that a WebAssembly module can have.
const MOST: u64 = 4 << 30;

fn size(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}
