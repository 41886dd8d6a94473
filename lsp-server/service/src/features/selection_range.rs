//! Expanding the selection: from a part of a word over words and lists to the script.

use air_syntax::{SyntaxKind, SyntaxNode, TextRange, TextSize};

use crate::lsp;
use crate::snapshot::Snapshot;

/// Levels that are sent: the result is nested JSON, and JSON readers give up at 128 levels.
const LEVELS: usize = 60;

/// `textDocument/selectionRange`.
pub(crate) fn select(
    snapshot: &Snapshot,
    params: lsp::SelectionRangeParams,
) -> lsp::Result<Option<Vec<lsp::SelectionRange>>> {
    let root = snapshot.analysis().parse.syntax();
    let mut selections = Vec::with_capacity(params.positions.len());
    for position in params.positions {
        snapshot.check_cancelled()?;
        let mut ranges = ranges_at(&root, snapshot.offset(position));
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

/// Growing ranges, each larger than the one before.
fn ranges_at(root: &SyntaxNode, offset: TextSize) -> Vec<TextRange> {
    let mut ranges: Vec<TextRange> = Vec::new();
    let mut add = |range: TextRange| {
        if ranges.last().is_none_or(|last| range.contains_range(*last) && range != *last) {
            ranges.push(range);
        }
    };
    // Between two tokens the one that says more counts.
    let token = root.token_at_offset(offset).max_by_key(|token| match token.kind() {
        kind if kind.is_trivia() => 0,
        SyntaxKind::L_PAREN | SyntaxKind::R_PAREN | SyntaxKind::L_BRACKET | SyntaxKind::R_BRACKET => 1,
        _ => 2,
    });
    let Some(token) = token else { return vec![root.text_range()] };
    if token.kind() == SyntaxKind::STRING && token.text_range().len() > TextSize::new(2) {
        add(inside(token.text_range()));
    }
    if token.kind() != SyntaxKind::WHITESPACE {
        add(token.text_range());
    }
    for node in token.parent_ancestors() {
        let range = node.text_range();
        let brackets = node.first_token().is_some_and(|first| {
            matches!(first.kind(), SyntaxKind::L_PAREN | SyntaxKind::L_BRACKET)
                && first.parent().as_ref() == Some(&node)
        });
        if brackets && range.len() > TextSize::new(2) {
            add(inside(range));
        }
        add(range);
    }
    ranges
}

/// Without its first and last byte, a bracket or a quote each.
fn inside(range: TextRange) -> TextRange {
    TextRange::new(range.start() + TextSize::new(1), range.end() - TextSize::new(1))
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
    fn from_a_field_outwards() {
        check(
            "(seq (call \"p\" (\"s\" \"f\") [x.$.fie$0ld.[0]] $y) (null))",
            expect![[r#"
            field
            ---
            .field
            ---
            .$.field.[0]
            ---
            x.$.field.[0]
            ---
            [x.$.field.[0]]
            ---
            call "p" ("s" "f") [x.$.field.[0]] $y
            ---
            (call "p" ("s" "f") [x.$.field.[0]] $y)
            ---
            seq (call "p" ("s" "f") [x.$.field.[0]] $y) (null)
            ---
            (seq (call "p" ("s" "f") [x.$.field.[0]] $y) (null))"#]],
        );
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
    fn comments_and_blanks() {
        check(
            "(seq ; com$0ment\n (null) (null))",
            expect![[r#"
            ; comment
            ---
            seq ; comment
             (null) (null)
            ---
            (seq ; comment
             (null) (null))"#]],
        );
        check("$0", expect![[""]]);
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
