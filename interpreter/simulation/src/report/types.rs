//! The report's own types: plain data, JSON by serde. Field names are promises to users and scripts.

mod events;
mod execution;
mod outcome;
mod skip;
mod values;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::json::Json;
use super::places::Span;

pub use events::{Asked, Event, EventKind, Fate, Sent};
pub use execution::{Coverage, Executed, NotExecuted, Reason, Request, RunError, Waiting};
pub use outcome::{By, Failure, Outcome, Response, Status};
pub use values::{Iteration, Role, Shown, Tetraplet, ValueAt, Values};

/// Version of the shape of [`Report`].
pub const REPORT_VERSION: u32 = 1;

/// What happened in a run, from its outcome down to single values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Report {
    /// Counts changes that readers have to know of.
    pub version: u32,
    /// What came of it.
    pub outcome: Outcome,
    /// All that happened, in order: deliveries, answers, ticks of the clock, faults. What was sent and asked for says what
    /// became of it.
    #[serde(default)]
    pub events: Vec<Event>,
    /// How the run was ordered.
    #[serde(default)]
    pub schedule: Schedule,
    /// Deliveries in order, with every invocation: the `steps` of a scenario's outcome.
    pub steps: Json,
    /// Who sent the particle to whom, in order.
    pub hops: Vec<(String, String)>,
    /// Peers that the particle was sent to and that are not there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost: Vec<String>,
    /// Deliveries that were dropped on purpose, written as `hops`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<(String, String)>,
    /// Deliveries that were doubled on purpose, written as `hops`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub duplicated: Vec<(String, String)>,
    /// Why the run was stopped before its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<String>,
    /// What each peer kept in the end: the `final` of a scenario's outcome.
    #[serde(rename = "final")]
    pub kept: BTreeMap<String, Json>,
    /// The peer that started the particle.
    #[serde(default)]
    pub init_peer: String,
    /// All peers that took part: name as written in this report, and id.
    #[serde(default)]
    pub peers: BTreeMap<String, String>,
    /// What outputs, streams, canons, iterators and arguments held, in the order of the text.
    #[serde(default)]
    pub values: Vec<Values>,
    /// Instructions that ran, in the order of the text.
    #[serde(default)]
    pub executed: Vec<Executed>,
    /// What did not run and why: outermost instructions, in the order of the text.
    #[serde(default)]
    pub not_executed: Vec<NotExecuted>,
    /// Where the script asked hosts, in order of time; the first thousand. With peer and `id` each is one of the calls
    /// in `steps`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<Request>,
    /// How much of the script ran.
    #[serde(default)]
    pub coverage: Coverage,
    /// Errors in the order in which they came up, caught ones too; each where it began.
    #[serde(default)]
    pub errors: Vec<RunError>,
    /// What was made up because no sample and no service gave it.
    #[serde(default)]
    pub made_up: Vec<MadeUp>,
    /// How many elements made-up arrays have, if values were made up: the first number of several with which the
    /// script came to an end, else the first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub array_length: Option<u32>,
    /// Annotations of the script that cannot be read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
    /// What this run does not show by itself: that other hosts act otherwise, or AquaVM itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Remark>,
    /// What `run-console.print` printed, in order.
    #[serde(default)]
    pub printed: Vec<Printed>,
    /// How long it took, in numbers that are the same each time.
    pub duration: Duration,
    /// The limits that held.
    pub limits: Limits,
}

impl Report {
    /// The report as JSON. Floats inside of values are printed as AquaVM prints them.
    pub fn to_json(&self) -> String {
        // Nothing in a report can fail to print: all keys are strings.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads a report.
    ///
    /// # Errors
    /// If the text is not JSON or not a report, in the words of the JSON reader.
    pub fn from_json(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }
}

/// What chose the order of a run. A run with the same `answers`, and the `order` of each event as its schedule, is this
/// run again.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Schedule {
    /// `together`, `single` or `random:SEED`.
    pub answers: String,
    /// `fifo`, `lifo` or `random:SEED`: what came next after the moves of a schedule.
    pub order: String,
    /// Milliseconds that the particle lived at most; 0: for ever.
    pub ttl: u32,
    /// Whether its life was over before all had happened.
    #[serde(default, skip_serializing_if = "skip::is_false")]
    pub expired: bool,
}

/// A value that was made up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MadeUp {
    /// Where it came in: a call, or where a variable stands.
    pub range: Option<Span>,
    /// What it stands for: `service.function` or a variable.
    pub what: String,
    /// What was made up.
    pub value: Shown,
    /// How often it was used.
    pub count: u64,
}

/// An annotation that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Problem {
    /// Where.
    pub range: Span,
    /// Plain words.
    pub message: String,
}

/// Something that a run does not show by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Remark {
    /// What it is about.
    pub class: RemarkClass,
    /// Where; `None` if it is about no instruction of the script.
    pub range: Option<Span>,
    /// On which peer.
    pub peer: String,
    /// One sentence for people.
    pub text: String,
}

/// What a remark is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RemarkClass {
    /// Nodes and clients differ.
    Host,
    /// A service that nobody has has a name like one that somebody has, or is not simulated.
    Service,
    /// AquaVM itself crashes here or gives one of several results by chance.
    Reference,
}

/// A line of the script's own output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Printed {
    /// The peer that printed.
    pub peer: String,
    /// What.
    pub text: String,
}

/// Measures of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Duration {
    /// Deliveries.
    pub steps: u64,
    /// Invocations of the interpreter.
    pub invocations: u64,
    /// Instructions entered, repetitions included.
    pub instructions: u64,
    /// Milliseconds on the network's own clock.
    pub simulated_ms: u64,
}

/// What a run may use, and how much of it a report shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Limits {
    /// Invocations of the interpreter, on all peers together.
    pub max_steps: u64,
    /// Instructions entered, repetitions included.
    pub max_instructions: u64,
    /// Bytes that the run takes, as an estimate: values, traces, calls and their copies.
    pub max_memory: u64,
    /// Longest text of a value that is shown whole.
    pub value_bytes: u64,
    /// Most values that are shown of one operand.
    pub values: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            max_steps: 10_000,
            max_instructions: 20_000_000,
            max_memory: 256 << 20,
            value_bytes: 64 << 10,
            values: 100,
        }
    }
}
