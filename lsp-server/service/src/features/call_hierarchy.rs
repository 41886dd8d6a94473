//! Call hierarchy: what `air_ide::call_hierarchy` finds, over all scripts that may call the same function.

use air_ide::call_hierarchy::{self, Calls, Item, Target};

use crate::file_key::FileKey;
use crate::lsp::{self, CallHierarchyItem, Url};
use crate::snapshot::Snapshot;

/// `textDocument/prepareCallHierarchy`: on a call its function, on `fold` and `next` the fold, else the script.
pub(crate) fn prepare(
    snapshot: &Snapshot,
    params: lsp::CallHierarchyPrepareParams,
) -> lsp::Result<Option<Vec<CallHierarchyItem>>> {
    let offset = snapshot.offset(params.text_document_position_params.position);
    let item = call_hierarchy::prepare(snapshot.analysis(), offset);
    Ok(item.map(|item| vec![converted(snapshot, item)]))
}

/// `callHierarchy/incomingCalls`.
pub(crate) fn incoming(
    snapshot: &Snapshot,
    params: lsp::CallHierarchyIncomingCallsParams,
) -> lsp::Result<Option<Vec<lsp::CallHierarchyIncomingCall>>> {
    let item = params.item;
    let target = target(&item)?;
    let mut calls = Vec::new();
    for uri in scripts(snapshot, &item.uri, &target)? {
        snapshot.check_cancelled()?;
        let Some(there) = at(snapshot, &uri) else { continue };
        let found = call_hierarchy::incoming(there.analysis(), &target, there.offset(item.range.start));
        calls.extend(found.into_iter().map(|Calls { item, places }| lsp::CallHierarchyIncomingCall {
            from: converted(&there, item),
            from_ranges: places.into_iter().map(|range| there.range(range)).collect(),
        }));
    }
    Ok(Some(calls))
}

/// `callHierarchy/outgoingCalls`.
pub(crate) fn outgoing(
    snapshot: &Snapshot,
    params: lsp::CallHierarchyOutgoingCallsParams,
) -> lsp::Result<Option<Vec<lsp::CallHierarchyOutgoingCall>>> {
    let item = params.item;
    let Some(there) = at(snapshot, &item.uri) else { return Ok(None) };
    let target = target(&item)?;
    let found = call_hierarchy::outgoing(there.analysis(), &target, there.offset(item.range.start));
    let call = |Calls { item, places }| lsp::CallHierarchyOutgoingCall {
        to: converted(&there, item),
        from_ranges: places.into_iter().map(|range| there.range(range)).collect(),
    };
    Ok(found.map(|found| found.into_iter().map(call).collect()))
}

/// Scripts in which callers may be: for a literal function all that name it.
fn scripts(snapshot: &Snapshot, own: &Url, target: &Target) -> lsp::Result<Vec<Url>> {
    let mut uris = vec![own.clone()];
    let Some((service, name)) = target.literals() else { return Ok(uris) };
    let own = FileKey::of(own, &*snapshot.host.files);
    let open = snapshot.open_scripts();
    uris.extend(open.iter().filter(|it| it.identity.file != own).map(|it| it.uri.clone()));
    for file in snapshot.closed_files_or_some()?.iter().filter(|file| file.key != own) {
        if file.names.iter().any(|it| *it.name == *name && it.service.as_deref() == Some(service)) {
            uris.push(file.uri.clone());
        }
    }
    Ok(uris)
}

fn at(snapshot: &Snapshot, uri: &Url) -> Option<Snapshot> {
    Some(Snapshot { document: snapshot.document_at(uri)?, ..snapshot.clone() })
}

/// The target rides along as an item's `data`.
fn target(item: &CallHierarchyItem) -> lsp::Result<Target> {
    let data = item.data.clone().unwrap_or_default();
    serde_json::from_value(data).map_err(|error| lsp::error(-32602, format!("params.item.data: {error}")))
}

fn converted(snapshot: &Snapshot, item: Item) -> CallHierarchyItem {
    let uri = &snapshot.document.uri;
    let file = || uri.path_segments().and_then(|mut segments| segments.next_back()).unwrap_or("script");
    CallHierarchyItem {
        name: item.name.unwrap_or_else(|| file().to_owned()),
        kind: match item.target {
            Target::Script => lsp::SymbolKind::FILE,
            Target::Fold => lsp::SymbolKind::METHOD,
            Target::Function { .. } => lsp::SymbolKind::FUNCTION,
        },
        tags: None,
        detail: None,
        uri: uri.clone(),
        range: snapshot.range(item.range),
        selection_range: snapshot.range(item.selection),
        data: serde_json::to_value(&item.target).ok(),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;
    use crate::features::fixture::{cursor, uri};

    fn check(marked: &str, expected: Expect) {
        let (mut snapshot, position) = cursor(marked);
        snapshot.view.open = [snapshot.document.clone()].into();
        let params = json!({ "textDocument": { "uri": uri() }, "position": position });
        let items = prepare(&snapshot, serde_json::from_value(params).unwrap()).unwrap().unwrap();
        let params = json!({ "item": items[0] });
        let mut shown = format!("{}\n", items[0].name);
        for call in incoming(&snapshot, serde_json::from_value(params.clone()).unwrap()).unwrap().unwrap() {
            shown += &format!("  called by {} at {} places\n", call.from.name, call.from_ranges.len());
        }
        for call in outgoing(&snapshot, serde_json::from_value(params).unwrap()).unwrap().unwrap() {
            shown += &format!("  calls {} at {} places\n", call.to.name, call.from_ranges.len());
        }
        expected.assert_eq(&shown);
    }

    const SCRIPT: &str = "(seq\n (call \"p\" (\"s\" \"list\") [] xs)\n (fold xs i\n  (seq (call i (\"s\" \"f\") []) (seq (call \"p\" (\"s\" \"list\") []) (next i)))\n )\n)";

    #[test]
    fn functions_folds_and_scripts() {
        check(
            &SCRIPT.replacen("list", "li$0st", 1),
            expect![[r#"
            s.list
              called by script.air at 1 places
              called by fold xs i at 1 places
        "#]],
        );
        check(
            &SCRIPT.replacen("fold", "fo$0ld", 1),
            expect![[r#"
            fold xs i
              called by script.air at 1 places
              called by fold xs i at 1 places
              calls s.f at 1 places
              calls s.list at 1 places
              calls fold xs i at 1 places
        "#]],
        );
        check(
            &SCRIPT.replacen("(seq", "(se$0q", 1),
            expect![[r#"
            script.air
              calls s.list at 1 places
              calls fold xs i at 1 places
        "#]],
        );
    }
}
