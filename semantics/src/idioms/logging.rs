//! Calls that only write to a log.

use super::Certainty::Likely;
use super::PayloadRole::Value;
use super::shapes::Shapes;
use super::{Found, IdiomKind};
use crate::hir::InstrId;

/// `(call … ("run-console" "print") [X])`, `(call … ("spell" "store_log") [X])`
pub(super) fn logging(shapes: &Shapes<'_>, id: InstrId) -> Option<Found> {
    let verb = match shapes.called(id)? {
        ("run-console", "print") => "print",
        ("spell", "store_log") => "log",
        _ => return None,
    };
    let label = format!("{verb} {}", shapes.show_list(shapes.arguments(id)));
    let found = Found::new(IdiomKind::Logging, Likely, label);
    Some(shapes.arguments(id).fold(found, |found, value| found.operand(Value, value)))
}
