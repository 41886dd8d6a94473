//! Linked editing: all places of a variable change while one is typed over. The tag is not part of it,
//! so that a stream stays a stream.

use air_analysis::Analysis;
use air_syntax::{TextRange, TextSize};

use crate::names::{Symbol, mentions, symbol_at};

/// More places than this are renamed better than typed.
const MAX_LINKED_PLACES: usize = 1000;

/// What a name may hold, as a regular expression: as soon as something else is typed, the editor lets go.
pub const NAME_PATTERN: &str = r#"[^\s()\[\].;"$#%:!,]+"#;

/// All places of the variable at an offset, without tags; `None` if there is none, or one with too many places.
pub fn linked_ranges(analysis: &Analysis, offset: TextSize) -> Option<Vec<TextRange>> {
    let named = symbol_at(analysis, offset)?;
    if !matches!(named.symbol, Symbol::Variable(_)) {
        return None;
    }
    let places = mentions(analysis, &named.symbol);
    if places.len() > MAX_LINKED_PLACES {
        return None;
    }
    let bare = |range: TextRange| {
        let name = analysis.hir().text_at(range);
        let tag = TextSize::of(name) - TextSize::of(name.trim_start_matches(['$', '#', '%']));
        TextRange::new(range.start() + tag, range.end())
    };
    Some(places.into_iter().map(|mention| bare(mention.range)).collect())
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::testing::{cursor, underlined};

    fn check(marked: &str, expected: Expect) {
        let (analysis, offset) = cursor(marked);
        let ranges = linked_ranges(&analysis, offset).unwrap_or_default();
        expected.assert_eq(&underlined(&analysis.text, ranges.into_iter().map(|range| (range, "linked"))));
    }

    #[test]
    fn names_without_tags() {
        check(
            "(new #%$0m\n (ap #%m.$.k x)\n)",
            expect![[r#"
            (new #%m
                   ^ linked
             (ap #%m.$.k x)
                   ^ linked
            )
        "#]],
        );
    }

    #[test]
    fn not_on_literals() {
        check(
            "(call \"p$0\" (\"s\" \"f\") [])",
            expect![[r#"
            (call "p" ("s" "f") [])
        "#]],
        );
    }
}
