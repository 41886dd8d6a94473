//! Operands: one token, `[]`, or a token with a lens.

use super::lens::Lens;
use super::node::{AstNode, child, nodes};
use crate::{SyntaxElement, SyntaxKind, SyntaxNode, SyntaxToken, TextRange};

nodes! {
    /// A base with a lens, as a node.
    OperandNode = LENSED;
}

/// What stands where a value, a name or a target belongs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Operand {
    /// A literal, a name, a special word.
    Token(SyntaxToken),
    /// A name or special word with a lens.
    Lensed(OperandNode),
    /// `[]`
    EmptyArray(SyntaxNode),
}

impl Operand {
    /// The operand, if it is one.
    pub fn cast(element: SyntaxElement) -> Option<Operand> {
        match element {
            SyntaxElement::Node(node) if node.kind() == SyntaxKind::EMPTY_ARRAY => {
                Some(Operand::EmptyArray(node))
            }
            SyntaxElement::Node(node) => OperandNode::cast(node).map(Operand::Lensed),
            SyntaxElement::Token(token) => {
                let kind = token.kind();
                let broken = matches!(kind, SyntaxKind::BAD_WORD | SyntaxKind::UNCLOSED_STRING);
                let operand = (SyntaxKind::STRING..=SyntaxKind::CANON_MAP).contains(&kind);
                (operand || broken).then_some(Operand::Token(token))
            }
        }
    }

    /// The token before the lens, or the only one; `None` for `[]`.
    pub fn base(&self) -> Option<SyntaxToken> {
        match self {
            Operand::Token(token) => Some(token.clone()),
            Operand::Lensed(node) => node.syntax().first_token(),
            Operand::EmptyArray(_) => None,
        }
    }

    /// Kind of the base; `L_BRACKET` for `[]`.
    pub fn kind(&self) -> SyntaxKind {
        self.base().map_or(SyntaxKind::L_BRACKET, |token| token.kind())
    }

    /// The lens after the base.
    pub fn lens(&self) -> Option<Lens> {
        match self {
            Operand::Lensed(node) => child(node.syntax()),
            _ => None,
        }
    }

    /// All of it, lens included.
    pub fn range(&self) -> TextRange {
        match self {
            Operand::Token(token) => token.text_range(),
            Operand::Lensed(node) => node.syntax().text_range(),
            Operand::EmptyArray(node) => node.text_range(),
        }
    }

    /// Its text, lens included.
    pub fn text(&self) -> String {
        match self {
            Operand::Token(token) => token.text().to_owned(),
            Operand::Lensed(node) => node.syntax().text().to_string(),
            Operand::EmptyArray(node) => node.text().to_string(),
        }
    }
}

/// Operands, in order; what does not fit is not among them.
pub(super) fn operands(node: &SyntaxNode) -> impl Iterator<Item = Operand> {
    node.children_with_tokens().filter_map(Operand::cast)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ast::{Accessor, Instruction, Script};

    #[test]
    fn an_operand_knows_its_parts() {
        let parse = crate::parse("(ap #%map.$.k[0].[i]! x)");
        let script = Script::cast(parse.syntax()).unwrap();
        let Some(Instruction::Ap(ap)) = script.instruction() else { panic!() };
        let source = ap.source().unwrap();
        assert_eq!(source.kind(), SyntaxKind::CANON_MAP);
        assert_eq!(source.base().unwrap().text(), "#%map");
        let accessors: Vec<_> = source.lens().unwrap().accessors().collect();
        let names =
            accessors.iter().filter_map(|accessor| accessor.name()).map(|name| name.text().to_owned());
        assert_eq!(names.collect::<Vec<_>>(), ["k", "0", "i"]);
        assert!(matches!(accessors[0], Accessor::Field(_)));
        assert!(matches!(accessors[1], Accessor::Index(_)));
        assert!(matches!(accessors[2], Accessor::Variable(_)));
        assert!(accessors[2].bang().is_some());
    }
}
