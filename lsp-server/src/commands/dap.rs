//! `air dap`: the debugger, for editors.

use std::process::ExitCode;

use crate::host;

/// Arguments of `air dap`.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct DapArgs {
    /// Use standard input and output: the only way, accepted because editors pass it
    #[arg(long)]
    pub stdio: bool,
}

/// Runs `air dap` until the client ends the session.
pub fn run(_: &DapArgs) -> ExitCode {
    host::run_dap()
}
