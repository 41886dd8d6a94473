//! `try … catch`, `otherwise`, and errors that are swallowed.

use super::Certainty::{Certain, Likely};
use super::PayloadRole::{Body, Otherwise};
use super::shapes::Shapes;
use super::{Found, IdiomKind};
use crate::hir::{InstrId, InstrKind};

/// Any other `xor`: what it does depends on whether its second branch reads the error.
pub(super) fn attempt(shapes: &Shapes<'_>, id: InstrId) -> Option<Found> {
    let (body, handler) = shapes.pair(id)?;
    let certain = if shapes.compiled() { Certain } else { Likely };
    let (kind, label) = if shapes.is(handler, InstrKind::Null) {
        (IdiomKind::TrySwallow, "try, errors swallowed")
    } else if shapes.reads_error(handler) {
        (IdiomKind::TryCatch, "try … catch")
    } else {
        (IdiomKind::TryOtherwise, "try … otherwise")
    };
    let found = Found::new(kind, certain, label.to_owned()).body(shapes.hir, Body, body);
    Some(if kind == IdiomKind::TrySwallow {
        found.carried_by([handler])
    } else {
        found.body(shapes.hir, Otherwise, handler)
    })
}
