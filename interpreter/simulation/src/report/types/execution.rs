//! Which parts of the script ran, which did not, and why.

use serde::{Deserialize, Serialize};

use super::skip::is_false;
use super::values::Iteration;
use crate::report::places::Span;

/// An instruction that ran.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Executed {
    /// The instruction.
    pub range: Span,
    /// How often, iterations counted; an execution that data only repeats on another peer does not count.
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

/// Why something did not run or is not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Reason {
    /// The particle never arrives, though its peer is there.
    Lost {
        /// Who sent it.
        from: String,
        /// Who would get it.
        peer: String,
        /// Why, in plain words.
        why: String,
    },
    /// The answer would come after the particle's life.
    Expired {
        /// The peer that asks.
        peer: String,
        /// The service.
        service: String,
        /// The function.
        function: String,
        /// When it would come, in milliseconds after the start.
        at: u64,
        /// Milliseconds that the particle lives.
        ttl: u32,
    },
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
    /// AquaVM rejects the script.
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
