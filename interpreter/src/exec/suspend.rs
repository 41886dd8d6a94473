//! Stopping at a call that waits for the host, and going on there in the next run.
//!
//! A run of a session that brings nothing but answers repeats everything up to the first call that
//! gets one, and ends where that call waited. When the *last* thing that a run does is to wait at a call, and
//! nothing would run after it however the instructions around it end, the machine stays there. The next run
//! goes on from it as if it had walked the whole script again, because up to there both are the same:
//!
//! - Every instruction that takes a state from the trace has written exactly one in its place, so the next run
//!   finds each state where it is looked for, and nothing after that of the call.
//! - What was new is then read from previous data. That makes a difference for streams, which are brought into
//!   the form that they have then ([`super::stream::Streams::settle`]), and where `unsteady` is set: after errors
//!   that leave a state taken but not written, answers that are not JSON (signed one run later), folds that add
//!   to their own stream or swallow an error while anything is new, streams that take the place of others, and
//!   values that are not what their texts read as (some floats; nesting beyond what is read).
//! - Scopes, iterators, error objects follow from the instructions alone.
//!
//! Instructions around the call that would run something after it: a `par` in its left branch, or in its right one
//! if it counts as complete and a `seq` around it goes on; a fold over a stream, which looks for new values.

use std::collections::BTreeMap;

use air_semantics::hir::InstrId;

use super::machine::{Flow, Invocation, Machine, State};
use super::stage::Stage;
use crate::data::{Cid, ExecutedState, Sizes, Stores};
use crate::errors::ExecutionError;
use crate::host::CallServiceResult;
use crate::program::{Iterable, NodeId, NodeKind};
use crate::recorder::{Iteration, Place};

/// A machine that stands at a call, between two runs.
#[derive(Debug)]
pub(crate) struct Suspended {
    /// The request that the call waits for.
    request: u32,
    state: State,
}

/// Which call answers are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AnswerTarget {
    /// None that waits.
    None,
    /// The call at which the machine stands, and none before it.
    SuspendedCall,
    /// A call before that one.
    EarlierCall,
}

impl<'a> Machine<'a> {
    /// Whether the instruction that was just entered is one to stop at; `complete` is the flag before it.
    pub(super) fn stops_here(&mut self, node: NodeId, flow: &Flow, complete: bool) -> bool {
        match flow {
            Flow::Enter(_) => return false,
            Flow::Failed(error) => {
                // The others may have taken a state and not written one.
                let harmless = match self.run.program.node(node).map(|node| &node.kind) {
                    Some(NodeKind::Call { .. } | NodeKind::Match { .. } | NodeKind::Fail(_)) => true,
                    Some(NodeKind::Fold { iterable, .. }) => matches!(iterable, Iterable::Value(_)),
                    _ => false,
                };
                self.state.suspension.unsteady |=
                    !harmless || matches!(**error, ExecutionError::Uncatchable(_));
                return false;
            }
            Flow::Done => {}
        }
        let Some(request) = self.state.suspension.waits.take() else { return false };
        let can_stop = self.state.suspension.busy == 0
            && !self.state.suspension.unsteady
            && !self.state.streams.have_lost();
        if can_stop && self.state.streams.settle(&mut self.state.trace).is_ok() {
            self.state.suspension.waits = Some(request);
            self.state.suspension.complete = complete;
            return true;
        }
        self.state.suspension.earlier.insert(request);
        false
    }

    /// Leaves the machine at the call: what the host is to do, and what a later run goes on with.
    pub(super) fn suspend(mut self) -> (Invocation<'a>, Suspended) {
        self.state.trace.suspend();
        if self.run.recorder.is_some() {
            self.leave_all();
        }
        let request = self.state.suspension.waits.take().unwrap_or_default();
        (self.run, Suspended { request, state: self.state })
    }

    /// The instructions around the one that runs, innermost first, and what the folds around each stand on.
    fn around(&self) -> Vec<(NodeId, Stage, Vec<Iteration>)> {
        let mut iterations = self.state.iterations.clone();
        let mut around = Vec::with_capacity(self.state.frames.len());
        for frame in self.state.frames.iter().rev() {
            match self.run.program.node(frame.node).map(|node| &node.kind) {
                Some(NodeKind::Next { iterator }) if frame.stage == Stage::First => {
                    let state = self.state.iterators.get(*iterator as usize).and_then(Option::as_deref);
                    if let Some(iteration) = state.and_then(|state| iterations.get_mut(state.level)) {
                        iteration.index = iteration.index.saturating_sub(1);
                    }
                }
                Some(NodeKind::Fold { .. }) => {
                    iterations.pop();
                }
                _ => {}
            }
            around.push((frame.node, frame.stage, iterations.clone()));
        }
        around
    }

    /// Reports how the instructions around the call end for now.
    fn leave_all(&mut self) {
        let around = self.around();
        let mut complete = false;
        self.watch(|recorder, place| recorder.left(place, false));
        let Some(recorder) = self.run.recorder.as_deref_mut() else { return };
        let mut pars = self.state.trace.open_pars();
        for (node, stage, iterations) in &around {
            let place = Place { instr: InstrId(*node), iterations };
            if let Stage::ParRight { left_complete, .. } = stage {
                complete |= left_complete;
                if let Some((position, state)) =
                    pars.next().and_then(|at| self.state.trace.state(at).map(|state| (at, state)))
                {
                    recorder.wrote(place, position, state);
                }
            }
            recorder.left(place, complete);
        }
    }
}

impl Suspended {
    /// Which call the answers are for. They are looked up by number as text.
    pub(crate) fn target(&self, results: &BTreeMap<String, CallServiceResult>) -> AnswerTarget {
        let number = |text: &str| text.parse().ok().filter(|number: &u32| number.to_string() == text);
        let numbers = || results.keys().filter_map(|id| number(id));
        if numbers().any(|id| self.state.suspension.earlier.contains(&id)) {
            AnswerTarget::EarlierCall
        } else if numbers().any(|id| id == self.request) {
            AnswerTarget::SuspendedCall
        } else {
            AnswerTarget::None
        }
    }

    /// A machine that goes on at the call, whose answer is among those of the invocation.
    pub(super) fn resume(self, run: Invocation<'_>) -> Machine<'_> {
        let mut machine = Machine::new(run, self.state);
        machine.state.complete = machine.state.suspension.complete;
        machine.state.trace.resume();
        if machine.run.recorder.is_some() {
            let around = machine.around();
            machine.watch(|recorder, _| recorder.begins(true));
            for (node, _, iterations) in around.iter().rev() {
                let place = Place { instr: InstrId(*node), iterations };
                machine.watch(|recorder, _| recorder.entered(place));
            }
        }
        machine
    }

    /// How much there is now, to come back to after an error.
    pub(crate) fn marks(&self) -> (Sizes, usize, u32) {
        (self.state.stores.sizes(), self.state.produced.len(), self.state.last_request_id)
    }

    /// What the data consists of.
    pub(crate) fn parts(&self) -> (&[ExecutedState], &Stores, u32) {
        (self.state.trace.states(), &self.state.stores, self.state.last_request_id)
    }

    /// What the peer has to sign, and has perhaps signed.
    pub(crate) fn unsigned(&self) -> &[Cid] {
        &self.state.produced
    }

    /// What the peer has to sign.
    pub(crate) fn produced(&mut self) -> &mut [Cid] {
        &mut self.state.produced
    }

    pub(crate) fn into_state(self) -> State {
        self.state
    }
}
