//! Highlighting: all places of the variable under the cursor, writes apart from reads; for a literal
//! peer, service or function, all places that name the same.

use air_semantics::hir::{Hir, OperandKind, Role};
use air_semantics::resolve::{Access, Resolution};
use air_syntax::{TextRange, TextSize};

use crate::server::document::Snapshot;
use crate::server::lsp::{self, DocumentHighlightKind};

/// `textDocument/documentHighlight`.
pub(in crate::server) fn highlight(
    snapshot: &Snapshot,
    params: lsp::DocumentHighlightParams,
) -> lsp::Result<Option<Vec<lsp::DocumentHighlight>>> {
    let offset = snapshot.offset(params.text_document_position_params.position);
    let analysis = snapshot.analysis();
    let places = of_variable(analysis.resolution(), offset).or_else(|| of_literal(analysis.hir(), offset));
    let converted = |(range, kind)| lsp::DocumentHighlight { range: snapshot.range(range), kind: Some(kind) };
    Ok(places.map(|places| places.into_iter().map(converted).collect()))
}

type Places = Vec<(TextRange, DocumentHighlightKind)>;

fn of_variable(resolution: &Resolution, offset: TextSize) -> Option<Places> {
    let occurrence = resolution.at(offset)?;
    let places = resolution.occurrences_of(occurrence.binding).map(|occurrence| {
        let kind = match occurrence.access {
            Access::Declare | Access::Write => DocumentHighlightKind::WRITE,
            Access::Read => DocumentHighlightKind::READ,
        };
        (occurrence.range, kind)
    });
    Some(places.collect())
}

fn of_literal(hir: &Hir, offset: TextSize) -> Option<Places> {
    let after = hir.operands.partition_point(|operand| operand.range.start() <= offset);
    let here = hir.operands.get(after.checked_sub(1)?)?;
    let names = matches!(here.role, Role::Peer | Role::Service | Role::Function);
    if !names || here.kind != OperandKind::Literal || !here.range.contains_inclusive(offset) {
        return None;
    }
    let same = hir.operands.iter().filter(|operand| {
        operand.role == here.role
            && operand.kind == OperandKind::Literal
            && hir.text_at(operand.range) == hir.text_at(here.range)
    });
    Some(same.map(|operand| (operand.range, DocumentHighlightKind::TEXT)).collect())
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;
    use crate::server::features::fixture::{cursor, underlined, uri};

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
    fn nothing_on_keywords() {
        check(
            "(se$0q (null) (null))",
            expect![[r#"
            (seq (null) (null))
        "#]],
        );
    }
}
