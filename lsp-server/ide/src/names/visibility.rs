//! How far a value is seen: scalars and canons set in a fold are gone behind it, and never seen beside
//! it; streams and stream maps reach everything in the scope of their name (`semantics/spec/execution.md §3`).

use air_semantics::hir::{Hir, InstrId, InstrKind};
use air_semantics::resolve::Occurrence;
use air_syntax::TextRange;

/// For each instruction the innermost fold around it.
pub fn folds_around(hir: &Hir) -> Vec<Option<InstrId>> {
    let mut around: Vec<Option<InstrId>> = vec![None; hir.instrs.len()];
    // Backwards, closing order gives parents before children.
    for (index, instr) in hir.instrs.iter().enumerate().rev() {
        let Some(parent) = instr.parent else { continue };
        let fold = hir.instr(parent).is_some_and(|parent| parent.kind == InstrKind::Fold);
        let found = if fold { Some(parent) } else { around.get(parent.0 as usize).copied().flatten() };
        if let Some(slot) = around.get_mut(index) {
            *slot = found;
        }
    }
    around
}

/// Whether what is written there can be read at a place of which `inside` tells which forms are around it.
pub fn reaches(
    hir: &Hir,
    around: &[Option<InstrId>],
    write: &Occurrence,
    inside: impl Fn(TextRange) -> bool,
) -> bool {
    if hir.text_at(write.range).starts_with(['$', '%']) {
        return true;
    }
    let fold = around.get(write.instr.0 as usize).copied().flatten();
    fold.and_then(|fold| hir.instr(fold)).is_none_or(|fold| inside(fold.range))
}
