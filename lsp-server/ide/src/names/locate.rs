//! What of the HIR stands at a byte of the text.

use air_semantics::hir::{Accessor, Hir, Instr, InstrId, Operand, OperandId, OperandKind};
use air_syntax::{TextRange, TextSize};

/// The operand that covers the offset or ends at it.
pub fn operand_at(hir: &Hir, offset: TextSize) -> Option<(OperandId, &Operand)> {
    let after = hir.operands.partition_point(|operand| operand.range.start() <= offset);
    let id = after.checked_sub(1)?;
    let operand = hir.operands.get(id).filter(|operand| operand.range.contains_inclusive(offset))?;
    Some((OperandId(id as u32), operand))
}

/// The innermost instruction that covers the offset, or ends at it.
pub fn instr_at(hir: &Hir, offset: TextSize) -> Option<InstrId> {
    // In closing order ends ascend; what closes first after the offset is the one, or is inside of it.
    let around = |at: usize| {
        let mut id = InstrId(u32::try_from(at).ok()?);
        loop {
            let instr = hir.instr(id)?;
            if instr.range.start() <= offset {
                return Some(id);
            }
            id = instr.parent?;
        }
    };
    around(hir.instrs.partition_point(|instr| instr.range.end() <= offset))
        .or_else(|| around(hir.instrs.partition_point(|instr| instr.range.end() < offset)))
}

/// Whether an instruction has its closing bracket: one without ends with its last child.
pub fn is_closed(hir: &Hir, instr: &Instr) -> bool {
    let last = hir.children_of(instr).last().and_then(|child| hir.instr(*child));
    hir.text_at(instr.range).ends_with(')') && last.is_none_or(|last| last.range.end() < instr.range.end())
}

/// The step of a lens that covers the offset or ends at it.
pub fn accessor_at<'h>(hir: &'h Hir, operand: &Operand, offset: TextSize) -> Option<&'h Accessor> {
    let accessors = hir.accessors_of(operand.lens.as_ref()?);
    accessors.iter().find(|accessor| accessor.range.contains_inclusive(offset))
}

/// The operand without its lens.
pub fn base_range(hir: &Hir, operand: &Operand) -> TextRange {
    let length = match operand.kind {
        OperandKind::Error => TextSize::of(":error:"),
        OperandKind::LastError => TextSize::of("%last_error%"),
        kind => match kind.name() {
            Some(name) => TextSize::of(hir.name(name)),
            None => operand.range.len(),
        },
    };
    TextRange::at(operand.range.start(), length.min(operand.range.len()))
}

#[cfg(test)]
mod tests {
    use air_analysis::Analysis;

    use super::*;

    #[test]
    fn at_the_border_of_two_what_begins_there() {
        let analysis = Analysis::new("(seq (null)(ap x.$.a y))");
        let hir = analysis.hir();
        let instr =
            |offset: u32| hir.text_at(hir.instr(instr_at(hir, offset.into()).unwrap()).unwrap().range);
        assert_eq!(instr(6), "(null)");
        assert_eq!(instr(11), "(ap x.$.a y)");
        assert_eq!(instr(24), "(seq (null)(ap x.$.a y))");
        assert!(operand_at(hir, 6.into()).is_none());
        let (_, operand) = operand_at(hir, 20.into()).unwrap();
        assert_eq!(hir.text_at(operand.range), "x.$.a");
        assert_eq!(hir.text_at(base_range(hir, operand)), "x");
        assert_eq!(hir.text_at(accessor_at(hir, operand, 20.into()).unwrap().range), "a");
        assert!(accessor_at(hir, operand, 15.into()).is_none());
    }

    #[test]
    fn an_instruction_without_its_bracket() {
        let analysis = Analysis::new("(seq (null) (par (null) (null))");
        let closed: Vec<bool> =
            analysis.hir().instrs.iter().map(|instr| is_closed(analysis.hir(), instr)).collect();
        assert_eq!(closed, [true, true, true, true, false]);
    }
}
