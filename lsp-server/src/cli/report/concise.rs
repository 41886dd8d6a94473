//! One line a diagnostic: `path:line:column: severity[CODE] message`, as compilers and editors
//! know it.

use std::fmt::Write;

use super::checked::{CheckedScript, Failure};
use super::reporter::Reporter;
use super::severity::{style, word};
use super::summary::Summary;
use crate::cli::output::{STRONG, visible};
use air_simulation::report::Span;

/// See the module.
pub(super) struct Concise {
    pub(super) colour: bool,
}

impl Reporter for Concise {
    fn script(&self, checked: &CheckedScript) -> String {
        let mut out = String::new();
        for diagnostic in &checked.diagnostics {
            let span = Span::new(&checked.lines, diagnostic.range);
            let (style, strong) =
                if self.colour { (style(diagnostic.severity), STRONG) } else { Default::default() };
            let place = format_args!("{}:{}:{}", checked.name, span.line, span.column).to_string();
            let severity = word(diagnostic.severity);
            let code = diagnostic.code.as_str();
            let message = visible(&diagnostic.message);
            // Writing to a string cannot fail.
            let _ = writeln!(
                out,
                "{strong}{place}{strong:#}: {style}{severity}[{code}]{style:#} {message}",
                place = visible(&place)
            );
        }
        out
    }

    fn tail(&self, _: &Summary, _: &[Failure]) -> String {
        String::new()
    }
}
