//! What names mean and where else they stand: one pure function per question.
//!
//! Variables are [`crate::resolve`]'s bindings. A script also names what lies outside of it: peers,
//! services and their functions, mostly by string literals; those are compared by their text, so
//! that the same question can be put to many scripts.

use air_syntax::{SyntaxKind, TextRange, TextSize};

use crate::Analysis;
use crate::hir::{Accessor, AccessorKind, Hir, Instr, InstrId, Operand, OperandId, OperandKind};
use crate::resolve::{Access, BindingId};

pub mod calls;
pub mod definition;
pub mod knowing;
pub mod outside;
pub mod rename;
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
    let symbol = outside_symbol(analysis, id, operand)?;
    let range = base_range(hir, operand);
    range.contains_inclusive(offset).then_some(Named { symbol, range })
}

/// All places of a script that name the symbol, in text order.
pub fn mentions(analysis: &Analysis, symbol: &Symbol) -> Vec<Mention> {
    let hir = analysis.hir();
    match symbol {
        Symbol::Variable(binding) => {
            let places = analysis.resolution().occurrences_of(*binding);
            places.map(|place| Mention { range: place.range, access: place.access }).collect()
        }
        Symbol::Field { binding, path } => {
            let mut found = Vec::new();
            for place in analysis.resolution().occurrences_of(*binding) {
                let Some(operand) = hir.operands.get(place.operand.0 as usize) else { continue };
                if operand.range.start() == place.range.start()
                    && let Some(accessor) = steps::step_of(hir, operand, path)
                {
                    found.push(Mention { range: accessor.range, access: Access::Read });
                }
            }
            found
        }
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
    use expect_test::{Expect, expect};

    use super::testing::{cursor, marked};
    use super::{mentions, symbol_at};
    use crate::resolve::Access;

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
