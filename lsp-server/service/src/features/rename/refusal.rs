//! What stands against a rename, as an error for people.

use air_ide::names::Refusal;

use crate::lsp;
use crate::snapshot::Snapshot;

/// What is wrong, and where that is seen; lines are counted as editors show them.
pub(crate) fn refused(snapshot: &Snapshot, refusal: &Refusal) -> lsp::Error {
    let place = refusal.place().map(|place| snapshot.range(place));
    let shown = place.map_or_else(String::new, |place| {
        format!(" (line {}, column {})", place.start.line + 1, place.start.character + 1)
    });
    let mut error = lsp::error(lsp::REQUEST_FAILED, format!("{refusal}{shown}"));
    error.data = Some(serde_json::json!({ "code": refusal.code(), "range": place }));
    error
}
