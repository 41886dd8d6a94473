//! What a place names, and every other place of the script that names the same.

use air_analysis::Analysis;
use air_semantics::hir::{AccessorKind, OperandId};
use air_semantics::resolve::Access;
use air_syntax::TextSize;

use super::given::{given, given_at};
use super::locate::{accessor_at, base_range, operand_at};
use super::steps::path_text;
use super::symbol::{Mention, NamedSymbol, Symbol, outside_symbol};
use super::{fields, steps};

/// What the text at an offset names; at the border of two, what begins there.
pub fn symbol_at(analysis: &Analysis, offset: TextSize) -> Option<NamedSymbol> {
    symbol_in_code(analysis, offset).or_else(|| given_at(analysis, offset))
}

fn symbol_in_code(analysis: &Analysis, offset: TextSize) -> Option<NamedSymbol> {
    let hir = analysis.hir();
    let (id, operand) = operand_at(hir, offset)?;
    if let Some(accessor) = accessor_at(hir, operand, offset) {
        if let AccessorKind::Variable(_) = accessor.kind {
            return variable_at(analysis, offset);
        }
        let base = analysis.resolution().at(operand.range.start())?;
        let path = path_text(hir, operand, Some(accessor));
        let symbol = Symbol::Field { binding: base.binding, path };
        return Some(NamedSymbol { symbol, range: accessor.range });
    }
    if operand.kind.name().is_some() {
        return variable_at(analysis, offset);
    }
    let range = base_range(hir, operand);
    let symbol = match fields::is_key(hir, id) {
        true => Symbol::Key(id),
        false => outside_symbol(analysis, id, operand)?,
    };
    range.contains_inclusive(offset).then_some(NamedSymbol { symbol, range })
}

/// All places of a script that name the symbol, in text order.
pub fn mentions(analysis: &Analysis, symbol: &Symbol) -> Vec<Mention> {
    let hir = analysis.hir();
    match symbol {
        Symbol::Variable(binding) => {
            let places = analysis.resolution().occurrences_of(*binding);
            let mut found: Vec<Mention> =
                given(analysis, *binding).map(|range| Mention { range, access: Access::Declare }).collect();
            found.extend(places.map(|place| Mention { range: place.range, access: place.access }));
            found.sort_by_key(|mention| mention.range.start());
            found
        }
        Symbol::Field { binding, path } => match steps::last_is_field(path) {
            true => fields::mentions(analysis, symbol),
            false => fields::same_path(analysis, *binding, path),
        },
        Symbol::Key(_) => fields::mentions(analysis, symbol),
        _ => {
            let operands = hir.operands.iter().enumerate();
            let same = operands.filter(|(id, operand)| {
                outside_symbol(analysis, OperandId(*id as u32), operand).as_ref() == Some(symbol)
            });
            same.map(|(_, operand)| Mention { range: base_range(hir, operand), access: Access::Read })
                .collect()
        }
    }
}

fn variable_at(analysis: &Analysis, offset: TextSize) -> Option<NamedSymbol> {
    let place = analysis.resolution().at(offset)?;
    Some(NamedSymbol { symbol: Symbol::Variable(place.binding), range: place.range })
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::names::testing::{cursor, marked};

    fn check(text: &str, expected: Expect) {
        let (analysis, offset) = cursor(text);
        let Some(named) = symbol_at(&analysis, offset) else { return expected.assert_eq("nothing\n") };
        let found = mentions(&analysis, &named.symbol);
        assert!(found.iter().any(|mention| mention.range == named.range), "the place itself is among them");
        let marks = found.iter().map(|mention| {
            let mark = match mention.access {
                Access::Declare => 'd',
                Access::Write => 'w',
                Access::Read => 'r',
            };
            (mention.range, mark)
        });
        expected.assert_eq(&marked(&analysis.text, marks));
    }

    #[test]
    fn variables() {
        check(
            "(seq (ap 1 x) (new x (seq (ap 2 $0x) (ap y.$.[x] z))))",
            expect![[r#"
                | (seq (ap 1 x) (new x (seq (ap 2 x) (ap y.$.[x] z))))
                |                    d            w           r
            "#]],
        );
    }

    #[test]
    fn what_the_host_gives() {
        check(
            "; air: given relay, $0x\n(call relay (\"s\" \"f\") [x])",
            expect![[r#"
            | ; air: given relay, x
            |                     d
            | (call relay ("s" "f") [x])
            |                        r
        "#]],
        );
    }

    #[test]
    fn fields_of_one_variable() {
        check(
            "(seq (seq (ap u.$.name.$0first a) (ap u.$.[\"q\"].first b)) (seq (ap u.$.name.first.x c) (ap v.$.name.first d)))",
            expect![[r#"
                | (seq (seq (ap u.$.name.first a) (ap u.$.["q"].first b)) (seq (ap u.$.name.first.x c) (ap v.$.name.first d)))
                |                        rrrrr                                              rrrrr
            "#]],
        );
    }

    #[test]
    fn fields_wherever_the_value_goes() {
        check(
            r#"(seq (call "p" ("s" "users") [] users)
 (seq (fold users i (par (seq (call i.$.na$0me ("s" "f") []) (ap i $all)) (next i)))
  (seq (canon "p" $all #all) (par (ap #all.$.[0].name x) (par (ap users.$.[1].name y) (ap x.$.name z))))))"#,
            expect![[r#"
                | (seq (call "p" ("s" "users") [] users)
                |
                |  (seq (fold users i (par (seq (call i.$.name ("s" "f") []) (ap i $all)) (next i)))
                |                                         rrrr
                |   (seq (canon "p" $all #all) (par (ap #all.$.[0].name x) (par (ap users.$.[1].name y) (ap x.$.name z))))))
                |                                                  rrrr                         rrrr
            "#]],
        );
    }

    #[test]
    fn fields_that_the_script_puts_in() {
        check(
            r#"(seq (seq (ap ("na$0me" 1) %m) (canon "p" %m #%m))
 (seq (ap #%m.$.name.[0] x) (call "p" ("json" "obj") ["name" 1 "other" x] other)))"#,
            expect![[r#"
                | (seq (seq (ap ("name" 1) %m) (canon "p" %m #%m))
                |                wwwwww
                |  (seq (ap #%m.$.name.[0] x) (call "p" ("json" "obj") ["name" 1 "other" x] other)))
                |                 rrrr
            "#]],
        );
        check(
            r#"(seq (call "p" ("json" "obj") ["name" 1 "other" 2] one)
 (seq (call "p" ("json" "put") [one "name" 3] two) (ap two.$.na$0me x)))"#,
            expect![[r#"
                | (seq (call "p" ("json" "obj") ["name" 1 "other" 2] one)
                |                                wwwwww
                |  (seq (call "p" ("json" "put") [one "name" 3] two) (ap two.$.name x)))
                |                                     wwwwww                   rrrr
            "#]],
        );
    }

    #[test]
    fn functions_by_their_service() {
        check(
            "(seq (call \"p\" (\"s\" \"f$0\") [\"f\"]) (par (call \"q\" (\"s\" \"f\") []) (call \"q\" (\"t\" \"f\") [])))",
            expect![[r#"
                | (seq (call "p" ("s" "f") ["f"]) (par (call "q" ("s" "f") []) (call "q" ("t" "f") [])))
                |                     rrr                             rrr
            "#]],
        );
    }

    #[test]
    fn special_values_and_nothing() {
        check(
            "(xor (null) (ap :er$0ror:.$.message x))",
            expect![[r#"
                | (xor (null) (ap :error:.$.message x))
                |                 rrrrrrr
            "#]],
        );
        check(
            "(se$0q (null) (null))",
            expect![[r#"
            nothing
        "#]],
        );
        check(
            "(ap \"te$0xt\" x)",
            expect![[r#"
            nothing
        "#]],
        );
    }
}
