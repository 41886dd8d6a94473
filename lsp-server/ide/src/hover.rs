//! What the text at a place is, in Markdown. One file for each kind of word.

mod comment;
mod explanation;
mod instruction;
mod lens;
mod literal;
mod outside;
mod peer;
mod special;
#[cfg(test)]
mod testing;
mod variable;

use air_analysis::Analysis;
use air_semantics::hir::{OperandKind, Role};
use air_syntax::TextSize;

pub use crate::names::Step;
use crate::names::{Symbol, operand_at, symbol_at};

pub use comment::code_text;
pub use explanation::{Explanation, Subject};
pub use lens::steps;
pub(crate) use outside::{function_text, service_text};
pub(crate) use peer::peer_text;
pub(crate) use variable::variable;

/// Explains the word at an offset; nothing for spaces, for most brackets, and for words that mean nothing.
pub fn explain(analysis: &Analysis, offset: TextSize) -> Option<Explanation> {
    instruction::at(analysis, offset)
        .or_else(|| operand(analysis, offset))
        .or_else(|| instruction::closed_at(analysis, offset))
        .or_else(|| comment::at(analysis, offset))
}

fn operand(analysis: &Analysis, offset: TextSize) -> Option<Explanation> {
    let (id, operand) = operand_at(analysis.hir(), offset)?;
    let found = lens::at(analysis, operand, offset).or_else(|| special::at(analysis, operand, offset));
    if found.is_some() {
        return found;
    }
    // Where a literal stands says more than what it names.
    let of_call = matches!(operand.role, Role::Peer | Role::Service | Role::Function);
    let named = symbol_at(analysis, offset).filter(|_| operand.kind != OperandKind::Literal || of_call);
    let Some(named) = named else { return literal::at(analysis, id, operand) };
    let (subject, markdown) = match &named.symbol {
        Symbol::Variable(binding) => (Subject::Variable(*binding), variable(analysis, *binding)?),
        Symbol::Peer(id) => (Subject::Peer(id.clone()), peer_text(analysis, id)),
        Symbol::Service(id) => (Subject::Other, service_text(analysis, id)),
        Symbol::Function { service, name } => {
            (Subject::Other, function_text(analysis, service.as_deref(), name))
        }
        Symbol::Field { .. } | Symbol::Key(_) | Symbol::Special(_) => return None,
    };
    Some(Explanation { range: named.range, markdown, subject })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::testing::check;

    #[test]
    fn nothing_on_spaces() {
        check("(seq $0 (null) (null))", expect![["nothing\n"]]);
    }
}
