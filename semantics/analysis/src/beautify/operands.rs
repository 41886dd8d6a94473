//! Operands as AquaVM's beautifier writes them: names and literals verbatim, numbers and lenses
//! normalised (`syntax/spec/language.md §5.2`).

use air_semantics::hir::{Hir, Instr, Operand, Role};

use super::writer::Writer;
use crate::operand_text::write_operand;

impl Writer<'_> {
    /// The operand with that role, or `?`.
    pub(super) fn role(&mut self, hir: &Hir, instr: &Instr, role: Role) {
        self.or_missing(hir, hir.operand(instr, role));
    }

    /// The operand, or `?`.
    pub(super) fn or_missing(&mut self, hir: &Hir, operand: Option<&Operand>) {
        match operand {
            Some(operand) => self.operand(hir, operand),
            None => self.out.push('?'),
        }
    }

    /// Operands separated by `, `.
    pub(super) fn list<'h>(&mut self, hir: &Hir, operands: impl Iterator<Item = &'h Operand>) {
        for (at, operand) in operands.enumerate() {
            if at > 0 {
                self.out.push_str(", ");
            }
            self.operand(hir, operand);
        }
    }

    /// One operand.
    pub(super) fn operand(&mut self, hir: &Hir, operand: &Operand) {
        let from = self.out.len();
        write_operand(&mut self.out, hir, operand);
        self.span(from, operand.range);
    }
}
