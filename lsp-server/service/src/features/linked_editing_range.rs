//! Linked editing: all places of a variable change while one is typed over.

use air_ide::linked_editing::{NAME_PATTERN, linked_ranges};

use crate::lsp;
use crate::snapshot::Snapshot;

/// `textDocument/linkedEditingRange`.
pub(crate) fn linked_editing(
    snapshot: &Snapshot,
    params: lsp::LinkedEditingRangeParams,
) -> lsp::Result<Option<lsp::LinkedEditingRanges>> {
    let offset = snapshot.offset(params.text_document_position_params.position);
    let Some(places) = linked_ranges(snapshot.analysis(), offset) else { return Ok(None) };
    let ranges = places.into_iter().map(|range| snapshot.range(range)).collect();
    Ok(Some(lsp::LinkedEditingRanges { ranges, word_pattern: Some(NAME_PATTERN.to_owned()) }))
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
}
