//! What happened: events, invocations, calls.

use air_interpreter::CallRequest;
use air_interpreter::recorder::Iteration;
use air_semantics::hir::InstrId;

use super::observer::{Cause, Fate};
use super::service::Answer;

/// What a peer does with what comes in; if answers come together, until it has nothing more to ask.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The id of the peer that runs.
    pub peer: String,
    /// What made it run.
    pub cause: Cause,
    /// When: simulated milliseconds since the start.
    pub time: u64,
    /// At least one invocation; one more after each that got answers at once.
    pub runs: Vec<Invocation>,
    /// Where the data went after the last invocation, in the order of the peers' names.
    pub sent: Vec<Delivery>,
}

/// A particle that a peer sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The id of the receiver.
    pub to: String,
    /// What becomes of it.
    pub fate: Fate,
}

/// One invocation of the interpreter.
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
    /// The script is longer than its limit allows.
    pub air_size_limit_exceeded: bool,
    /// The data that came in is longer than its limit allows.
    pub particle_size_limit_exceeded: bool,
    /// A result of a call is longer than its limit allows.
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
