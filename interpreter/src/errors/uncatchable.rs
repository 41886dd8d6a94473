//! Errors that end an invocation with the previous data (20000…), in the order of their codes.

use std::fmt;
use std::rc::Rc;

use crate::data::{ApResult, CallResult, CanonResult, ExecutedState, FoldResult, ParResult, ValueRef};

/// An error that no script can handle.
#[derive(Debug, Clone, PartialEq)]
pub enum Uncatchable {
    /// 20000: previous and current data do not fit each other or the script.
    Trace {
        /// The instruction, printed.
        instruction: String,
        /// What does not fit.
        error: Box<TraceError>,
    },
    /// 20001: a value of a stream points to no state.
    GenerationPosition(u32),
    /// 20001: a value of a stream points to a state without generation.
    GenerationState(ExecutedState, u32),
    /// 20002: a trace with more states than positions can count.
    IntConversion(String),
    /// 20003: `next` of an iterator whose `fold` does not run.
    FoldStateNotFound(Rc<str>),
    /// 20004: a call into the iterator of a running `fold`.
    IterableShadowing(Rc<str>),
    /// 20005: two folds inside each other with one iterator.
    MultipleIterables(Rc<str>),
    /// 20006: data has a value for another kind of output than the call has.
    CallResultKind(ValueRef),
    /// 20007: a variable is set twice outside of folds.
    Shadowing(Rc<str>),
    /// 20008: a `new` ends at another depth of folds than it began; does not happen.
    ScopeCorrupted(Rc<str>, u32),
    /// 20010: the trace refers to a content that the stores lack.
    NotInStore {
        /// `value`, `tetraplet`, `canon aggregate`, …
        kind: &'static str,
        /// The identifier.
        cid: Rc<str>,
    },
    /// 20012: the value of a failed call does not describe a failure.
    MalformedFailure(String),
    /// 20013: a stream gets its 1,024th value.
    StreamSize,
    /// 20014: an element of a canon map in the data is not a pair of key and value; AquaVM's message.
    StreamMapPair(&'static str),
    /// 20016: a canon of a map into a scalar has no element in the data.
    CanonMapScalar,
    /// 20017: data was made by another call or canon than the one in the script.
    ParametersMismatch {
        /// `call argument_hash`, `call tetraplet` or `canon tetraplet`.
        what: &'static str,
        /// What the script gives.
        expected: String,
        /// What data has.
        got: String,
    },
    /// 29000, ours: a value in the store is not JSON.
    NotJson {
        /// The identifier.
        cid: Rc<str>,
        /// Why.
        error: String,
    },
    /// 29001, ours: data has an answer for a call whose arguments are not known.
    AnswerWithoutArguments,
    /// 29002, ours: one name is a variable and an iterator.
    VariableAndIterator(Rc<str>),
    /// 29003, ours: an error code that does not fit a signed number.
    ErrorCodeRange(u64),
    /// 29004, ours: values nest too deep.
    ValueDepth(u32),
    /// 29005, ours: positions in foreign data that cannot be reached.
    Position,
    /// 29006, ours: the recorder ends the invocation, because of a limit of its own.
    Stopped,
    /// 29007, ours: the previous data has used up the numbers of calls.
    CallIdsSpent,
    /// 29008, ours: values were written to a stream outside of an open `new` of its name, which AquaVM loses.
    StreamLost,
}

impl Uncatchable {
    /// AquaVM's number, 29000 and more for ours.
    pub fn code(&self) -> i64 {
        match self {
            Uncatchable::Trace { .. } => 20000,
            Uncatchable::GenerationPosition(_) | Uncatchable::GenerationState(..) => 20001,
            Uncatchable::IntConversion(_) => 20002,
            Uncatchable::FoldStateNotFound(_) => 20003,
            Uncatchable::IterableShadowing(_) => 20004,
            Uncatchable::MultipleIterables(_) => 20005,
            Uncatchable::CallResultKind(_) => 20006,
            Uncatchable::Shadowing(_) => 20007,
            Uncatchable::ScopeCorrupted(..) => 20008,
            Uncatchable::NotInStore { .. } => 20010,
            Uncatchable::MalformedFailure(_) => 20012,
            Uncatchable::StreamSize => 20013,
            Uncatchable::StreamMapPair(_) => 20014,
            Uncatchable::CanonMapScalar => 20016,
            Uncatchable::ParametersMismatch { .. } => 20017,
            Uncatchable::NotJson { .. } => 29000,
            Uncatchable::AnswerWithoutArguments => 29001,
            Uncatchable::VariableAndIterator(_) => 29002,
            Uncatchable::ErrorCodeRange(_) => 29003,
            Uncatchable::ValueDepth(_) => 29004,
            Uncatchable::Position => 29005,
            Uncatchable::Stopped => 29006,
            Uncatchable::CallIdsSpent => 29007,
            Uncatchable::StreamLost => 29008,
        }
    }
}

impl fmt::Display for Uncatchable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Uncatchable::Trace { instruction, error } => {
                write!(f, "on instruction '{instruction}' trace handler encountered an error: {error}")
            }
            Uncatchable::GenerationPosition(position) => {
                write!(f, "trying to change generation of an invalid trace position {position}")
            }
            Uncatchable::GenerationState(state, position) => write!(
                f,
                "trying to change generation of a state {state} on {position} position, the state doesn't contain \
                 generation"
            ),
            Uncatchable::IntConversion(error) => {
                write!(f, "trying to cast integer types, there is an error {error}")
            }
            Uncatchable::FoldStateNotFound(name) => {
                write!(f, "fold state not found for this iterable '{name}'")
            }
            Uncatchable::IterableShadowing(name) => {
                write!(
                    f,
                    "variable with name '{name}' can't be shadowed, shadowing isn't supported for iterables"
                )
            }
            Uncatchable::MultipleIterables(name) => {
                write!(f, "multiple iterable values found for iterable name '{name}'")
            }
            Uncatchable::CallResultKind(value) => {
                write!(f, "call result value {value:?} doesn't match with corresponding instruction")
            }
            Uncatchable::Shadowing(name) => {
                write!(
                    f,
                    "trying to shadow variable '{name}', but shadowing is allowed only inside fold blocks"
                )
            }
            Uncatchable::ScopeCorrupted(name, depth) => {
                write!(
                    f,
                    "new end block tries to pop up a variable '{name}' that wasn't defined at depth {depth}"
                )
            }
            Uncatchable::NotInStore { kind, cid } => {
                write!(f, "{kind} for CID {:?} not found", crate::data::Cid(cid.clone()))
            }
            Uncatchable::MalformedFailure(error) => {
                write!(f, "failed to deserialize to CallServiceFailed: {error}")
            }
            Uncatchable::StreamSize => f.write_str("stream size goes over the allowed limit of 1024"),
            Uncatchable::StreamMapPair(message) => f.write_str(message),
            Uncatchable::CanonMapScalar => f.write_str("can not find JValue to produce scalar from"),
            Uncatchable::ParametersMismatch { what, expected, got } => {
                write!(f, "{what} doesn't match expected parameters: expected {expected}, got {got} ")
            }
            Uncatchable::NotJson { cid, error } => {
                write!(f, "the value of {cid:?} in the data is not JSON: {error}")
            }
            Uncatchable::AnswerWithoutArguments => {
                f.write_str("the data has an answer for a call whose arguments are not known yet")
            }
            Uncatchable::VariableAndIterator(name) => {
                write!(f, "'{name}' is both a variable and an iterator here")
            }
            Uncatchable::ErrorCodeRange(code) => write!(f, "error code {code} is too large"),
            Uncatchable::ValueDepth(limit) => write!(f, "a value nests deeper than {limit} levels"),
            Uncatchable::Position => f.write_str("the data points far outside of its trace"),
            Uncatchable::Stopped => f.write_str("stopped by a limit of the run"),
            Uncatchable::CallIdsSpent => f.write_str("the data has used up the numbers of calls"),
            Uncatchable::StreamLost => f.write_str(
                "values of a stream were lost when it was written to outside of an open `new` of its name",
            ),
        }
    }
}

/// What the handler of traces finds wrong.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "the messages below say it")]
pub enum TraceError {
    IncompatibleStates(ExecutedState, ExecutedState),
    UnexpectedState {
        state: ExecutedState,
        source: &'static str,
        expected: &'static str,
    },
    Generations(ApResult),
    ValuesNotEqual(ValueRef, ValueRef),
    IncompatibleCallResults(CallResult, CallResult),
    IncompatibleCanons(CanonResult, CanonResult),
    SubtraceLenOverflow(FoldResult, usize),
    SamePosition(FoldResult, u32),
    SubtracesCount(usize),
    SubtraceLen {
        size: usize,
        position: u32,
        length: u32,
    },
    SubtraceLenAndPosition {
        size: usize,
        length: u32,
        position: u32,
    },
    NoElement {
        position: u32,
        size: usize,
    },
    NoStreamState(ExecutedState),
    ParQueueIsEmpty,
    FoldNotFound(u32),
    ParLenOverflow(ParResult),
    ParPosOverflow(ParResult, u32),
    ParLenUnderflow(ParResult, u32),
    FoldPosOverflow {
        fold: String,
        position: u32,
        side: &'static str,
    },
    FoldLenUnderflow {
        fold: String,
        position: u32,
        side: &'static str,
    },
    /// Ours: the reference traps here.
    Position,
}

impl fmt::Display for TraceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TraceError::IncompatibleStates(prev, current) => {
                write!(f, "previous and current data have incompatible states: '{prev:?}' '{current:?}'")
            }
            TraceError::UnexpectedState { state, source, expected } => {
                write!(f, "state from {source} `{state:?}` is incompatible with expected {expected}")
            }
            TraceError::Generations(ap) => {
                write!(f, "{ap:?} ap result contains inappropriate generation count in destination")
            }
            TraceError::ValuesNotEqual(prev, current) => {
                write!(f, "values in call results are not equal: {prev:?} != {current:?}")
            }
            TraceError::IncompatibleCallResults(prev, current) => {
                write!(f, "previous and current call results are incompatible: '{prev:?}' '{current:?}'")
            }
            TraceError::IncompatibleCanons(prev, current) => {
                write!(f, "canon results {prev:?} {current:?} points to incompatible execution states")
            }
            TraceError::SubtraceLenOverflow(fold, count) => {
                write!(f, "the first {count} subtrace descriptors lens of fold {fold:?} overflows")
            }
            TraceError::SamePosition(fold, position) => {
                write!(f, "{fold:?} contains several subtraces with the same value_pos {position}")
            }
            TraceError::SubtracesCount(count) => {
                write!(f, "fold contains {count} sublore descriptors, but 2 is expected")
            }
            TraceError::SubtraceLen { size, position, length } => write!(
                f,
                "executed trace has {size} elements and current position is {position}, but tried to set {length} \
                 subtrace_len"
            ),
            TraceError::SubtraceLenAndPosition { size, length, position } => write!(
                f,
                "executed trace has {size} elements, but tried to set {length} subtrace_len and {position} position"
            ),
            TraceError::NoElement { position, size } => write!(
                f,
                "requested an element at position '{position}', but executed trace contains only '{size}' elements"
            ),
            TraceError::NoStreamState(state) => {
                write!(f, "expected a state of CallResult(Value::Stream) or Ap types but '{state}' obtained")
            }
            TraceError::ParQueueIsEmpty => f.write_str("par queue is empty, while par FSM is requested"),
            TraceError::FoldNotFound(id) => write!(f, "fold FSM for fold id {id} wasn't found"),
            TraceError::ParLenOverflow(par) => write!(
                f,
                "overflow is occurred while calculating the entire len occupied by executed states corresponded to \
                 current par: '{par:?}'"
            ),
            TraceError::ParPosOverflow(par, position) => write!(
                f,
                "overflow is occurred while calculating the new position of a previous slider for resolved par \
                 {par:?} and current position {position}'"
            ),
            TraceError::ParLenUnderflow(par, length) => write!(
                f,
                "underflow is occurred while calculating the new position of a current slider for resolved par \
                 {par:?} and current subtrace len {length}'"
            ),
            TraceError::FoldPosOverflow { fold, position, side } => write!(
                f,
                "overflow is occurred while calculating the new position of a {side} slider for resolved fold {fold} \
                 and current position {position}'"
            ),
            TraceError::FoldLenUnderflow { fold, position, side } => write!(
                f,
                "underflow is occurred while calculating the new position of a {side} slider for resolved fold \
                 {fold} and current subtrace len {position}'"
            ),
            TraceError::Position => f.write_str("the data points far outside of its trace"),
        }
    }
}
