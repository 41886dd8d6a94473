//! What a check found in a script, or why there was no check.

use std::collections::BTreeMap;
use std::sync::Arc;

use air_analysis::diagnostic::Diagnostic;
use air_syntax::LineIndex;
use schemars::JsonSchema;
use serde::Serialize;

/// A script with everything found in it.
pub struct CheckedScript {
    /// Path as given, or `<stdin>`.
    pub name: String,
    /// Its text, after fixes; that of the whole file if the script is in one of another language.
    pub text: Arc<str>,
    /// The lines of the text.
    pub lines: LineIndex,
    /// Whether AquaVM accepts it; of several in a file, all.
    pub accepted: bool,
    /// Findings in text order, levels applied.
    pub diagnostics: Vec<Diagnostic>,
    /// What `--fix` fixed, in that order.
    pub fixed: Vec<AppliedFix>,
}

/// A finding that `--fix` has fixed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Fixed")]
pub struct AppliedFix {
    /// Code of the diagnostic.
    pub code: String,
    /// Name of the diagnostic.
    pub name: String,
    /// What was done.
    pub title: String,
    /// Line of the finding when it was fixed, from 1.
    pub line: u32,
    /// Column of the finding when it was fixed, from 1, in UTF-16 units.
    pub column: u32,
}

/// A script that could not be checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Failure {
    /// Path as given.
    pub path: String,
    /// The reason.
    pub message: String,
}

/// How often each code was fixed: `unused-allow (3)`.
pub fn fixed_by_name(fixed: &[AppliedFix]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for fixed in fixed {
        *counts.entry(&fixed.name).or_default() += 1;
    }
    let parts: Vec<_> = counts.into_iter().map(|(name, count)| format!("{name} ({count})")).collect();
    parts.join(", ")
}
