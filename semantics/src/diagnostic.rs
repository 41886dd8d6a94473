//! What the tools report: plain data with byte ranges.

use std::borrow::Cow;

use air_syntax::TextRange;
use serde::Serialize;

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code and all that is known of it.
    pub code: crate::codes::Code,
    /// Severity after configuration; [`crate::codes::Code::severity`] before.
    pub severity: Severity,
    /// One sentence: what is wrong and, where it can be said, what to do.
    pub message: String,
    /// The precise place.
    pub range: TextRange,
    /// Other places that explain it.
    pub related: Vec<Related>,
    /// AquaVM's own text and span, where it reports this.
    pub reference: Option<Reference>,
    /// Ways to mend it.
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
    /// The text is no script: AquaVM rejects it.
    Syntax,
    /// AquaVM's validator rejects it.
    Validation,
    /// Advice of ours; AquaVM accepts it.
    Lint,
}

/// A place that explains a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// Where.
    pub range: TextRange,
    /// What is there.
    pub message: Cow<'static, str>,
}

/// AquaVM's own report; the span is in bytes and may end one past the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reference {
    /// Its text.
    pub message: String,
    /// First byte.
    pub start: u32,
    /// One after the last byte.
    pub end: u32,
}

/// A way to mend a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an imperative.
    pub title: Cow<'static, str>,
    /// Whether it keeps the meaning, so that `air check --fix` may apply it unasked.
    pub safe: bool,
    /// Replacements, disjoint, in text order.
    pub edits: Vec<TextEdit>,
}

/// Replace a range by a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextEdit {
    /// What goes.
    pub range: TextRange,
    /// What comes.
    pub new_text: String,
}
