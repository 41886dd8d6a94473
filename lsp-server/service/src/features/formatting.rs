//! Formatting: the whole document, ranges, and while typing. See `air_analysis::format` for the rules.

use air_analysis::diagnostic::TextEdit;
use air_analysis::format;

use crate::lsp;
use crate::snapshot::Snapshot;

/// More edits than this are joined with their neighbours.
const MAX_EDITS: usize = 1000;

type Edits = Option<Vec<lsp::TextEdit>>;

/// `textDocument/formatting`. A script that cannot be laid out is left alone; its diagnostics say why.
pub(crate) fn document(snapshot: &Snapshot, _: lsp::DocumentFormattingParams) -> lsp::Result<Edits> {
    let analysis = snapshot.analysis();
    let text = &*snapshot.document.text;
    let options = snapshot.document.settings.format(text);
    let Ok(formatted) = format::format(&analysis.parse, text, &options) else { return Ok(None) };
    snapshot.check_cancelled()?;
    let edits = if formatted.changed { format::edits(text, &formatted.text) } else { Vec::new() };
    Ok(Some(converted(snapshot, edits)))
}

/// `textDocument/rangeFormatting`.
pub(crate) fn range(snapshot: &Snapshot, params: lsp::DocumentRangeFormattingParams) -> lsp::Result<Edits> {
    if snapshot.document.is_host() {
        return super::embedded::range_formatting(snapshot, params);
    }
    in_ranges(snapshot, &[params.range])
}

/// `textDocument/rangesFormatting`.
pub(crate) fn ranges(snapshot: &Snapshot, params: lsp::DocumentRangesFormattingParams) -> lsp::Result<Edits> {
    in_ranges(snapshot, &params.ranges)
}

/// `textDocument/onTypeFormatting` after `)` and newline.
pub(crate) fn on_type(
    snapshot: &Snapshot,
    params: lsp::DocumentOnTypeFormattingParams,
) -> lsp::Result<Edits> {
    let Some(typed) = params.ch.chars().next() else { return Ok(None) };
    let text = &*snapshot.document.text;
    let options = snapshot.document.settings.format(text);
    let offset = snapshot.offset(params.text_document_position.position);
    let edits = format::format_on_type(&snapshot.analysis().parse, text, offset, typed, &options);
    Ok(Some(converted(snapshot, edits)))
}

fn in_ranges(snapshot: &Snapshot, ranges: &[lsp::Range]) -> lsp::Result<Edits> {
    let text = &*snapshot.document.text;
    let options = snapshot.document.settings.format(text);
    let ranges: Vec<_> = ranges.iter().map(|range| snapshot.text_range(*range)).collect();
    let edits = format::format_ranges(&snapshot.analysis().parse, text, &ranges, &options);
    Ok(Some(converted(snapshot, edits)))
}

fn converted(snapshot: &Snapshot, edits: Vec<TextEdit>) -> Vec<lsp::TextEdit> {
    let edits = joined(&snapshot.document.text, edits);
    edits.into_iter().map(|edit| snapshot.text_edit(edit)).collect()
}

/// Joins neighbours where there are too many: editors take seconds for tens of thousands.
fn joined(text: &str, edits: Vec<TextEdit>) -> Vec<TextEdit> {
    let group = edits.len().div_ceil(MAX_EDITS).max(1);
    let mut joined: Vec<TextEdit> = Vec::with_capacity(edits.len().min(MAX_EDITS));
    for (index, edit) in edits.into_iter().enumerate() {
        match joined.last_mut().filter(|_| index % group != 0) {
            Some(last) => {
                let between =
                    text.get(last.range.end().into()..edit.range.start().into()).unwrap_or_default();
                last.new_text.push_str(between);
                last.new_text.push_str(&edit.new_text);
                last.range = last.range.cover(edit.range);
            }
            None => joined.push(edit),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::features::fixture::{cursor, edited, everything, open, open_as, text_at, uri};

    fn formatted(snapshot: &Snapshot) -> Option<Vec<lsp::TextEdit>> {
        let params =
            json!({ "textDocument": { "uri": uri() }, "options": { "tabSize": 8, "insertSpaces": false } });
        document(snapshot, serde_json::from_value(params).unwrap()).unwrap()
    }

    #[test]
    fn small_edits_rather_than_a_new_text() {
        let snapshot = open("(seq\n      (null) ; é😀\n (never)\n)\n");
        let edits = formatted(&snapshot).unwrap();
        assert_eq!(edits.len(), 1, "{edits:?}");
        assert_eq!(edited(&snapshot, edits), "(seq\n (null) ; é😀\n (never)\n)\n");
        assert_eq!(formatted(&open("(seq\n (null)\n (never)\n)\n")), Some(Vec::new()));
    }

    #[test]
    fn settings_decide_not_the_tab_size() {
        let snapshot =
            open_as("(seq (null) (never))", everything(), json!({ "format": { "indent-width": 4 } }));
        let edits = formatted(&snapshot).unwrap();
        assert_eq!(edited(&snapshot, edits), "(seq\n    (null)\n    (never)\n)\n");
    }

    #[test]
    fn many_edits_are_joined() {
        let script = format!("{}(null){}", "(seq   (null)\n\n".repeat(1500), "  )".repeat(1500));
        let snapshot = open(&script);
        let edits = formatted(&snapshot).unwrap();
        assert!(edits.len() <= MAX_EDITS, "{}", edits.len());
        let options = snapshot.document.settings.format(&script);
        let expected = format::format(&air_syntax::parse(&script), &script, &options).unwrap().text;
        assert_eq!(edited(&snapshot, edits), expected);
    }

    #[test]
    fn a_range_touches_what_it_touches() {
        let snapshot = open("(seq\n    (null)\n    (never)\n)\n");
        let range = lsp::Range::new(lsp::Position::new(1, 5), lsp::Position::new(1, 6));
        let edits = in_ranges(&snapshot, &[range]).unwrap().unwrap();
        assert_eq!(edited(&snapshot, edits), "(seq\n (null)\n    (never)\n)\n");
    }

    fn typed(marked: &str) -> String {
        let (snapshot, position) = cursor(marked);
        let typed = text_at(&snapshot, lsp::Range::new(lsp::Position::default(), position)).chars().last();
        let params = json!({
            "textDocument": { "uri": uri() },
            "position": position,
            "ch": typed,
            "options": { "tabSize": 8, "insertSpaces": false },
        });
        let edits = on_type(&snapshot, serde_json::from_value(params).unwrap()).unwrap().unwrap_or_default();
        edited(&snapshot, edits)
    }

    #[test]
    fn while_typing() {
        assert_eq!(typed("(seq\n$0"), "(seq\n ");
        assert_eq!(typed("(seq\n     (null)\n     (null))$0  (x"), "(seq\n (null)\n (null)\n)  (x");
        assert_eq!(typed("(null) x$0"), "(null) x", "other characters change nothing");
    }
}
