//! Renaming a variable, and what stands against it.
//!
//! What would change is made and looked at: the new text must have the same variables at the same
//! places, and as many errors as before. So nothing is captured, whatever rule AquaVM has for it.

use air_analysis::Analysis;
use air_analysis::diagnostic::{Severity, TextEdit};
use air_semantics::resolve::{Access, Binding, BindingId, BindingKind, Resolution};
use air_semantics::text_edit::apply;
use air_syntax::{SyntaxKind, TextRange, TextSize, lexer};

use super::given::given;
use super::mentions::symbol_at;
use super::outside::between_quotes;
use super::refusal::Refusal;
use super::symbol::{NamedSymbol, Symbol};
use super::{rename_field, rename_outside};

/// The name at an offset, if it can be renamed; of a literal, what is between its quotes.
pub fn prepare(analysis: &Analysis, offset: TextSize) -> Result<TextRange, Refusal> {
    match rename_outside::target(analysis, offset)? {
        Some(outside) => Ok(outside.range),
        None => match field_at(analysis, offset) {
            Some(named) => rename_field::check(analysis, &named.symbol)
                .map(|_| between_quotes(analysis.hir(), named.range)),
            None => target(analysis, offset).map(|(_, range)| range),
        },
    }
}

fn field_at(analysis: &Analysis, offset: TextSize) -> Option<NamedSymbol> {
    symbol_at(analysis, offset).filter(|named| matches!(named.symbol, Symbol::Field { .. } | Symbol::Key(_)))
}

/// Edits that give the variable or the field at an offset another name, in text order. The tag may be left out.
pub fn rename(analysis: &Analysis, offset: TextSize, new_name: &str) -> Result<Vec<TextEdit>, Refusal> {
    if let Some(named) = field_at(analysis, offset) {
        return rename_field::edits(analysis, &named.symbol, new_name.trim());
    }
    let (binding, _) = target(analysis, offset)?;
    let (hir, resolution) = (analysis.hir(), analysis.resolution());
    let Some(variable) = resolution.binding(binding) else { return Err(Refusal::Nothing) };
    let old_name = hir.name(variable.name);
    let new_name = &*full_name(old_name, new_name.trim())?;
    if new_name == old_name {
        return Ok(Vec::new());
    }
    for (id, other) in resolution.bindings.iter().enumerate() {
        // `new` may have the name of something around it: whether that captures is seen below. Iterators
        // share their names with nothing (20004, 20005).
        let declared = |it: &Binding| matches!(it.kind, BindingKind::New(_));
        let iterator = |it: &Binding| matches!(it.kind, BindingKind::Iterator(_));
        let hides = (declared(other) || declared(variable)) && !iterator(other) && !iterator(variable);
        if hir.name(other.name) == new_name
            && !hides
            && other.scope.intersect(variable.scope).is_some_and(|common| !common.is_empty())
        {
            let first = resolution.occurrences_of(BindingId(id as u32)).next();
            let place = first.map_or(other.scope, |place| place.range);
            return Err(Refusal::Taken(new_name.to_owned(), place));
        }
    }
    let mut places: Vec<TextRange> = resolution.occurrences_of(binding).map(|place| place.range).collect();
    places.extend(given(analysis, binding));
    places.sort_by_key(|range| range.start());
    let edits = places.into_iter().map(|range| TextEdit { range, new_text: new_name.to_owned() });
    let edits: Vec<TextEdit> = edits.collect();
    verify(analysis, &edits, new_name)?;
    Ok(edits)
}

fn target(analysis: &Analysis, offset: TextSize) -> Result<(BindingId, TextRange), Refusal> {
    let named = symbol_at(analysis, offset).ok_or(Refusal::Nothing)?;
    let outside = match named.symbol {
        Symbol::Variable(binding) => return Ok((binding, named.range)),
        Symbol::Field { .. } | Symbol::Key(_) => "a field",
        // Those are renamed in all scripts: `rename_outside`.
        Symbol::Peer(_) | Symbol::Service(_) | Symbol::Function { .. } => "a literal",
        Symbol::Special(_) => "a special value",
    };
    Err(Refusal::Outside(outside))
}

/// The new name with a tag, if it is a name of the same kind.
fn full_name(old: &str, new: &str) -> Result<String, Refusal> {
    let kind = word_kind(old);
    let bare = old.trim_start_matches(['$', '#', '%']);
    let tag = old.strip_suffix(bare).unwrap_or_default();
    let tagged = if new.starts_with(['$', '#', '%']) { new.to_owned() } else { format!("{tag}{new}") };
    let is = match kind {
        Some(SyntaxKind::SCALAR) => "a scalar",
        Some(SyntaxKind::STREAM) => "a stream",
        Some(SyntaxKind::STREAM_MAP) => "a stream map",
        Some(SyntaxKind::CANON) => "a canon",
        Some(SyntaxKind::CANON_MAP) => "a canon map",
        _ => "a variable",
    };
    match word_kind(&tagged) {
        found if found == kind && kind.is_some() => Ok(tagged),
        Some(
            SyntaxKind::SCALAR
            | SyntaxKind::STREAM
            | SyntaxKind::STREAM_MAP
            | SyntaxKind::CANON
            | SyntaxKind::CANON_MAP,
        ) => Err(Refusal::OtherKind { name: new.to_owned(), is }),
        other => Err(Refusal::NoName(new.to_owned(), other)),
    }
}

/// The kind of a text that is exactly one word without a lens.
fn word_kind(word: &str) -> Option<SyntaxKind> {
    match lexer::reference_tokens(word) {
        (tokens, None) => match tokens.as_slice() {
            [(kind, ..)] => Some(*kind),
            _ => None,
        },
        _ => None,
    }
}

/// Makes the edits and compares.
fn verify(analysis: &Analysis, edits: &[TextEdit], name: &str) -> Result<(), Refusal> {
    let renamed = Analysis::new(apply(&analysis.text, edits));
    if let Some(place) = differs(analysis.resolution(), renamed.resolution()) {
        // A word that is no longer the same word loses its occurrence.
        let broken = renamed.resolution().occurrences.len() != analysis.resolution().occurrences.len();
        let name = name.to_owned();
        return Err(if broken { Refusal::NotInLens(name, place) } else { Refusal::Captured(name, place) });
    }
    let errors = |analysis: &Analysis| {
        analysis.diagnostics().iter().filter(|found| found.severity == Severity::Error).count()
    };
    if errors(&renamed) > errors(analysis) || (analysis.accepted() && !renamed.accepted()) {
        let mut found = renamed.diagnostics().iter().filter(|found| found.severity == Severity::Error);
        let why = found.next().map_or_else(String::new, |found| found.message.clone());
        return Err(Refusal::Rejected(name.to_owned(), why));
    }
    Ok(())
}

/// The first place of the old text at which the new one means another variable.
fn differs(old: &Resolution, new: &Resolution) -> Option<TextRange> {
    let mut forth: Vec<Option<BindingId>> = vec![None; old.bindings.len()];
    let mut back: Vec<Option<BindingId>> = vec![None; new.bindings.len()];
    let mut same = |one: BindingId, other: BindingId| {
        let forth = forth.get_mut(one.0 as usize).map(|slot| *slot.get_or_insert(other));
        let back = back.get_mut(other.0 as usize).map(|slot| *slot.get_or_insert(one));
        forth == Some(other) && back == Some(one)
    };
    let access = |access: Access| access == Access::Read;
    let mut pairs = old.occurrences.iter().zip(&new.occurrences);
    let first = pairs.find(|(one, other)| {
        one.operand != other.operand
            || access(one.access) != access(other.access)
            || !same(one.binding, other.binding)
    });
    if let Some((one, _)) = first {
        return Some(one.range);
    }
    if old.occurrences.len() == new.occurrences.len() {
        return None;
    }
    let lost = old.occurrences.get(new.occurrences.len()).or(old.occurrences.last());
    Some(lost.map_or_else(TextRange::default, |lost| lost.range))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::names::testing::cursor;

    fn check(text: &str, name: &str, expected: Expect) {
        let (analysis, offset) = cursor(text);
        let shown = match rename(&analysis, offset, name) {
            Ok(edits) => apply(&analysis.text, &edits),
            Err(refusal) => format!("{}: {refusal}", refusal.code()),
        };
        expected.assert_eq(&shown);
    }

    #[test]
    fn everywhere_it_lives() {
        check(
            "; air: given x\n(seq (ap x.$.[x] y) (new x (ap 1 x$0)))",
            "z",
            expect![[r#"
                ; air: given x
                (seq (ap x.$.[x] y) (new z (ap 1 z)))"#]],
        );
        check(
            "; air: given x\n(seq (ap $0x.$.[x] y) (new x (ap 1 x)))",
            "z",
            expect![[r#"
                ; air: given z
                (seq (ap z.$.[z] y) (new x (ap 1 x)))"#]],
        );
        check(
            "; air: given $0x\n(ap x.$.[x] y)",
            "z",
            expect![[r#"
                ; air: given z
                (ap z.$.[z] y)"#]],
        );
    }

    #[test]
    fn the_tag_stays() {
        check("(new $$0s (ap 1 $s))", "t", expect!["(new $t (ap 1 $t))"]);
        check("(new $$0s (ap 1 $s))", "$t", expect!["(new $t (ap 1 $t))"]);
        check("(new $$0s (ap 1 $s))", "#t", expect!["other-kind: `#t` is not the name of a stream"]);
        check("(new #$0s (canon \"p\" $t #s))", "#$s", expect![[r##"(new #$s (canon "p" $t #$s))"##]]);
    }

    #[test]
    fn what_is_no_name() {
        check(
            "(ap 1 x$0)",
            "a b",
            expect![
                "not-a-name: `a b` is not a name: names have letters, digits, `_` and `-`, with `$`, `%`, `#` or `#%` in front"
            ],
        );
        check("(ap 1 x$0)", "12", expect!["not-a-name: `12` is a number, not a name"]);
        check("(ap 1 x$0)", "next", expect!["not-a-name: `next` is reserved in AIR"]);
        check(
            "(ap 1 x$0)",
            "",
            expect![
                "not-a-name: `` is not a name: names have letters, digits, `_` and `-`, with `$`, `%`, `#` or `#%` in front"
            ],
        );
    }

    #[test]
    fn what_is_taken() {
        check(
            "(seq (ap 1 x$0) (ap 2 y))",
            "y",
            expect!["name-taken: `y` already names another variable in the same scope"],
        );
        check(
            "(seq (ap 1 x) (fold [] i$0 (next i)))",
            "x",
            expect!["name-taken: `x` already names another variable in the same scope"],
        );
        // Beside each other they may have one name.
        check(
            "(seq (fold [] i (next i)) (fold [] $0j (next j)))",
            "i",
            expect!["(seq (fold [] i (next i)) (fold [] i (next i)))"],
        );
    }

    #[test]
    fn hiding_is_no_capture() {
        check(
            "(new $s (seq (ap 1 $s) (new $$0t (ap 2 $t))))",
            "s",
            expect!["(new $s (seq (ap 1 $s) (new $s (ap 2 $s))))"],
        );
        check(
            "(new $s (seq (ap 1 $s) (new $$0t (seq (ap 2 $t) (ap 3 $s)))))",
            "s",
            expect!["captured: `$s` would mean another variable here"],
        );
        check(
            "(new $$0s (seq (ap 1 $s) (new $t (seq (ap 2 $t) (ap 3 $s)))))",
            "t",
            expect!["captured: `$t` would mean another variable here"],
        );
    }

    #[test]
    fn what_aquavm_would_refuse() {
        // A rule of AquaVM by which a scalar fold spoils a later stream fold with the same iterator.
        check(
            "(seq (fold [] i (seq (next i) (null))) (seq (ap 1 $s) (fold $s $0j (next j))))",
            "i",
            expect![
                "rejected: `i` would make AquaVM reject the script: `i` is the iterator of two folds, which AquaVM mixes up; rename it in one of them"
            ],
        );
    }

    #[test]
    fn lenses_take_fewer_names() {
        check(
            "(seq (canon \"p\" $s #a$0b) (ap #ab.length x))",
            "#c",
            expect!["not-in-lens: `#c` cannot stand with or inside a lens"],
        );
        check(
            "(seq (ap 1 i$0) (ap x.$.[i] y))",
            "1a",
            expect!["not-in-lens: `1a` cannot stand with or inside a lens"],
        );
    }

    #[test]
    fn what_is_not_the_scripts() {
        check(
            "(ap x.$.a$0 y)",
            "q",
            expect!["field-from-outside: the name of this field comes from the host, which supplies `x`"],
        );
        check("(se$0q (null) (null))", "q", expect!["nothing-to-rename: there is no name here"]);
    }
}
