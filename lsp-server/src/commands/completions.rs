//! `air completions`: completion scripts for shells.

use clap::Command;
use clap_complete::Shell;

use crate::cli::exit::Exit;
use crate::cli::output::Output;

/// Arguments of `air completions`.
#[derive(Debug, Clone, clap::Args)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: Shell,
}

/// Runs `air completions` for the whole command line, `command`.
pub fn run(args: &CompletionsArgs, command: &mut Command, output: &mut Output) -> Exit {
    let name = command.get_bin_name().unwrap_or("air").to_owned();
    let mut script = Vec::new();
    clap_complete::generate(args.shell, command, name, &mut script);
    output.bytes(&script);
    Exit::Clean
}
