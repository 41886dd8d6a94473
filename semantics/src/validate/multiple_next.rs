//! More than one `next` for one fold.

use rustc_hash::FxHashMap;

use super::{Finding, iterators::Iterators};
use crate::codes::Code;
use crate::diagnostic::Related;
use crate::hir::{Hir, InstrKind};

/// Each fold takes one `next` of its iterator, inner folds of the same name aside. Alternatives
/// count too: both branches of `xor` or `par`, body and last instruction.
pub(super) fn report(hir: &Hir, iterators: &Iterators) -> Vec<Finding> {
    let mut first = FxHashMap::default();
    let mut findings = Vec::new();
    for next in iterators.of_kind(InstrKind::Next) {
        let (Some(index), Some(fold)) = (next.fold, iterators.fold_of(next)) else { continue };
        let Some(before) = first.insert(index, next.range) else { continue };
        // The first one stays the one to compare with.
        first.insert(index, before);
        let name = hir.name(next.name);
        findings.push(Finding {
            code: Code::MultipleNext,
            instr: next.instr,
            name: Some(next.name),
            range: next.range,
            message: format!(
                "a fold may hold one `next {name}` only, even in branches of which just one is taken"
            ),
            related: vec![
                Related { range: before, message: "the first `next` of this fold".to_owned() },
                Related { range: fold.range, message: format!("the fold over `{name}`") },
            ],
            fixes: Vec::new(),
        });
    }
    findings.sort_by_key(|finding| finding.range.start());
    findings
}
