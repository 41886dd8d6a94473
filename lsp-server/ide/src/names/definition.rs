//! Where what a name means comes from.
//!
//! A variable is *declared* by `new`, by its fold, or by `; air: given`; it is *defined* where values
//! are written to it. Every write counts, also those further down: `par` lets a reader wait for them.

use air_analysis::Analysis;
use air_semantics::hir::{Hir, InstrId, InstrKind, Role};
use air_semantics::resolve::{Access, BindingId, BindingKind, Occurrence};
use air_semantics::shapes::{FieldPlaces, Reach};
use air_syntax::{SyntaxKind, TextRange, TextSize};

use super::fields;
use super::given::given;
use super::mentions::symbol_at;
use super::symbol::Symbol;
use super::visibility::{folds_around, reaches};

/// A place to go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// The name, or the keyword where no name is meant.
    pub range: TextRange,
    /// What to show around it: the instruction.
    pub whole: TextRange,
}

/// Where the value at an offset is made: the writes of a variable, the fold of an iterator; for an
/// error object, the instruction whose failure it describes. Empty for what lies outside of the script.
pub fn definitions(analysis: &Analysis, offset: TextSize) -> Vec<Target> {
    let Some(named) = symbol_at(analysis, offset) else { return Vec::new() };
    let made = fields::places(analysis, &named.symbol, Reach::Back).map(|found| made_by(analysis, &found));
    if let Some(made) = made.filter(|made| !made.is_empty()) {
        return made;
    }
    match named.symbol {
        Symbol::Variable(binding) | Symbol::Field { binding, .. } => {
            let places = || analysis.resolution().occurrences_of(binding);
            let iterator = matches!(
                analysis.resolution().binding(binding).map(|binding| binding.kind),
                Some(BindingKind::Iterator(_))
            );
            let wanted = if iterator { Access::Declare } else { Access::Write };
            let writes: Vec<_> = places().filter(|place| place.access == wanted).collect();
            // What was set in another fold is not seen here; if nothing is, all are shown.
            let around = folds_around(analysis.hir());
            let inside = |form: TextRange| form.contains_inclusive(offset);
            let seen = |place: &&&Occurrence| reaches(analysis.hir(), &around, place, inside);
            let near: Vec<_> = writes.iter().filter(seen).copied().collect();
            let writes = if near.is_empty() { writes } else { near };
            let writes: Vec<_> = writes.into_iter().map(|place| target(analysis, place)).collect();
            if writes.is_empty() { declarations_of(analysis, binding) } else { writes }
        }
        Symbol::Special(SyntaxKind::ERROR_VAR | SyntaxKind::LAST_ERROR) => {
            failing(analysis.hir(), offset).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// Where a field is put into its values: by literals that name it, else by calls that give the values.
fn made_by(analysis: &Analysis, found: &FieldPlaces) -> Vec<Target> {
    let hir = analysis.hir();
    let keys = found.keys.iter().filter_map(|key| {
        let range = hir.operands.get(key.0 as usize)?.range;
        Some(Target { range, whole: fields::owner(hir, *key).map_or(range, |instr| instr.range) })
    });
    let keys: Vec<_> = keys.collect();
    if !keys.is_empty() {
        return keys;
    }
    let calls = found.from.iter().filter_map(|call| hir.instr(*call));
    let outputs = calls
        .filter_map(|call| Some(Target { range: hir.operand(call, Role::Output)?.range, whole: call.range }));
    outputs.collect()
}

/// Where a variable is declared; for one that nothing declares, the first of its definitions.
pub fn declarations(analysis: &Analysis, offset: TextSize) -> Vec<Target> {
    let Some(Symbol::Variable(binding) | Symbol::Field { binding, .. }) =
        symbol_at(analysis, offset).map(|named| named.symbol)
    else {
        return Vec::new();
    };
    let declared = declarations_of(analysis, binding);
    if declared.is_empty() { definitions(analysis, offset).into_iter().take(1).collect() } else { declared }
}

/// What becomes of a stream or stream map: the canons made of it. For a canon, all canons of its source.
pub fn implementations(analysis: &Analysis, offset: TextSize) -> Vec<Target> {
    let Some(Symbol::Variable(binding)) = symbol_at(analysis, offset).map(|named| named.symbol) else {
        return Vec::new();
    };
    let (hir, resolution) = (analysis.hir(), analysis.resolution());
    let mut canons: Vec<InstrId> = canons_of(analysis, binding).collect();
    if canons.is_empty() {
        let written = resolution.occurrences_of(binding).find(|place| is_canon(hir, place, Role::Target));
        let source = written.and_then(|place| hir.operand(hir.instr(place.instr)?, Role::Source));
        let source = source.and_then(|source| resolution.at(source.range.start()));
        canons.extend(source.into_iter().flat_map(|source| canons_of(analysis, source.binding)));
    }
    let targets = canons.into_iter().filter_map(|id| {
        let instr = hir.instr(id)?;
        Some(Target { range: hir.operand(instr, Role::Target)?.range, whole: instr.range })
    });
    targets.collect()
}

/// The `canon` instructions that read a variable as their source.
pub fn canons_of(analysis: &Analysis, binding: BindingId) -> impl Iterator<Item = InstrId> {
    let places = analysis.resolution().occurrences_of(binding);
    places.filter(|place| is_canon(analysis.hir(), place, Role::Source)).map(|place| place.instr)
}

fn is_canon(hir: &Hir, place: &Occurrence, role: Role) -> bool {
    let operand = hir.operands.get(place.operand.0 as usize);
    operand.is_some_and(|operand| operand.role == role)
        && hir.instr(place.instr).is_some_and(|instr| instr.kind == InstrKind::Canon)
}

fn target(analysis: &Analysis, place: &Occurrence) -> Target {
    let whole = analysis.hir().instr(place.instr).map_or(place.range, |instr| instr.range);
    Target { range: place.range, whole }
}

/// Where a variable is declared: `new`, a fold, `; air: given`; empty if nothing does.
pub fn declarations_of(analysis: &Analysis, binding: BindingId) -> Vec<Target> {
    let mut places = analysis.resolution().occurrences_of(binding);
    if let Some(place) = places.find(|place| place.access == Access::Declare) {
        return vec![target(analysis, place)];
    }
    given(analysis, binding).map(|range| Target { range, whole: range }).collect()
}

/// The left side of the innermost `xor` in whose right side the offset is.
fn failing(hir: &Hir, offset: TextSize) -> Option<Target> {
    let mut found: Option<Target> = None;
    for instr in hir.instrs.iter().filter(|instr| instr.kind == InstrKind::Xor) {
        let [left, right] = hir.children_of(instr) else { continue };
        let (Some(left), Some(right)) = (hir.instr(*left), hir.instr(*right)) else { continue };
        // In closing order the innermost comes first.
        if found.is_none() && right.range.contains(offset) {
            found = Some(Target { range: left.keyword, whole: left.range });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::names::testing::{cursor, marked};

    fn check(text: &str, expected: Expect) {
        let (analysis, offset) = cursor(text);
        let marks = |targets: Vec<Target>, mark| targets.into_iter().map(move |target| (target.range, mark));
        let shown = [
            ("definition", marked(&analysis.text, marks(definitions(&analysis, offset), '^'))),
            ("declaration", marked(&analysis.text, marks(declarations(&analysis, offset), '^'))),
            ("implementation", marked(&analysis.text, marks(implementations(&analysis, offset), '^'))),
        ];
        let lines = shown.iter().map(|(name, shown)| format!("{name}\n{shown}"));
        expected.assert_eq(&lines.collect::<String>());
    }

    #[test]
    fn a_stream() {
        check(
            "(new $s (seq (seq (ap 1 $s) (ap 2 $s)) (seq (canon \"p\" $0$s #a) (canon \"q\" $s #b))))",
            expect![[r#"
                definition
                | (new $s (seq (seq (ap 1 $s) (ap 2 $s)) (seq (canon "p" $s #a) (canon "q" $s #b))))
                |                         ^^        ^^
                declaration
                | (new $s (seq (seq (ap 1 $s) (ap 2 $s)) (seq (canon "p" $s #a) (canon "q" $s #b))))
                |      ^^
                implementation
                | (new $s (seq (seq (ap 1 $s) (ap 2 $s)) (seq (canon "p" $s #a) (canon "q" $s #b))))
                |                                                           ^^                ^^
            "#]],
        );
    }

    #[test]
    fn what_another_fold_sets_is_not_seen() {
        check(
            "(seq (fold [] i (seq (ap i x) (next i)))\n (fold [] j (seq (ap j x) (seq (ap x$0 $s) (next j)))))",
            expect![[r#"
                definition
                | (seq (fold [] i (seq (ap i x) (next i)))
                |
                |  (fold [] j (seq (ap j x) (seq (ap x $s) (next j)))))
                |                        ^
                declaration
                | (seq (fold [] i (seq (ap i x) (next i)))
                |
                |  (fold [] j (seq (ap j x) (seq (ap x $s) (next j)))))
                |                        ^
                implementation
                | (seq (fold [] i (seq (ap i x) (next i)))
                |
                |  (fold [] j (seq (ap j x) (seq (ap x $s) (next j)))))
                |
            "#]],
        );
    }

    #[test]
    fn a_field_comes_from_a_call_or_a_key() {
        check(
            r#"(seq (call "p" ("s" "f") [] users)
 (fold users i (seq (ap i.$.na$0me x) (next i))))"#,
            expect![[r#"
                definition
                | (seq (call "p" ("s" "f") [] users)
                |                             ^^^^^
                |  (fold users i (seq (ap i.$.name x) (next i))))
                |
                declaration
                | (seq (call "p" ("s" "f") [] users)
                |
                |  (fold users i (seq (ap i.$.name x) (next i))))
                |              ^
                implementation
                | (seq (call "p" ("s" "f") [] users)
                |
                |  (fold users i (seq (ap i.$.name x) (next i))))
                |
            "#]],
        );
        check(
            r#"(seq (ap ("name" 1) %m) (seq (canon "p" %m #%m) (ap #%m.$.nam$0e x)))"#,
            expect![[r#"
                definition
                | (seq (ap ("name" 1) %m) (seq (canon "p" %m #%m) (ap #%m.$.name x)))
                |           ^^^^^^
                declaration
                | (seq (ap ("name" 1) %m) (seq (canon "p" %m #%m) (ap #%m.$.name x)))
                |           ^^^^^^
                implementation
                | (seq (ap ("name" 1) %m) (seq (canon "p" %m #%m) (ap #%m.$.name x)))
                |
            "#]],
        );
    }

    #[test]
    fn an_iterator_and_its_next() {
        check(
            "(seq (ap 1 i) (fold xs i (next i$0)))",
            expect![[r#"
                definition
                | (seq (ap 1 i) (fold xs i (next i)))
                |                        ^
                declaration
                | (seq (ap 1 i) (fold xs i (next i)))
                |                        ^
                implementation
                | (seq (ap 1 i) (fold xs i (next i)))
                |
            "#]],
        );
    }

    #[test]
    fn what_the_host_gives() {
        check(
            "; air: given x\n(ap $0x.$.a y)",
            expect![[r#"
                definition
                | ; air: given x
                |              ^
                | (ap x.$.a y)
                |
                declaration
                | ; air: given x
                |              ^
                | (ap x.$.a y)
                |
                implementation
                | ; air: given x
                |
                | (ap x.$.a y)
                |
            "#]],
        );
    }

    #[test]
    fn an_error_comes_from_the_left() {
        check(
            "(xor (fail 1 \"a\") (xor (call \"p\" (\"s\" \"f\") []) (ap :error:$0 x)))",
            expect![[r#"
                definition
                | (xor (fail 1 "a") (xor (call "p" ("s" "f") []) (ap :error: x)))
                |                         ^^^^
                declaration
                | (xor (fail 1 "a") (xor (call "p" ("s" "f") []) (ap :error: x)))
                |
                implementation
                | (xor (fail 1 "a") (xor (call "p" ("s" "f") []) (ap :error: x)))
                |
            "#]],
        );
    }
}
