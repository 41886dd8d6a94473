//! Highlighting: all places of what is under the cursor, writes apart from reads: a variable, a field
//! of it, a literal peer, service or function, a special value.

use air_ide::names::{Symbol, mentions, symbol_at};
use air_semantics::resolve::Access;

use crate::lsp::{self, DocumentHighlightKind};
use crate::snapshot::Snapshot;

/// `textDocument/documentHighlight`.
pub(crate) fn highlight(
    snapshot: &Snapshot,
    params: lsp::DocumentHighlightParams,
) -> lsp::Result<Option<Vec<lsp::DocumentHighlight>>> {
    let offset = snapshot.offset(params.text_document_position_params.position);
    let analysis = snapshot.analysis();
    let Some(named) = symbol_at(analysis, offset) else { return Ok(None) };
    let found = mentions(analysis, &named.symbol);
    // A field is written by what puts it in; of what only stands there, nothing is to be told apart.
    let variable = matches!(named.symbol, Symbol::Variable(_));
    let written = variable || found.iter().any(|mention| mention.access != Access::Read);
    let places = found.into_iter().map(|mention| {
        let kind = match mention.access {
            _ if !written => DocumentHighlightKind::TEXT,
            Access::Declare | Access::Write => DocumentHighlightKind::WRITE,
            Access::Read => DocumentHighlightKind::READ,
        };
        lsp::DocumentHighlight { range: snapshot.range(mention.range), kind: Some(kind) }
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
    fn an_iterator_is_its_own() {
        check(
            "(seq\n (ap 1 i)\n (fold xs i\n  (seq (ap i$0 $s) (next i))\n )\n)",
            expect![[r#"
            (seq
             (ap 1 i)
             (fold xs i
                      ^ write
              (seq (ap i $s) (next i))
                       ^ read
                                   ^ read
             )
            )
        "#]],
        );
    }

    #[test]
    fn literals_by_what_they_name() {
        check(
            "(seq\n (call \"x\" (\"o$0p\" \"x\") [])\n (call \"op\" (\"op\" \"f\") [\"op\"])\n)",
            expect![[r#"
            (seq
             (call "x" ("op" "x") [])
                        ^^^^ text
             (call "op" ("op" "f") ["op"])
                         ^^^^ text
            )
        "#]],
        );
    }

    #[test]
    fn fields_and_special_values() {
        check(
            "(seq (ap u.$.na$0me x)\n (ap u.$.name.first y))",
            expect![[r#"
            (seq (ap u.$.name x)
                         ^^^^ text
             (ap u.$.name.first y))
                     ^^^^ text
        "#]],
        );
        check(
            "(seq (ap %init$0_peer_id% x)\n (ap %init_peer_id% y))",
            expect![[r#"
            (seq (ap %init_peer_id% x)
                     ^^^^^^^^^^^^^^ text
             (ap %init_peer_id% y))
                 ^^^^^^^^^^^^^^ text
        "#]],
        );
    }

    #[test]
    fn nothing_on_keywords() {
        check(
            "(se$0q (null) (null))",
            expect![[r#"
            (seq (null) (null))
        "#]],
        );
    }
}
