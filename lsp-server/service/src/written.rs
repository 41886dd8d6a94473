//! Diagnostics as JSON text. Most edits change few of hundreds: the others are written as they were.

use std::borrow::Cow;

use air_analysis::codes::Code;
use air_analysis::diagnostic::{Diagnostic, Reference, Severity};
use air_syntax::TextRange;

use crate::lsp;

/// The diagnostics of a document as they were written last.
#[derive(Debug, Default)]
pub(crate) struct Written {
    items: Vec<Item>,
    /// A JSON array of them.
    json: Vec<u8>,
}

/// All that the text of a diagnostic depends on, besides what stays as long as a document is open.
#[derive(Debug)]
struct Item {
    code: Code,
    severity: Severity,
    range: lsp::Range,
    message: String,
    related: Vec<(lsp::Range, Cow<'static, str>)>,
    reference: Option<Reference>,
    fixes: usize,
    /// Its place in the text.
    start: usize,
    end: usize,
}

/// How findings of one version of a document are written.
pub(crate) struct Writer<'a> {
    /// Positions of a range.
    pub range: &'a dyn Fn(TextRange) -> lsp::Range,
    /// The whole diagnostic.
    pub diagnostic: &'a dyn Fn(&Diagnostic) -> Option<lsp::Diagnostic>,
}

impl Written {
    /// A JSON array of findings, each with its severity in the settings.
    pub(crate) fn write(&mut self, found: &[(&Diagnostic, Severity)], writer: &Writer<'_>) -> &[u8] {
        let same = |pair: &(&Item, &(&Diagnostic, Severity))| pair.0.says(pair.1, writer);
        let before = self.items.iter().zip(found).take_while(same).count();
        let (old, new) =
            (self.items.get(before..).unwrap_or_default(), found.get(before..).unwrap_or_default());
        let after = old.iter().rev().zip(new.iter().rev()).take_while(same).count();

        let old = std::mem::take(self);
        let mut rest = old.items;
        let kept_after = rest.split_off(rest.len() - after);
        rest.truncate(before);
        self.items = rest;
        self.json.reserve(old.json.len() + 2);
        self.json.push(b'[');
        self.json.extend_from_slice(part(&old.json, &self.items));
        for (finding, severity) in found.get(before..found.len() - after).unwrap_or_default() {
            let text = (writer.diagnostic)(finding).and_then(|whole| serde_json::to_vec(&whole).ok());
            let Some(text) = text else { continue };
            self.separate();
            let start = self.json.len();
            self.json.extend(text);
            self.items.push(Item::new(finding, *severity, writer, start..self.json.len()));
        }
        if let Some(first) = kept_after.first() {
            self.separate();
            let (from, to) = (first.start, self.json.len());
            self.json.extend_from_slice(part(&old.json, &kept_after));
            let moved = |offset: usize| offset - from + to;
            let kept = kept_after.into_iter();
            self.items.extend(kept.map(|item| Item {
                start: moved(item.start),
                end: moved(item.end),
                ..item
            }));
        }
        self.json.push(b']');
        &self.json
    }

    fn separate(&mut self) {
        if self.json.len() > 1 {
            self.json.push(b',');
        }
    }
}

/// The text of neighbours.
fn part<'t>(json: &'t [u8], items: &[Item]) -> &'t [u8] {
    match (items.first(), items.last()) {
        (Some(first), Some(last)) => json.get(first.start..last.end).unwrap_or_default(),
        _ => &[],
    }
}

impl Item {
    fn new(
        finding: &Diagnostic,
        severity: Severity,
        writer: &Writer<'_>,
        place: std::ops::Range<usize>,
    ) -> Item {
        let related = finding.related.iter();
        Item {
            code: finding.code,
            severity,
            range: (writer.range)(finding.range),
            message: finding.message.clone(),
            related: related.map(|it| ((writer.range)(it.range), it.message.clone())).collect(),
            reference: finding.reference.clone(),
            fixes: finding.fixes.len(),
            start: place.start,
            end: place.end,
        }
    }

    /// Whether it is what would be written of a finding.
    fn says(&self, (finding, severity): &(&Diagnostic, Severity), writer: &Writer<'_>) -> bool {
        self.code == finding.code
            && self.severity == *severity
            && self.fixes == finding.fixes.len()
            && self.message == finding.message
            && self.reference == finding.reference
            && self.range == (writer.range)(finding.range)
            && self.related.len() == finding.related.len()
            && self.related.iter().zip(&finding.related).all(|((range, message), related)| {
                *message == related.message && *range == (writer.range)(related.range)
            })
    }
}
