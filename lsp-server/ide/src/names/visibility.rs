//! How far a value is seen: scalars and canons set in a fold are gone after it, and never seen beside
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

/// Whether what is written there can be read at a place for which `inside` says whether a form is around it.
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

#[cfg(test)]
mod tests {
    use air_analysis::Analysis;
    use air_semantics::resolve::Access;

    use super::*;

    /// Whether the first write of a variable is seen after the fold that has it.
    fn seen_after_its_fold(name: &str) -> bool {
        let analysis = Analysis::new(format!("(seq (fold xs i (seq (ap i {name}) (next i))) (null))"));
        let hir = analysis.hir();
        let around = folds_around(hir);
        let write =
            analysis.resolution().occurrences.iter().find(|place| place.access == Access::Write).unwrap();
        let end = TextRange::empty(analysis.text.rfind("(null)").map(|at| at as u32).unwrap().into());
        assert!(reaches(hir, &around, write, |form| form.contains_range(write.range)), "beside it");
        reaches(hir, &around, write, |form| form.contains_range(end))
    }

    #[test]
    fn streams_reach_further_than_scalars() {
        assert!(!seen_after_its_fold("x"));
        assert!(seen_after_its_fold("$x"));
    }

    #[test]
    fn the_innermost_fold() {
        let analysis = Analysis::new("(fold xs i (seq (fold ys j (next j)) (next i)))");
        let hir = analysis.hir();
        let around: Vec<_> = folds_around(hir)
            .into_iter()
            .map(|fold| fold.and_then(|fold| hir.instr(fold)).map(|fold| u32::from(fold.range.start())))
            .collect();
        // In closing order: `next j`, the inner fold, `next i`, `seq`, the outer fold.
        assert_eq!(around, [Some(16), Some(0), Some(0), Some(0), None]);
    }
}
