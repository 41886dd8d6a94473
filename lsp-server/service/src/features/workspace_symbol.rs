//! Workspace symbols: peers, services and functions that the scripts of the workspace name.

use std::collections::HashSet;

use air_ide::names::outside::OutsideKind;

use crate::lsp::{self, Url};
use crate::snapshot::Snapshot;
use crate::workspace::{FileName, Words, names_of};

/// No reader looks through more symbols than this; a longer query finds the others.
const MAX_SYMBOLS: usize = 1_000;

/// `workspace/symbol`: each name once for each script, where it stands first.
pub(crate) fn workspace_symbols(
    snapshot: &Snapshot,
    params: lsp::WorkspaceSymbolParams,
) -> lsp::Result<Option<Vec<lsp::WorkspaceSymbol>>> {
    let query: Vec<char> = params.query.to_lowercase().chars().filter(|char| !char.is_whitespace()).collect();
    let mut found = Vec::new();
    for document in snapshot.open_scripts() {
        snapshot.check_cancelled()?;
        add(
            &document.uri,
            &names_of(document.analysis(), &snapshot.client, &Words::default()),
            &query,
            &mut found,
        );
    }
    for file in snapshot.closed_files_or_some()? {
        add(&file.uri, &file.names, &query, &mut found);
    }
    // Short names fit a query best.
    found.sort_by(|one, other| (one.name.len(), &one.name).cmp(&(other.name.len(), &other.name)));
    found.truncate(MAX_SYMBOLS);
    Ok(Some(found))
}

fn add(uri: &Url, names: &[FileName], query: &[char], found: &mut Vec<lsp::WorkspaceSymbol>) {
    let mut seen = HashSet::new();
    for name in names {
        let text = match &name.service {
            Some(service) => format!("{service}.{}", name.name),
            None => name.name.to_string(),
        };
        if fits(&text, query) && seen.insert((name.kind, text.clone())) {
            found.push(symbol(uri, name, text));
        }
    }
}

fn symbol(uri: &Url, name: &FileName, text: String) -> lsp::WorkspaceSymbol {
    let file = uri.path_segments().and_then(|mut segments| segments.next_back());
    lsp::WorkspaceSymbol {
        name: text,
        kind: match name.kind {
            OutsideKind::Peer => lsp::SymbolKind::CLASS,
            OutsideKind::Service => lsp::SymbolKind::MODULE,
            OutsideKind::Function => lsp::SymbolKind::FUNCTION,
        },
        tags: None,
        container_name: file.map(str::to_owned),
        location: lsp::OneOf::Left(lsp::Location::new(uri.clone(), name.range)),
        data: None,
    }
}

/// Whether the letters of the query stand in the name, in their order.
fn fits(name: &str, query: &[char]) -> bool {
    let mut left = query.iter();
    let mut next = left.next();
    for char in name.chars().flat_map(char::to_lowercase) {
        if next == Some(&char) {
            next = left.next();
        }
    }
    next.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::fixture::open;

    fn found(query: &str) -> Vec<String> {
        let document =
            open("(seq (call \"relay\" (\"op\" \"noop\") []) (call \"relay\" (\"op\" \"noop\") []))")
                .document;
        let mut snapshot = open("");
        snapshot.view.open = [document].into();
        let params = serde_json::from_value(serde_json::json!({ "query": query })).unwrap();
        let symbols = workspace_symbols(&snapshot, params).unwrap().unwrap();
        symbols.into_iter().map(|symbol| format!("{:?} {}", symbol.kind, symbol.name)).collect()
    }

    #[test]
    fn once_for_each_script() {
        assert_eq!(found(""), ["Module op", "Class relay", "Function op.noop"]);
    }

    #[test]
    fn letters_in_their_order() {
        assert_eq!(found("OPNO"), ["Function op.noop"]);
        assert_eq!(found("on p"), ["Function op.noop"]);
        assert_eq!(found("np"), ["Function op.noop"]);
        assert_eq!(found("x"), [""; 0]);
    }
}
