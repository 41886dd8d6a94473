//! What names mean and where else they stand: one pure function per question.
//!
//! Variables are [`air_semantics::resolve`]'s bindings. A script also names what lies outside of it: peers,
//! services and their functions, mostly by string literals; those are compared by their text, so
//! that the same question can be put to many scripts.

use air_analysis::Analysis;
use air_semantics::hir::{Accessor, AccessorKind, Hir, Instr, InstrId, Operand, OperandId, OperandKind};
use air_semantics::resolve::{Access, BindingId};
use air_syntax::{SyntaxKind, TextRange, TextSize};

pub mod calls;
pub mod definition;
mod fields;
pub mod knowing;
pub mod outside;
pub mod rename;
mod rename_field;
pub mod rename_outside;
mod steps;
#[cfg(test)]
mod testing;
pub mod visibility;

use outside::OutsideKind;
pub use steps::path_text;

/// What a place in a script names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Symbol {
    /// A variable, whatever its kind.
    Variable(BindingId),
    /// What a lens takes out of a variable: its steps so far, as [`path_text`] writes them.
    Field {
        /// The variable.
        binding: BindingId,
        /// `.orders.[0]`
        path: String,
    },
    /// A literal that puts a field into a value: a key of a stream map, or of `json.obj` and its kin.
    Key(OperandId),
    /// A literal peer.
    Peer(String),
    /// A literal service.
    Service(String),
    /// A literal function; the service where that is known too.
    Function {
        /// The service.
        service: Option<String>,
        /// The function.
        name: String,
    },
    /// `%init_peer_id%`, `:error:` and the like, by the kind of their token.
    Special(SyntaxKind),
}

/// A symbol and the text that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// What is named.
    pub symbol: Symbol,
    /// The name alone: without lens; a literal with its quotes; a step without dots and brackets.
    pub range: TextRange,
}

/// A place that names a symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mention {
    /// The name alone.
    pub range: TextRange,
    /// What happens there.
    pub access: Access,
}

/// What the text at an offset names; at the border of two, what begins there.
pub fn symbol_at(analysis: &Analysis, offset: TextSize) -> Option<Named> {
    symbol_in_code(analysis, offset).or_else(|| definition::given_at(analysis, offset))
}

fn symbol_in_code(analysis: &Analysis, offset: TextSize) -> Option<Named> {
    let hir = analysis.hir();
    let (id, operand) = operand_at(hir, offset)?;
    if let Some(accessor) = accessor_at(hir, operand, offset) {
        if let AccessorKind::Variable(_) = accessor.kind {
            return variable_at(analysis, offset);
        }
        let base = analysis.resolution().at(operand.range.start())?;
        let path = path_text(hir, operand, Some(accessor));
        let symbol = Symbol::Field { binding: base.binding, path };
        return Some(Named { symbol, range: accessor.range });
    }
    if operand.kind.name().is_some() {
        return variable_at(analysis, offset);
    }
    let range = base_range(hir, operand);
    let symbol = match fields::is_key(hir, id) {
        true => Symbol::Key(id),
        false => outside_symbol(analysis, id, operand)?,
    };
    range.contains_inclusive(offset).then_some(Named { symbol, range })
}

/// All places of a script that name the symbol, in text order.
pub fn mentions(analysis: &Analysis, symbol: &Symbol) -> Vec<Mention> {
    let hir = analysis.hir();
    match symbol {
        Symbol::Variable(binding) => {
            let places = analysis.resolution().occurrences_of(*binding);
            let mut found: Vec<Mention> = definition::given(analysis, *binding)
                .map(|range| Mention { range, access: Access::Declare })
                .collect();
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

/// The operand that covers the offset or ends at it.
pub fn operand_at(hir: &Hir, offset: TextSize) -> Option<(OperandId, &Operand)> {
    let after = hir.operands.partition_point(|operand| operand.range.start() <= offset);
    let id = after.checked_sub(1)?;
    let operand = hir.operands.get(id).filter(|operand| operand.range.contains_inclusive(offset))?;
    Some((OperandId(id as u32), operand))
}

/// The innermost instruction that covers the offset, or ends at it.
pub fn instr_at(hir: &Hir, offset: TextSize) -> Option<InstrId> {
    // In closing order ends ascend; what closes first behind the offset is the one, or is inside of it.
    let around = |at: usize| {
        let mut id = InstrId(u32::try_from(at).ok()?);
        loop {
            let instr = hir.instr(id)?;
            if instr.range.start() <= offset {
                return Some(id);
            }
            id = instr.parent?;
        }
    };
    around(hir.instrs.partition_point(|instr| instr.range.end() <= offset))
        .or_else(|| around(hir.instrs.partition_point(|instr| instr.range.end() < offset)))
}

/// Whether an instruction has its closing bracket: one without ends with its last child.
pub fn is_closed(hir: &Hir, instr: &Instr) -> bool {
    let last = hir.children_of(instr).last().and_then(|child| hir.instr(*child));
    hir.text_at(instr.range).ends_with(')') && last.is_none_or(|last| last.range.end() < instr.range.end())
}

/// The step of a lens that covers the offset or ends at it.
pub fn accessor_at<'h>(hir: &'h Hir, operand: &Operand, offset: TextSize) -> Option<&'h Accessor> {
    let accessors = hir.accessors_of(operand.lens.as_ref()?);
    accessors.iter().find(|accessor| accessor.range.contains_inclusive(offset))
}

/// The operand without its lens.
pub fn base_range(hir: &Hir, operand: &Operand) -> TextRange {
    let length = match operand.kind {
        OperandKind::Error => TextSize::of(":error:"),
        OperandKind::LastError => TextSize::of("%last_error%"),
        kind => match kind.name() {
            Some(name) => TextSize::of(hir.name(name)),
            None => operand.range.len(),
        },
    };
    TextRange::at(operand.range.start(), length.min(operand.range.len()))
}

fn variable_at(analysis: &Analysis, offset: TextSize) -> Option<Named> {
    let place = analysis.resolution().at(offset)?;
    Some(Named { symbol: Symbol::Variable(place.binding), range: place.range })
}

/// What an operand without a variable names.
fn outside_symbol(analysis: &Analysis, id: OperandId, operand: &Operand) -> Option<Symbol> {
    match operand.kind {
        OperandKind::Literal => {
            let found = outside::outside_name(analysis, id)?;
            let name = found.name.to_owned();
            Some(match found.kind {
                OutsideKind::Peer => Symbol::Peer(name),
                OutsideKind::Service => Symbol::Service(name),
                OutsideKind::Function => Symbol::Function { service: found.service.map(str::to_owned), name },
            })
        }
        OperandKind::InitPeerId
        | OperandKind::Timestamp
        | OperandKind::Ttl
        | OperandKind::LastError
        | OperandKind::Error => Some(Symbol::Special(operand.kind.token())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use air_semantics::resolve::Access;
    use expect_test::{Expect, expect};

    use super::testing::{cursor, marked};
    use super::{mentions, symbol_at};

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
