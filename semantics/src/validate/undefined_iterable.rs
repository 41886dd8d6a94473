//! `next` without a fold around it.

use rustc_hash::FxHashSet;

use super::{Finding, iterators::Iterators, role_range};
use crate::codes::Code;
use crate::diagnostic::{Fix, Related, TextEdit};
use crate::hir::{Hir, InstrId, InstrKind, Role};

/// Parents looked at in all to find the fold that was meant.
const SEARCH: usize = 100_000;

/// Only the first `next` of each name, in closing order, is looked at: it needs a fold around it
/// that has its iterator. Being in the fold's last instruction is enough.
pub(super) fn report(hir: &Hir, iterators: &Iterators) -> Vec<Finding> {
    let mut seen = FxHashSet::default();
    let mut findings = Vec::new();
    let mut budget = SEARCH;
    for next in iterators.of_kind(InstrKind::Next) {
        if !seen.insert(next.name) || next.fold.is_some() {
            continue;
        }
        let name = hir.name(next.name);
        let mut message = format!("no fold around this `next` has the iterator `{name}`");
        let mut related = Vec::new();
        let mut fixes = Vec::new();
        if let Some(fold) = enclosing_fold(hir, next.instr, &mut budget) {
            let range = role_range(hir, fold, Role::Iterator);
            let other = hir.text_at(range);
            message.push_str(&format!("; the nearest one walks with `{other}`"));
            related.push(Related { range, message: format!("the iterator here is `{other}`") });
            fixes.push(Fix {
                title: format!("replace by `{other}`"),
                safe: false,
                edits: vec![TextEdit { range: next.range, new_text: other.to_owned() }],
            });
        } else if let Some(fold) = iterators.of_kind(InstrKind::Fold).find(|event| event.name == next.name) {
            message.push_str("; `next` works only inside the fold");
            related.push(Related {
                range: fold.range,
                message: format!("`{name}` is the iterator of this fold"),
            });
        }
        findings.push(Finding {
            code: Code::UndefinedIterable,
            instr: next.instr,
            name: Some(next.name),
            range: next.range,
            message,
            related,
            fixes,
        });
    }
    findings.sort_by_key(|finding| finding.range.start());
    findings
}

fn enclosing_fold(hir: &Hir, id: InstrId, budget: &mut usize) -> Option<InstrId> {
    let mut id = hir.instr(id)?.parent?;
    loop {
        *budget = budget.checked_sub(1)?;
        let instr = hir.instr(id)?;
        if instr.kind == InstrKind::Fold && hir.operand(instr, Role::Iterator).is_some() {
            return Some(id);
        }
        id = instr.parent?;
    }
}
