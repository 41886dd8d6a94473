//! References: of a variable or field in its script, of a literal peer, service or function in all
//! scripts of the workspace.

use air_ide::names::outside::OutsideKind;
use air_ide::names::{Symbol, symbol_at};
use air_ide::references::references as places;

use crate::lsp;
use crate::snapshot::Snapshot;
use crate::workspace::FileName;

/// No reader looks through more places than this.
const MAX_PLACES: usize = 10_000;

/// `textDocument/references`.
pub(crate) fn references(
    snapshot: &Snapshot,
    params: lsp::ReferenceParams,
) -> lsp::Result<Option<Vec<lsp::Location>>> {
    let offset = snapshot.offset(params.text_document_position.position);
    let Some(named) = symbol_at(snapshot.analysis(), offset) else { return Ok(None) };
    // In one script, the answer is about the document at hand; over all, each file is there once.
    let at_hand = if outside(&named.symbol).is_some() { snapshot.first_opened() } else { snapshot.clone() };
    let mut places = here(&at_hand, &named.symbol, params.context.include_declaration);
    if let Some(wanted) = outside(&named.symbol) {
        for document in snapshot.open_scripts().iter().filter(|it| it.uri != at_hand.document.uri) {
            snapshot.check_cancelled()?;
            let other = snapshot.of(document.clone());
            places.extend(here(&other, &named.symbol, true));
        }
        for file in snapshot.closed_files_or_some()? {
            let same = file.names.iter().filter(|name| wanted.is(name));
            places.extend(same.map(|name| lsp::Location::new(file.uri.clone(), name.range)));
        }
    }
    if places.len() > MAX_PLACES {
        let name = snapshot.analysis().hir().text_at(named.range);
        let message =
            format!("`{name}` is used at {} places; only the first {MAX_PLACES} are listed", places.len());
        snapshot.view.workspace.tell_once(&format!("references of {name}"), message);
        places.truncate(MAX_PLACES);
    }
    Ok(Some(places))
}

/// Places in one document.
fn here(snapshot: &Snapshot, symbol: &Symbol, declaration: bool) -> Vec<lsp::Location> {
    let found = places(snapshot.analysis(), symbol, declaration).into_iter();
    found.map(|range| lsp::Location::new(snapshot.document.uri.clone(), snapshot.range(range))).collect()
}

/// A name that other scripts may use too.
pub(super) struct Outside<'s> {
    kind: OutsideKind,
    service: Option<&'s str>,
    name: &'s str,
}

impl Outside<'_> {
    pub(super) fn is(&self, name: &FileName) -> bool {
        name.kind == self.kind && *name.name == *self.name && name.service.as_deref() == self.service
    }
}

pub(super) fn outside(symbol: &Symbol) -> Option<Outside<'_>> {
    match symbol {
        Symbol::Peer(name) => Some(Outside { kind: OutsideKind::Peer, service: None, name }),
        Symbol::Service(name) => Some(Outside { kind: OutsideKind::Service, service: None, name }),
        Symbol::Function { service, name } => {
            Some(Outside { kind: OutsideKind::Function, service: service.as_deref(), name })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;
    use crate::features::fixture::{cursor, underlined, uri};

    fn check(marked: &str, declaration: bool, expected: Expect) {
        let (snapshot, position) = cursor(marked);
        let params = json!({
            "textDocument": { "uri": uri() }, "position": position, "context": { "includeDeclaration": declaration },
        });
        let found =
            references(&snapshot, serde_json::from_value(params).unwrap()).unwrap().unwrap_or_default();
        expected.assert_eq(&underlined(
            &snapshot,
            found.into_iter().map(|place| (place.range, "here".to_owned())).collect(),
        ));
    }

    #[test]
    fn with_and_without_the_declaration() {
        check(
            "(new $s\n (seq (ap 1 $$0s) (canon \"p\" $s #s)))",
            true,
            expect![[r#"
            (new $s
                 ^^ here
             (seq (ap 1 $s) (canon "p" $s #s)))
                        ^^ here
                                       ^^ here
        "#]],
        );
        check(
            "(new $s\n (seq (ap 1 $$0s) (canon \"p\" $s #s)))",
            false,
            expect![[r#"
            (new $s
             (seq (ap 1 $s) (canon "p" $s #s)))
                        ^^ here
                                       ^^ here
        "#]],
        );
    }
}
