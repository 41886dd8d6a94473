//! Severities in words and colours.

use air_analysis::diagnostic::Severity;
use anstyle::Style;

use crate::cli::output::{ERROR, NOTE, WARNING};

/// The word for a severity.
pub fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
        Severity::Hint => "hint",
    }
}

/// The style of its word.
pub fn style(severity: Severity) -> Style {
    match severity {
        Severity::Error => ERROR,
        Severity::Warning => WARNING,
        Severity::Info | Severity::Hint => NOTE,
    }
}
