//! Stopping at a call that waits for the host, and going on there in the next run.
//!
//! A run of a session that brings nothing but answers repeats everything up to the first call that
//! gets one, and ends where that call waited. When the *last* thing that a run does is to wait at a call, and
//! nothing would run after it however the instructions around it end, the machine stays there. The next run
//! goes on from it as if it had walked the whole script again, because up to there both are the same:
//!
//! - Every instruction that takes a state from the trace has written exactly one in its place, so the next run
//!   finds each state where it is looked for, and nothing behind that of the call.
//! - What was new is then read from previous data. That makes a difference for streams, which are brought into
//!   the form that they have then ([`super::stream::Streams::settle`]), and where `unsteady` is set: after errors
//!   that leave a state taken but not written, answers that are not JSON (signed one run later), folds that add
//!   to their own stream or swallow an error while anything is new, streams that take the place of others, and
//!   values that are not what their texts read as (some floats; nesting beyond what is read).
//! - Scopes, iterators, error objects follow from the instructions alone.
//!
//! Instructions around the call that would run something after it: a `par` in its left branch, or in its right one
//! if it counts as complete and a `seq` around it goes on; a fold over a stream, which looks for new values.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use air_semantics::hir::InstrId;
use rustc_hash::FxHashSet;

use super::error_objects::ErrorObjects;
use super::fold::FoldState;
use super::scopes::Scopes;
use super::stream::Streams;
use super::{Caches, Flow, Frame, Machine, Ran, Stage};
use crate::data::{Cid, SecurityTetraplet, Stores};
use crate::errors::ExecutionError;
use crate::invocation::{CallServiceResult, Outcome, RunParameters, unprocessed};
use crate::program::{Iterable, NodeId, NodeKind, Program};
use crate::recorder::{Iteration, Place, Recorder};
use crate::trace::TraceHandler;
use crate::value::Value;

/// What the machine keeps in mind to know whether it can stop.
#[derive(Debug, Default)]
pub(super) struct Parking {
    /// The next run may not repeat this one.
    pub(super) unsteady: bool,
    /// Frames that have more to run, however what is inside them ends.
    busy: u32,
    /// `seq`s in their left sides.
    lefts: u32,
    /// The request that the call which was just entered waits for.
    waits: Option<u32>,
    /// Those that calls before it wait for.
    earlier: FxHashSet<u32>,
    /// Whether everything was complete when the call was entered.
    complete: bool,
}

impl Parking {
    fn is_busy(&self, stage: Stage) -> bool {
        match stage {
            Stage::ParLeft | Stage::Generation => true,
            // The `par` is complete, so a `seq` around it goes on.
            Stage::ParRight { left_complete, .. } => left_complete && self.lefts > 0,
            Stage::First | Stage::Second | Stage::SeqLeft => false,
        }
    }

    pub(super) fn enters(&mut self, stage: Stage) {
        self.busy += u32::from(self.is_busy(stage));
        self.lefts += u32::from(stage == Stage::SeqLeft);
    }

    pub(super) fn leaves(&mut self, stage: Stage) {
        self.busy -= u32::from(self.is_busy(stage));
        self.lefts -= u32::from(stage == Stage::SeqLeft);
    }

    pub(super) fn waits_for(&mut self, request: u32) {
        self.waits = Some(request);
    }
}

/// A machine that stands at a call.
#[derive(Debug)]
pub(crate) struct Parked {
    node: NodeId,
    request: u32,
    caches: Caches,
    iterations: Vec<Iteration>,
    current_peer: Rc<str>,
    sender: Rc<String>,
    init_peer: Value,
    literal_tetraplet: Rc<SecurityTetraplet>,
    scopes: Scopes,
    iterators: Vec<Option<Box<FoldState>>>,
    streams: Streams,
    fold_count: u32,
    trace: TraceHandler,
    stores: Stores,
    errors: ErrorObjects,
    last_request_id: u32,
    produced: Vec<Cid>,
    frames: Vec<Frame>,
    parking: Parking,
}

/// What answers are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answers {
    /// Nothing that waits.
    Nobody,
    /// The call at which the machine stands, and nobody before it.
    Here,
    /// A call before that one.
    Before,
}

impl Machine<'_> {
    /// Whether the instruction that was just entered is one to stop at; `complete` is the flag before it.
    pub(super) fn stops_here(&mut self, node: NodeId, flow: &Flow, complete: bool) -> bool {
        match flow {
            Flow::Enter(_) => return false,
            Flow::Failed(error) => {
                // The others may have taken a state and not written one.
                let harmless = match self.program.node(node).map(|node| &node.kind) {
                    Some(NodeKind::Call { .. } | NodeKind::Match { .. } | NodeKind::Fail(_)) => true,
                    Some(NodeKind::Fold { iterable, .. }) => matches!(iterable, Iterable::Value(_)),
                    _ => false,
                };
                self.parking.unsteady |= !harmless || matches!(**error, ExecutionError::Uncatchable(_));
                return false;
            }
            Flow::Done => {}
        }
        let Some(request) = self.parking.waits.take() else { return false };
        let can_stop = self.parking.busy == 0 && !self.parking.unsteady && !self.streams.have_lost();
        if can_stop && self.streams.settle(&mut self.trace).is_ok() {
            self.parking.waits = Some(request);
            self.parking.complete = complete;
            return true;
        }
        self.parking.earlier.insert(request);
        false
    }

    /// The outcome of a run that stops at a call, and the machine as it is there.
    pub(super) fn park(mut self) -> Ran {
        self.trace.park();
        if self.recorder.is_some() {
            self.leave_all();
        }
        let results = std::mem::take(&mut self.call_results);
        let (ret_code, error_message) = unprocessed(&results);
        let outcome = Outcome {
            ret_code,
            error_message,
            next_peer_pks: self.next_peers.iter().map(|peer| peer.to_string()).collect(),
            call_requests: Some(self.requests),
            ..Outcome::default()
        };
        let parked = Parked {
            node: self.at,
            request: self.parking.waits.take().unwrap_or_default(),
            caches: self.caches,
            iterations: self.iterations,
            current_peer: self.current_peer,
            sender: self.sender,
            init_peer: self.init_peer,
            literal_tetraplet: self.literal_tetraplet,
            scopes: self.scopes,
            iterators: self.iterators,
            streams: self.streams,
            fold_count: self.fold_count,
            trace: self.trace,
            stores: self.stores,
            errors: self.errors,
            last_request_id: self.last_request_id,
            produced: self.produced,
            frames: self.frames,
            parking: self.parking,
        };
        Ran::Parked(outcome, Box::new(parked))
    }

    /// The instructions around the one that runs, innermost first, and what the folds around each stand on.
    fn around(&self) -> Vec<(NodeId, Stage, Vec<Iteration>)> {
        let mut iterations = self.iterations.clone();
        let mut around = Vec::with_capacity(self.frames.len());
        for frame in self.frames.iter().rev() {
            match self.program.node(frame.node).map(|node| &node.kind) {
                Some(NodeKind::Next { iterator }) if frame.stage == Stage::First => {
                    let state = self.iterators.get(*iterator as usize).and_then(Option::as_deref);
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

    /// Tells whoever watches how the instructions around the call end for now.
    fn leave_all(&mut self) {
        let around = self.around();
        let mut complete = false;
        self.watch(|recorder, place| recorder.left(place, false));
        let Some(recorder) = self.recorder.as_deref_mut() else { return };
        let mut pars = self.trace.open_pars();
        for (node, stage, iterations) in &around {
            let place = Place { instr: InstrId(*node), iterations };
            if let Stage::ParRight { left_complete, .. } = stage {
                complete |= left_complete;
                if let Some((position, state)) =
                    pars.next().and_then(|at| self.trace.state(at).map(|state| (at, state)))
                {
                    recorder.wrote(place, position, state);
                }
            }
            recorder.left(place, complete);
        }
    }
}

impl Parked {
    /// What answers are for. They are looked up by number as text.
    pub(crate) fn answers(&self, results: &BTreeMap<String, CallServiceResult>) -> Answers {
        let number = |text: &str| text.parse().ok().filter(|number: &u32| number.to_string() == text);
        let numbers = || results.keys().filter_map(|id| number(id));
        if numbers().any(|id| self.parking.earlier.contains(&id)) {
            Answers::Before
        } else if numbers().any(|id| id == self.request) {
            Answers::Here
        } else {
            Answers::Nobody
        }
    }

    /// Goes on with the answer.
    pub(crate) fn resume<'a>(
        self,
        program: &'a Program,
        params: &'a RunParameters,
        call_results: BTreeMap<String, CallServiceResult>,
        recorder: Option<&'a mut (dyn Recorder + 'a)>,
    ) -> Ran {
        let node = self.node;
        let mut machine = Machine {
            program,
            params,
            caches: self.caches,
            recorder,
            at: node,
            iterations: self.iterations,
            current_peer: self.current_peer,
            sender: self.sender,
            init_peer: self.init_peer,
            literal_tetraplet: self.literal_tetraplet,
            scopes: self.scopes,
            iterators: self.iterators,
            streams: self.streams,
            stream_folds: Vec::new(),
            fold_count: self.fold_count,
            trace: self.trace,
            stores: self.stores,
            errors: self.errors,
            complete: self.parking.complete,
            call_results,
            last_request_id: self.last_request_id,
            requests: BTreeMap::new(),
            next_peers: BTreeSet::new(),
            produced: self.produced,
            frames: self.frames,
            text: String::new(),
            last_value: Default::default(),
            last_tetraplet: None,
            error_tetraplet: None,
            parking: self.parking,
        };
        machine.trace.resume();
        if machine.recorder.is_some() {
            let around = machine.around();
            machine.watch(|recorder, _| recorder.begins(true));
            for (node, _, iterations) in around.iter().rev() {
                let place = Place { instr: InstrId(*node), iterations };
                machine.watch(|recorder, _| recorder.entered(place));
            }
        }
        machine.run_from(node)
    }

    /// How much there is now, to come back to after an error.
    pub(crate) fn marks(&self) -> (crate::data::Sizes, usize, u32) {
        (self.stores.sizes(), self.produced.len(), self.last_request_id)
    }

    /// What the data consists of.
    pub(crate) fn parts(&self) -> (&[crate::data::ExecutedState], &Stores, u32) {
        (self.trace.states(), &self.stores, self.last_request_id)
    }

    /// What the peer has to sign.
    pub(crate) fn produced(&mut self) -> &mut [Cid] {
        &mut self.produced
    }

    /// The trace, the stores, the last request, what the peer has to sign, and what later runs can use.
    pub(crate) fn into_parts(self) -> (Vec<crate::data::ExecutedState>, Stores, u32, Vec<Cid>, Caches) {
        (self.trace.into_result(), self.stores, self.last_request_id, self.produced, self.caches)
    }
}

/// Whether a text reads as the value that it was printed from: floats are not always read exactly, and reading
/// ends at a depth that canons can exceed.
pub(super) fn reads_back(text: &str, value: &Value) -> bool {
    let mut before = 0;
    let exact = text.bytes().all(|byte| {
        let float = byte == b'.' || (byte == b'e' && u8::is_ascii_digit(&before));
        before = byte;
        !float
    });
    (exact && value.depth() < crate::json::MAX_NESTING as u32)
        || crate::json::parse(text).is_ok_and(|read| read.is_identical(value))
}
