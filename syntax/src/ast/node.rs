//! What all views have in common.

use crate::{SyntaxKind, SyntaxNode, SyntaxToken};

/// A node that is known to be of one kind.
pub trait AstNode: Sized {
    /// The node, if it is one of these.
    fn cast(node: SyntaxNode) -> Option<Self>;
    /// The untyped node.
    fn syntax(&self) -> &SyntaxNode;
}

/// Declares views of one kind each.
macro_rules! nodes {
    ($($(#[$doc:meta])* $name:ident = $kind:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub struct $name(crate::SyntaxNode);

        impl crate::ast::AstNode for $name {
            fn cast(node: crate::SyntaxNode) -> Option<Self> {
                (node.kind() == crate::SyntaxKind::$kind).then_some($name(node))
            }

            fn syntax(&self) -> &crate::SyntaxNode {
                &self.0
            }
        }
    )*};
}
pub(super) use nodes;

/// The first child of that type.
pub(super) fn child<N: AstNode>(node: &SyntaxNode) -> Option<N> {
    node.children().find_map(N::cast)
}

/// The first token of that kind.
pub(super) fn token(node: &SyntaxNode, kind: SyntaxKind) -> Option<SyntaxToken> {
    node.children_with_tokens().filter_map(|element| element.into_token()).find(|token| token.kind() == kind)
}
