//! Rename, with what stands against it as an error for people. A variable is renamed in its script; a peer, a service
//! or a function in all scripts of the workspace and the sample data beside them.

pub(crate) mod refusal;
pub(crate) mod workspace;

use air_ide::names::Refusal;
use air_ide::names::rename::{prepare, rename as edits};
use air_ide::names::rename_outside;

use crate::lsp;
use crate::snapshot::Snapshot;
use refusal::refused;
use workspace::rename_everywhere;

/// `textDocument/prepareRename`.
pub(crate) fn prepare_rename(
    snapshot: &Snapshot,
    params: lsp::TextDocumentPositionParams,
) -> lsp::Result<Option<lsp::PrepareRenameResponse>> {
    match prepare(snapshot.analysis(), snapshot.offset(params.position)) {
        Ok(range) => Ok(Some(lsp::PrepareRenameResponse::RangeWithPlaceholder {
            range: snapshot.range(range),
            placeholder: snapshot.analysis().hir().text_at(range).to_owned(),
        })),
        // Editors have words of their own for that.
        Err(Refusal::Nothing) => Ok(None),
        Err(refusal) => Err(refused(snapshot, &refusal)),
    }
}

/// `textDocument/rename`.
pub(crate) fn rename(
    snapshot: &Snapshot,
    params: lsp::RenameParams,
) -> lsp::Result<Option<lsp::WorkspaceEdit>> {
    let offset = snapshot.offset(params.text_document_position.position);
    let outside = rename_outside::target(snapshot.analysis(), offset);
    if let Some(outside) = outside.map_err(|refusal| refused(snapshot, &refusal))? {
        return rename_everywhere(snapshot, &outside, params.new_name.trim()).map(Some);
    }
    let edits = edits(snapshot.analysis(), offset, &params.new_name)
        .map_err(|refusal| refused(snapshot, &refusal))?;
    snapshot.check_cancelled()?;
    let edits = edits.into_iter().map(|edit| snapshot.text_edit(edit)).collect();
    Ok(Some(snapshot.workspace_edit(edits)))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;
    use crate::features::fixture::{cursor, edited, uri};

    fn check(marked: &str, name: &str, expected: Expect) {
        let (snapshot, position) = cursor(marked);
        let place = json!({ "textDocument": { "uri": uri() }, "position": position, "newName": name });
        let prepared = prepare_rename(&snapshot, serde_json::from_value(place.clone()).unwrap());
        let shown = match rename(&snapshot, serde_json::from_value(place).unwrap()) {
            Ok(edit) => {
                let Some(lsp::DocumentChanges::Edits(mut documents)) = edit.unwrap().document_changes else {
                    panic!("edits with a version")
                };
                assert_eq!(documents[0].text_document.version, Some(7));
                let edits = documents.remove(0).edits.into_iter().map(|edit| match edit {
                    lsp::OneOf::Left(edit) => edit,
                    lsp::OneOf::Right(edit) => edit.text_edit,
                });
                edited(&snapshot, edits.collect())
            }
            Err(error) => format!("{}\n{}", error.message, error.data.unwrap()),
        };
        let prepared = match prepared {
            Ok(prepared) => serde_json::to_value(prepared).unwrap()["placeholder"].to_string(),
            Err(error) => error.message.to_string(),
        };
        expected.assert_eq(&format!("{prepared}\n{shown}\n"));
    }

    #[test]
    fn a_variable() {
        check(
            "(seq (ap 1 x) (ap x.$.[x$0] y))",
            "z",
            expect![[r#"
            "x"
            (seq (ap 1 z) (ap z.$.[z] y))
        "#]],
        );
    }

    #[test]
    fn refusals_say_where() {
        check(
            "(seq (ap 1 x)\n (ap x$0 y))",
            "y",
            expect![[r#"
            "x"
            `y` already names another variable in the same scope (line 2, column 8)
            {"code":"name-taken","range":{"end":{"character":8,"line":1},"start":{"character":7,"line":1}}}
        "#]],
        );
        check(
            "(ap %init_peer_id%$0 x)",
            "y",
            expect![[r#"
            a special value is not a name that this script defines
            a special value is not a name that this script defines
            {"code":"outside-of-the-script","range":null}
        "#]],
        );
        check(
            "(call \"p\" (\"op\" \"noop$0\") [])",
            "y",
            expect![[r#"
            `op` is built into peers or hosts, which would keep the old name
            `op` is built into peers or hosts, which would keep the old name
            {"code":"built-in","range":null}
        "#]],
        );
        check(
            "(nu$0ll)",
            "y",
            expect![[r#"
            null
            there is no name here
            {"code":"nothing-to-rename","range":null}
        "#]],
        );
    }
}
