//! `air completions`: completion scripts for shells.

use clap_complete::Shell;

use crate::cli::exit::Exit;
use crate::cli::output::Output;

/// Arguments of `air completions`.
#[derive(Debug, Clone, clap::Args)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: Shell,
}

/// Runs `air completions`; the script completes the program under the name it was called by.
pub fn run(args: &CompletionsArgs, output: &mut Output) -> Exit {
    let mut command = super::command(std::env::args_os().next().as_ref());
    let name = command.get_bin_name().unwrap_or("air").to_owned();
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, name, &mut script);
    output.bytes(&script);
    Exit::Clean
}
