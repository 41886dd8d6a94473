//! Renaming a peer, a service or a function: literals, in every script that names it.
//!
//! What is outside has no declaration, so each script gives its own edits, and the caller, which knows all scripts, asks each of
//! them first whether the new name is [`taken`] there: two things under one name could never be told apart again.

use air_analysis::Analysis;
use air_analysis::diagnostic::TextEdit;
use air_analysis::peer_id::is_peer_id;
use air_syntax::{TextRange, TextSize};

use super::mentions::{mentions, symbol_at};
use super::outside::{OutsideKind, between_quotes, outside_names};
use super::refusal::Refusal;
use super::symbol::Symbol;
use crate::services::{BUILT_INS, built_in};

/// Something outside that can be renamed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutsideSymbol {
    /// A peer, a service, or a function of a known service.
    pub symbol: Symbol,
    /// The name at hand, without its quotes.
    pub range: TextRange,
}

/// What is named at an offset; `None` for names of the script's own and where there is none.
///
/// # Errors
/// Why it keeps its name.
pub fn target(analysis: &Analysis, offset: TextSize) -> Result<Option<OutsideSymbol>, Refusal> {
    let Some(named) = symbol_at(analysis, offset) else { return Ok(None) };
    let service = match &named.symbol {
        Symbol::Peer(_) => None,
        Symbol::Service(service) => Some(service),
        Symbol::Function { service: Some(service), .. } => Some(service),
        Symbol::Function { service: None, name } => return Err(Refusal::UnknownService(name.clone())),
        _ => return Ok(None),
    };
    if let Some(service) = service.filter(|service| keeps_its_name(analysis, &named.symbol, service)) {
        return Err(Refusal::BuiltIn(service.clone()));
    }
    let range = between_quotes(analysis.hir(), named.range);
    if range.is_empty() {
        return Err(Refusal::Nothing);
    }
    Ok(Some(OutsideSymbol { symbol: named.symbol, range }))
}

/// Services of the host of a compiled function, whose functions are its parameters and results.
const HOST_SERVICES: [&str; 3] = ["getDataSrv", "callbackSrv", "errorHandlingSrv"];

/// Whether peers or hosts have it built in: a function that they know, or a service of which the script uses one.
fn keeps_its_name(analysis: &Analysis, symbol: &Symbol, service: &str) -> bool {
    let known = |function: &str| HOST_SERVICES.contains(&service) || built_in(service, function).is_some();
    match symbol {
        Symbol::Function { name, .. } => known(name),
        _ => outside_names(analysis)
            .iter()
            .any(|it| it.kind == OutsideKind::Function && it.service == Some(service) && known(it.name)),
    }
}

/// The symbol under its new name.
///
/// # Errors
/// If no literal can be that name.
pub fn renamed(symbol: &Symbol, new_name: &str) -> Result<Symbol, Refusal> {
    if new_name.is_empty() || new_name.contains(['"', '\n', '\r']) {
        return Err(Refusal::NoLiteral(new_name.to_owned()));
    }
    let name = new_name.to_owned();
    let (symbol, service) = match symbol {
        Symbol::Peer(_) => (Symbol::Peer(name), None),
        Symbol::Service(_) => (Symbol::Service(name), Some(new_name)),
        Symbol::Function { service, .. } => (Symbol::Function { service: service.clone(), name }, None),
        _ => return Err(Refusal::Nothing),
    };
    if BUILT_INS.iter().any(|it| Some(it.service) == service) {
        return Err(Refusal::BuiltIn(new_name.to_owned()));
    }
    Ok(symbol)
}

/// Where a script names what would then have the same name, as a literal.
pub fn taken(analysis: &Analysis, renamed: &Symbol) -> Option<TextRange> {
    mentions(analysis, renamed).first().map(|mention| mention.range)
}

/// The refusal for a name that is [`taken`].
pub fn merges(renamed: &Symbol) -> Refusal {
    match renamed {
        Symbol::Peer(name) => Refusal::Merges(name.clone(), "peer"),
        Symbol::Service(name) => Refusal::Merges(name.clone(), "service"),
        Symbol::Function { name, .. } => Refusal::Merges(name.clone(), "function of that service"),
        _ => Refusal::Nothing,
    }
}

/// Edits of one script that give it another name, in text order.
///
/// # Errors
/// If places that are known by the form of a peer id would not be known any more, or a service turns out to be built in.
pub fn edits(analysis: &Analysis, symbol: &Symbol, renamed: &Symbol) -> Result<Vec<TextEdit>, Refusal> {
    let (Symbol::Peer(new_name) | Symbol::Service(new_name) | Symbol::Function { name: new_name, .. }) =
        renamed
    else {
        return Ok(Vec::new());
    };
    if let Symbol::Service(service) = symbol
        && keeps_its_name(analysis, symbol, service)
    {
        return Err(Refusal::BuiltIn(service.clone()));
    }
    let places = mentions(analysis, symbol).into_iter();
    let places = places.map(|mention| between_quotes(analysis.hir(), mention.range));
    let edits: Vec<_> = places.map(|range| TextEdit { range, new_text: new_name.clone() }).collect();
    if matches!(symbol, Symbol::Peer(old) if is_peer_id(old)) && !is_peer_id(new_name) {
        let after = Analysis::after(analysis, air_semantics::text_edit::apply(&analysis.text, &edits));
        if mentions(&after, renamed).len() != edits.len() {
            return Err(Refusal::NoPeerId(new_name.clone()));
        }
    }
    Ok(edits)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::names::testing::cursor;

    fn check(marked: &str, new_name: &str, expected: Expect) {
        let (analysis, offset) = cursor(marked);
        let done = || {
            let Some(outside) = target(&analysis, offset)? else { return Ok("not outside".to_owned()) };
            let new = renamed(&outside.symbol, new_name)?;
            if taken(&analysis, &new).is_some() {
                return Err(merges(&new));
            }
            Ok(air_semantics::text_edit::apply(&analysis.text, &edits(&analysis, &outside.symbol, &new)?))
        };
        let shown = done().unwrap_or_else(|refusal: Refusal| format!("{}: {refusal}", refusal.code()));
        expected.assert_eq(&shown);
    }

    #[test]
    fn a_peer_everywhere() {
        check(
            r#"(seq (ap "p" peer) (seq (canon "p" $s #s) (call peer ("p" "p") ["p"])))"#.replacen("\"p\" $s", "\"p$0\" $s", 1).as_str(),
            "q",
            expect![[r#"(seq (ap "q" peer) (seq (canon "q" $s #s) (call peer ("p" "p") ["p"])))"#]],
        );
    }

    #[test]
    fn a_peer_by_its_form() {
        let id = "12D3KooWR1cFrRWULaAZy8Vu2Ys8MpjK1dGYvFaSPGo7pSVPAxUW";
        let other = "12D3KooWCMr9mU894i8JXAFqpgoFtx6qnV1LFPSfVc3Y34N4h4LS";
        let script = format!("(match x \"$0{id}\" (call \"{id}\" (s f) []))");
        let (analysis, offset) = cursor(&script);
        let outside = target(&analysis, offset).unwrap().unwrap();
        let made = |name: &str| edits(&analysis, &outside.symbol, &renamed(&outside.symbol, name).unwrap());
        assert_eq!(made(other).unwrap().len(), 2);
        assert_eq!(made("q").unwrap_err().code(), "no-peer-id");
    }

    #[test]
    fn a_service_and_its_functions() {
        let script = r#"(seq (call p ("s" "f") []) (par (call p ("s" "g") []) (call p ("t" "f") [])))"#;
        check(
            &script.replacen("\"s\"", "\"s$0\"", 1),
            "depot",
            expect![[
                r#"(seq (call p ("depot" "f") []) (par (call p ("depot" "g") []) (call p ("t" "f") [])))"#
            ]],
        );
        check(
            &script.replacen("\"f\"", "\"$0f\"", 1),
            "load",
            expect![[r#"(seq (call p ("s" "load") []) (par (call p ("s" "g") []) (call p ("t" "f") [])))"#]],
        );
    }

    #[test]
    fn what_stands_against_it() {
        let script = r#"(seq (call p ("s" "f") []) (par (call p ("s" "g") []) (call p ("t" "f") [])))"#;
        check(
            &script.replacen("\"s\"", "\"s$0\"", 1),
            "t",
            expect![
                "name-taken: `t` already names another service: afterwards the two could not be told apart"
            ],
        );
        check(
            &script.replacen("\"f\"", "\"$0f\"", 1),
            "g",
            expect![
                "name-taken: `g` already names another function of that service: afterwards the two could not be told apart"
            ],
        );
        check(
            &script.replacen("\"f\"", "\"$0f\"", 1),
            "a\"b",
            expect![[
                r#"not-a-literal: `a"b` cannot be a literal: it must have neither a `"` nor a line break"#
            ]],
        );
        check(&script.replacen("\"f\"", "\"$0f\"", 1), "", expect!["not-a-literal: the new name is empty"]);
        check(
            &script.replacen("\"s\"", "\"s$0\"", 1),
            "op",
            expect!["built-in: `op` is built into peers or hosts, which would keep the old name"],
        );
        check(
            r#"(call p ("op" "no$0op") [])"#,
            "f",
            expect!["built-in: `op` is built into peers or hosts, which would keep the old name"],
        );
        check(
            r#"(call p ("get$0DataSrv" "user") [] user)"#,
            "f",
            expect!["built-in: `getDataSrv` is built into peers or hosts, which would keep the old name"],
        );
        // Of a node's own service `srv`, nothing is used.
        check(r#"(call p ("srv$0" "mine") [])"#, "depot", expect![[r#"(call p ("depot" "mine") [])"#]]);
        check(
            r#"(call p (s "f$0") [])"#,
            "g",
            expect!["service-unknown: `f` is a function of a service that is not known here"],
        );
        check(r#"(call p$0 (s "f") [])"#, "g", expect!["not outside"]);
    }
}
