//! Names of what lies outside of a script: peers, services and their functions.
//!
//! A literal names one by where it stands, or by what becomes of it: `(ap "relay-1" relay)` names a peer if `relay` is
//! used as one. A literal that has the form of a peer id is a peer wherever it stands.

use air_analysis::Analysis;
use air_analysis::peer_id::is_peer_id;
use air_semantics::hir::{Hir, OperandId, OperandKind, Role};
use air_semantics::resolve::{Access, BindingId, BindingKind, Occurrence};
use air_syntax::{TextRange, TextSize};

/// What an outside name names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OutsideKind {
    /// A peer, by its id.
    Peer,
    /// A service, by its id.
    Service,
    /// A function of a service.
    Function,
}

/// A literal that names something outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutsideName<'h> {
    /// What the literal names.
    pub kind: OutsideKind,
    /// The text between the quotes.
    pub name: &'h str,
    /// The service of a function, where that is known.
    pub service: Option<&'h str>,
    /// Of a function: how many arguments it gets there.
    pub arity: usize,
    /// Of a function: whether the result is kept.
    pub output: bool,
    /// The literal, with its quotes.
    pub range: TextRange,
}

/// All of them, in text order.
pub fn outside_names(analysis: &Analysis) -> Vec<OutsideName<'_>> {
    let hir = analysis.hir();
    let literals = (0..).map(OperandId).zip(&hir.operands).filter(|(_, it)| it.kind == OperandKind::Literal);
    let mut found: Vec<_> = literals.filter_map(|(id, _)| outside_name(analysis, id)).collect();
    found.retain(|name| !name.name.is_empty());
    found
}

/// What a literal names, if it names anything.
pub(super) fn outside_name(analysis: &Analysis, id: OperandId) -> Option<OutsideName<'_>> {
    let hir = analysis.hir();
    let operand = hir.operands.get(id.0 as usize).filter(|it| it.kind == OperandKind::Literal)?;
    let (name, range) = (hir.literal(operand), operand.range);
    let peer =
        || OutsideName { kind: OutsideKind::Peer, name, service: None, arity: 0, output: false, range };
    // Where the name counts, which is where the literal stands or where its scalar is used.
    let place = match operand.role {
        Role::Peer | Role::Service | Role::Function => id,
        Role::Source => match used_as(analysis, id) {
            Some(place) => place,
            None => return is_peer_id(name).then(peer),
        },
        Role::Argument | Role::Left | Role::Right | Role::Value => return is_peer_id(name).then(peer),
        _ => return None,
    };
    let mut found = peer();
    match hir.operands.get(place.0 as usize)?.role {
        Role::Service => found.kind = OutsideKind::Service,
        Role::Function => {
            found.kind = OutsideKind::Function;
            // The service is written just before.
            let before = place.0.checked_sub(1).map(OperandId);
            let service = before
                .filter(|id| hir.operands.get(id.0 as usize).is_some_and(|it| it.role == Role::Service));
            found.service = service.and_then(|service| text_of(analysis, service));
            let after = hir.operands.get(place.0 as usize + 1..).unwrap_or_default();
            found.arity = after.iter().take_while(|it| it.role == Role::Argument).count();
            found.output = after.get(found.arity).is_some_and(|it| it.role == Role::Output);
        }
        _ => {}
    }
    Some(found)
}

/// The text of an operand: of a literal, or of a scalar that is written once, by an `ap` of one.
pub(super) fn text_of(analysis: &Analysis, id: OperandId) -> Option<&str> {
    let hir = analysis.hir();
    let operand = hir.operands.get(id.0 as usize)?;
    if operand.kind == OperandKind::Literal {
        return Some(hir.literal(operand));
    }
    if !matches!(operand.kind, OperandKind::Scalar(_)) || operand.lens.is_some() {
        return None;
    }
    let binding = analysis.resolution().at(operand.range.start())?.binding;
    let write = written_once(analysis, binding)?;
    let source = hir.operands.get(write.operand.0.checked_sub(1)? as usize)?;
    let copied = source.role == Role::Source && source.kind == OperandKind::Literal;
    copied.then(|| hir.literal(source))
}

/// The one place that writes a variable.
fn written_once(analysis: &Analysis, binding: BindingId) -> Option<&Occurrence> {
    let resolution = analysis.resolution();
    let known = resolution.binding(binding)?;
    if known.writes != 1 || matches!(known.kind, BindingKind::Iterator(_)) {
        return None;
    }
    resolution.occurrences_of(binding).find(|place| place.access == Access::Write)
}

/// For the literal of an `ap` into a scalar of its own: where that names something, the first time.
fn used_as(analysis: &Analysis, literal: OperandId) -> Option<OperandId> {
    let hir = analysis.hir();
    let target = hir.operands.get(literal.0 as usize + 1).filter(|it| it.role == Role::Target)?;
    if !matches!(target.kind, OperandKind::Scalar(_)) {
        return None;
    }
    let binding = analysis.resolution().at(target.range.start())?.binding;
    written_once(analysis, binding)?;
    let mut reads =
        analysis.resolution().occurrences_of(binding).filter(|place| place.access == Access::Read);
    let named = reads.find(|place| names_with(hir, place));
    named.map(|place| place.operand)
}

/// Whether a variable stands there alone, as a peer, a service or a function.
fn names_with(hir: &Hir, place: &Occurrence) -> bool {
    let operand = hir.operands.get(place.operand.0 as usize);
    operand.is_some_and(|it| {
        it.range == place.range && matches!(it.role, Role::Peer | Role::Service | Role::Function)
    })
}

/// A literal's range without its quotes.
pub fn between_quotes(hir: &Hir, range: TextRange) -> TextRange {
    let quote = TextSize::of('"');
    let text = hir.text_at(range);
    match text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        Some(_) => TextRange::new(range.start() + quote, range.end() - quote),
        None => range,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(text: &str, expected: Expect) {
        let analysis = Analysis::new(text);
        let lines = outside_names(&analysis).into_iter().map(|it| {
            let inner = between_quotes(analysis.hir(), it.range);
            assert_eq!(analysis.hir().text_at(inner), it.name);
            format!(
                "{:?} {} of {:?}, {} arguments, output {}\n",
                it.kind, it.name, it.service, it.arity, it.output
            )
        });
        expected.assert_eq(&lines.collect::<String>());
    }

    #[test]
    fn literals_by_their_places() {
        check(
            "(seq (call \"p\" (\"srv\" \"f\") [\"a\" 1] x) (par (canon \"q\" $s #s) (call p (srv \"g\") [])))",
            expect![[r#"
                Peer p of None, 0 arguments, output false
                Service srv of None, 0 arguments, output false
                Function f of Some("srv"), 2 arguments, output true
                Peer q of None, 0 arguments, output false
                Function g of None, 0 arguments, output false
            "#]],
        );
    }

    #[test]
    fn literals_by_what_becomes_of_them() {
        check(
            "(seq (seq (ap \"relay\" p) (ap \"srv\" s)) (seq (seq (ap \"fun\" f) (ap \"text\" t)) (call p (s f) [t p] x)))",
            expect![[r#"
                Peer relay of None, 0 arguments, output false
                Service srv of None, 0 arguments, output false
                Function fun of Some("srv"), 2 arguments, output true
            "#]],
        );
        // Which of the two it is, is not known.
        check(
            "(seq (xor (ap \"a\" p) (ap \"b\" p)) (call p (\"s\" \"f\") []))",
            expect![[r#"
                Service s of None, 0 arguments, output false
                Function f of Some("s"), 0 arguments, output false
            "#]],
        );
        check(
            "(seq (ap \"a\" $p) (fold $p p (call p (\"s\" \"f\") [])))",
            expect![[r#"
                Service s of None, 0 arguments, output false
                Function f of Some("s"), 0 arguments, output false
            "#]],
        );
    }

    #[test]
    fn peer_ids_anywhere() {
        let id = "12D3KooWR1cFrRWULaAZy8Vu2Ys8MpjK1dGYvFaSPGo7pSVPAxUW";
        check(
            &format!("(match %init_peer_id% \"{id}\" (ap (\"key\" \"{id}\") %map))"),
            expect![[r#"
                Peer 12D3KooWR1cFrRWULaAZy8Vu2Ys8MpjK1dGYvFaSPGo7pSVPAxUW of None, 0 arguments, output false
                Peer 12D3KooWR1cFrRWULaAZy8Vu2Ys8MpjK1dGYvFaSPGo7pSVPAxUW of None, 0 arguments, output false
            "#]],
        );
    }
}
