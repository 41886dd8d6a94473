//! A run as a list of moments, with what belongs to each.

use std::rc::Rc;

use air_interpreter::data::ExecutedState;
use air_interpreter::peers::Peers;
use air_interpreter::recorder::Iteration;
use air_interpreter::value::Value;
use air_semantics::Script;
use air_semantics::hir::{Hir, InstrId};
use rustc_hash::FxHashMap;

use super::moment::{Moment, MomentId, MomentKind};
use super::tape::{Asked, Binding, Failure, Invocation, Waited};
use crate::report::Report;

/// A name and what was bound to it, in order of time.
type BoundName = (Rc<str>, Vec<u32>);

/// A run as a list of moments.
#[derive(Debug)]
pub struct Recording {
    /// The script that was given.
    pub script: Script,
    /// What came of the run.
    pub report: Report,
    pub(super) moments: Vec<Moment>,
    pub(super) invocations: Vec<Invocation>,
    /// By invocation: from where on its peer's state counts, as an invocation.
    pub(super) bases: Vec<u32>,
    /// By event, from 1: its invocation.
    pub(super) of_event: FxHashMap<u64, u32>,
    pub(super) shown_peers: Vec<String>,
    pub(super) all_peers: Peers,
    pub(super) iterations: Vec<Rc<[Iteration]>>,
    pub(super) bindings: Vec<Binding>,
    pub(super) failures: Vec<Failure>,
    pub(super) writes: Vec<(u32, ExecutedState)>,
    pub(super) asked: Vec<Asked>,
    pub(super) waited: Vec<Waited>,
    /// Moments on which single steps stop.
    pub(super) stops: Vec<u32>,
    /// The same with instructions that only hold others together.
    pub(super) all_stops: Vec<u32>,
    /// Moments at which values are bound: by peer and name, in order of time.
    pub(super) bound: FxHashMap<u16, Vec<BoundName>>,
    /// Moments at which errors came up, in order of time.
    pub(super) failed: Vec<u32>,
    /// Moments at which states were written, by peer.
    pub(super) wrote: FxHashMap<u16, Vec<u32>>,
    /// The first moment at which the value of a place was bound.
    pub(super) first_bound: FxHashMap<u64, u32>,
    /// The request of a place.
    pub(super) asked_at: FxHashMap<u64, u32>,
}

impl Recording {
    pub(super) fn hir(&self) -> &Hir {
        self.script.hir()
    }

    /// How many moments there are; at least one.
    pub fn len(&self) -> usize {
        self.moments.len()
    }

    /// Never: there is always the end.
    pub fn is_empty(&self) -> bool {
        self.moments.is_empty()
    }

    /// What happened at a moment.
    pub fn moment(&self, at: MomentId) -> Moment {
        let last = || self.moments.last().copied();
        let none = Moment {
            instr: Moment::NOWHERE,
            iterations: 0,
            payload: 0,
            peer: 0,
            kind: MomentKind::End,
            again: false,
        };
        self.moments.get(at.0 as usize).copied().or_else(last).unwrap_or(none)
    }

    /// The peers that ran, in the order in which they began, as reports show them.
    pub fn peers(&self) -> &[String] {
        &self.shown_peers
    }

    /// Which of [`Recording::peers`] a moment is on.
    pub fn peer_of(&self, at: MomentId) -> usize {
        usize::from(self.moment(at).peer)
    }

    /// The invocation that a moment is in.
    pub fn invocation_of(&self, at: MomentId) -> Option<&Invocation> {
        self.invocations.get(self.invocation_number(at)?)
    }

    pub(super) fn invocation_number(&self, at: MomentId) -> Option<usize> {
        self.invocations.partition_point(|invocation| invocation.first <= at.0).checked_sub(1)
    }

    /// The moments of an invocation, what follows it on its peer included.
    pub(super) fn moments_of(&self, invocation: usize) -> std::ops::Range<u32> {
        let first = self.invocations.get(invocation).map_or(0, |invocation| invocation.first);
        let next = self.invocations.get(invocation + 1).map(|invocation| invocation.first);
        first..next.unwrap_or_else(|| u32::try_from(self.moments.len()).unwrap_or(u32::MAX))
    }

    /// Where the folds around a moment stand, outermost first.
    pub fn iterations_of(&self, at: MomentId) -> &[Iteration] {
        self.iterations_at(&self.moment(at))
    }

    pub(super) fn iterations_at(&self, moment: &Moment) -> &[Iteration] {
        self.iterations.get(moment.iterations as usize).map_or(&[], |iterations| iterations)
    }

    /// The error of a moment at which something failed.
    pub fn failure(&self, at: MomentId) -> Option<&Failure> {
        let moment = self.moment(at);
        let failed = moment.kind == MomentKind::Failed;
        self.failures.get(moment.payload as usize).filter(|_| failed)
    }

    /// The value that is bound at a moment.
    pub fn binding(&self, at: MomentId) -> Option<&Binding> {
        let moment = self.moment(at);
        let bound = moment.kind == MomentKind::Bound;
        self.bindings.get(moment.payload as usize).filter(|_| bound)
    }

    /// The call that is requested or answered at a moment.
    pub fn asked(&self, at: MomentId) -> Option<&Asked> {
        let moment = self.moment(at);
        let asked = matches!(moment.kind, MomentKind::Requested | MomentKind::Answered);
        self.asked.get(moment.payload as usize).filter(|_| asked)
    }

    /// What is waited for at a moment.
    pub fn waited(&self, at: MomentId) -> Option<&Waited> {
        let moment = self.moment(at);
        let waits = moment.kind == MomentKind::Waits;
        self.waited.get(moment.payload as usize).filter(|_| waits)
    }

    /// A value with the names of peers in the place of their ids.
    pub fn show_value(&self, value: &Value) -> Value {
        self.all_peers.show_value(value)
    }

    /// A value with the ids of peers in the place of their names.
    pub fn value_with_ids(&self, value: &Value) -> Value {
        self.all_peers.clone().value_with_ids(value)
    }

    /// A text with the names of peers in the place of their ids.
    pub fn show<'t>(&self, text: &'t str) -> std::borrow::Cow<'t, str> {
        self.all_peers.show(text)
    }

    /// The instruction that a moment shows: its own one, else the whole script.
    pub fn instr_of(&self, at: MomentId) -> Option<InstrId> {
        self.moment(at).instr().or_else(|| self.hir().roots.first().copied())
    }

    /// Bytes of memory, as an estimate: what a moment costs, and the tables beside.
    pub fn bytes(&self) -> usize {
        self.moments.len() * size_of::<Moment>()
            + self.bindings.len() * size_of::<Binding>()
            + self.asked.len() * size_of::<Asked>()
            + self.writes.len() * size_of::<(u32, ExecutedState)>()
            + (self.stops.len() + self.all_stops.len()) * size_of::<u32>()
    }
}
