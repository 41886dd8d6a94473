//! Go to declaration: `new`, the fold of an iterator, `; air: given`; else the first write.

use air_ide::names::definition::declarations;

use super::definition::response;
use crate::lsp;
use crate::snapshot::Snapshot;

/// `textDocument/declaration`.
pub(crate) fn declaration(
    snapshot: &Snapshot,
    params: lsp::request::GotoDeclarationParams,
) -> lsp::Result<Option<lsp::request::GotoDeclarationResponse>> {
    let offset = snapshot.offset(params.text_document_position_params.position);
    Ok(response(snapshot, offset, declarations(snapshot.analysis(), offset)))
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
        let found = declaration(&snapshot, serde_json::from_value(params).unwrap()).unwrap();
        let links = match found {
            Some(lsp::GotoDefinitionResponse::Link(links)) => links,
            _ => Vec::new(),
        };
        let marks = links.into_iter().map(|link| (link.target_selection_range, "here".to_owned()));
        expected.assert_eq(&underlined(&snapshot, marks.collect()));
    }

    #[test]
    fn new_declares() {
        check(
            "(new $s (seq (ap 1 $s) (canon \"p\" $0$s #s)))",
            expect![[r#"
            (new $s (seq (ap 1 $s) (canon "p" $s #s)))
                 ^^ here
        "#]],
        );
    }

    #[test]
    fn else_the_first_write() {
        check(
            "(seq (ap 1 $s) (seq (ap 2 $s) (canon \"p\" $0$s #s)))",
            expect![[r#"
            (seq (ap 1 $s) (seq (ap 2 $s) (canon "p" $s #s)))
                       ^^ here
        "#]],
        );
    }
}
