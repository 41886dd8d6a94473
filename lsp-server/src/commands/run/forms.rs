//! `--output-format`: what `air run` prints, and into which files it writes it in which form.

use air_simulation::export::{otlp, perfetto, shiviz};
use air_simulation::report::Report;
use clap::ValueEnum as _;

use super::{DiagramKind, RunArgs};
use crate::cli::form_target::{FormTarget, one_to_standard_output};
use crate::cli::output::Output;
use crate::diagram::{Diagram, mermaid, svg};
use crate::files::writer;

/// Forms of what came of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum RunForm {
    /// For people
    Full,
    /// The report as one JSON object
    Json,
    /// A diagram as text for Mermaid
    Mermaid,
    /// A diagram as an SVG document
    Svg,
    /// A trace for ui.perfetto.dev
    Perfetto,
    /// A log with vector clocks for ShiViz
    Shiviz,
    /// A trace in OpenTelemetry's JSON
    Otlp,
}

/// What goes to standard output; `None` if everything goes to files.
///
/// # Errors
/// If two forms want standard output, or one cannot go there or into a file.
pub(super) fn printed(args: &RunArgs) -> Result<Option<RunForm>, String> {
    one_to_standard_output(&args.output_format)?;
    if args.output_format.iter().any(|target| target.form == RunForm::Full && target.file.is_some()) {
        return Err("full goes to standard output; the forms for files are json, mermaid, svg, perfetto, shiviz, otlp".into());
    }
    let printed = args.output_format.iter().find(|target| target.file.is_none()).map(|target| target.form);
    if printed == Some(RunForm::Perfetto) {
        return Err("perfetto is binary: write it into a file with --output-format perfetto=FILE".into());
    }
    Ok(match (printed, args.json, args.diagram) {
        (Some(form), ..) => Some(form),
        (None, true, _) => Some(RunForm::Json),
        (None, _, Some(DiagramKind::Mermaid)) => Some(RunForm::Mermaid),
        (None, _, Some(DiagramKind::Svg)) => Some(RunForm::Svg),
        (None, ..) => args.output_format.is_empty().then_some(RunForm::Full),
    })
}

/// Writes the files. `json` is the report for programs.
///
/// # Errors
/// Which file could not be written, and why.
pub(super) fn write_files(
    args: &RunArgs,
    report: &Report,
    json: impl Fn() -> String,
    output: &mut Output,
) -> Result<(), String> {
    for FormTarget { form, file } in &args.output_format {
        let Some(file) = file else { continue };
        let content = content(*form, report, &json)?;
        writer::create(file, content).map_err(|error| format!("{}: {error}", file.display()))?;
        let name = form.to_possible_value();
        output.detail(format_args!(
            "wrote {} as {}",
            file.display(),
            name.as_ref().map(clap::builder::PossibleValue::get_name).unwrap_or_default()
        ));
    }
    Ok(())
}

/// A run in a form that is not for people.
///
/// # Errors
/// If the form cannot hold so much.
pub(super) fn content(form: RunForm, report: &Report, json: impl Fn() -> String) -> Result<Vec<u8>, String> {
    Ok(match form {
        RunForm::Full | RunForm::Json => format!("{}\n", json()).into_bytes(),
        RunForm::Mermaid => mermaid(&Diagram::new(report)).into_bytes(),
        RunForm::Svg => svg(&Diagram::new(report)).into_bytes(),
        RunForm::Perfetto => perfetto(report),
        RunForm::Shiviz => shiviz(report).map_err(|error| error.to_string())?.into_bytes(),
        RunForm::Otlp => format!("{}\n", otlp(report)).into_bytes(),
    })
}
