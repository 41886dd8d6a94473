//! Nested folds with one iterator name.

use super::{Finding, iterators::Iterators};
use crate::codes::Code;
use crate::diagnostic::Related;
use crate::hir::{Hir, InstrKind};

/// A fold must not stand, at any depth, inside one with the same iterator name; beside it is fine.
pub(super) fn report(hir: &Hir, iterators: &Iterators) -> Vec<Finding> {
    let mut findings: Vec<_> = iterators
        .of_kind(InstrKind::Fold)
        .filter_map(|inner| Some((inner, iterators.fold_of(inner)?)))
        .map(|(inner, outer)| {
            let name = hir.name(inner.name);
            Finding {
                code: Code::MultipleIterables,
                instr: inner.instr,
                name: Some(inner.name),
                range: inner.range,
                message: format!(
                    "the fold around this one already walks with `{name}`; take another iterator name"
                ),
                related: vec![Related {
                    range: outer.range,
                    message: format!("`{name}` is the iterator of this fold"),
                }],
                fixes: Vec::new(),
            }
        })
        .collect();
    findings.sort_by_key(|finding| finding.range.start());
    findings
}
