//! `air invoke`: AquaVM invocations, one JSON object per line.

use std::io::{self, BufRead as _};

use air_interpreter::Protocol;

use crate::cli::exit::Exit;
use crate::cli::output::Output;

/// Arguments of `air invoke`.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct InvokeArgs {}

/// Runs `air invoke`: answers each line as soon as it is there, until standard input ends.
pub fn run(_: &InvokeArgs, output: &mut Output) -> Exit {
    let mut protocol = Protocol::default();
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
            output.line(protocol.answer(text.trim()));
            output.flush();
        }
    }
}
