//! The AIR language server on standard input and output: what editors start.

use std::process::ExitCode;

use air_lsp::host::{self, Options};
use clap::Parser;

/// The AIR language server. Speaks the Language Server Protocol on standard input and output.
#[derive(Debug, Parser)]
#[command(name = "air-lsp", version)]
struct Arguments {
    /// Use standard input and output: the only way, accepted because editors pass it.
    #[arg(long)]
    stdio: bool,
    /// End when this process ends, unless the client names one.
    #[arg(long = "clientProcessId", value_name = "PID")]
    client_process_id: Option<u32>,
    #[command(subcommand)]
    mode: Option<Mode>,
}

/// What else this program is.
#[derive(Debug, clap::Subcommand)]
enum Mode {
    /// Speak the Debug Adapter Protocol instead, as `air dap` does.
    Dap {
        /// Use standard input and output: the only way, accepted because editors pass it.
        #[arg(long)]
        stdio: bool,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if arguments.mode.is_some() {
        return host::run_dap();
    }
    host::run_stdio(Options { client_process: arguments.client_process_id })
}
