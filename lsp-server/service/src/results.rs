//! Runs that the editor shows.

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
}

impl RunParams {
    /// As a lens without a choice has it.
    pub(crate) fn of(uri: Url) -> RunParams {
        RunParams { uri, sample: None, case: None }
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
}
