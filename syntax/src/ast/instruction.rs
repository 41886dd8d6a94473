//! The script and its instructions.

use super::{
    Ap, AstNode, Call, Canon, Fail, Fold, Match, Mismatch, Never, New, Next, Null, Operand, Par, Seq, Xor,
    instructions, nodes, operands,
};
use crate::{SyntaxKind, SyntaxNode, SyntaxToken};

nodes! {
    /// The whole text.
    Script = SCRIPT;
    /// A list with an unknown head.
    Unknown = UNKNOWN_INSTR;
}

impl Script {
    /// The instruction that the script is.
    pub fn instruction(&self) -> Option<Instruction> {
        self.instructions().next()
    }

    /// All at top level; more than one is an error.
    pub fn instructions(&self) -> impl Iterator<Item = Instruction> {
        instructions(self.syntax())
    }
}

impl Unknown {
    /// The word that should be a keyword.
    pub fn head(&self) -> Option<SyntaxToken> {
        let mut tokens =
            self.syntax().children_with_tokens().filter(|element| !element.kind().is_trivia()).skip(1);
        tokens.next()?.into_token().filter(|token| token.kind() != SyntaxKind::R_PAREN)
    }
}

/// Declares the sum of all instructions.
macro_rules! sum {
    ($($name:ident($view:ident),)*) => {
        /// Any instruction.
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[allow(missing_docs)]
        pub enum Instruction {
            $($name($view),)*
        }

        impl AstNode for Instruction {
            fn cast(node: SyntaxNode) -> Option<Self> {
                if !node.kind().is_instruction() {
                    return None;
                }
                $(if let Some(view) = $view::cast(node.clone()) {
                    return Some(Instruction::$name(view));
                })*
                None
            }

            fn syntax(&self) -> &SyntaxNode {
                match self {
                    $(Instruction::$name(view) => view.syntax(),)*
                }
            }
        }
    };
}

sum! {
    Call(Call), Canon(Canon), Ap(Ap), Seq(Seq), Par(Par), Xor(Xor), Never(Never), Null(Null), New(New),
    Fail(Fail), Fold(Fold), Next(Next), Match(Match), Mismatch(Mismatch), Unknown(Unknown),
}

impl Instruction {
    /// Its keyword; none for unknown heads.
    pub fn keyword(&self) -> Option<SyntaxToken> {
        self.syntax()
            .children_with_tokens()
            .filter_map(|element| element.into_token())
            .find(|token| token.kind().is_keyword())
    }

    /// Child instructions, in order.
    pub fn children(&self) -> impl Iterator<Item = Instruction> {
        instructions(self.syntax())
    }

    /// Operands directly in it, in order; those of a call's function and arguments are deeper.
    pub fn operands(&self) -> impl Iterator<Item = Operand> {
        operands(self.syntax())
    }
}
