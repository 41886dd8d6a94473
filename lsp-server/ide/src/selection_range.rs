//! Expanding the selection: from a part of a word over words and lists to the script.

use air_analysis::Analysis;
use air_syntax::{SyntaxKind, TextRange, TextSize};

/// What can be selected around an offset: growing ranges, each larger than the one before, the last one the whole text.
pub fn selection_ranges(analysis: &Analysis, offset: TextSize) -> Vec<TextRange> {
    let root = analysis.parse.syntax();
    let mut ranges: Vec<TextRange> = Vec::new();
    let mut add = |range: TextRange| {
        let larger = ranges.last().is_none_or(|last| range.contains_range(*last) && range != *last);
        // At a quote, or outside of a bracket, what is inside of it is not around the cursor.
        if larger && range.contains_inclusive(offset) {
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

    use super::*;
    use crate::testing::cursor;

    fn check(marked: &str, expected: Expect) {
        let (analysis, offset) = cursor(marked);
        let ranges = selection_ranges(&analysis, offset);
        let shown: Vec<_> = ranges.into_iter().map(|range| &analysis.text[range]).collect();
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
    fn the_edges_of_a_string_are_outside_of_its_quotes() {
        for marked in ["(ap $0\"text\" x)", "(ap \"text\"$0 x)", "$0(ap \"text\" x)", "(ap \"text\" x)$0"] {
            let (analysis, offset) = cursor(marked);
            let ranges = selection_ranges(&analysis, offset);
            assert!(
                !ranges.is_empty() && ranges.iter().all(|range| range.contains_inclusive(offset)),
                "{marked}"
            );
        }
    }

    #[test]
    fn comments_and_spaces() {
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
}
