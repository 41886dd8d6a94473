//! The report of a run: what came of it, and for each place of the script what happened there.
//!
//! Plain data, written as JSON by [`Report::to_json`]. Adding fields is free, changing them is not;
//! [`REPORT_VERSION`] counts changes that readers have to know of. Peers are written as in scenarios:
//! `@name` where the run knows a name, else the id. Ranges are bytes of the script as it was given.

mod beside;
mod build;
mod json;
mod outcome;
mod places;
mod reasons;
mod record;
mod show;
mod sizes;
mod values;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use beside::{Beside, Note, NoteKind, as_comments, beside};
pub use json::Json;
pub use places::{Places, Span};

pub(crate) use build::Facts;
pub(crate) use record::Recording;

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
    /// What nobody gave and was made up.
    #[serde(default)]
    pub made_up: Vec<MadeUp>,
    /// How many elements made-up arrays have, if values were made up: the first number of several with which the
    /// script came to an end, else the first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub array_length: Option<u32>,
    /// Annotations of the script that cannot be read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
    /// What `run-console.print` printed, in order.
    #[serde(default)]
    pub printed: Vec<Printed>,
    /// How long it took, in numbers that are the same each time.
    pub duration: Duration,
    /// The limits that held.
    pub limits: Limits,
}

/// What came of a run; separate facts are separate fields.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Outcome {
    /// In one word.
    pub status: Status,
    /// What the word rests on.
    pub by: By,
    /// One sentence for people.
    pub text: String,
    /// Calls of the initiator's `callbackSrv.response`, in order.
    #[serde(default)]
    pub responses: Vec<Response>,
    /// The peer on which the whole script came to its end without an error, if any did.
    #[serde(default)]
    pub root: Option<String>,
    /// What was handed to `errorHandlingSrv.error` and what nobody caught, in order.
    #[serde(default)]
    pub failures: Vec<Failure>,
    /// What still waits in the end, also after completion.
    #[serde(default)]
    pub waiting: Vec<Waiting>,
}

/// The outcome in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The response came before any error, or the whole script is done.
    Completed,
    /// An error reached the initiator's handler, or nobody caught it.
    Failed,
    /// Nothing can move any more and neither of the above happened.
    #[default]
    Waiting,
    /// A limit ended the run.
    Stopped,
}

/// What an outcome rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The response.
    Response,
    /// The end of the whole script.
    Root,
    /// An error that was handed to the handler.
    ErrorHandler,
    /// An error that nobody caught.
    Error,
    /// What is waited for.
    #[default]
    Wait,
    /// A limit.
    Limit,
}

/// An answer to the initiator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Response {
    /// The call.
    pub range: Span,
    /// Its arguments.
    pub values: Vec<Shown>,
    /// Whether an error had come before.
    pub after_error: bool,
}

/// An error that counts for the outcome.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Failure {
    /// Where it began; `None` if it began before the script did.
    pub range: Option<Span>,
    /// AquaVM's number.
    pub code: i64,
    /// Its message.
    pub message: String,
    /// The same for people, in one sentence.
    #[serde(default)]
    pub text: String,
    /// Where it came to its end.
    pub peer: String,
    /// Whether the script handed it to `errorHandlingSrv.error`.
    pub handled: bool,
    /// Whether the response had come before.
    pub after_response: bool,
}

/// A place that waits at the end of the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Waiting {
    /// The instruction.
    pub range: Span,
    /// On which peer.
    pub peer: String,
    /// In which iteration.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub iteration: Vec<Iteration>,
    /// For what.
    pub reason: Reason,
    /// One sentence for people.
    pub text: String,
}

/// All values that one operand had.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Values {
    /// The operand.
    pub range: Span,
    /// The instruction around it.
    pub instruction: Span,
    /// What the operand is there for.
    pub role: Role,
    /// The operand as it is written.
    pub name: String,
    /// How many values it had; more than `values` has when these are only the first ones and the last.
    pub count: u64,
    /// The values, in order of time.
    pub values: Vec<ValueAt>,
}

/// What an operand is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The variable that a call's result goes to.
    Output,
    /// An argument of a call.
    Argument,
    /// The variable that `ap` or `canon` sets.
    Target,
    /// A fold's iterator.
    Iterator,
    /// A side of a `match` or `mismatch`.
    Side,
}

/// One value of an operand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ValueAt {
    /// The value.
    pub value: Shown,
    /// The peer that got it first.
    pub peer: String,
    /// In which iteration of the folds around it, outermost first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub iteration: Vec<Iteration>,
    /// Where it comes from; of a canon as an argument, one for each element.
    pub tetraplets: Vec<Tetraplet>,
    /// The identifier of the service result or canon that vouches for it; literals have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cid: Option<String>,
    /// Whether nobody gave it and it was made up.
    #[serde(default, skip_serializing_if = "is_false")]
    pub made_up: bool,
}

/// A value as a reader sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Shown {
    /// The value itself; `null` if its text is longer than `limits.value_bytes`.
    pub json: Option<Json>,
    /// A short form for one line.
    pub short: String,
    /// Bytes of the whole text.
    pub size: u64,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Tetraplet {
    /// The peer.
    pub peer_pk: String,
    /// The service.
    pub service_id: String,
    /// The function.
    pub function_name: String,
    /// What was taken out of the result.
    pub lens: String,
}

/// The element that a fold stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Iteration {
    /// Where the `fold` begins in the text.
    pub fold: u32,
    /// Which round of a fold over a stream; 0 for other folds.
    pub round: u32,
    /// Which element, from 0; of a stream, in this round.
    pub index: u32,
}

/// An instruction that ran.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Executed {
    /// The instruction.
    pub range: Span,
    /// How often, iterations counted; an execution that data only repeats on another peer is none.
    pub times: u64,
    /// Where, in order of time.
    pub peers: Vec<String>,
    /// Whether it came to its end at least once.
    pub complete: bool,
    /// Whether it is a call.
    #[serde(default, skip_serializing_if = "is_false")]
    pub call: bool,
}

/// A call's request to its host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Request {
    /// The call.
    pub range: Span,
    /// The peer that asks.
    pub peer: String,
    /// The request's number on that peer.
    pub id: u32,
}

/// A part of the script that did not run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NotExecuted {
    /// Its outermost instruction.
    pub range: Span,
    /// Instructions in it.
    pub instructions: u32,
    /// Why.
    pub reason: Reason,
    /// One sentence for people.
    pub text: String,
}

/// Why something did not run or is not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Reason {
    /// A variable or stream has no value here.
    Variable {
        /// Its name, tag included.
        name: String,
        /// Where it would be set.
        set_at: Option<Span>,
        /// The peer that would set it, if that is known.
        peer: Option<String>,
    },
    /// A peer that is not there.
    Unreachable {
        /// The peer.
        peer: String,
    },
    /// Another peer has to go on, and did not.
    Peer {
        /// The peer.
        peer: String,
    },
    /// A service did not answer.
    Unanswered {
        /// The peer that asked.
        peer: String,
        /// The service.
        service: String,
        /// The function.
        function: String,
    },
    /// `never`
    Never,
    /// An instruction before it is not done.
    Blocked {
        /// The instruction that waits.
        by: Span,
    },
    /// An instruction before it failed.
    AfterError {
        /// Where the error began.
        at: Span,
        /// AquaVM's number.
        code: i64,
    },
    /// The other branch of an `xor` did not fail.
    NoError {
        /// The branch that did not fail.
        branch: Span,
    },
    /// The comparison of a `match` or `mismatch` went the other way.
    Comparison {
        /// The comparing instruction.
        at: Span,
        /// Whether the two sides were equal.
        equal: bool,
        /// The two sides in short, at the last comparison.
        sides: Option<(String, String)>,
    },
    /// A fold over nothing.
    Empty {
        /// The fold.
        fold: Span,
    },
    /// A fold over a stream that has had all elements so far, but more may come.
    Elements {
        /// The stream.
        stream: String,
    },
    /// AquaVM does not accept the script.
    Rejected,
    /// The last instruction of a fold whose end was not reached.
    NoEnd {
        /// The fold.
        fold: Span,
    },
    /// The run was stopped before.
    Stopped,
    /// The particle never came here.
    NotReached,
}

/// How much of a script ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Coverage {
    /// Instructions in the script.
    pub instructions: u32,
    /// Those that ran.
    pub executed: u32,
    /// Calls in the script.
    pub calls: u32,
    /// Those that were made.
    pub calls_executed: u32,
}

/// An error of the script.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RunError {
    /// The instruction that failed; `None` if the invocation ended before or after the script ran.
    pub range: Option<Span>,
    /// AquaVM's number.
    pub code: i64,
    /// Its message.
    pub message: String,
    /// The same for people, in one sentence.
    #[serde(default)]
    pub text: String,
    /// On which peer.
    pub peer: String,
    /// In which iteration.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub iteration: Vec<Iteration>,
    /// What caught it: an `xor`, a `par`, a `fold`; `None` if nothing did.
    pub caught_by: Option<Span>,
    /// Whether it only hands an earlier error on (`fail :error:`).
    #[serde(default, skip_serializing_if = "is_false")]
    pub again: bool,
}

/// Something that nobody gave.
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
    /// Bytes that values take, as an estimate; also of one value written out as text.
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

impl Report {
    /// The report as JSON. Floats inside of values are printed as AquaVM prints them.
    pub fn to_json(&self) -> String {
        // Nothing in a report can fail to print: all keys are strings.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads a report.
    ///
    /// # Errors
    /// If it is none.
    pub fn from_json(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde wants a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}
