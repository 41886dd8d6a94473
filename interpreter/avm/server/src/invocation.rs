//! What goes into an invocation and comes out, and who answers.

use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, Instant};

use air_interpreter::{CallServiceResult, Outcome, ParsedScript, RunParameters, encode_call_results, invoke};

/// One invocation, but for the previous data, which a store has.
#[derive(Debug, Clone, Default)]
pub struct Invocation<'a> {
    /// The script.
    pub script: &'a str,
    /// What has come with the particle; empty where it starts, or where only answers have come in.
    pub data: &'a [u8],
    /// Peer, particle, time, key, limits.
    pub params: RunParameters,
    /// The particle's signature. Particles with one id and different signatures are different.
    pub signature: &'a [u8],
    /// Answers of services, by the number of the request.
    pub call_results: BTreeMap<String, CallServiceResult>,
}

/// An outcome, and what it took.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answer {
    /// What came out.
    pub outcome: Outcome,
    /// How long it ran.
    pub execution_time: Duration,
    /// By how many bytes the instance's memory grew; 0 where there is none.
    pub memory_delta: u64,
}

/// Why there is no outcome. The next invocation is not affected.
#[derive(Debug)]
pub enum RunError {
    /// The module trapped, in these words.
    Trap(String),
    /// It ran longer than it may.
    OutOfTime(Duration),
    /// It needed more bytes of memory than it may have.
    OutOfMemory(u64),
    /// It is no module with AquaVM's interface, or what it gave back is no outcome.
    NotAquaVm(String),
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RunError::Trap(words) => write!(f, "the interpreter trapped: {words}"),
            RunError::OutOfTime(limit) => {
                write!(f, "the invocation took longer than {} ms", limit.as_millis())
            }
            RunError::OutOfMemory(limit) => {
                write!(f, "the invocation needed more than {limit} bytes of memory")
            }
            RunError::NotAquaVm(what) => write!(f, "the module does not have AquaVM's interface: {what}"),
        }
    }
}

impl std::error::Error for RunError {}

/// Who answers invocations.
pub trait Invoke {
    /// One invocation with what the peer has kept of the particle.
    ///
    /// # Errors
    /// If there is no outcome. Errors of the script are in the outcome.
    fn invoke(&mut self, invocation: &Invocation<'_>, prev_data: &[u8]) -> Result<Answer, RunError>;
}

/// The interpreter in this very process: the fastest, without limits of memory and time.
#[derive(Debug, Clone, Copy, Default)]
pub struct Native;

impl Invoke for Native {
    fn invoke(&mut self, invocation: &Invocation<'_>, prev_data: &[u8]) -> Result<Answer, RunError> {
        let start = Instant::now();
        let results = encode_call_results(&invocation.call_results);
        let script = ParsedScript::new(invocation.script);
        let outcome = invoke(&script, prev_data, invocation.data, &invocation.params, &results);
        Ok(Answer { outcome, execution_time: start.elapsed(), memory_delta: 0 })
    }
}
