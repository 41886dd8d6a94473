//! What came of a run, in one word and in separate facts.

use serde::{Deserialize, Serialize};

use super::execution::Waiting;
use super::values::Shown;
use crate::report::places::Span;

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
    /// What was handed to `errorHandlingSrv.error` and what nothing caught, in order.
    #[serde(default)]
    pub failures: Vec<Failure>,
    /// What still waits in the end, also after completion. What waits for ever by design (`never` in a branch of a `par`) is
    /// only among it if nothing else keeps the run from its end.
    #[serde(default)]
    pub waiting: Vec<Waiting>,
    /// Whether the particle went to others and never came back to the peer that started it, which so learns nothing
    /// until the particle's life is over.
    #[serde(default, skip_serializing_if = "super::skip::is_false")]
    pub unheard: bool,
}

/// The outcome in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The response came before any error, or the whole script is done.
    Completed,
    /// An error reached the initiator's handler, or nothing caught it.
    Failed,
    /// Nothing can continue and neither of the above happened.
    #[default]
    Waiting,
    /// A limit ended the run.
    Stopped,
    /// The script is done, but nothing tells the peer that started the particle, which waits until the particle's life
    /// is over.
    Unheard,
}

impl Status {
    /// The word, as sample data and JSON have it.
    pub fn word(self) -> &'static str {
        match self {
            Status::Completed => "completed",
            Status::Failed => "failed",
            Status::Waiting => "waiting",
            Status::Stopped => "stopped",
            Status::Unheard => "unheard",
        }
    }
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
    /// An error that nothing caught.
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
