//! Instructions about order: branches, loops, scopes.

use super::{AstNode, Instruction, Operand, instructions, nodes, operands};

nodes! {
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

            /// What runs then.
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
    /// What is walked.
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

    /// What runs behind the last element.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ast::Script;

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
