//! Figures of a check.

use air_analysis::diagnostic::Severity;
use schemars::JsonSchema;
use serde::Serialize;

use super::checked::CheckedScript;

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
    /// Findings that `--fix` fixed.
    pub fixed: usize,
}

impl Summary {
    /// Counts one script.
    pub fn add(&mut self, checked: &CheckedScript) {
        self.files += 1;
        if checked.accepted {
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
