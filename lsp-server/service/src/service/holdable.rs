//! What belongs to a request that is answered once there is something to say.

use serde_json::Value;

use crate::json::Json;

/// What a request that may be held needs besides.
#[derive(Debug)]
pub(super) struct Holdable {
    /// As it was asked.
    pub(super) params: Value,
    /// How much had changed when it was last begun.
    pub(super) changes: u64,
    /// Done again since something has changed.
    pub(super) again: bool,
    /// The answer that it has if nothing changes.
    pub(super) report: Option<Json>,
}

impl Holdable {
    pub(super) fn new(params: Value, changes: u64, again: bool) -> Holdable {
        Holdable { params, changes, again, report: None }
    }

    /// Whether it has been done and waits for something to change.
    pub(super) fn held(&self) -> bool {
        self.report.is_some()
    }
}
