//! What can be observed of a run: values, states, requests, waits, errors, each with its place.
//!
//! Without a recorder nothing of this costs anything.
//!
//! # What one run reports
//!
//! [`crate::invoke_watched`] walks the whole script: everything that previous data says is reported once more, in
//! order, as if it happened now. A [`crate::Session`] walks only what it has to. Its step says by
//! [`Recorder::begins`] which of the two it is:
//!
//! - a *whole* walk reports everything, as an invocation does; what it reports replaces whatever earlier steps of
//!   this peer have reported;
//! - a *resumed* one goes on at the call whose answer came in. It reports the instructions around that call as entered,
//!   outermost first, then what newly happens; what was done before is not reported again. What it reports adds to
//!   the earlier steps: a state written at a position replaces the one that was there (the call's "requested" by its
//!   result, a `par`'s sizes by larger ones), a wait of an instruction in an iteration is over when it is left
//!   without one. A step that changes nothing is a resumed one without anything in it.
//!
//! After an uncatchable error all that its step has reported is taken back; the next step is a whole walk.
//!
//! In both every instruction that is entered is also left or failed before the step ends, innermost first, unless an
//! uncatchable error ends it; those around a call that waits are left as they end for now.
//!
//! ```
//! use air_interpreter::recorder::{Place, Recorder, Wait};
//! use air_interpreter::{RunParameters, ParsedScript, Session};
//!
//! /// Notes what is waited for.
//! #[derive(Default)]
//! struct Waits(Vec<String>);
//!
//! impl Recorder for Waits {
//!     fn waits(&mut self, place: Place<'_>, wait: Wait<'_>) {
//!         self.0.push(format!("instruction {}: {wait:?}", place.instr.0));
//!     }
//! }
//!
//! let script = ParsedScript::new("(seq (never) (null))");
//! let params = RunParameters { secret_key: vec![7; 32], ..RunParameters::default() };
//! let mut waits = Waits::default();
//! let mut session = Session::new(&script, params).unwrap();
//! session.watched_step(&[], Default::default(), Some(&mut waits));
//! assert_eq!(waits.0, ["instruction 0: Never"]);
//! ```

use air_semantics::hir::InstrId;

use crate::data::{ExecutedState, Provenance, SecurityTetraplet};
use crate::errors::ExecutionError;
use crate::host::CallRequest;
use crate::value::Value;

/// Where something happens: an instruction, and the element that each fold around it stands on.
#[derive(Debug, Clone, Copy)]
pub struct Place<'m> {
    /// The instruction, as the HIR numbers it.
    pub instr: InstrId,
    /// Folds that are running, outermost first.
    pub iterations: &'m [Iteration],
}

/// The element that a fold stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Iteration {
    /// The `fold`.
    pub fold: InstrId,
    /// Which round of a fold over a stream; 0 for other folds.
    pub round: u32,
    /// Which element, from 0; of a stream, in this round.
    pub index: u32,
}

/// Why an instruction is not done yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait<'m> {
    /// A variable is not there.
    Variable(&'m str),
    /// A stream or map was never written.
    Stream(&'m str),
    /// Another peer has to go on; whether the particle is sent there now.
    Peer {
        /// The id of the peer.
        peer: &'m str,
        /// False if it was sent before.
        sent_now: bool,
    },
    /// The host has the request of that number.
    Host(u32),
    /// A `never`, which waits for ever.
    Never,
}

/// A value that a variable, stream or map gets.
#[derive(Debug, Clone, Copy)]
pub struct Bound<'m> {
    /// Its name, tag included.
    pub name: &'m str,
    /// What it gets; of a canon the array of its values, of a canon map the object of its keys.
    pub value: &'m Value,
    /// Where the value comes from.
    pub tetraplet: &'m SecurityTetraplet,
    /// What vouches for it, with its identifier.
    pub provenance: &'m Provenance,
}

/// An observer of runs. Every method that is not written does nothing. The methods are called while the run goes on, in
/// the order in which things happen; what they are given is lent for the call.
#[allow(unused_variables)]
pub trait Recorder {
    /// A run begins. `resumed`: it reports only what newly happens; the module's page says more.
    fn begins(&mut self, resumed: bool) {}
    /// Said before each instruction: what the invocation holds by now, in bytes, beside the values that were reported. An
    /// estimate that is the same on every machine.
    fn holds(&mut self, bytes: u64) {}
    /// Asked before each instruction: whether the invocation ends here, with error 29006.
    fn stops(&self) -> bool {
        false
    }
    /// An instruction begins.
    fn entered(&mut self, place: Place<'_>) {}
    /// An instruction is done. `complete`: whether what follows in a `seq` may run.
    fn left(&mut self, place: Place<'_>, complete: bool) {}
    /// An instruction failed; `xor`, `par` or a fold over a stream around it may go on.
    fn failed(&mut self, place: Place<'_>, error: &ExecutionError) {}
    /// A variable, stream or map gets a value; an iterator gets each element, at its `fold` or `next`.
    fn bound(&mut self, place: Place<'_>, bound: Bound<'_>) {}
    /// A `match` or `mismatch` compares two values.
    fn compared(&mut self, place: Place<'_>, left: &Value, right: &Value) {}
    /// A canon map has an integer and its text as keys: in an object AquaVM keeps one of them by chance.
    fn mixed_key(&mut self, place: Place<'_>, key: &str) {}
    /// A state is written at a position of the new trace.
    fn wrote(&mut self, place: Place<'_>, position: u32, state: &ExecutedState) {}
    /// The host is asked.
    fn requested(&mut self, place: Place<'_>, id: u32, request: &CallRequest) {}
    /// An instruction waits; it is then left as not complete.
    fn waits(&mut self, place: Place<'_>, wait: Wait<'_>) {}
}
