//! `air invoke`: one AquaVM invocation from files, or many as JSON, a request a line.

mod files;
mod store;

use std::io::{self, BufRead as _};
use std::path::PathBuf;

use air_interpreter::Protocol;

use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::config::Configs;
use files::FileArgs;

/// Arguments of `air invoke`.
#[derive(Debug, Clone, clap::Args)]
pub struct InvokeArgs {
    /// One invocation from files.
    #[command(flatten)]
    files: FileArgs,
    /// Keep data in this folder between invocations: requests have no `prev_data`
    ///
    /// The names of the files are those of Fluence's nodes. Each file is replaced in one step, so a kill leaves the old data
    /// or the new. The data of particles that have expired (timestamp + ttl) is removed at the start. Invocations
    /// that fail or take long are written to its folder `anomalies`; `air run` replays them. One process at a time uses
    /// a folder.
    #[arg(long, value_name = "DIR", conflicts_with = "script", value_hint = clap::ValueHint::DirPath)]
    pub store: Option<PathBuf>,
}

/// Runs `air invoke`.
pub fn run(args: &InvokeArgs, configs: &Configs, output: &mut Output) -> Exit {
    let result = match (&args.files.script, &args.store) {
        (Some(script), _) => files::run(script, &args.files, configs, output),
        (None, Some(folder)) => {
            store::Stored::open(folder).map(|mut stored| lines(|line| stored.answer(line), output))
        }
        (None, None) => {
            let mut protocol = Protocol::default();
            Ok(lines(|line| protocol.answer(line), output))
        }
    };
    output.conclude(result)
}

/// Answers each line as soon as it is there, until standard input ends.
fn lines(mut answer: impl FnMut(&str) -> String, output: &mut Output) -> Exit {
    let mut input = io::stdin().lock();
    let mut line = Vec::new();
    loop {
        line.clear();
        match input.read_until(b'\n', &mut line) {
            Ok(0) => return Exit::Clean,
            Ok(_) => {}
            Err(error) => {
                output.error(format_args!("cannot read standard input: {error}"));
                return Exit::Failed;
            }
        }
        // What is not UTF-8 is not JSON either: the answer says so.
        let text = String::from_utf8_lossy(&line);
        if !text.trim().is_empty() {
            output.line(answer(text.trim()));
            output.flush();
        }
    }
}
