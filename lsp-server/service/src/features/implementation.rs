//! Go to implementation: from a stream or stream map to its canons.

use air_ide::names::definition::implementations;

use super::definition::response;
use crate::lsp;
use crate::snapshot::Snapshot;

/// `textDocument/implementation`.
pub(crate) fn implementation(
    snapshot: &Snapshot,
    params: lsp::request::GotoImplementationParams,
) -> lsp::Result<Option<lsp::request::GotoImplementationResponse>> {
    let offset = snapshot.offset(params.text_document_position_params.position);
    Ok(response(snapshot, offset, implementations(snapshot.analysis(), offset)))
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
        let found = implementation(&snapshot, serde_json::from_value(params).unwrap()).unwrap();
        let links = match found {
            Some(lsp::GotoDefinitionResponse::Link(links)) => links,
            _ => Vec::new(),
        };
        let marks = links.into_iter().map(|link| (link.target_selection_range, "here".to_owned()));
        expected.assert_eq(&underlined(&snapshot, marks.collect()));
    }

    #[test]
    fn from_a_stream_to_its_canons() {
        check(
            "(seq (ap 1 $$0s) (par (canon \"p\" $s #a) (canon \"q\" $s #b)))",
            expect![[r#"
            (seq (ap 1 $s) (par (canon "p" $s #a) (canon "q" $s #b)))
                                              ^^ here
                                                                ^^ here
        "#]],
        );
    }

    #[test]
    fn a_scalar_has_none() {
        check(
            "(seq (ap 1 s$0) (ap s x))",
            expect![[r#"
            (seq (ap 1 s) (ap s x))
        "#]],
        );
    }
}
