//! Several reports of one run, each on its way to its place.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use clap::ValueEnum;

use super::checked::Failure;
use super::reporter;
use super::reporter::Reporter;
use super::summary::Summary;
use crate::cli::file_writer;
use crate::cli::output::Output;
use crate::config::ReportFormat;

/// A form of report and where it is wanted: `json` or `sarif=out.sarif`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its form.
    pub format: ReportFormat,
    /// The file; standard output if none.
    pub file: Option<PathBuf>,
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Target, String> {
        let (form, file) = match text.split_once('=') {
            Some((form, file)) => (form, Some(PathBuf::from(file))),
            None => (text, None),
        };
        let format = ReportFormat::from_str(form, true).map_err(|_| {
            let all = ReportFormat::value_variants().iter().filter_map(ReportFormat::to_possible_value);
            let all: Vec<_> = all.map(|value| value.get_name().to_owned()).collect();
            format!("the forms are {}", all.join(", "))
        })?;
        Ok(Target { format, file })
    }
}

/// One report under way.
pub struct Sheet {
    /// Renders scripts; shared with the workers.
    pub reporter: Arc<dyn Reporter>,
    format: ReportFormat,
    place: Place,
    /// Whether a script has been written.
    begun: bool,
}

enum Place {
    /// Standard output, as it comes.
    Out,
    /// Standard error at the end, because standard output is taken.
    Err(String),
    /// A file at the end.
    File(PathBuf, String),
}

/// Begins reports. `out_taken` says that standard output is for something else.
pub fn begin(targets: &[Target], out_taken: bool, output: &mut Output) -> Result<Vec<Sheet>, String> {
    if targets.iter().filter(|target| target.file.is_none()).count() > 1 {
        return Err(
            "only one report can go to standard output; send the others to files with FORM=FILE".into()
        );
    }
    let begin = |target: &Target| {
        let place = match &target.file {
            Some(file) => Place::File(file.clone(), String::new()),
            None if out_taken => Place::Err(String::new()),
            None => Place::Out,
        };
        let shown = matches!(place, Place::Out);
        let width = if shown { output.width() } else { 0 };
        let reporter = Arc::from(reporter(target.format, shown && output.colour(), width));
        let mut sheet = Sheet { reporter, format: target.format, place, begun: false };
        let head = sheet.reporter.head();
        sheet.emit(&head, output);
        sheet
    };
    Ok(targets.iter().map(begin).collect())
}

impl Sheet {
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
        match self.place {
            Place::File(file, text) => {
                return file_writer::create(&file, &text)
                    .map_err(|error| format!("{}: {error}", file.display()));
            }
            Place::Err(text) => {
                if !text.is_empty() {
                    output.err_line(text.trim_end());
                }
            }
            Place::Out => {}
        }
        // Machine-read reports carry the summary themselves.
        if matches!(self.format, ReportFormat::Full | ReportFormat::Concise) {
            output.note(summary.sentence());
        }
        Ok(())
    }

    fn emit(&mut self, text: &str, output: &mut Output) {
        match &mut self.place {
            Place::Out => output.text(text),
            Place::Err(kept) | Place::File(_, kept) => *kept += text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets() {
        let target = Target { format: ReportFormat::Sarif, file: Some("a=b.sarif".into()) };
        assert_eq!("sarif=a=b.sarif".parse(), Ok(target));
        assert_eq!("JSON".parse(), Ok(Target { format: ReportFormat::Json, file: None }));
        let error = Target::from_str("xml").unwrap_err();
        assert_eq!(error, "the forms are full, concise, json, jsonl, sarif, github");
    }
}
