//! Expanding the selection: from a part of a word over words and lists to the script.

use air_ide::selection_range::selection_ranges;

use crate::lsp;
use crate::snapshot::Snapshot;

/// Levels that are sent: the result is nested JSON, and JSON readers give up at 128 levels.
const LEVELS: usize = 60;

/// `textDocument/selectionRange`.
pub(crate) fn select(
    snapshot: &Snapshot,
    params: lsp::SelectionRangeParams,
) -> lsp::Result<Option<Vec<lsp::SelectionRange>>> {
    let mut selections = Vec::with_capacity(params.positions.len());
    for position in params.positions {
        snapshot.check_cancelled()?;
        let mut ranges = selection_ranges(snapshot.analysis(), snapshot.offset(position));
        // The innermost, and the whole.
        let whole = ranges.last().copied();
        if ranges.len() > LEVELS {
            ranges.truncate(LEVELS - 1);
            ranges.extend(whole);
        }
        let chain = ranges.into_iter().rev().fold(None, |parent, range| {
            Some(lsp::SelectionRange { range: snapshot.range(range), parent: parent.map(Box::new) })
        });
        let empty =
            || lsp::SelectionRange { range: lsp::Range { start: position, end: position }, parent: None };
        selections.push(chain.unwrap_or_else(empty));
    }
    Ok(Some(selections))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;
    use crate::features::fixture::{cursor, text_at, uri};

    fn check(marked: &str, expected: Expect) {
        let (snapshot, position) = cursor(marked);
        let params = json!({ "textDocument": { "uri": uri() }, "positions": [position] });
        let selections = select(&snapshot, serde_json::from_value(params).unwrap()).unwrap().unwrap();
        let mut next = selections.first();
        let mut shown = Vec::new();
        while let Some(selection) = next {
            shown.push(text_at(&snapshot, selection.range).to_owned());
            next = selection.parent.as_deref();
        }
        expected.assert_eq(&shown.join("\n---\n"));
    }

    #[test]
    fn inside_quotes_first() {
        check(
            "(call \"pe$0er\" (\"s\" \"f\") [])",
            expect![[r#"
            peer
            ---
            "peer"
            ---
            call "peer" ("s" "f") []
            ---
            (call "peer" ("s" "f") [])"#]],
        );
    }

    #[test]
    fn depth_is_bounded() {
        let (snapshot, position) = cursor(&format!("{}$0{}", "(seq ".repeat(3000), ")".repeat(3000)));
        let params = json!({ "textDocument": { "uri": uri() }, "positions": [position] });
        let selections = select(&snapshot, serde_json::from_value(params).unwrap()).unwrap().unwrap();
        let levels = std::iter::successors(selections.first(), |selection| selection.parent.as_deref());
        let ranges: Vec<_> = levels.map(|selection| snapshot.text_range(selection.range)).collect();
        assert_eq!(ranges.len(), LEVELS);
        assert_eq!(
            usize::from(ranges[LEVELS - 1].len()),
            snapshot.document.text.len(),
            "the last is the whole"
        );
    }
}
