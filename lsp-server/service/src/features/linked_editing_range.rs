//! Linked editing: all places of a variable change while one is typed over. The tag is not part of it,
//! so that a stream stays a stream.

use air_ide::names::{Symbol, mentions, symbol_at};
use air_syntax::{TextRange, TextSize};

use crate::lsp;
use crate::snapshot::Snapshot;

/// More places than this are renamed better than typed.
const MAX_RANGES: usize = 1000;

/// What a name may hold: as soon as something else is typed, the client lets go.
const WORD: &str = r#"[^\s()\[\].;"$#%:!,]+"#;

/// `textDocument/linkedEditingRange`.
pub(crate) fn linked_editing(
    snapshot: &Snapshot,
    params: lsp::LinkedEditingRangeParams,
) -> lsp::Result<Option<lsp::LinkedEditingRanges>> {
    let offset = snapshot.offset(params.text_document_position_params.position);
    let analysis = snapshot.analysis();
    let Some(named) = symbol_at(analysis, offset) else { return Ok(None) };
    if !matches!(named.symbol, Symbol::Variable(_)) {
        return Ok(None);
    }
    let places = mentions(analysis, &named.symbol);
    if places.len() > MAX_RANGES {
        return Ok(None);
    }
    let bare = |range: TextRange| {
        let name = analysis.hir().text_at(range);
        let tag = TextSize::of(name) - TextSize::of(name.trim_start_matches(['$', '#', '%']));
        snapshot.range(TextRange::new(range.start() + tag, range.end()))
    };
    let ranges = places.into_iter().map(|mention| bare(mention.range)).collect();
    Ok(Some(lsp::LinkedEditingRanges { ranges, word_pattern: Some(WORD.to_owned()) }))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;
    use crate::features::fixture::{cursor, underlined, uri};

    fn check(marked: &str, expected: Expect) {
        let (snapshot, position) = cursor(marked);
        let params = json!({ "textDocument": { "uri": uri() }, "position": position });
        let found = linked_editing(&snapshot, serde_json::from_value(params).unwrap()).unwrap();
        let ranges = found.map(|found| found.ranges).unwrap_or_default();
        expected.assert_eq(&underlined(
            &snapshot,
            ranges.into_iter().map(|range| (range, "linked".to_owned())).collect(),
        ));
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
