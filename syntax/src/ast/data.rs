//! Instructions about values: `ap`, `canon`, `fail`.

use super::node::{AstNode, child, nodes};
use super::operand::{Operand, operands};

nodes! {
    /// `(ap value target)` or `(ap (key value) %map)`
    Ap = AP;
    /// `(key value)` of an `ap` into a map.
    MapEntry = MAP_ENTRY;
    /// `(canon peer source target)`
    Canon = CANON_INSTR;
    /// `(fail error)` or `(fail code "text")`
    Fail = FAIL;
}

impl Ap {
    /// Key and value, where the target is a map.
    pub fn entry(&self) -> Option<MapEntry> {
        child(self.syntax())
    }

    /// The value that is read; `None` for an entry.
    pub fn source(&self) -> Option<Operand> {
        if self.entry().is_some() { None } else { operands(self.syntax()).next() }
    }

    /// The scalar, stream or stream map that is written.
    pub fn target(&self) -> Option<Operand> {
        operands(self.syntax()).nth(usize::from(self.entry().is_none()))
    }
}

impl MapEntry {
    /// First operand.
    pub fn key(&self) -> Option<Operand> {
        operands(self.syntax()).next()
    }

    /// Second operand.
    pub fn value(&self) -> Option<Operand> {
        operands(self.syntax()).nth(1)
    }
}

impl Canon {
    /// The peer that makes the snapshot.
    pub fn peer(&self) -> Option<Operand> {
        operands(self.syntax()).next()
    }

    /// The stream or stream map.
    pub fn source(&self) -> Option<Operand> {
        operands(self.syntax()).nth(1)
    }

    /// The canon stream, canon map or scalar that is set.
    pub fn target(&self) -> Option<Operand> {
        operands(self.syntax()).nth(2)
    }
}

impl Fail {
    /// The error, or its code.
    pub fn error(&self) -> Option<Operand> {
        operands(self.syntax()).next()
    }

    /// The text after a code.
    pub fn text(&self) -> Option<Operand> {
        operands(self.syntax()).nth(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ast::{Instruction, Script};

    fn instruction(text: &str) -> Instruction {
        Script::cast(crate::parse(text).syntax()).unwrap().instruction().unwrap()
    }

    #[test]
    fn both_forms_of_ap() {
        let Instruction::Ap(ap) = instruction("(ap x $s)") else { panic!() };
        assert_eq!(ap.source().unwrap().text(), "x");
        assert_eq!(ap.target().unwrap().text(), "$s");
        let Instruction::Ap(ap) = instruction("(ap (\"k\" v) %m)") else { panic!() };
        assert_eq!(ap.source(), None);
        assert_eq!(ap.entry().unwrap().key().unwrap().text(), "\"k\"");
        assert_eq!(ap.entry().unwrap().value().unwrap().text(), "v");
        assert_eq!(ap.target().unwrap().text(), "%m");
    }

    #[test]
    fn canon_and_fail() {
        let Instruction::Canon(canon) = instruction("(canon p $s #c)") else { panic!() };
        let parts = [canon.peer(), canon.source(), canon.target()].map(|part| part.unwrap().text());
        assert_eq!(parts, ["p", "$s", "#c"]);
        let Instruction::Fail(fail) = instruction("(fail 1 \"no\")") else { panic!() };
        assert_eq!(fail.error().unwrap().text(), "1");
        assert_eq!(fail.text().unwrap().text(), "\"no\"");
    }
}
