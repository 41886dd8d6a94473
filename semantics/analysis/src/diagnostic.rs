//! What the tools report: plain data with byte ranges.

use air_syntax::TextRange;
use serde::Serialize;

use crate::code::Code;

pub use air_semantics::finding::{Fix, Reference, Related};
pub use air_semantics::text_edit::TextEdit;

/// Something wrong or doubtful at a place of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable; the key to its name and page.
    pub code: Code,
    /// Severity after configuration; [`Code::severity`] before.
    pub severity: Severity,
    /// One sentence: what is wrong and, where it can be said, what to do.
    pub message: String,
    /// The smallest place that says it: an operand rather than its instruction.
    pub range: TextRange,
    /// Other places that explain it.
    pub related: Vec<Related>,
    /// AquaVM's own text and span, where it reports this.
    pub reference: Option<Reference>,
    /// Edits that end it, the most likely one first.
    pub fixes: Vec<Fix>,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Severity {
    Error,
    Warning,
    Info,
    Hint,
}

/// Who reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The text is not a script: AquaVM rejects it.
    Syntax,
    /// AquaVM's validator rejects it.
    Validation,
    /// Advice of ours; AquaVM accepts it.
    Lint,
}
