//! How tests ended, and how much of their scripts ran.

use std::collections::HashSet;
use std::time::Duration;

use air_simulation::report::Report;
use schemars::JsonSchema;
use serde::Serialize;

use super::compare::Mismatch;
use super::places::Place;

/// One test.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct Test {
    /// `PATH` or `PATH::CASE`.
    pub(super) name: String,
    /// The script.
    pub(super) path: String,
    /// Its sample data.
    pub(super) sample: String,
    /// The case of its sample data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) case: Option<String>,
    /// Where in the sample data the case or `expect` begins.
    #[serde(flatten)]
    pub(super) place: Option<Place>,
    /// How it ended.
    pub(super) status: Status,
    /// What is not as expected.
    pub(super) problems: Vec<Mismatch>,
    /// What came of the run, in one sentence; empty if there was none.
    pub(super) outcome: String,
    /// How long it took, in milliseconds.
    #[serde(rename = "duration_ms", serialize_with = "milliseconds")]
    #[schemars(with = "f64")]
    pub(super) time: Duration,
}

/// How a test ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Status {
    /// All is as expected.
    Passed,
    /// Something is not.
    Failed,
    /// It would have failed, but what it expects was rewritten.
    Blessed,
    /// It was not run (`--list`).
    Listed,
}

fn milliseconds<S: serde::Serializer>(time: &Duration, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_f64((time.as_secs_f64() * 1e6).round() / 1e3)
}

/// How much of a script ran in all its tests together.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[schemars(rename = "Covered")]
pub(super) struct Coverage {
    /// The script.
    pub(super) path: String,
    /// Instructions in it.
    pub(super) instructions: usize,
    /// Those that ran in any test.
    pub(super) executed: usize,
    /// Calls in it.
    pub(super) calls: usize,
    /// Those that were made in any test.
    pub(super) calls_executed: usize,
}

/// What became of one script.
#[derive(Debug, Default)]
pub(super) struct ScriptResults {
    pub(super) tests: Vec<Test>,
    pub(super) covered: Option<Coverage>,
    /// Sample data or cases that expect nothing.
    pub(super) without: usize,
    /// Tests that the filter leaves out.
    pub(super) filtered: usize,
    /// Sample data that cannot do what it was written for, a line each.
    pub(super) warnings: Vec<String>,
}

/// Instructions that ran in any test of a script.
#[derive(Debug, Default)]
pub(super) struct CoverageCount {
    ran: HashSet<(u32, u32)>,
    calls: HashSet<(u32, u32)>,
    of: air_simulation::report::Coverage,
}

impl CoverageCount {
    pub(super) fn add(&mut self, report: &Report) {
        self.of = report.coverage;
        for executed in &report.executed {
            let range = (executed.range.start, executed.range.end);
            self.ran.insert(range);
            if executed.call {
                self.calls.insert(range);
            }
        }
    }

    pub(super) fn covered(&self, path: String) -> Coverage {
        Coverage {
            path,
            instructions: self.of.instructions as usize,
            executed: self.ran.len(),
            calls: self.of.calls as usize,
            calls_executed: self.calls.len(),
        }
    }
}
