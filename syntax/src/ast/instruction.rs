//! The script, the sum of its instructions, and those that hold others or nothing: order, branches, loops, scopes.

use super::call::Call;
use super::data::{Ap, Canon, Fail};
use super::node::{AstNode, nodes};
use super::operand::{Operand, operands};
use crate::{SyntaxKind, SyntaxNode, SyntaxToken};

nodes! {
    /// The whole text.
    Script = SCRIPT;
    /// A list with an unknown head.
    Unknown = UNKNOWN_INSTR;
    /// `(seq first second)`
    Seq = SEQ;
    /// `(par left right)`
    Par = PAR;
    /// `(xor try catch)`
    Xor = XOR;
    /// `(never)`
    Never = NEVER;
    /// `(null)`
    Null = NULL;
    /// `(new name body)`
    New = NEW;
    /// `(fold iterable iterator body last)`
    Fold = FOLD;
    /// `(next iterator)`
    Next = NEXT;
    /// `(match left right body)`
    Match = MATCH;
    /// `(mismatch left right body)`
    Mismatch = MISMATCH;
}

impl Script {
    /// The instruction that the script is.
    pub fn instruction(&self) -> Option<Instruction> {
        self.instructions().next()
    }

    /// All instructions at top level; more than one is an error.
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
    /// Its keyword; `None` for unknown heads.
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

macro_rules! branches {
    ($($name:ident)*) => {$(
        impl $name {
            /// The first branch.
            pub fn first(&self) -> Option<Instruction> {
                instructions(self.syntax()).next()
            }

            /// The second branch.
            pub fn second(&self) -> Option<Instruction> {
                instructions(self.syntax()).nth(1)
            }
        }
    )*};
}
branches!(Seq Par Xor);

macro_rules! comparisons {
    ($($name:ident)*) => {$(
        impl $name {
            /// First value.
            pub fn left(&self) -> Option<Operand> {
                operands(self.syntax()).next()
            }

            /// Second value.
            pub fn right(&self) -> Option<Operand> {
                operands(self.syntax()).nth(1)
            }

            /// What runs if the comparison holds.
            pub fn body(&self) -> Option<Instruction> {
                instructions(self.syntax()).next()
            }
        }
    )*};
}
comparisons!(Match Mismatch);

impl New {
    /// The name that is new inside.
    pub fn name(&self) -> Option<Operand> {
        operands(self.syntax()).next()
    }

    /// Where it is new.
    pub fn body(&self) -> Option<Instruction> {
        instructions(self.syntax()).next()
    }
}

impl Fold {
    /// The array, canon, stream or map that is walked.
    pub fn iterable(&self) -> Option<Operand> {
        operands(self.syntax()).next()
    }

    /// The name of the element.
    pub fn iterator(&self) -> Option<Operand> {
        operands(self.syntax()).nth(1)
    }

    /// What runs for each element.
    pub fn body(&self) -> Option<Instruction> {
        instructions(self.syntax()).next()
    }

    /// What runs after the last element.
    pub fn last(&self) -> Option<Instruction> {
        instructions(self.syntax()).nth(1)
    }
}

impl Next {
    /// The fold's iterator.
    pub fn iterator(&self) -> Option<Operand> {
        operands(self.syntax()).next()
    }
}

/// Child instructions, in order, surplus ones included.
fn instructions(node: &SyntaxNode) -> impl Iterator<Item = Instruction> {
    node.children().filter_map(Instruction::cast)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instruction(text: &str) -> Instruction {
        Script::cast(crate::parse(text).syntax()).unwrap().instruction().unwrap()
    }

    #[test]
    fn parts_of_a_fold() {
        let Instruction::Fold(fold) = instruction("(fold $s i (next i) (null))") else { panic!() };
        assert_eq!(fold.iterable().unwrap().text(), "$s");
        assert_eq!(fold.iterator().unwrap().text(), "i");
        assert!(matches!(fold.body(), Some(Instruction::Next(_))));
        assert!(matches!(fold.last(), Some(Instruction::Null(_))));
    }

    #[test]
    fn parts_of_a_match() {
        let Instruction::Match(it) = instruction("(match [] x.length (new $n (never)))") else { panic!() };
        assert_eq!(it.left().unwrap().text(), "[]");
        assert_eq!(it.right().unwrap().text(), "x.length");
        let Some(Instruction::New(new)) = it.body() else { panic!() };
        assert_eq!(new.name().unwrap().text(), "$n");
        assert!(matches!(new.body(), Some(Instruction::Never(_))));
    }
}
