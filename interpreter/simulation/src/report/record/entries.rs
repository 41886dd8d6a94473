//! What a recording is made of.

use std::rc::Rc;

use air_interpreter::data::SecurityTetraplet;
use air_interpreter::recorder::Iteration;
use air_interpreter::value::Value;
use air_semantics::hir::InstrId;

/// Which limit ends a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExceededLimit {
    Instructions,
    Memory,
}

/// What the event before was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LastEvent {
    Nothing,
    /// An instruction failed with this fault.
    Failed(InstrId, Option<usize>),
}

/// What is known of an instruction.
#[derive(Debug, Clone, Default)]
pub(crate) struct Track {
    pub(crate) entered: bool,
    /// Done at least once, with all that follows free to run.
    pub(crate) complete: bool,
    /// Executions: distinct places, requests of calls.
    pub(crate) times: u64,
    pub(crate) peers: Vec<u32>,
    /// The host was asked, on any peer.
    pub(super) requested: bool,
    /// The last error that left it.
    pub(crate) fault: Option<usize>,
}

/// Which of an instruction's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Slot {
    /// What it sets: output, target, iterator.
    Set,
    /// The argument of this number.
    Argument(u32),
    /// A side of a comparison: 0 or 1.
    Side(u32),
}

/// The values of one operand: the first ones, the last one, and how many.
#[derive(Debug, Default)]
pub(crate) struct Series {
    pub(crate) count: u64,
    pub(crate) values: Vec<HeldValue>,
}

/// A value with its circumstances.
#[derive(Debug)]
pub(crate) struct HeldValue {
    pub(crate) value: Value,
    pub(crate) peer: u32,
    pub(crate) iterations: Box<[Iteration]>,
    pub(crate) tetraplets: Vec<Rc<SecurityTetraplet>>,
    pub(crate) cid: Option<Box<str>>,
}

/// An error where it began.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) instr: Option<InstrId>,
    pub(crate) iterations: Box<[Iteration]>,
    pub(crate) code: i64,
    pub(crate) message: String,
    /// For people.
    pub(crate) text: String,
    pub(crate) peer: u32,
    pub(crate) caught_by: Option<InstrId>,
    /// At least once nothing caught it.
    pub(crate) uncaught: bool,
}

/// What matters for the outcome, in order of time.
#[derive(Debug)]
pub(crate) enum Milestone {
    /// The initiator's response.
    Response { instr: InstrId, arguments: Vec<Value> },
    /// The initiator's error handler.
    Handled { peer: u32, fault: Option<usize>, arguments: Vec<Value> },
    /// The script came to its end.
    Root { peer: u32 },
    /// An invocation ended with an error.
    Uncaught { peer: u32, fault: usize },
}

/// A place that waits.
#[derive(Debug, Clone)]
pub(crate) struct WaitingPlace {
    /// The place as a number.
    pub(crate) place: u64,
    pub(crate) instr: InstrId,
    pub(crate) iterations: Box<[Iteration]>,
    pub(crate) wait: WaitReason,
}

/// What for.
#[derive(Debug, Clone)]
pub(crate) enum WaitReason {
    Variable(Box<str>),
    Peer(Box<str>),
    Host {
        service: Box<str>,
        function: Box<str>,
    },
    Never,
    /// A fold over a stream that may still get elements.
    Elements,
}
