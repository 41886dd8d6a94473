//! Runs in the sandbox of this process.

use air_service::host::{RunError, RunLimits, Runner, Stop};

use crate::sandbox::{Entry, Sandbox};

/// Runs scripts in [`Sandbox::shared`].
#[derive(Debug)]
pub(super) struct SandboxRunner;

impl Runner for SandboxRunner {
    fn run(&self, request: &[u8], limits: &RunLimits, stop: &Stop) -> Result<Vec<u8>, RunError> {
        Sandbox::shared().run(Entry::Run, request, limits, stop)
    }

    fn explore(&self, request: &[u8], limits: &RunLimits, stop: &Stop) -> Result<Vec<u8>, RunError> {
        Sandbox::shared().run(Entry::Explore, request, limits, stop)
    }
}
