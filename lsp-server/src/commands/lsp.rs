//! `air lsp`: the language server, for editors that are set up with this program.

use std::process::ExitCode;

use crate::host::{self, Options};

/// Arguments of `air lsp`.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct LspArgs {
    /// Use standard input and output: the only way, accepted because editors pass it
    #[arg(long)]
    pub stdio: bool,
    /// End when this process ends, unless the client names one
    #[arg(long = "clientProcessId", value_name = "PID")]
    pub client_process_id: Option<u32>,
}

/// Runs `air lsp` until the client ends the session.
pub fn run(args: &LspArgs) -> ExitCode {
    host::run_stdio(Options { client_process: args.client_process_id })
}
