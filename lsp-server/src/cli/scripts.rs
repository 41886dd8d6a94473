//! Scripts with the configuration that counts for each.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;

use air_analysis::Analysis;

use super::excluded::Excluded;
use super::exit::Exit;
use super::inputs::{self, Input, InputArgs};
use super::output::Output;
use super::report::checked::Failure;
use crate::config::{Config, Configs};

/// The scripts of a command that takes many.
#[derive(Debug, Default)]
pub struct Scripts {
    /// Scripts in stable order, each with the configuration that counts for it.
    pub items: Vec<(Input, Arc<Config>)>,
    /// Paths that cannot be worked on; already reported on standard error.
    pub failures: Vec<Failure>,
}

impl Scripts {
    /// The exit code so far.
    pub fn exit(&self) -> Exit {
        if self.failures.is_empty() { Exit::Clean } else { Exit::Failed }
    }

    /// Reports a path that cannot be worked on.
    pub fn fail(&mut self, output: &mut Output, path: String, message: String) {
        output.error(format_args!("{path}: {message}"));
        self.failures.push(Failure { path, message });
    }
}

/// Finds scripts and their configurations, and reports what prevents it. A broken configuration file is reported
/// once; the scripts under it are left out.
pub fn find(args: &InputArgs, configs: &Configs, output: &mut Output) -> Scripts {
    let mut scripts = Scripts::default();
    let excluded = Excluded::new(&args.exclude, configs);
    let found = inputs::find(args, &excluded);
    for (place, message) in excluded.into_problems() {
        scripts.fail(output, place, message);
    }
    for folder in found.empty {
        output.warning(format_args!("{}: no scripts (*.air) in this folder", folder.display()));
    }
    for link in found.left_out {
        output.warning(link);
    }
    for (path, message) in found.problems {
        scripts.fail(output, path, message);
    }
    let mut reported = Vec::new();
    for input in found.inputs {
        match configs.get(input.path()) {
            Ok(config) => scripts.items.push((input, config)),
            Err(error) => {
                if !reported.iter().any(|other| Arc::ptr_eq(other, &error)) {
                    error.sentences().for_each(|sentence| output.error(sentence));
                    reported.push(error.clone());
                }
                let message = format!("skipped: {} cannot be used", error.path.display());
                scripts.failures.push(Failure { path: input.name(), message });
            }
        }
    }
    if scripts.items.iter().any(|(input, _)| matches!(input, Input::Stdin(_))) {
        hint_at_stdin(output);
    }
    scripts
}

/// The script of a command that takes one.
pub struct Script {
    /// Its path as given, or `<stdin>`.
    pub name: String,
    /// The configuration that counts for it.
    pub config: Arc<Config>,
    /// The analysis of its text.
    pub analysis: Analysis,
}

/// Reads the script at `path`, or standard input.
///
/// # Errors
/// A sentence that begins with the path.
pub fn read_one(
    path: Option<&PathBuf>,
    stdin_filepath: Option<&PathBuf>,
    configs: &Configs,
    output: &mut Output,
) -> Result<Script, String> {
    let input = Input::one(path, stdin_filepath);
    let config = config(&input, configs, output)?;
    if matches!(input, Input::Stdin(_)) {
        hint_at_stdin(output);
    }
    let name = input.name();
    let text = input.read(config.files.limit()).map_err(|error| format!("{name}: {error}"))?;
    Ok(Script { name, config, analysis: Analysis::new(text) })
}

/// The configuration that counts for a script.
///
/// # Errors
/// What is wrong with it, after all but the last problem have been reported.
pub fn config(input: &Input, configs: &Configs, output: &mut Output) -> Result<Arc<Config>, String> {
    configs.get(input.path()).map_err(|error| {
        let mut sentences: Vec<String> = error.sentences().collect();
        let last = sentences.pop().unwrap_or_default();
        sentences.iter().for_each(|sentence| output.error(sentence));
        last
    })
}

/// Says at a terminal that the command waits for input.
fn hint_at_stdin(output: &mut Output) {
    if std::io::stdin().is_terminal() {
        let end = if cfg!(windows) { "Ctrl-Z and Enter" } else { "Ctrl-D" };
        output.note(format_args!("reading the script from standard input; {end} ends it"));
    }
}
