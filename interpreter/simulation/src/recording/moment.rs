//! One thing that the interpreter said.

use air_semantics::hir::InstrId;

/// The number of a moment in its recording: the order of time, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct MomentId(pub u32);

/// What happened at one moment: 16 bytes; what belongs to it stands in tables of the recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Where, as the script that was given numbers its instructions; [`Moment::NOWHERE`] for what is not of one.
    pub(super) instr: InstrId,
    /// Where the folds around it stand: into the recording's table.
    pub(super) iterations: u32,
    /// Into the table of its kind.
    pub(super) payload: u32,
    /// Into the recording's peers.
    pub(super) peer: u16,
    /// What it is.
    pub kind: MomentKind,
    /// It only tells again what was told before.
    pub again: bool,
}

const _: () = assert!(size_of::<Moment>() == 16);

/// Kinds of moments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MomentKind {
    /// An invocation begins: the particle starts or arrives, or calls are answered.
    Arrived,
    /// An instruction begins.
    Entered,
    /// It is done, and what follows may run.
    Left,
    /// It is left for now: something in it waits.
    Stuck,
    /// It failed.
    Failed,
    /// A variable, stream or map gets a value.
    Bound,
    /// A state is written into the trace.
    Wrote,
    /// The host is asked.
    Requested,
    /// An instruction waits.
    Waits,
    /// The host has an answer ready, or none for ever.
    Answered,
    /// A particle is sent.
    Sent,
    /// The invocation is over.
    Ended,
    /// The run is over.
    End,
}

impl Moment {
    /// No instruction of the script that was given.
    pub(super) const NOWHERE: InstrId = InstrId(u32::MAX);

    /// The instruction, if it is one of the script that was given.
    pub fn instr(&self) -> Option<InstrId> {
        (self.instr != Moment::NOWHERE).then_some(self.instr)
    }
}
