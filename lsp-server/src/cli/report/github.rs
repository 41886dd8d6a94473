//! GitHub workflow commands: annotations beside the changed lines of a pull request.

use std::fmt::Write;

use air_analysis::diagnostic::Severity;

use super::checked::{CheckedScript, Failure};
use super::reporter::Reporter;
use super::summary::Summary;
use crate::cli::output::visible;
use air_simulation::report::Span;

/// See the module.
pub(super) struct Github;

impl Reporter for Github {
    fn script(&self, checked: &CheckedScript) -> String {
        let mut out = String::new();
        for diagnostic in &checked.diagnostics {
            let command = match diagnostic.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info | Severity::Hint => "notice",
            };
            let span = Span::new(&checked.lines, diagnostic.range);
            let code = diagnostic.code;
            let _ = write!(out, "::{command} file={},line={}", property(&checked.name), span.line);
            // GitHub shows nothing when columns are given across lines.
            if span.line == span.end_line {
                let _ = write!(
                    out,
                    ",endLine={},col={},endColumn={}",
                    span.end_line, span.column, span.end_column
                );
            } else {
                let _ = write!(out, ",endLine={}", span.end_line);
            }
            let title = property(&format!("{} {}", code.as_str(), code.name()));
            let place = format!("{}:{}:{}: ", checked.name, span.line, span.column);
            let _ = writeln!(out, ",title={title}::{}{}", data(&place), data(&diagnostic.message));
        }
        out
    }

    fn tail(&self, _: &Summary, failures: &[Failure]) -> String {
        let mut out = String::new();
        for failure in failures {
            let _ = writeln!(out, "::error file={}::{}", property(&failure.path), data(&failure.message));
        }
        out
    }
}

/// Line breaks have a form of their own; other control characters must not reach a terminal that shows the log.
fn data(text: &str) -> String {
    visible(&text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")).into_owned()
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    #[test]
    fn escapes() {
        assert_eq!(super::data("100%\r\n:,"), "100%25%0D%0A:,");
        assert_eq!(super::property("a:b,c%"), "a%3Ab%2Cc%25");
    }
}
