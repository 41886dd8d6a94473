//! What was found in scripts: `air check --output-format json` and `jsonl`.
//!
//! Names and meanings are promises; fields may be added. The schema is published in
//! `schemas/check.schema.json`.

use std::borrow::Cow;

use air_analysis::diagnostic::{Diagnostic, Fix, Origin, Reference, Severity};
use air_simulation::report::Span;
use air_syntax::LineIndex;
use schemars::JsonSchema;
use serde::Serialize;

use super::checked::{AppliedFix, CheckedScript, Failure};
use super::summary::Summary;

/// What `air check --output-format json` prints.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "air check --output-format json")]
struct ReportObject<'a> {
    /// Version of this form: 1.
    version: u32,
    /// Scripts that were checked, in stable order.
    files: Vec<FileObject<'a>>,
    /// Paths that could not be checked.
    failures: &'a [Failure],
    /// Figures.
    summary: &'a Summary,
}

/// One script.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "File")]
struct FileObject<'a> {
    /// Path as given; `<stdin>` for unnamed standard input.
    path: Cow<'a, str>,
    /// Whether AquaVM accepts the script.
    accepted: bool,
    /// Findings in text order.
    diagnostics: Vec<DiagnosticObject<'a>>,
    /// What `--fix` fixed; absent if nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    fixed: Option<&'a [AppliedFix]>,
}

/// One finding.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Diagnostic")]
pub struct DiagnosticObject<'a> {
    /// Stable code: a letter and a number.
    code: &'static str,
    /// Stable name in kebab-case.
    name: &'static str,
    /// Who reports it.
    #[schemars(with = "OriginWord")]
    origin: Origin,
    /// How bad it is, levels applied.
    #[schemars(with = "SeverityWord")]
    severity: Severity,
    /// What is wrong.
    message: Cow<'a, str>,
    #[serde(flatten)]
    span: Span,
    /// Places that explain it.
    related: Vec<RelatedObject<'a>>,
    /// Ways to fix it.
    fixes: Vec<FixObject<'a>>,
    /// AquaVM's own text and span in bytes, where AquaVM reports it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<ReferenceObject>")]
    reference: Option<&'a Reference>,
}

/// A place that explains a finding.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Related")]
struct RelatedObject<'a> {
    /// What is there.
    message: Cow<'a, str>,
    #[serde(flatten)]
    span: Span,
}

/// A way to fix a finding.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Fix")]
struct FixObject<'a> {
    /// What it does.
    title: Cow<'a, str>,
    /// Whether `--fix` applies it.
    safe: bool,
    /// Replacements, disjoint, in text order.
    edits: Vec<EditObject<'a>>,
}

/// Replace a range by a text.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Edit")]
struct EditObject<'a> {
    #[serde(flatten)]
    span: Span,
    /// What comes instead.
    new_text: Cow<'a, str>,
}

/// Who reports a finding.
#[derive(JsonSchema)]
#[schemars(rename = "Origin", rename_all = "lowercase")]
#[expect(dead_code, reason = "describes another crate's type in the schema")]
enum OriginWord {
    Syntax,
    Validation,
    Lint,
}

/// How bad a finding is.
#[derive(JsonSchema)]
#[schemars(rename = "Severity", rename_all = "lowercase")]
#[expect(dead_code, reason = "describes another crate's type in the schema")]
enum SeverityWord {
    Error,
    Warning,
    Info,
    Hint,
}

/// AquaVM's own report.
#[derive(JsonSchema)]
#[schemars(rename = "Reference")]
#[expect(dead_code, reason = "describes another crate's type in the schema")]
struct ReferenceObject {
    /// Its text.
    message: String,
    /// First byte.
    start: u32,
    /// One after the last byte; may be one past the text.
    end: u32,
}

impl<'a> FileObject<'a> {
    fn new(checked: &'a CheckedScript) -> FileObject<'a> {
        FileObject {
            path: checked.name.as_str().into(),
            accepted: checked.accepted,
            diagnostics: diagnostic_objects(&checked.diagnostics, &checked.lines),
            fixed: (!checked.fixed.is_empty()).then_some(&checked.fixed),
        }
    }
}

/// Diagnostics as they stand in a report.
pub fn diagnostic_objects<'a>(diagnostics: &'a [Diagnostic], lines: &LineIndex) -> Vec<DiagnosticObject<'a>> {
    let fix = |fix: &'a Fix| FixObject {
        title: (*fix.title).into(),
        safe: fix.safe,
        edits: fix
            .edits
            .iter()
            .map(|edit| EditObject {
                span: Span::new(lines, edit.range),
                new_text: edit.new_text.as_str().into(),
            })
            .collect(),
    };
    let related = |related: &'a air_analysis::diagnostic::Related| RelatedObject {
        message: (*related.message).into(),
        span: Span::new(lines, related.range),
    };
    diagnostics
        .iter()
        .map(|diagnostic| DiagnosticObject {
            code: diagnostic.code.as_str(),
            name: diagnostic.code.name(),
            origin: diagnostic.code.origin(),
            severity: diagnostic.severity,
            message: diagnostic.message.as_str().into(),
            span: Span::new(lines, diagnostic.range),
            related: diagnostic.related.iter().map(related).collect(),
            fixes: diagnostic.fixes.iter().map(fix).collect(),
            reference: diagnostic.reference.as_ref(),
        })
        .collect()
}

/// JSON schema of the report.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(ReportObject<'static>).to_value()
}

fn json(value: &impl Serialize) -> String {
    // These objects have string keys and no fallible parts.
    serde_json::to_string(value).unwrap_or_default()
}

/// The beginning of the one object; pieces by [`script`] follow, separated by commas, so that they can be made in parallel.
pub const HEAD: &str = "{\"version\":1,\"files\":[";

/// One script's object.
pub fn script(checked: &CheckedScript) -> String {
    json(&FileObject::new(checked))
}

/// The end of the one object, without a line end.
pub fn tail(summary: &Summary, failures: &[Failure]) -> String {
    format!("],\"failures\":{},\"summary\":{}}}", json(&failures), json(summary))
}

/// The last lines where each script's object is a line.
pub fn last_lines(summary: &Summary, failures: &[Failure]) -> String {
    let mut out = String::new();
    for failure in failures {
        out += &format!("{{\"failure\":{}}}\n", json(failure));
    }
    out + &format!("{{\"version\":1,\"summary\":{}}}\n", json(summary))
}
