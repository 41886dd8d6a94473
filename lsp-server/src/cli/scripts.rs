//! Scripts with the configuration that counts for each.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;

use air_semantics::Analysis;

use super::exit::Exit;
use super::inputs::{self, Input, InputArgs};
use super::output::Output;
use super::report::checked::Failure;
use crate::config::{Config, Configs};

/// What there is to do.
#[derive(Debug, Default)]
pub struct Work {
    /// Scripts in stable order.
    pub items: Vec<(Input, Arc<Config>)>,
    /// What cannot be done; already told on standard error.
    pub failures: Vec<Failure>,
}

impl Work {
    /// The exit code so far.
    pub fn exit(&self) -> Exit {
        if self.failures.is_empty() { Exit::Clean } else { Exit::Failed }
    }

    /// One more that cannot be done.
    pub fn fail(&mut self, output: &mut Output, path: String, message: String) {
        output.error(format_args!("{path}: {message}"));
        self.failures.push(Failure { path, message });
    }
}

/// Finds scripts and their configurations, and tells what stands in the way. A broken
/// configuration file is told once and costs the scripts under it.
pub fn prepare(args: &InputArgs, configs: &Configs, output: &mut Output) -> Work {
    let mut work = Work::default();
    let found = inputs::find(args);
    for folder in found.empty {
        output.warning(format_args!("{}: no scripts (*.air) in here", folder.display()));
    }
    for (path, message) in found.problems {
        work.fail(output, path, message);
    }
    let mut told = Vec::new();
    for input in found.inputs {
        match configs.get(input.path()) {
            Ok(config) => work.items.push((input, config)),
            Err(error) => {
                if !told.iter().any(|other| Arc::ptr_eq(other, &error)) {
                    output.error(&error);
                    told.push(error.clone());
                }
                let message = format!("left out: {} cannot be used", error.path.display());
                work.failures.push(Failure { path: input.name(), message });
            }
        }
    }
    if work.items.iter().any(|(input, _)| matches!(input, Input::Stdin(_))) {
        hint_at_stdin(output);
    }
    work
}

/// The script of a command that is about one.
pub struct One {
    /// For messages.
    pub name: String,
    /// What counts for it.
    pub config: Arc<Config>,
    /// The script itself.
    pub analysis: Analysis,
}

/// Reads the script at `path`, or standard input; the error says what stands in the way.
pub fn one(
    path: Option<&PathBuf>,
    stdin_filepath: Option<&PathBuf>,
    configs: &Configs,
    output: &mut Output,
) -> Result<One, String> {
    let input = Input::one(path, stdin_filepath);
    let config = configs.get(input.path()).map_err(|error| error.to_string())?;
    if matches!(input, Input::Stdin(_)) {
        hint_at_stdin(output);
    }
    let name = input.name();
    let text = input.read(config.files.limit()).map_err(|error| format!("{name}: {error}"))?;
    Ok(One { name, config, analysis: Analysis::new(text) })
}

/// Tells somebody at a terminal what is waited for.
fn hint_at_stdin(output: &mut Output) {
    if std::io::stdin().is_terminal() {
        let end = if cfg!(windows) { "Ctrl-Z and Enter" } else { "Ctrl-D" };
        output.note(format_args!("reading the script from standard input; {end} ends it"));
    }
}
