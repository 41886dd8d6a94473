//! `new` of the iterator inside its fold.

use super::{Finding, iterators::Iterators};
use crate::codes::Code;
use crate::diagnostic::Related;
use crate::hir::{Hir, InstrKind};

/// `new NAME` must not stand inside a fold whose iterator is NAME.
pub(super) fn report(hir: &Hir, iterators: &Iterators) -> Vec<Finding> {
    let inside = |new| Some((new, iterators.fold_of(new)?));
    iterators
        .of_kind(InstrKind::New)
        .filter_map(inside)
        .map(|(new, fold)| {
            let name = hir.name(new.name);
            Finding {
                code: Code::NewOnIterator,
                instr: new.instr,
                name: Some(new.name),
                range: new.range,
                message: format!(
                    "`new` cannot hide the iterator `{name}` of the fold around it; take another name"
                ),
                related: vec![Related {
                    range: fold.range,
                    message: format!("`{name}` is the iterator of this fold"),
                }],
                fixes: Vec::new(),
            }
        })
        .collect()
}
