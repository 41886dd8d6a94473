//! What a form of report has to say.

use super::checked::{CheckedScript, Failure};
use super::summary::Summary;

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
    fn script(&self, checked: &CheckedScript) -> String;
    /// After everything.
    fn tail(&self, summary: &Summary, failures: &[Failure]) -> String;
}
