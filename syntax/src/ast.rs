//! Typed views of the tree. They own nothing and check nothing: what a broken script lacks is `None`.
//!
//! ```
//! use air_syntax::ast::{AstNode, Instruction, Script};
//! let parse = air_syntax::parse("(seq (null) (next i))");
//! let script = Script::cast(parse.syntax()).unwrap();
//! let Some(Instruction::Seq(seq)) = script.instruction() else { panic!() };
//! let Some(Instruction::Next(next)) = seq.second() else { panic!() };
//! assert_eq!(next.iterator().unwrap().text(), "i");
//! ```

mod call;
mod data;
mod flow;
mod instruction;
mod lens;
mod operand;

pub use call::{Arguments, Call, FunctionRef};
pub use data::{Ap, Canon, Fail, MapEntry};
pub use flow::{Fold, Match, Mismatch, Never, New, Next, Null, Par, Seq, Xor};
pub use instruction::{Instruction, Script, Unknown};
pub use lens::{Accessor, Lens};
pub use operand::{Operand, OperandNode};

use crate::{SyntaxKind, SyntaxNode, SyntaxToken};

/// A node that is known to be of one kind.
pub trait AstNode: Sized {
    /// The node, if it is one of these.
    fn cast(node: SyntaxNode) -> Option<Self>;
    /// The node itself.
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
use nodes;

/// The first child of that type.
fn child<N: AstNode>(node: &SyntaxNode) -> Option<N> {
    node.children().find_map(N::cast)
}

/// The first token of that kind.
fn token(node: &SyntaxNode, kind: SyntaxKind) -> Option<SyntaxToken> {
    node.children_with_tokens().filter_map(|element| element.into_token()).find(|token| token.kind() == kind)
}

/// Operands, in order; what does not fit is not among them.
fn operands(node: &SyntaxNode) -> impl Iterator<Item = Operand> {
    node.children_with_tokens().filter_map(Operand::cast)
}

/// Child instructions, in order, surplus ones included.
fn instructions(node: &SyntaxNode) -> impl Iterator<Item = Instruction> {
    node.children().filter_map(Instruction::cast)
}
