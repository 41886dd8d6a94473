//! Several reports of one run, each on its way to its destination.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use clap::ValueEnum;

use super::checked::Failure;
use super::reporter::Reporter;
use super::reporter_for;
use super::summary::Summary;
use crate::cli::known_words::Offering;
use crate::cli::output::Output;
use crate::config::ReportFormat;
use crate::files::writer;

/// A form of report and where it is wanted: `json` or `sarif=out.sarif`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportTarget {
    /// The format.
    pub format: ReportFormat,
    /// The file; standard output if none.
    pub file: Option<PathBuf>,
}

impl FromStr for ReportTarget {
    type Err = String;

    fn from_str(text: &str) -> Result<ReportTarget, String> {
        let (form, file) = match text.split_once('=') {
            // As everywhere, a dash is not a file.
            Some((form, "-")) => (form, None),
            Some((form, file)) => (form, Some(PathBuf::from(file))),
            None => (text, None),
        };
        let format = ReportFormat::from_str(form, true).map_err(|_| {
            let all = ReportFormat::value_variants().iter().filter_map(ReportFormat::to_possible_value);
            let all: Vec<_> = all.map(|value| value.get_name().to_owned()).collect();
            format!("expected one of {}", all.join(", "))
        })?;
        Ok(ReportTarget { format, file })
    }
}

/// The option's parser, with the forms for shells.
pub(crate) fn targets_parser() -> impl clap::builder::TypedValueParser<Value = ReportTarget> {
    let read = |text: &str| text.parse::<ReportTarget>();
    let forms = || {
        let all = ReportFormat::value_variants().iter().filter_map(ReportFormat::to_possible_value);
        let about = |value: &clap::builder::PossibleValue| value.get_help().map(ToString::to_string);
        all.map(|value| (value.get_name().to_owned(), about(&value).unwrap_or_default())).collect()
    };
    Offering(read, forms)
}

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
    if targets.iter().filter(|target| target.file.is_none()).count() > 1 {
        return Err(
            "only one report can go to standard output; send the others to files with FORM=FILE".into()
        );
    }
    let begin = |target: &ReportTarget| {
        let destination = match &target.file {
            Some(file) => Destination::File(file.clone(), String::new()),
            None if out_taken => Destination::Err(String::new()),
            None => Destination::Out,
        };
        let shown = matches!(destination, Destination::Out);
        let width = if shown { output.width() } else { 0 };
        let reporter = Arc::from(reporter_for(target.format, shown && output.colour(), width));
        let mut writer = ReportWriter { reporter, format: target.format, destination, begun: false };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets() {
        let target = ReportTarget { format: ReportFormat::Sarif, file: Some("a=b.sarif".into()) };
        assert_eq!("sarif=a=b.sarif".parse(), Ok(target));
        let concise = ReportTarget { format: ReportFormat::Concise, file: None };
        assert_eq!("concise=-".parse(), Ok(concise));
        assert_eq!("JSON".parse(), Ok(ReportTarget { format: ReportFormat::Json, file: None }));
        let error = ReportTarget::from_str("xml").unwrap_err();
        assert_eq!(error, "expected one of full, concise, json, jsonl, sarif, github");
    }
}
