//! `air sample`: sample data to start from, for a script or from what a node recorded.

use std::path::{Path, PathBuf};

use air_analysis::Analysis;
use air_analysis::diagnostic::TextEdit;
use air_semantics::text_edit::apply;
use air_service::SamplePath;
use air_service::documents::sample::first_sample;
use air_simulation::sample::generate::annotate;
use air_simulation::sample::recorded::from_recording;
use air_syntax::{TextRange, TextSize};

use crate::cli::exit::Exit;
use crate::cli::inputs::Input;
use crate::cli::output::Output;
use crate::cli::{rejection, scripts};
use crate::config::Configs;
use crate::files::{reader, writer};

/// Arguments of `air sample`.
#[derive(Debug, Clone, clap::Args)]
pub struct SampleArgs {
    /// A script; or an anomaly file, a particle or interpreter data, whose answers become the sample data; `-` is
    /// standard input
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub file: PathBuf,
    /// Write the answers into the script, as comments after its calls
    #[arg(long)]
    pub annotations: bool,
    /// Write NAME.sample.json beside the script, or with --annotations the script, instead of printing it
    #[arg(long, short)]
    pub write: bool,
}

/// Runs `air sample`.
pub fn run(args: &SampleArgs, configs: &Configs, output: &mut Output) -> Exit {
    let result = try_run(args, configs, output);
    output.conclude(result)
}

fn try_run(args: &SampleArgs, configs: &Configs, output: &mut Output) -> Result<Exit, String> {
    let input = Input::one(Some(&args.file), None);
    let name = input.name();
    let config = scripts::config(&input, configs, output)?;
    let bytes = input.read_bytes(config.files.limit()).map_err(|error| format!("{name}: {error}"))?;
    if is_recording(&bytes) {
        let text = from_recording(&bytes).map_err(|error| format!("{name}: {error}"))?;
        return deliver(args, &input, &text, output);
    }
    let text = reader::text(bytes).map_err(|error| format!("{name}: {error}"))?;
    let analysis = Analysis::new(text.as_str());
    if !analysis.accepted() {
        rejection::show(&name, &analysis, output);
        output.note("AquaVM rejects this script, so nobody knows what it asks for");
        return Ok(Exit::Findings);
    }
    if args.annotations {
        return annotated(args, &input, &text, &analysis, output);
    }
    let stem = input.path().and_then(Path::file_stem).and_then(|stem| stem.to_str()).unwrap_or("sample");
    let text = first_sample(&analysis, stem);
    deliver(args, &input, &text, output)
}

/// Scripts begin with `(` or a comment, all else was recorded.
fn is_recording(bytes: &[u8]) -> bool {
    let text = std::str::from_utf8(bytes).map(|text| text.trim_start_matches('\u{feff}').trim_start());
    !text.is_ok_and(|text| text.is_empty() || text.starts_with(['(', ';']))
}

fn annotated(
    args: &SampleArgs,
    input: &Input,
    text: &str,
    analysis: &Analysis,
    output: &mut Output,
) -> Result<Exit, String> {
    let insertions = annotate(analysis.hir(), analysis.resolution());
    if insertions.is_empty() {
        output.note(format_args!("{}: no call needs an annotation", input.name()));
    }
    let edit = |at: usize, new_text| TextEdit { range: TextRange::empty(TextSize::new(at as u32)), new_text };
    let edits: Vec<TextEdit> = insertions.into_iter().map(|it| edit(it.at, it.text)).collect();
    let new = apply(text, &edits);
    match (args.write, input) {
        (true, Input::File(path)) if new != text => {
            writer::replace(path, text, &new).map_err(|error| format!("{}: {error}", path.display()))?;
            output.note(format_args!("{} answers written into {}", edits.len(), path.display()));
        }
        (true, Input::File(_)) => {}
        _ => output.script(&new),
    }
    Ok(Exit::Clean)
}

/// Prints sample data, or writes it where none is.
fn deliver(args: &SampleArgs, input: &Input, text: &str, output: &mut Output) -> Result<Exit, String> {
    let Some(path) = input.path().filter(|_| args.write).and_then(SamplePath::of) else {
        if args.write {
            return Err("standard input has no name to write NAME.sample.json beside".to_owned());
        }
        output.text(text);
        return Ok(Exit::Clean);
    };
    let shown = path.display();
    if path.exists() {
        return Err(format!("{shown}: is there already, left unchanged"));
    }
    writer::create(&path, text).map_err(|error| format!("{shown}: {error}"))?;
    output.note(format_args!("{shown} written; its values are made up, so read them"));
    Ok(Exit::Clean)
}
