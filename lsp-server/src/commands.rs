//! The commands of `air`, one module each; what they share is in [`crate::cli`].
//!
//! No command uses another one; a command's own folder holds its parts.
//!
//! Exit codes: 0 nothing to report, 1 findings, 2 the work could not be done. Results go to
//! standard output, everything else to standard error.

use std::ffi::OsString;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::cli::exit::Exit;
use crate::cli::global_args::GlobalArgs;
use crate::cli::output::Output;
use crate::cli::{pool, watch};

pub mod avm;
pub mod beautify;
pub mod check;
pub mod completions;
pub mod config;
pub mod dap;
pub mod data;
pub mod diff;
pub mod doctor;
pub mod explain;
pub mod explore;
pub mod extract;
pub mod fmt;
pub mod init;
pub mod invoke;
pub mod lsp;
pub mod man;
pub mod parse;
pub mod run;
pub mod sample;
pub mod test;

/// Checks, formats, reads and runs AIR scripts
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, max_term_width = 100, arg_required_else_help = true)]
#[command(after_help = "Exit codes: 0 nothing to report, 1 findings, 2 the work could not be done.")]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Options of all commands.
    #[command(flatten)]
    pub global: GlobalArgs,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Format scripts in the canonical layout
    ///
    /// Files are rewritten in place, each in one step; standard input goes to standard output. A script with
    /// syntax errors is formatted where it is well formed. Nothing is written unless the result has the same
    /// tokens and comments in the same order.
    #[command(visible_alias = "format")]
    Fmt(fmt::FmtArgs),
    /// Report errors and lints in scripts
    ///
    /// Errors are what AquaVM rejects: it accepts a script that has no syntax or validation errors. Lints are
    /// advice; their levels can be set here or in air.toml.
    Check(check::CheckArgs),
    /// Show a script in a readable form
    ///
    /// The view equals that of AquaVM's own tool, byte for byte. A script that AquaVM rejects gets its
    /// diagnostics and exit code 1, as in that tool. Unlike that tool, this one writes the output file only
    /// when there is a view: after a rejected script, an old file is unchanged.
    #[command(visible_alias = "b")]
    Beautify(beautify::BeautifyArgs),
    /// Show the syntax tree of a script
    ///
    /// Every token is shown with its byte range, even in a script with syntax errors. --json prints
    /// instructions and operands with ranges, in a stable form with a published JSON schema
    /// (parse.schema.json). Its nodes form a flat list with indices, because real scripts are nested deeper than
    /// many JSON readers allow. Exit code 1: the script has syntax errors.
    Parse(parse::ParseArgs),
    /// Compare two scripts by structure
    ///
    /// By instructions and not by lines: layout, comments and the nesting of `seq` and `par` do not count, a hop is one
    /// step, variables with another name everywhere are said once, and what stands at another place has moved. Exit code
    /// 1: they differ.
    Diff(diff::DiffArgs),
    /// Run a script on simulated peers
    ///
    /// Shows values beside the script, the route of the particle, errors, and why parts did not run. Sample data
    /// answers the calls; without --make-up, a call that it does not answer fails. A scenario is sample data
    /// that contains its script. Exit code 0: the script completed and no error reached the top or the
    /// initiator's handler.
    ///
    /// The anomaly file of a node is replayed: exit code 1 if code, message, requests or next peers differ from
    /// what was recorded. New data is not compared, because it is signed with the key of the node.
    #[command(visible_alias = "r")]
    Run(run::RunArgs),
    /// Write out the scripts that stand in TypeScript, JavaScript, Rust and Markdown files
    ///
    /// From template strings, strings and fenced blocks that are marked as AIR or hold a whole script. A word stands in
    /// place of each part that the program fills in, and a comment says which.
    Extract(extract::ExtractArgs),
    /// Follow every order in which things can happen in a run
    ///
    /// Particles and answers may come in any order. Those orders are followed that can be told apart, and each end that
    /// a run can have is shown with moves that lead to it and the event that decides. --faults shows what the loss of each
    /// message, and the death of each peer, does instead. Exit code 1: there is more than one end, or a fault harms.
    Explore(explore::ExploreArgs),
    /// Print sample data to start from, with made-up answers to all that a script asks for
    ///
    /// Or sample data out of what a node recorded: an anomaly file, a particle, interpreter data. --write puts it beside
    /// the script, where `air run`, `air test` and editors find it. `air explain sample` describes the form.
    Sample(sample::SampleArgs),
    /// Run scripts and compare the results with what their sample data expects
    ///
    /// A test is NAME.air with NAME.sample.json beside it that has `expect`: outcome, response, error, calls
    /// (in this order or in any), last values of variables, hops, what is waited for. If the sample data has
    /// cases, each case is a test. Exit code 1: a test failed.
    Test(test::TestArgs),
    /// Make one AquaVM invocation from files, or answer requests, one JSON object per line
    ///
    /// With --script, the outcome is shown and the exit code is 0 if its code is. Without, requests come in on standard
    /// input. Operations: invoke (script, data, parameters and call results in; outcome out), decode (data to JSON),
    /// key (peer id and secret key of a name). A request that cannot be understood is answered with oracle_error.
    Invoke(invoke::InvokeArgs),
    /// Write the interpreter as a WebAssembly module for AquaVM's hosts
    ///
    /// The module has the interface of AquaVM's own (avm.wasm, air_interpreter_server.wasm): the JS client,
    /// nodes and other hosts of Marine load it in its place.
    Avm(avm::AvmArgs),
    /// Show interpreter data, a particle, an anomaly file or an error object
    ///
    /// Data may be raw, in base64, in hex or an array of numbers; a particle as nodes send it or as JSON; a line of a log
    /// with a particle or an error object in it will do. The trace shows contents instead of their identifiers; --json
    /// adds the stores.
    #[command(visible_alias = "d")]
    Data(data::DataArgs),
    /// Explain a diagnostic, an error code of a run, an instruction, a service or a topic
    Explain(explain::ExplainArgs),
    /// Write a first script with sample data and a test, and air.toml
    Init(init::InitArgs),
    /// Show the settings that count for a script, and where each comes from
    Config(config::ConfigArgs),
    /// Run the language server on standard input and output
    Lsp(lsp::LspArgs),
    /// Run the debugger on standard input and output
    ///
    /// It speaks the Debug Adapter Protocol: editors start it. A script runs once and is recorded; then one moves over the
    /// recording, forward and back, from peer to peer.
    Dap(dap::DapArgs),
    /// Print a completion script for a shell
    ///
    /// For example:
    ///   air completions bash > ~/.local/share/bash-completion/completions/air
    ///   air completions fish > ~/.config/fish/completions/air.fish
    ///   air completions zsh > ~/.zfunc/_air
    #[command(verbatim_doc_comment)]
    Completions(completions::CompletionsArgs),
    /// Print manual pages
    ///
    /// For example:
    ///   air man check | man -l -
    ///   air man --out-dir /usr/local/share/man/man1
    #[command(verbatim_doc_comment)]
    Man(man::ManArgs),
    /// Report what is installed and configured, for set-up and bug reports
    ///
    /// Exit code 1: something needs attention.
    Doctor(doctor::DoctorArgs),
}

impl Command {
    /// What `--watch` looks at, if it is given.
    fn watched(&self) -> Option<Vec<PathBuf>> {
        match self {
            Command::Check(check) if check.watch => Some(check.inputs.paths.clone()),
            Command::Test(test) if test.watch => Some(test.paths.clone()),
            Command::Run(run) if run.watch => Some(run.file.iter().cloned().collect()),
            _ => None,
        }
    }
}

/// Entry point of the binary.
pub fn main() -> ExitCode {
    // Our own code does not recurse over a script, but libraries may.
    let run = std::thread::Builder::new().stack_size(pool::STACK_BYTES).spawn(run);
    // A panic has been printed when it is seen here.
    run.map_or_else(|_| self::run(), |thread| thread.join().unwrap_or(Exit::Failed.into()))
}

/// Does what the command line says.
fn run() -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().collect();
    if let Some(text) = full_version(&words) {
        let mut output = Output::of_process(Default::default(), false, false);
        output.line(text);
        return output.finish(Exit::Clean).into();
    }
    let mut command = command(words.first());
    let parsed = command
        .try_get_matches_from_mut(words)
        .and_then(|matches| Args::from_arg_matches(&matches).map_err(|error| error.format(&mut command)));
    let args = match parsed {
        Ok(args) => args,
        Err(error) => {
            // Help and version are not errors, nor is a pipe that the reader has closed.
            let written = error.print().and_then(|()| std::io::stdout().flush());
            let written = written.err().is_none_or(|error| error.kind() == ErrorKind::BrokenPipe);
            return if error.use_stderr() || !written { Exit::Failed } else { Exit::Clean }.into();
        }
    };
    match &args.command {
        Command::Lsp(lsp) => return lsp::run(lsp),
        Command::Dap(dap) => return dap::run(dap),
        _ => {}
    }
    let global = &args.global;
    let mut output = Output::of_process(global.color, global.quiet, global.verbose);
    let exit = match args.command.watched() {
        Some(paths) => {
            let result = watch::watch(&paths, &mut output, &mut |output| dispatch(&args, output));
            output.conclude(result)
        }
        None => dispatch(&args, &mut output),
    };
    output.finish(exit).into()
}

/// `--version --verbose`: with the version of AquaVM and of the data, which clap's own option cannot say.
fn full_version(words: &[OsString]) -> Option<String> {
    let options = words.get(1..)?;
    let has = |names: [&str; 2]| options.iter().any(|word| names.iter().any(|name| word == name));
    let known = |word: &OsString| ["--version", "-V", "--verbose", "-v"].iter().any(|name| word == name);
    (has(["--version", "-V"]) && has(["--verbose", "-v"]) && options.iter().all(known)).then(|| {
        format!(
            "air {}\nAquaVM {}\ninterpreter data {}, read from {} on\n{} {}",
            env!("CARGO_PKG_VERSION"),
            air_interpreter::INTERPRETER_VERSION,
            air_interpreter::DATA_VERSION,
            air_interpreter::MINIMUM_VERSION,
            std::env::consts::OS,
            std::env::consts::ARCH
        )
    })
}

fn dispatch(args: &Args, output: &mut Output) -> Exit {
    match &args.command {
        Command::Explain(explain) => return explain::run(explain, output),
        Command::Avm(avm) => return avm::run(avm, output),
        Command::Completions(completions) => {
            return completions::run(completions, &mut command(std::env::args_os().next().as_ref()), output);
        }
        Command::Man(man) => {
            return man::run(man, &mut command(std::env::args_os().next().as_ref()), output);
        }
        Command::Init(init) => return init::run(init, output),
        Command::Config(config) => return config::run(config, &args.global, output),
        Command::Doctor(doctor) => return doctor::run(doctor, &args.global, output),
        _ => {}
    }
    let configs = match args.global.configs() {
        Ok(configs) => configs,
        Err(error) => {
            error.sentences().for_each(|sentence| output.error(sentence));
            return Exit::Failed;
        }
    };
    match &args.command {
        Command::Fmt(fmt) => fmt::run(fmt, &configs, output),
        Command::Check(check) => check::run(check, &configs, output),
        Command::Beautify(beautify) => beautify::run(beautify, &configs, output),
        Command::Parse(parse) => parse::run(parse, &configs, output),
        Command::Test(test) => test::run(test, &configs, output),
        Command::Diff(args) => diff::run(args, &configs, output),
        Command::Run(args) => run::run(args, &configs, output),
        Command::Extract(args) => extract::run(args, &configs, output),
        Command::Explore(args) => explore::run(args, &configs, output),
        Command::Data(data) => data::run(data, &configs, output),
        Command::Invoke(invoke) => invoke::run(invoke, &configs, output),
        Command::Sample(sample) => sample::run(sample, &configs, output),
        _ => Exit::Clean,
    }
}

/// The clap command, named as the program was called: several tools are named `air`, so this one
/// may be installed under another name.
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
