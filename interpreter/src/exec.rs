//! Running a program: the list of instructions, and the loop that walks them with a stack of frames of its own.
//!
//! Every instruction is one file with `enter`, called when it begins, and, if it contains others, `resume`, called
//! each time one of them is done. Nothing here recurses on what a script or data controls.
//!
//! # Completeness
//!
//! An instruction that cannot go on yet (a variable is not there, another peer or the host has to act) does not fail:
//! it *waits*, which is success with the flag `complete` down. A `seq` runs its right side only if the flag is up after
//! its left one; a `par` is complete if one branch is; a `fold` over a stream if one generation is. The next
//! invocation runs the whole script again, takes what is done from the data, and comes one step further.
//!
//! # Layers
//!
//! Lowest first, each using only those before it: what variables hold ([`values`], [`error_objects`], [`scopes`],
//! [`stream`], [`iterator`]), what outlives a run ([`caches`], [`stage`], [`suspension`]), the [`machine`], what
//! instructions share ([`variables`], [`lens`], [`resolve`], [`contents`], [`fold_scope`]), the instructions, stopping
//! at a call ([`suspend`]), and this file.

mod ap;
mod caches;
mod call;
mod canon;
mod contents;
mod error_objects;
mod fail;
mod fold;
mod fold_scope;
mod fold_stream;
mod iterator;
mod lens;
mod machine;
mod matching;
mod new;
mod next;
mod par;
mod resolve;
mod scopes;
mod seq;
mod stage;
mod stream;
mod suspend;
mod suspension;
#[cfg(test)]
mod tests;
mod values;
mod variables;
mod xor;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::data::Stores;
use crate::errors::{ExecutionError, Uncatchable};
use crate::host::{CallRequest, CallServiceResult, RunParameters};
use crate::program::{Iterable, NodeId, NodeKind, Program};
use crate::recorder::{Recorder, Wait};
use crate::trace::TraceHandler;
use machine::{Flow, Frame, InstrResult, Invocation, Machine};
use stage::Stage;

pub(crate) use caches::Caches;
pub(crate) use machine::State;
pub(crate) use suspend::{AnswerTarget, Suspended};

/// What a run gives to the host.
pub(crate) struct HostOutput {
    pub(crate) requests: BTreeMap<u32, CallRequest>,
    pub(crate) next_peers: BTreeSet<Rc<str>>,
    /// Answers that no call has taken.
    pub(crate) unused_results: BTreeMap<String, CallServiceResult>,
}

impl From<Invocation<'_>> for HostOutput {
    fn from(run: Invocation<'_>) -> Self {
        HostOutput { requests: run.requests, next_peers: run.next_peers, unused_results: run.call_results }
    }
}

/// How a run ends.
pub(crate) enum RunEnd {
    /// All that can run now has run, well or up to an error.
    Script(Box<State>, InstrResult),
    /// All that can run now has run, and the machine stands at the call that waits.
    Call(Box<Suspended>),
}

/// Runs a script from its beginning.
#[allow(clippy::too_many_arguments, reason = "these are the inputs of an invocation")]
pub(crate) fn run(
    program: &Program,
    params: &RunParameters,
    trace: TraceHandler,
    stores: Stores,
    last_request_id: u32,
    call_results: BTreeMap<String, CallServiceResult>,
    caches: Caches,
    recorder: Option<&mut dyn Recorder>,
) -> (HostOutput, RunEnd) {
    let recorder = recorder.map(|recorder| -> &mut dyn Recorder { recorder });
    let run = Invocation::new(program, params, call_results, recorder);
    let state = State::new(program, params, trace, stores, last_request_id, caches);
    let mut machine = Machine::new(run, state);
    machine.watch(|recorder, _| recorder.begins(false));
    machine.run_from(program.root)
}

/// Goes on at a call with its answer.
pub(crate) fn resume(
    suspended: Suspended,
    program: &Program,
    params: &RunParameters,
    call_results: BTreeMap<String, CallServiceResult>,
    recorder: Option<&mut dyn Recorder>,
) -> (HostOutput, RunEnd) {
    let recorder = recorder.map(|recorder| -> &mut dyn Recorder { recorder });
    let machine = suspended.resume(Invocation::new(program, params, call_results, recorder));
    let call = machine.state.at;
    machine.run_from(call)
}

impl Machine<'_> {
    fn run_from(mut self, node: NodeId) -> (HostOutput, RunEnd) {
        match self.execute(node) {
            Some(ended) => (self.run.into(), RunEnd::Script(Box::new(self.state), ended)),
            None => {
                let (run, suspended) = self.suspend();
                (run.into(), RunEnd::Call(Box::new(suspended)))
            }
        }
    }

    /// Runs until there is nothing more to run; `None`: until a call at which the machine can stop.
    fn execute(&mut self, start: NodeId) -> Option<InstrResult> {
        let mut flow = Flow::Enter(start);
        loop {
            let ended = match flow {
                Flow::Enter(inner) => {
                    self.state.at = inner;
                    if self.is_stopped() {
                        flow = Flow::failed(Uncatchable::Stopped);
                        continue;
                    }
                    self.watch(|recorder, place| recorder.entered(place));
                    let complete = self.state.complete;
                    flow = self.enter(inner);
                    if self.state.caches.keep && self.stops_here(inner, &flow, complete) {
                        return None;
                    }
                    continue;
                }
                Flow::Done => {
                    let complete = self.state.complete;
                    self.watch(|recorder, place| recorder.left(place, complete));
                    Ok(())
                }
                Flow::Failed(error) => {
                    self.watch(|recorder, place| recorder.failed(place, &error));
                    match &*error {
                        ExecutionError::Uncatchable(_) => return Some(Err(error)),
                        ExecutionError::Catchable(catchable) => {
                            self.note_error(self.state.at, catchable);
                            Err(error)
                        }
                    }
                }
            };
            match self.state.frames.pop() {
                None => return Some(ended),
                Some(frame) => {
                    self.state.suspension.leaves(frame.stage);
                    self.state.at = frame.node;
                    flow = self.resume(frame, ended);
                }
            }
        }
    }

    /// Whether the recorder ends the run here, which learns before how much there is.
    fn is_stopped(&mut self) -> bool {
        let Some(recorder) = self.run.recorder.as_deref_mut() else { return false };
        recorder.holds(self.state.held_bytes());
        recorder.stops()
    }

    fn enter(&mut self, id: NodeId) -> Flow {
        let program = self.run.program;
        let Some(node) = program.node(id) else { return Flow::Done };
        match &node.kind {
            NodeKind::Call { peer, service, function, arguments, output } => {
                self.enter_call(id, (*peer, *service, *function), *arguments, *output)
            }
            NodeKind::Seq { left, .. } => self.enter_seq(id, *left),
            NodeKind::Par { left, .. } => self.enter_par(id, *left),
            NodeKind::Xor { left, .. } => self.enter_xor(id, *left),
            NodeKind::Match { left, right, body, equal } => {
                self.enter_match(id, (*left, *right), *body, *equal)
            }
            NodeKind::Ap { source, target } => self.enter_ap(id, *source, *target).into(),
            NodeKind::ApMap { key, value, map } => self.enter_ap_map(id, *key, *value, *map).into(),
            NodeKind::Canon { peer, source, target } => self.enter_canon(id, *peer, *source, *target).into(),
            NodeKind::Fold { iterable: Iterable::Value(iterable), iterator, body, .. } => {
                self.enter_fold(id, *iterable, *iterator, *body)
            }
            NodeKind::Fold { iterable: Iterable::Stream(stream), .. } => self.enter_stream_fold(id, *stream),
            NodeKind::Next { iterator } => self.enter_next(id, *iterator),
            NodeKind::New { declared, body } => self.enter_new(id, *declared, *body),
            NodeKind::Fail(failure) => self.enter_fail(id, failure),
            NodeKind::Never => {
                self.wait(Wait::Never);
                Flow::Done
            }
            NodeKind::Null => Flow::Done,
        }
    }

    fn resume(&mut self, frame: Frame, ended: InstrResult) -> Flow {
        let (id, stage) = (frame.node, frame.stage);
        let program = self.run.program;
        let Some(node) = program.node(id) else { return ended.into() };
        match &node.kind {
            NodeKind::Seq { right, .. } => self.resume_seq(id, stage, *right, ended),
            NodeKind::Par { right, .. } => self.resume_par(id, stage, *right, ended),
            NodeKind::Xor { right, .. } => self.resume_xor(id, stage, *right, ended),
            NodeKind::Fold { iterator, .. } if stage == Stage::Generation => {
                self.resume_stream_fold(id, *iterator, ended)
            }
            NodeKind::Fold { iterator, .. } => self.resume_fold(*iterator, ended),
            NodeKind::Next { iterator } => self.resume_next(stage, *iterator, id, ended),
            NodeKind::New { declared, .. } => self.resume_new(*declared, ended),
            _ => ended.into(),
        }
    }
}
