//! Lenses and their accessors.

use super::node::{AstNode, nodes, token};
use crate::{SyntaxKind, SyntaxNode, SyntaxToken};

nodes! {
    /// `.length`, or `.$` and accessors.
    Lens = LENS;
}

impl Lens {
    /// Steps, in order; one [`Accessor::Length`] for `.length`.
    pub fn accessors(&self) -> impl Iterator<Item = Accessor> {
        self.syntax().children().filter_map(Accessor::cast)
    }
}

/// One step of a lens.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Accessor {
    /// `.name`
    Field(SyntaxNode),
    /// `.[0]`
    Index(SyntaxNode),
    /// `.[name]`
    Variable(SyntaxNode),
    /// `.length`
    Length(SyntaxNode),
}

impl AstNode for Accessor {
    fn cast(node: SyntaxNode) -> Option<Self> {
        match node.kind() {
            SyntaxKind::FIELD_ACCESS => Some(Accessor::Field(node)),
            SyntaxKind::INDEX_ACCESS => Some(Accessor::Index(node)),
            SyntaxKind::VARIABLE_ACCESS => Some(Accessor::Variable(node)),
            SyntaxKind::LENGTH_ACCESS => Some(Accessor::Length(node)),
            _ => None,
        }
    }

    fn syntax(&self) -> &SyntaxNode {
        match self {
            Accessor::Field(node)
            | Accessor::Index(node)
            | Accessor::Variable(node)
            | Accessor::Length(node) => node,
        }
    }
}

impl Accessor {
    /// The name, the digits, or `length`.
    pub fn name(&self) -> Option<SyntaxToken> {
        let kind = match self {
            Accessor::Field(_) => SyntaxKind::FIELD_NAME,
            Accessor::Index(_) => SyntaxKind::INDEX,
            Accessor::Variable(_) => SyntaxKind::SCALAR,
            Accessor::Length(_) => SyntaxKind::LENGTH,
        };
        token(self.syntax(), kind)
    }

    /// The `!` after it, which has no effect.
    pub fn bang(&self) -> Option<SyntaxToken> {
        token(self.syntax(), SyntaxKind::BANG)
    }
}
