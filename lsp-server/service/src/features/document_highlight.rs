//! Highlighting: what `air_ide::document_highlight` finds, in the protocol's kinds.

use air_ide::document_highlight::{HighlightKind, highlights};

use crate::lsp::{self, DocumentHighlightKind};
use crate::snapshot::Snapshot;

/// `textDocument/documentHighlight`.
pub(crate) fn highlight(
    snapshot: &Snapshot,
    params: lsp::DocumentHighlightParams,
) -> lsp::Result<Option<Vec<lsp::DocumentHighlight>>> {
    let offset = snapshot.offset(params.text_document_position_params.position);
    let Some(found) = highlights(snapshot.analysis(), offset) else { return Ok(None) };
    let places = found.into_iter().map(|place| {
        let kind = match place.kind {
            HighlightKind::Text => DocumentHighlightKind::TEXT,
            HighlightKind::Read => DocumentHighlightKind::READ,
            HighlightKind::Write => DocumentHighlightKind::WRITE,
        };
        lsp::DocumentHighlight { range: snapshot.range(place.range), kind: Some(kind) }
    });
    Ok(Some(places.collect()))
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
        let found =
            highlight(&snapshot, serde_json::from_value(params).unwrap()).unwrap().unwrap_or_default();
        let marks =
            found.into_iter().map(|found| (found.range, format!("{:?}", found.kind.unwrap()).to_lowercase()));
        expected.assert_eq(&underlined(&snapshot, marks.collect()));
    }

    #[test]
    fn writes_and_reads() {
        check(
            "(seq\n (call \"p\" (\"s\" \"f\") [] re$0s)\n (ap res.$.a.[res] $s)\n)",
            expect![[r#"
            (seq
             (call "p" ("s" "f") [] res)
                                    ^^^ write
             (ap res.$.a.[res] $s)
                 ^^^ read
                          ^^^ read
            )
        "#]],
        );
    }

    #[test]
    fn nothing_on_keywords() {
        check(
            "(se$0q (null) (null))",
            expect![[r#"
                (seq (null) (null))
                 ^^^ text
                      ^^^^ text
                             ^^^^ text
                                  ^ text
            "#]],
        );
    }
}
