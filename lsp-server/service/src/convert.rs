//! Offsets to positions and back, findings to the protocol's diagnostics: the edge, and only the edge.

use std::sync::OnceLock;

use air_analysis::codes::{Code, page_file_name};
use air_analysis::diagnostic::{Diagnostic, Severity, TextEdit};
use air_syntax::{LineCol, TextRange, TextSize};

use crate::lsp;
use crate::snapshot::Snapshot;

/// Where the pages of diagnostics are.
const PAGES: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/semantics/analysis/docs/diagnostics/");

impl Snapshot {
    /// Position of an offset.
    pub(crate) fn position(&self, offset: TextSize) -> lsp::Position {
        let document = &self.document;
        let LineCol { line, col } = match document.place() {
            Some(place) => place.lines.line_col(place.script.offset_to_host(offset), self.client.encoding),
            None => document.lines().line_col(offset, self.client.encoding),
        };
        lsp::Position { line, character: col }
    }

    /// Range of the protocol for a range of the text.
    pub(crate) fn range(&self, range: TextRange) -> lsp::Range {
        if let Some(place) = self.document.place() {
            let range = place.script.range_to_host(range);
            let position = |offset| {
                let LineCol { line, col } = place.lines.line_col(offset, self.client.encoding);
                lsp::Position { line, character: col }
            };
            return lsp::Range { start: position(range.start()), end: position(range.end()) };
        }
        lsp::Range { start: self.position(range.start()), end: self.position(range.end()) }
    }

    /// Offset of a position; bad positions are clamped and snapped.
    pub(crate) fn offset(&self, position: lsp::Position) -> TextSize {
        let position = LineCol { line: position.line, col: position.character };
        match self.document.place() {
            Some(place) => place.script.offset_to_script(place.lines.offset(position, self.client.encoding)),
            None => self.document.lines().offset(position, self.client.encoding),
        }
    }

    /// Range of the text for a range of the protocol, the right way round.
    pub(crate) fn text_range(&self, range: lsp::Range) -> TextRange {
        let (one, other) = (self.offset(range.start), self.offset(range.end));
        TextRange::new(one.min(other), one.max(other))
    }

    /// An edit of the protocol.
    pub(crate) fn text_edit(&self, edit: TextEdit) -> lsp::TextEdit {
        lsp::TextEdit { range: self.range(edit.range), new_text: edit.new_text }
    }

    /// Edits of this document as the client likes them: with its version, if it can check that.
    pub(crate) fn workspace_edit(&self, edits: Vec<lsp::TextEdit>) -> lsp::WorkspaceEdit {
        let uri = self.document.uri.clone();
        if !self.client.document_changes {
            return lsp::WorkspaceEdit { changes: Some([(uri, edits)].into()), ..Default::default() };
        }
        let edit = lsp::TextDocumentEdit {
            text_document: lsp::OptionalVersionedTextDocumentIdentifier {
                uri,
                version: Some(self.document.version),
            },
            edits: edits.into_iter().map(lsp::OneOf::Left).collect(),
        };
        lsp::WorkspaceEdit {
            document_changes: Some(lsp::DocumentChanges::Edits(vec![edit])),
            ..Default::default()
        }
    }

    /// A diagnostic of the protocol; `None` if its level is `allow`.
    pub(crate) fn diagnostic(&self, finding: &Diagnostic) -> Option<lsp::Diagnostic> {
        let severity = self.document.settings.severity(finding.code, finding.severity)?;
        let related = finding.related.iter().map(|related| lsp::DiagnosticRelatedInformation {
            location: lsp::Location { uri: self.document.uri.clone(), range: self.range(related.range) },
            message: related.message.to_string(),
        });
        Some(lsp::Diagnostic {
            range: self.range(finding.range),
            severity: Some(self::severity(severity)),
            code: Some(lsp::NumberOrString::String(finding.code.as_str().to_owned())),
            code_description: self.client.code_description.then(|| page(finding.code)).flatten(),
            source: Some("air".to_owned()),
            message: finding.message.clone(),
            related_information: (self.client.related_information && !finding.related.is_empty())
                .then(|| related.collect()),
            tags: self.client.diagnostic_tags.then(|| tags(finding.code)).flatten(),
            data: Some(data(finding)),
        })
    }
}

fn severity(severity: Severity) -> lsp::DiagnosticSeverity {
    match severity {
        Severity::Error => lsp::DiagnosticSeverity::ERROR,
        Severity::Warning => lsp::DiagnosticSeverity::WARNING,
        Severity::Info => lsp::DiagnosticSeverity::INFORMATION,
        Severity::Hint => lsp::DiagnosticSeverity::HINT,
    }
}

/// Hundreds of diagnostics share few pages, and to read an address takes longer than all else about a diagnostic.
static PAGE_OF: [OnceLock<Option<lsp::CodeDescription>>; Code::ALL.len()] =
    [const { OnceLock::new() }; Code::ALL.len()];

fn page(code: Code) -> Option<lsp::CodeDescription> {
    let parsed = || {
        let href = lsp::Url::parse(&format!("{PAGES}{}", page_file_name(code))).ok()?;
        Some(lsp::CodeDescription { href })
    };
    PAGE_OF.get(code as usize)?.get_or_init(parsed).clone()
}

/// What editors may draw faded or struck through.
fn tags(code: Code) -> Option<Vec<lsp::DiagnosticTag>> {
    code.name().starts_with("unused-").then(|| vec![lsp::DiagnosticTag::UNNECESSARY])
}

/// Name, whether a fix exists, and AquaVM's own report where it makes one.
fn data(finding: &Diagnostic) -> serde_json::Value {
    let mut data = serde_json::Map::new();
    data.insert("name".to_owned(), finding.code.name().into());
    data.insert("fixes".to_owned(), finding.fixes.len().into());
    if let Some(reference) = &finding.reference {
        data.insert("reference".to_owned(), serde_json::to_value(reference).unwrap_or_default());
    }
    data.into()
}
