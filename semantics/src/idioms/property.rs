//! Copies that the compiler makes because a plain variable is needed.

use super::Certainty::Certain;
use super::PayloadRole::{Result, Value};
use super::shapes::Shapes;
use super::{Found, IdiomKind};
use crate::hir::InstrId;

/// `(ap x.$.f x_flat)`
pub(super) fn property(shapes: &Shapes<'_>, id: InstrId) -> Option<Found> {
    let (source, target) = shapes.ap(id)?;
    let named = shapes.base(target).ends_with("_flat");
    source.operand.lens.as_ref().filter(|_| named)?;
    let label = format!("{} = {}", shapes.show(target), shapes.show(source));
    Some(Found::new(IdiomKind::Property, Certain, label).operand(Value, source).operand(Result, target))
}

/// `(ap [] literal_ap)` and `(ap literal_ap literal_props)`
pub(super) fn literal(shapes: &Shapes<'_>, id: InstrId) -> Option<Found> {
    let (source, target) = shapes.ap(id)?;
    if !matches!(shapes.base(target), "literal_ap" | "literal_props") {
        return None;
    }
    let label = format!("{} = {}", shapes.show(target), shapes.show(source));
    Some(Found::new(IdiomKind::LiteralHelper, Certain, label).operand(Value, source).operand(Result, target))
}
