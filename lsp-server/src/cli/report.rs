//! What a check found, ready to be shown in any form.

use std::collections::BTreeMap;

use air_analysis::Analysis;
use air_analysis::diagnostic::{Diagnostic, Severity};
use schemars::JsonSchema;
use serde::Serialize;

use crate::config::ReportFormat;

mod concise;
mod full;
mod github;
mod json;
mod sarif;
pub mod sheets;

pub use air_simulation::report::Span;
pub use full::Full;
pub use json::{DiagnosticObject, diagnostic_objects, schema};

/// A script with everything found in it.
pub struct Checked {
    /// Path as given, or `<stdin>`.
    pub name: String,
    /// The analysis of its text, after mending.
    pub analysis: Analysis,
    /// Findings in text order, levels applied.
    pub diagnostics: Vec<Diagnostic>,
    /// What `--fix` mended, in the order of mending.
    pub fixed: Vec<Fixed>,
}

/// A finding that is no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Fixed {
    /// Code of the diagnostic.
    pub code: String,
    /// Name of the diagnostic.
    pub name: String,
    /// What was done.
    pub title: String,
    /// Line of the finding when it was mended, from 1.
    pub line: u32,
    /// Column of the finding when it was mended, from 1, in UTF-16 units.
    pub column: u32,
}

/// A script that could not be checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Failure {
    /// Path as given.
    pub path: String,
    /// Why.
    pub message: String,
}

/// Figures of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Summary {
    /// Scripts checked.
    pub files: usize,
    /// Of these, accepted by AquaVM.
    pub accepted: usize,
    /// Of these, rejected by AquaVM.
    pub rejected: usize,
    /// Scripts that could not be checked.
    pub failed: usize,
    /// Diagnostics by severity.
    pub errors: usize,
    /// Diagnostics by severity.
    pub warnings: usize,
    /// Diagnostics by severity.
    pub infos: usize,
    /// Diagnostics by severity.
    pub hints: usize,
    /// Findings that `--fix` mended.
    pub fixed: usize,
}

impl Summary {
    /// Counts one script.
    pub fn add(&mut self, checked: &Checked) {
        self.files += 1;
        if checked.analysis.accepted() {
            self.accepted += 1;
        } else {
            self.rejected += 1;
        }
        self.fixed += checked.fixed.len();
        for diagnostic in &checked.diagnostics {
            match diagnostic.severity {
                Severity::Error => self.errors += 1,
                Severity::Warning => self.warnings += 1,
                Severity::Info => self.infos += 1,
                Severity::Hint => self.hints += 1,
            }
        }
    }

    /// Counts what another run counted.
    pub fn merge(&mut self, other: &Summary) {
        self.files += other.files;
        self.accepted += other.accepted;
        self.rejected += other.rejected;
        self.failed += other.failed;
        self.errors += other.errors;
        self.warnings += other.warnings;
        self.infos += other.infos;
        self.hints += other.hints;
        self.fixed += other.fixed;
    }

    /// All diagnostics.
    pub fn findings(&self) -> usize {
        self.errors + self.warnings + self.infos + self.hints
    }

    /// `2 errors and 1 warning in 3 scripts`.
    pub fn sentence(&self) -> String {
        let mut parts = Vec::new();
        let kinds =
            [(self.errors, "error"), (self.warnings, "warning"), (self.infos, "note"), (self.hints, "hint")];
        for (count, what) in kinds {
            if count > 0 {
                parts.push(counted(count, what));
            }
        }
        let found = match parts.split_last() {
            None => "no problems".to_owned(),
            Some((only, [])) => only.clone(),
            Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        };
        let mut sentence = format!("{found} in {}", counted(self.files, "script"));
        if self.fixed > 0 {
            sentence += &format!(", {} fixed", self.fixed);
        }
        if self.failed > 0 {
            sentence += &format!(", {} not checked", counted(self.failed, "path"));
        }
        sentence
    }
}

/// `1 script`, `2 scripts`.
pub fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// The word for a severity.
pub fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
        Severity::Hint => "hint",
    }
}

/// A form of report. Scripts are rendered by the workers, the rest is put together in order.
pub trait Reporter: Send + Sync {
    /// Before everything.
    fn head(&self) -> String {
        String::new()
    }
    /// Between two scripts that have something to say.
    fn separator(&self) -> &'static str {
        ""
    }
    /// One script; empty if there is nothing to say about it.
    fn script(&self, checked: &Checked) -> String;
    /// After everything.
    fn tail(&self, summary: &Summary, failures: &[Failure]) -> String;
}

/// The reporter for a form; colours and width are those of the terminal.
pub fn reporter(format: ReportFormat, colour: bool, width: usize) -> Box<dyn Reporter> {
    match format {
        ReportFormat::Full => Box::new(Full::new(colour, width)),
        ReportFormat::Concise => Box::new(concise::Concise { colour }),
        ReportFormat::Json => Box::new(json::Json),
        ReportFormat::Jsonl => Box::new(json::Jsonl),
        ReportFormat::Sarif => Box::new(sarif::Sarif),
        ReportFormat::Github => Box::new(github::Github),
    }
}

/// How often each code was fixed: `unused-allow (3)`.
pub fn fixed_by_name(fixed: &[Fixed]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for fixed in fixed {
        *counts.entry(&fixed.name).or_default() += 1;
    }
    let parts: Vec<_> = counts.into_iter().map(|(name, count)| format!("{name} ({count})")).collect();
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences() {
        let summary = Summary { files: 3, errors: 2, warnings: 1, ..Summary::default() };
        assert_eq!(summary.sentence(), "2 errors and 1 warning in 3 scripts");
        let summary = Summary { files: 1, fixed: 1, failed: 2, ..Summary::default() };
        assert_eq!(summary.sentence(), "no problems in 1 script, 1 fixed, 2 paths not checked");
    }
}
