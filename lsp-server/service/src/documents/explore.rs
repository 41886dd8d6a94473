//! What a run may end with: `air explore --json`.

use air_simulation::explore::{Exploration, FaultOutcome};
use schemars::JsonSchema;
use serde::Serialize;

/// Ends that are shown; all are counted.
pub const MAX_ENDS: u64 = 32;
/// Runs with a fault each.
pub const MAX_FAULTS: usize = 500;

/// What `--json` prints.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "air explore --json")]
pub struct Explored<'e> {
    /// Of this format.
    pub version: u32,
    /// All orders, as far as they were followed.
    #[serde(flatten)]
    pub orders: Option<&'e Exploration>,
    /// With `--faults`: what each fault does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub faults: Option<&'e [FaultOutcome]>,
}

/// JSON schema of the document.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Explored<'_>).to_value()
}
