//! JSON for scripts: one object for everything, or an object a line.

use air_service::documents::check;

use super::checked::{CheckedScript, Failure};
use super::reporter::Reporter;
use super::summary::Summary;

/// One object.
pub(super) struct Json;

impl Reporter for Json {
    fn head(&self) -> String {
        check::HEAD.to_owned()
    }

    fn separator(&self) -> &'static str {
        ","
    }

    fn script(&self, checked: &CheckedScript) -> String {
        check::script(checked)
    }

    fn tail(&self, summary: &Summary, failures: &[Failure]) -> String {
        check::tail(summary, failures) + "\n"
    }
}

/// A line with an object for each script, lines with failures, a line with the summary.
pub(super) struct Jsonl;

impl Reporter for Jsonl {
    fn script(&self, checked: &CheckedScript) -> String {
        check::script(checked) + "\n"
    }

    fn tail(&self, summary: &Summary, failures: &[Failure]) -> String {
        check::last_lines(summary, failures)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_schema_is_current() {
        crate::schemas::compare("check.schema.json", &air_service::documents::check::schema());
    }
}
