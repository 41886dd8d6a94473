//! The outline: what `air_ide::outline` lists, as a tree or, for older clients, as a list.

use air_analysis::idioms::IdiomKind;
use air_ide::outline::{OutlineItem, outline};
use air_semantics::hir::InstrKind;

use crate::lsp::{self, SymbolKind};
use crate::snapshot::Snapshot;

/// Deeper items stand beside their parent: each level is two of JSON, whose readers give up at 128.
const MAX_LEVELS: usize = 50;

/// `textDocument/documentSymbol`.
pub(crate) fn document_symbols(
    snapshot: &Snapshot,
    _: lsp::DocumentSymbolParams,
) -> lsp::Result<Option<lsp::DocumentSymbolResponse>> {
    let items = outline(snapshot.analysis());
    snapshot.check_cancelled()?;
    if snapshot.client.hierarchical_symbols {
        Ok(Some(tree(snapshot, &items).into()))
    } else {
        Ok(Some(list(snapshot, &items).into()))
    }
}

/// Parents before children in `items`; a stack holds the symbols whose last child has not come yet.
fn tree(snapshot: &Snapshot, items: &[OutlineItem]) -> Vec<lsp::DocumentSymbol> {
    let mut roots = Vec::new();
    let mut open: Vec<(lsp::DocumentSymbol, usize)> = Vec::new();
    let close = |open: &mut Vec<(lsp::DocumentSymbol, usize)>,
                 roots: &mut Vec<lsp::DocumentSymbol>,
                 before: usize| {
        while let Some((symbol, _)) = open.pop_if(|(_, end)| *end <= before) {
            let siblings = match open.last_mut() {
                Some((parent, _)) => parent.children.get_or_insert_default(),
                None => &mut *roots,
            };
            siblings.push(symbol);
        }
    };
    for (index, item) in items.iter().enumerate() {
        close(&mut open, &mut roots, index);
        let symbol = symbol(snapshot, item);
        if open.len() < MAX_LEVELS {
            open.push((symbol, item.end as usize));
        } else if let Some((parent, _)) = open.last_mut() {
            parent.children.get_or_insert_default().push(symbol);
        }
    }
    close(&mut open, &mut roots, usize::MAX);
    roots
}

#[allow(deprecated, reason = "the protocol's deprecated fields cannot be left out")]
fn symbol(snapshot: &Snapshot, item: &OutlineItem) -> lsp::DocumentSymbol {
    lsp::DocumentSymbol {
        name: name(item),
        detail: detail(item),
        kind: kind(item),
        tags: None,
        deprecated: None,
        range: snapshot.range(item.range),
        selection_range: snapshot.range(item.selection),
        children: None,
    }
}

#[allow(deprecated, reason = "the protocol's deprecated fields cannot be left out")]
fn list(snapshot: &Snapshot, items: &[OutlineItem]) -> Vec<lsp::SymbolInformation> {
    let parent = |item: &OutlineItem| items.get(item.parent? as usize).map(name);
    let information = |item: &OutlineItem| lsp::SymbolInformation {
        name: name(item),
        kind: kind(item),
        tags: None,
        deprecated: None,
        location: lsp::Location { uri: snapshot.document.uri.clone(), range: snapshot.range(item.range) },
        container_name: parent(item),
    };
    items.iter().map(information).collect()
}

/// Clients refuse empty names.
fn name(item: &OutlineItem) -> String {
    if item.name.trim().is_empty() { "?".to_owned() } else { item.name.clone() }
}

/// What the Aqua compiler made it of, where the name does not begin with just that.
fn detail(item: &OutlineItem) -> Option<String> {
    let idiom = item.idiom?.name();
    (!item.name.starts_with(idiom)).then(|| idiom.to_owned())
}

/// The protocol has no instructions; these have the most telling icons.
fn kind(item: &OutlineItem) -> SymbolKind {
    if let Some(idiom) = item.idiom {
        return idiom_kind(idiom);
    }
    match item.instr_kind {
        InstrKind::Call => SymbolKind::FUNCTION,
        InstrKind::Canon => SymbolKind::CONSTANT,
        InstrKind::Ap => SymbolKind::VARIABLE,
        InstrKind::New => SymbolKind::NAMESPACE,
        InstrKind::Fold | InstrKind::Next => SymbolKind::ARRAY,
        InstrKind::Match | InstrKind::Mismatch => SymbolKind::BOOLEAN,
        InstrKind::Fail | InstrKind::Never => SymbolKind::EVENT,
        InstrKind::Null | InstrKind::Unknown => SymbolKind::NULL,
        InstrKind::Seq | InstrKind::Par | InstrKind::Xor => SymbolKind::OPERATOR,
    }
}

/// By what it is in Aqua: functions and their parts, places, branches, loops, values.
fn idiom_kind(idiom: IdiomKind) -> SymbolKind {
    use IdiomKind::*;
    match idiom {
        ErrorWrapper | TracedFunction => SymbolKind::MODULE,
        Parameter | StreamParameter => SymbolKind::PROPERTY,
        Return => SymbolKind::INTERFACE,
        Callback | Logging | Trace => SymbolKind::FUNCTION,
        Hop | HopService | Via | ViaBack | OnBlock => SymbolKind::PACKAGE,
        Rethrow | TryCatch | TryOtherwise | TrySwallow | Wait | Join => SymbolKind::EVENT,
        If | IfElse | IfPlain | IfElsePlain | BooleanOperator | Comparison => SymbolKind::BOOLEAN,
        Arithmetic => SymbolKind::NUMBER,
        StreamScope => SymbolKind::NAMESPACE,
        For | ForPar | ForRec | ForTry | ForMap | ParSeq => SymbolKind::ARRAY,
        Co | ParBlock | Race => SymbolKind::OPERATOR,
        Push | PushStream | Property | LiteralHelper => SymbolKind::VARIABLE,
        StreamReturn | Freeze | Length | ArrayLiteral | OptionLiteral | MapGet | MapContains | MapKeys
        | MapStream => SymbolKind::CONSTANT,
        StructLiteral | StructCopy | JsonObject | MapToObject => SymbolKind::OBJECT,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;
    use crate::features::fixture::{open, open_as, text_at, uri};

    fn symbols(snapshot: &Snapshot) -> lsp::DocumentSymbolResponse {
        let params = serde_json::from_value(json!({ "textDocument": { "uri": uri() } })).unwrap();
        document_symbols(snapshot, params).unwrap().unwrap()
    }

    fn check(text: &str, expected: Expect) {
        let snapshot = open(text);
        let lsp::DocumentSymbolResponse::Nested(roots) = symbols(&snapshot) else { panic!("a tree") };
        let mut shown = String::new();
        let mut stack: Vec<_> = roots.iter().rev().map(|symbol| (0, symbol)).collect();
        while let Some((depth, symbol)) = stack.pop() {
            let range = snapshot.text_range(symbol.selection_range);
            assert!(snapshot.text_range(symbol.range).contains_range(range));
            let selected = text_at(&snapshot, symbol.selection_range);
            shown += &format!("{}{} [{selected}]\n", "  ".repeat(depth), symbol.name);
            stack.extend(symbol.children.iter().flatten().rev().map(|child| (depth + 1, child)));
        }
        expected.assert_eq(&shown);
    }

    const SCRIPT: &str = "(seq\n (call %init_peer_id% (\"srv\" \"fun\") [] xs)\n (fold xs x\n  (par\n   (call x (\"a\" \"b\") [x] $out)\n   (next x)\n  )\n )\n)";

    #[test]
    fn what_is_called_where() {
        check(
            SCRIPT,
            expect![[r#"
            call %init_peer_id% srv.fun → xs ["fun"]
            for x in xs par [x]
              call x a.b → $out ["b"]
        "#]],
        );
    }

    #[test]
    fn a_list_for_older_clients() {
        let lsp::DocumentSymbolResponse::Flat(list) = symbols(&open_as(SCRIPT, json!({}), json!({}))) else {
            panic!("a list")
        };
        let shown: Vec<_> =
            list.iter().map(|item| format!("{} in {:?}", item.name, item.container_name)).collect();
        expect![[r#"
            call %init_peer_id% srv.fun → xs in None
            for x in xs par in None
            call x a.b → $out in Some("for x in xs par")"#]]
        .assert_eq(&shown.join("\n"));
    }

    #[test]
    fn broken_scripts_have_an_outline() {
        check(
            "(seq (call x (\"a\" \"b\") [] y) (par (never) (call",
            expect![[r#"
            call x a.b → y ["b"]
            par [par]
              never [never]
              call ? ?.? [call]
        "#]],
        );
        check("", expect![[""]]);
    }

    #[test]
    fn depth_is_bounded_and_nothing_is_lost() {
        let snapshot = open(&format!("{}(never){}", "(par (never) ".repeat(500), ")".repeat(500)));
        let lsp::DocumentSymbolResponse::Nested(roots) = symbols(&snapshot) else { panic!("a tree") };
        let mut stack: Vec<_> = roots.iter().map(|symbol| (1, symbol)).collect();
        let (mut deepest, mut count) = (0, 0);
        while let Some((depth, symbol)) = stack.pop() {
            deepest = deepest.max(depth);
            count += 1;
            stack.extend(symbol.children.iter().flatten().map(|child| (depth + 1, child)));
        }
        assert_eq!(count, 1001);
        assert!(deepest <= MAX_LEVELS + 1, "{deepest}");
    }
}
