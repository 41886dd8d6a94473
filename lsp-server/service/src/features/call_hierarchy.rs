//! Call hierarchy: scripts and folds call functions of services; a fold is called by what is around it,
//! and by its `next`.

use std::collections::{HashMap, HashSet};

use air_analysis::Analysis;
use air_ide::names::calls::{CallSite, Callee, Caller, call_sites};
use air_semantics::hir::{InstrId, InstrKind, Role};
use serde::{Deserialize, Serialize};

use crate::lsp::{self, CallHierarchyItem, Url};
use crate::snapshot::Snapshot;

/// What an item stands for; rides along as its `data`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum What {
    Script,
    /// The fold at the item's place.
    Fold,
    /// As written: literals have their quotes.
    Function {
        service: String,
        name: String,
    },
}

/// `textDocument/prepareCallHierarchy`: on a call its function, on `fold` and `next` the fold, else the script.
pub(crate) fn prepare(
    snapshot: &Snapshot,
    params: lsp::CallHierarchyPrepareParams,
) -> lsp::Result<Option<Vec<CallHierarchyItem>>> {
    let offset = snapshot.offset(params.text_document_position_params.position);
    let hir = snapshot.analysis().hir();
    // In closing order the innermost comes first.
    let around = hir.instrs.iter().position(|instr| instr.range.contains_inclusive(offset));
    let Some(around) = around.map(|at| InstrId(at as u32)) else { return Ok(None) };
    let fold_head = |id: InstrId| {
        let instr = hir.instr(id).filter(|instr| instr.kind == InstrKind::Fold)?;
        let head = hir.operand(instr, Role::Iterator)?.range.end();
        (offset <= head).then_some(())
    };
    let sites = call_sites(snapshot.analysis());
    let site = sites.iter().find(|site| site.instr == around);
    let item = match site {
        Some(site) if site.callee != Callee::Fold(around) || fold_head(around).is_some() => {
            callee(snapshot, site)
        }
        _ => Some(script(snapshot)),
    };
    Ok(item.map(|item| vec![item]))
}

/// `callHierarchy/incomingCalls`.
pub(crate) fn incoming(
    snapshot: &Snapshot,
    params: lsp::CallHierarchyIncomingCallsParams,
) -> lsp::Result<Option<Vec<lsp::CallHierarchyIncomingCall>>> {
    let item = params.item;
    let what = what(&item)?;
    let mut calls = Vec::new();
    for uri in scripts(snapshot, &item.uri, &what)? {
        snapshot.check_cancelled()?;
        let Some(there) = at(snapshot, &uri) else { continue };
        let fold = (what == What::Fold).then(|| fold_at(&there, &item)).flatten();
        let mut by_caller: Vec<(Caller, Vec<lsp::Range>)> = Vec::new();
        let mut places: HashMap<Caller, usize> = HashMap::new();
        for site in call_sites(there.analysis()) {
            let same = match (&what, &site.callee) {
                (What::Function { service, name }, Callee::Function { service: of, name: called }) => {
                    service == of && name == called
                }
                (What::Fold, Callee::Fold(called)) => fold == Some(*called),
                _ => false,
            };
            if same {
                let range = there.range(site.range);
                let next = by_caller.len();
                match by_caller.get_mut(*places.entry(site.caller).or_insert(next)) {
                    Some((_, ranges)) => ranges.push(range),
                    None => by_caller.push((site.caller, vec![range])),
                }
            }
        }
        calls.extend(by_caller.into_iter().filter_map(|(caller, from_ranges)| {
            Some(lsp::CallHierarchyIncomingCall { from: self::caller(&there, caller)?, from_ranges })
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
    let caller = match what(&item)? {
        What::Script => None,
        What::Fold => match fold_at(&there, &item) {
            Some(fold) => Some(fold),
            None => return Ok(None),
        },
        // What a service does is not written here.
        What::Function { .. } => return Ok(Some(Vec::new())),
    };
    let mut calls: Vec<lsp::CallHierarchyOutgoingCall> = Vec::new();
    let mut places: HashMap<Callee, usize> = HashMap::new();
    for site in call_sites(there.analysis()).into_iter().filter(|site| site.caller == caller) {
        let range = there.range(site.range);
        let next = calls.len();
        match calls.get_mut(*places.entry(site.callee.clone()).or_insert(next)) {
            Some(call) => call.from_ranges.push(range),
            None => calls.extend(
                callee(&there, &site)
                    .map(|to| lsp::CallHierarchyOutgoingCall { to, from_ranges: vec![range] }),
            ),
        }
    }
    Ok(Some(calls))
}

/// Scripts in which callers may be: for a literal function all that name it.
fn scripts(snapshot: &Snapshot, own: &Url, what: &What) -> lsp::Result<Vec<Url>> {
    let mut uris = vec![own.clone()];
    let What::Function { service, name } = what else { return Ok(uris) };
    let (Some(service), Some(name)) = (unquoted(service), unquoted(name)) else { return Ok(uris) };
    uris.extend(snapshot.view.open.iter().filter(|it| !it.too_large()).map(|it| it.uri.clone()));
    for file in snapshot.closed_files()? {
        if file.names.iter().any(|it| *it.name == *name && it.service.as_deref() == Some(service)) {
            uris.push(file.uri.clone());
        }
    }
    let mut seen = HashSet::new();
    uris.retain(|uri| seen.insert(uri.clone()));
    Ok(uris)
}

/// The text of a literal.
fn unquoted(word: &str) -> Option<&str> {
    word.strip_prefix('"')?.strip_suffix('"')
}

fn at(snapshot: &Snapshot, uri: &Url) -> Option<Snapshot> {
    Some(snapshot.of(snapshot.document_at(uri)?))
}

fn what(item: &CallHierarchyItem) -> lsp::Result<What> {
    let data = item.data.clone().unwrap_or_default();
    serde_json::from_value(data).map_err(|error| lsp::error(-32602, format!("params.item.data: {error}")))
}

/// The fold that an item was made for; it may have gone since.
fn fold_at(snapshot: &Snapshot, item: &CallHierarchyItem) -> Option<InstrId> {
    let start = snapshot.offset(item.range.start);
    let hir = snapshot.analysis().hir();
    let at = hir.instrs.iter().position(|it| it.kind == InstrKind::Fold && it.range.start() == start)?;
    Some(InstrId(at as u32))
}

fn caller(snapshot: &Snapshot, caller: Caller) -> Option<CallHierarchyItem> {
    match caller {
        Some(fold) => self::fold(snapshot, fold),
        None => Some(script(snapshot)),
    }
}

fn callee(snapshot: &Snapshot, site: &CallSite) -> Option<CallHierarchyItem> {
    let Callee::Function { service, name } = &site.callee else {
        let Callee::Fold(fold) = site.callee else { return None };
        return self::fold(snapshot, fold);
    };
    let instr = snapshot.analysis().hir().instr(site.instr)?;
    let shown = format!("{}.{}", unquoted(service).unwrap_or(service), unquoted(name).unwrap_or(name));
    let what = What::Function { service: service.clone(), name: name.clone() };
    Some(item(snapshot, shown, lsp::SymbolKind::FUNCTION, (instr.range, site.range), &what))
}

fn fold(snapshot: &Snapshot, id: InstrId) -> Option<CallHierarchyItem> {
    let hir = snapshot.analysis().hir();
    let instr = hir.instr(id)?;
    let operand = |role| hir.operand(instr, role).map_or("?", |operand| hir.text_at(operand.range));
    let name = format!("fold {} {}", operand(Role::Iterable), operand(Role::Iterator));
    Some(item(snapshot, name, lsp::SymbolKind::METHOD, (instr.range, instr.keyword), &What::Fold))
}

fn script(snapshot: &Snapshot) -> CallHierarchyItem {
    let uri = &snapshot.document.uri;
    let name =
        uri.path_segments().and_then(|mut segments| segments.next_back()).unwrap_or("script").to_owned();
    let whole = air_syntax::TextRange::up_to(air_syntax::TextSize::of(&*snapshot.analysis().text));
    let keyword = first_keyword(snapshot.analysis()).unwrap_or(whole);
    item(snapshot, name, lsp::SymbolKind::FILE, (whole, keyword), &What::Script)
}

fn first_keyword(analysis: &Analysis) -> Option<air_syntax::TextRange> {
    let root = analysis.hir().roots.first()?;
    Some(analysis.hir().instr(*root)?.keyword)
}

fn item(
    snapshot: &Snapshot,
    name: String,
    kind: lsp::SymbolKind,
    (whole, selected): (air_syntax::TextRange, air_syntax::TextRange),
    what: &What,
) -> CallHierarchyItem {
    CallHierarchyItem {
        name,
        kind,
        tags: None,
        detail: None,
        uri: snapshot.document.uri.clone(),
        range: snapshot.range(whole),
        selection_range: snapshot.range(selected),
        data: serde_json::to_value(what).ok(),
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
            &SCRIPT.replacen("next", "ne$0xt", 1),
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
