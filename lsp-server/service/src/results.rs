//! Runs that the editor shows.

use air_simulation::explore::Exploration;
use air_simulation::report::Report;
use serde::{Deserialize, Serialize};

use crate::host::RunError;
use crate::lsp::Url;

/// The argument of `air.run`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RunParams {
    /// URI of the script.
    pub uri: Url,
    /// Use `NAME.sample.json` beside the script; left out, it is used if it exists.
    #[serde(default)]
    pub sample: Option<bool>,
    /// Name of a case of the sample data.
    #[serde(default)]
    pub case: Option<String>,
    /// Which answers come together: `together`, `single` or `random:SEED`; left out, as sample data says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<String>,
    /// Moves, one a line or with commas between them; left out, as sample data says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
}

impl RunParams {
    /// As a lens without a choice has it.
    pub(crate) fn of(uri: Url) -> RunParams {
        RunParams { uri, sample: None, case: None, answers: None, order: None }
    }

    /// Whether both are runs of the same script with the same answers, perhaps in another order.
    pub(crate) fn same_but_for_order(&self, other: &RunParams) -> bool {
        (&self.uri, self.sample, &self.case) == (&other.uri, other.sample, &other.case)
    }
}

/// How far a run is that has no result yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RunState {
    /// There is no place for it yet.
    Queued,
    /// It is under way.
    Running,
}

impl RunState {
    /// For people.
    pub(crate) fn word(self) -> &'static str {
        match self {
            RunState::Queued => "queued",
            RunState::Running => "running",
        }
    }
}

/// A run and the text that it ran.
#[derive(Debug)]
pub(crate) struct RunResult {
    /// Of that text.
    pub revision: u64,
    /// What was asked for; a run on save asks for the same.
    pub params: RunParams,
    /// What came of it.
    pub result: Result<Report, RunError>,
    /// The ends of the first orders that were followed afterwards, without their moves; `None` if none were.
    pub other_orders: Option<Exploration>,
}

/// All orders of a run, as far as they were followed.
#[derive(Debug)]
pub(crate) struct Explored {
    /// Of that text.
    pub revision: u64,
    /// What was asked for.
    pub params: RunParams,
    /// What came of it.
    pub exploration: Exploration,
}
