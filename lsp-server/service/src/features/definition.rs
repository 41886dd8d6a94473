//! Go to definition: where values are written to the variable, the fold of an iterator, what failed
//! for an error object.

use air_ide::names::definition::{Target, definitions};
use air_ide::names::symbol_at;
use air_syntax::TextSize;

use crate::lsp;
use crate::snapshot::Snapshot;

/// `textDocument/definition`.
pub(crate) fn definition(
    snapshot: &Snapshot,
    params: lsp::GotoDefinitionParams,
) -> lsp::Result<Option<lsp::GotoDefinitionResponse>> {
    let offset = snapshot.offset(params.text_document_position_params.position);
    Ok(response(snapshot, offset, definitions(snapshot.analysis(), offset)))
}

/// Places as the client likes them: with what to show around them, if it can.
pub(super) fn response(
    snapshot: &Snapshot,
    offset: TextSize,
    targets: Vec<Target>,
) -> Option<lsp::GotoDefinitionResponse> {
    if targets.is_empty() {
        return None;
    }
    let uri = &snapshot.document.uri;
    if !snapshot.client.definition_links {
        let locations =
            targets.into_iter().map(|target| lsp::Location::new(uri.clone(), snapshot.range(target.range)));
        return Some(lsp::GotoDefinitionResponse::Array(locations.collect()));
    }
    let origin = symbol_at(snapshot.analysis(), offset).map(|named| snapshot.range(named.range));
    let links = targets.into_iter().map(|target| lsp::LocationLink {
        origin_selection_range: origin,
        target_uri: uri.clone(),
        target_range: snapshot.range(target.whole),
        target_selection_range: snapshot.range(target.range),
    });
    Some(lsp::GotoDefinitionResponse::Link(links.collect()))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;
    use crate::features::fixture::{cursor, open_as, underlined, uri};

    fn check(marked: &str, expected: Expect) {
        let (snapshot, position) = cursor(marked);
        let params = json!({ "textDocument": { "uri": uri() }, "position": position });
        let found = definition(&snapshot, serde_json::from_value(params).unwrap()).unwrap();
        let mut marks = Vec::new();
        if let Some(lsp::GotoDefinitionResponse::Link(links)) = found {
            for link in links {
                marks.push((link.target_selection_range, "here".to_owned()));
                marks.push((link.origin_selection_range.unwrap(), "from".to_owned()));
            }
        }
        expected.assert_eq(&underlined(&snapshot, marks));
    }

    #[test]
    fn a_link_to_each_write() {
        check(
            "(seq\n (call \"p\" (\"s\" \"f\") [] res)\n (ap re$0s.$.a $s)\n)",
            expect![[r#"
            (seq
             (call "p" ("s" "f") [] res)
                                    ^^^ here
             (ap res.$.a $s)
                 ^^^ from
            )
        "#]],
        );
    }

    #[test]
    fn nothing_outside_of_the_script() {
        check(
            "(call \"p\" (\"s\" \"f$0\") [])",
            expect![[r#"
            (call "p" ("s" "f") [])
        "#]],
        );
    }

    #[test]
    fn plain_places_for_older_clients() {
        let snapshot = open_as("(seq (ap 1 x) (ap x y))", json!({}), json!({}));
        let params = json!({ "textDocument": { "uri": uri() }, "position": { "line": 0, "character": 18 } });
        let found = definition(&snapshot, serde_json::from_value(params).unwrap()).unwrap();
        let found = serde_json::to_value(found).unwrap();
        assert_eq!(found[0]["range"]["start"]["character"], 11, "{found}");
    }
}
