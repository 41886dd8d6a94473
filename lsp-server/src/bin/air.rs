//! `air`: AIR scripts on the command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    air_lsp::commands::main()
}
