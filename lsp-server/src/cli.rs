//! The command line `air`.
//!
//! Exit codes: 0 nothing to report, 1 findings, 2 the work could not be done. Results go to
//! standard output, everything else to standard error.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::config::Configs;
use exit::Exit;
use output::{Color, Output};

pub mod beautify;
pub mod check;
pub mod completions;
pub mod data;
pub mod doctor;
pub mod execute;
pub mod exit;
pub mod explain;
pub mod fix;
pub mod fmt;
pub mod inputs;
pub mod invoke;
pub mod lsp;
pub mod output;
pub mod parse;
pub mod pool;
pub mod progress;
pub mod read;
pub mod report;
pub mod run;
pub mod test;
pub mod work;
pub mod write;

/// Checks, formats and reads AIR scripts
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, max_term_width = 100, arg_required_else_help = true)]
#[command(after_help = "Exit codes: 0 nothing to report, 1 findings, 2 the work could not be done.")]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// What all commands know.
    #[command(flatten)]
    pub global: Global,
}

/// Options of all commands.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// When to colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", hide_possible_values = true)]
    #[arg(help = "When to colour: auto (on terminals), always or never")]
    pub color: Color,
    /// Print results only
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Tell more on standard error
    #[arg(long, short, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
    /// Use this configuration file for all scripts
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "isolated")]
    pub config: Option<PathBuf>,
    /// Read no configuration: neither air.toml nor .editorconfig
    #[arg(long, global = true)]
    pub isolated: bool,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Give scripts the canonical layout
    ///
    /// Files are rewritten in place, each in one step; standard input goes to standard output. A script with
    /// syntax errors is laid out where it is well formed. Nothing is ever written unless the result has the
    /// same tokens and comments in the same order.
    #[command(visible_alias = "format")]
    Fmt(fmt::FmtArgs),
    /// Say what is wrong with scripts
    ///
    /// Errors are what AquaVM rejects: it accepts a script without errors of syntax and validation. Lints are
    /// advice; their levels can be set here or in air.toml.
    Check(check::CheckArgs),
    /// Show a script in a readable form
    ///
    /// The view is that of AquaVM's own tool, byte for byte. A script that AquaVM rejects gives its
    /// diagnostics and exit code 1, as there. Unlike there, the output file is written only when there is a
    /// view: a rejected script leaves an old one as it is.
    #[command(visible_alias = "b")]
    Beautify(beautify::BeautifyArgs),
    /// Show the tree of a script
    ///
    /// Every token is shown with its bytes, also of a broken script. With --json: instructions and operands
    /// with ranges, in a stable form whose JSON schema is published (parse.schema.json). Nodes form a flat
    /// list with indices, because real scripts are nested deeper than many JSON readers allow. Exit code 1
    /// means syntax errors.
    Parse(parse::ParseArgs),
    /// Run a script on simulated peers
    ///
    /// Shows values beside the script, the way of the particle, errors, and why parts did not run. Services are
    /// answered by sample data; calls that it does not answer fail, unless --make-up. A scenario is sample data
    /// with its script in it. Exit code 0: the script completed and no error reached the top or the
    /// initiator's handler.
    ///
    /// The anomaly file of a node is run again: exit code 1 if code, message, requests or next peers are not
    /// what was recorded. New data is not compared: it is signed with the key of the node.
    Run(run::RunArgs),
    /// Run scripts and compare with what their sample data expects
    ///
    /// A test is NAME.air with NAME.sample.json beside it that has `expect`: the outcome, response, error,
    /// calls in order or in any order, last values of variables, hops, what is waited for. If it has
    /// cases, each of them is a test. Exit code 1: a test failed.
    Test(test::TestArgs),
    /// Answer AquaVM invocations, one JSON object a line
    ///
    /// Operations: invoke (script, data, parameters and call results in; outcome out), decode (data to JSON),
    /// key (peer id and secret of a name). A request that cannot be understood is answered with oracle_error.
    Invoke(invoke::InvokeArgs),
    /// Show interpreter data, a particle or an anomaly file
    ///
    /// The trace is shown with contents in the place of their identifiers; with --json also the stores.
    Data(data::DataArgs),
    /// Explain a diagnostic
    Explain(explain::ExplainArgs),
    /// Run the language server on standard input and output
    Lsp(lsp::LspArgs),
    /// Print a completion script for a shell
    ///
    /// For instance:
    ///   air completions bash > ~/.local/share/bash-completion/completions/air
    ///   air completions fish > ~/.config/fish/completions/air.fish
    ///   air completions zsh > ~/.zfunc/_air
    #[command(verbatim_doc_comment)]
    Completions(completions::CompletionsArgs),
    /// Say what is installed and found, for set-up and bug reports
    ///
    /// Exit code 1 when something needs attention.
    Doctor(doctor::DoctorArgs),
}

/// Entry point of the binary.
pub fn main() -> ExitCode {
    // Deep scripts are no trouble for our own code, but libraries may recurse.
    let run = std::thread::Builder::new().stack_size(pool::STACK).spawn(run);
    // A panic has been printed when it is seen here.
    run.map_or_else(|_| self::run(), |thread| thread.join().unwrap_or(Exit::Failed.into()))
}

/// Does what the command line says.
fn run() -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().collect();
    let mut command = command(words.first());
    let parsed = command
        .try_get_matches_from_mut(words)
        .and_then(|matches| Args::from_arg_matches(&matches).map_err(|error| error.format(&mut command)));
    let args = match parsed {
        Ok(args) => args,
        Err(error) => {
            // Help and version are no errors; a pipe closed meanwhile is none either.
            let _ = error.print();
            return if error.use_stderr() { Exit::Failed } else { Exit::Clean }.into();
        }
    };
    if let Command::Lsp(lsp) = &args.command {
        return lsp::run(lsp);
    }
    let global = &args.global;
    let mut output = Output::of_process(global.color, global.quiet, global.verbose);
    let exit = dispatch(&args, &mut output);
    output.finish(exit).into()
}

fn dispatch(args: &Args, output: &mut Output) -> Exit {
    match &args.command {
        Command::Explain(explain) => return explain::run(explain, output),
        Command::Run(args) => return run::run(args, output),
        Command::Invoke(invoke) => return invoke::run(invoke, output),
        Command::Data(data) => return data::run(data, output),
        Command::Completions(completions) => return completions::run(completions, output),
        Command::Doctor(doctor) => return doctor::run(doctor, &args.global, output),
        _ => {}
    }
    let configs = match configs(&args.global) {
        Ok(configs) => configs,
        Err(error) => {
            output.error(error);
            return Exit::Failed;
        }
    };
    match &args.command {
        Command::Fmt(fmt) => fmt::run(fmt, &configs, output),
        Command::Check(check) => check::run(check, &configs, output),
        Command::Beautify(beautify) => beautify::run(beautify, &configs, output),
        Command::Parse(parse) => parse::run(parse, &configs, output),
        Command::Test(test) => test::run(test, &configs, output),
        _ => Exit::Clean,
    }
}

fn configs(global: &Global) -> Result<Configs, crate::config::read::ConfigError> {
    let files = std::sync::Arc::new(crate::host::NativeFiles);
    match &global.config {
        Some(path) => Ok(Configs::fixed(files, crate::config::read_named(path)?)),
        None if global.isolated => Ok(Configs::isolated(files)),
        None => Ok(Configs::search(files)),
    }
}

/// The clap command, called as the program was: several tools are named `air`, so that somebody
/// may have installed this one under another name.
pub fn command(program: Option<&OsString>) -> clap::Command {
    let command = Args::command();
    let name = program.and_then(|program| Path::new(program).file_stem()).and_then(|name| name.to_str());
    match name {
        Some(name) if !name.is_empty() => command.display_name(name).bin_name(name),
        _ => command,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        command(None).debug_assert();
    }

    #[test]
    fn the_name_is_that_of_the_program() {
        let mut command = command(Some(&"/usr/bin/airlang".into()));
        assert!(command.render_usage().to_string().starts_with("Usage: airlang "));
    }
}
