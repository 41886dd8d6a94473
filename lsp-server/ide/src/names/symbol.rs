//! What a place in a script can name.

use air_analysis::Analysis;
use air_semantics::hir::{Operand, OperandId, OperandKind};
use air_semantics::resolve::{Access, BindingId};
use air_syntax::{SyntaxKind, TextRange};

use super::outside::{OutsideKind, outside_name};

/// What a place in a script names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Symbol {
    /// A variable, whatever its kind.
    Variable(BindingId),
    /// What a lens takes out of a variable: its steps so far, as [`path_text`](super::path_text) writes them.
    Field {
        /// The variable that has the lens.
        binding: BindingId,
        /// `.orders.[0]`
        path: String,
    },
    /// A literal that puts a field into a value: a key of a stream map, or of `json.obj` and its kin.
    Key(OperandId),
    /// A literal that names a peer: its id.
    Peer(String),
    /// A literal that names a service: its id.
    Service(String),
    /// A literal function; the service where that is known too.
    Function {
        /// Its service, if that is a literal.
        service: Option<String>,
        /// The text of the literal, without quotes.
        name: String,
    },
    /// `%init_peer_id%`, `:error:` and the like, by the kind of their token.
    Special(SyntaxKind),
}

/// A symbol and the text that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedSymbol {
    /// What the text names.
    pub symbol: Symbol,
    /// The name alone: without lens; a literal with its quotes; a step without dots and brackets.
    pub range: TextRange,
}

/// A place that names a symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mention {
    /// The name alone, as in [`NamedSymbol::range`].
    pub range: TextRange,
    /// Whether it is declared, written or read there.
    pub access: Access,
}

/// What an operand without a variable names.
pub(super) fn outside_symbol(analysis: &Analysis, id: OperandId, operand: &Operand) -> Option<Symbol> {
    match operand.kind {
        OperandKind::Literal => {
            let found = outside_name(analysis, id)?;
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
    use super::*;

    #[test]
    fn operands_without_a_variable() {
        let analysis = Analysis::new("(call %init_peer_id% (\"s\" \"f\") [\"text\" x] y)");
        let operands = analysis.hir().operands.iter().enumerate();
        let symbols: Vec<_> =
            operands.map(|(id, operand)| outside_symbol(&analysis, OperandId(id as u32), operand)).collect();
        assert_eq!(
            symbols,
            [
                Some(Symbol::Special(SyntaxKind::INIT_PEER_ID)),
                Some(Symbol::Service("s".to_owned())),
                Some(Symbol::Function { service: Some("s".to_owned()), name: "f".to_owned() }),
                None,
                None,
                None,
            ]
        );
    }
}
