//! Several reports of one run, each on its way to its destination.

use std::path::PathBuf;
use std::sync::Arc;

use super::checked::Failure;
use super::reporter::Reporter;
use super::reporter_for;
use super::summary::Summary;
use crate::cli::form_target::{FormTarget, one_to_standard_output};
use crate::cli::output::Output;
use crate::config::ReportFormat;
use crate::files::writer;

/// A form of report and where it is wanted.
pub type ReportTarget = FormTarget<ReportFormat>;

/// One report under way.
pub struct ReportWriter {
    /// Renders scripts; shared with the workers.
    pub reporter: Arc<dyn Reporter>,
    format: ReportFormat,
    destination: Destination,
    /// Whether a script has been written.
    begun: bool,
}

enum Destination {
    /// Standard output, as it comes.
    Out,
    /// Standard error at the end, because standard output is taken.
    Err(String),
    /// A file at the end.
    File(PathBuf, String),
}

/// Begins reports. `out_taken` says that standard output is for something else.
pub fn begin(
    targets: &[ReportTarget],
    out_taken: bool,
    output: &mut Output,
) -> Result<Vec<ReportWriter>, String> {
    one_to_standard_output(targets)?;
    let begin = |target: &ReportTarget| {
        let destination = match &target.file {
            Some(file) => Destination::File(file.clone(), String::new()),
            None if out_taken => Destination::Err(String::new()),
            None => Destination::Out,
        };
        let shown = matches!(destination, Destination::Out);
        let width = if shown { output.width() } else { 0 };
        let reporter = Arc::from(reporter_for(target.form, shown && output.colour(), width));
        let mut writer = ReportWriter { reporter, format: target.form, destination, begun: false };
        let head = writer.reporter.head();
        writer.emit(&head, output);
        writer
    };
    Ok(targets.iter().map(begin).collect())
}

impl ReportWriter {
    /// Adds what the reporter said about one script.
    pub fn add(&mut self, piece: &str, output: &mut Output) {
        if piece.is_empty() {
            return;
        }
        if std::mem::replace(&mut self.begun, true) {
            self.emit(self.reporter.separator(), output);
        }
        self.emit(piece, output);
    }

    /// Ends the report. The error says which file could not be written.
    pub fn end(mut self, summary: &Summary, failures: &[Failure], output: &mut Output) -> Result<(), String> {
        let tail = self.reporter.tail(summary, failures);
        self.emit(&tail, output);
        match self.destination {
            Destination::File(file, text) => {
                return writer::create(&file, &text).map_err(|error| format!("{}: {error}", file.display()));
            }
            Destination::Err(text) => {
                if !text.is_empty() {
                    output.err_line(text.trim_end());
                }
            }
            Destination::Out => {}
        }
        // Machine-read reports carry the summary themselves.
        if matches!(self.format, ReportFormat::Full | ReportFormat::Concise) {
            output.note(summary.sentence());
        }
        Ok(())
    }

    fn emit(&mut self, text: &str, output: &mut Output) {
        match &mut self.destination {
            Destination::Out => output.text(text),
            Destination::Err(kept) | Destination::File(_, kept) => *kept += text,
        }
    }
}
