//! What happened: events, invocations, calls.

use air_interpreter::CallRequest;
use air_interpreter::recorder::Iteration;
use air_semantics::hir::InstrId;

use super::observer::{Cause, Fate};
use super::service::Answer;

/// One event: a peer runs until it has nothing more to ask.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The peer.
    pub peer: String,
    /// Why.
    pub cause: Cause,
    /// When: simulated milliseconds since the start.
    pub time: u64,
    /// Invocations.
    pub runs: Vec<Invocation>,
    /// Where the data went then.
    pub sent: Vec<Sent>,
}

/// One particle sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The receiver.
    pub to: String,
    /// What becomes of it.
    pub fate: Fate,
}

/// One invocation.
#[derive(Debug, Clone, PartialEq)]
pub struct Invocation {
    /// 0: success; see [`air_interpreter::errors::PAGES`].
    pub ret_code: i64,
    /// Empty after success.
    pub error_message: String,
    /// Calls in the order in which they were answered.
    pub calls: Vec<Call>,
    /// Peers that the run names, in the order of their names.
    pub next: Vec<String>,
    /// See [`Outcome`].
    pub air_size_limit_exceeded: bool,
    /// See [`Outcome`].
    pub particle_size_limit_exceeded: bool,
    /// See [`Outcome`].
    pub call_result_size_limit_exceeded: bool,
}

/// A call and its answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The request's number on its peer.
    pub id: u32,
    /// What is asked.
    pub request: CallRequest,
    /// The instruction; `None` only if the interpreter did not say.
    pub instr: Option<InstrId>,
    /// The elements that the folds around it stand on.
    pub iterations: Vec<Iteration>,
    /// The answer.
    pub answer: Answer,
}
