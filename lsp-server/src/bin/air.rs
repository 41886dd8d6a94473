//! `air`: AIR scripts on the command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    air_lsp::sandbox::child_main().unwrap_or_else(air_lsp::commands::main)
}
