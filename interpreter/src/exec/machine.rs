//! The machine: what a run is given, what it changes, and the steps that all instructions have in common.
//!
//! Its three parts differ in how long they live. [`Invocation`] is what one run is given and what it hands to the host.
//! [`State`] is everything that a later run may go on with: a run that stops at a call leaves exactly this
//! ([`super::suspend`]). [`Scratch`] saves work within a run and says nothing about it.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use air_semantics::hir::InstrId;

use super::caches::Caches;
use super::error_objects::ErrorObjects;
use super::iterator::{FoldState, StreamFold};
use super::scopes::Scopes;
use super::stage::Stage;
use super::stream::Streams;
use super::suspension::Suspension;
use super::values::StoredValue;
use crate::data::{Cid, ExecutedState, SecurityTetraplet, Stores};
use crate::errors::{Catchable, ExecutionError, TraceError, Uncatchable};
use crate::host::{CallRequest, CallServiceResult, RunParameters};
use crate::program::{Constant, NodeId, NodeKind, Program, Slot, Stream};
use crate::recorder::{Bound, Iteration, Place, Recorder, Wait};
use crate::trace::{Generation, TraceHandler};
use crate::value::Value;

/// What an instruction wants next.
pub(crate) enum Flow {
    /// Run that one, then come back.
    Enter(NodeId),
    /// It is done; waiting counts as done.
    Done,
    /// It failed.
    Failed(Box<ExecutionError>),
}

impl Flow {
    pub(crate) fn failed(error: impl Into<ExecutionError>) -> Self {
        Flow::Failed(Box::new(error.into()))
    }
}

/// How an instruction ended; waiting is success.
pub(crate) type InstrResult = Result<(), Box<ExecutionError>>;

impl From<InstrResult> for Flow {
    fn from(ended: InstrResult) -> Self {
        match ended {
            Ok(()) => Flow::Done,
            Err(error) => Flow::Failed(error),
        }
    }
}

/// An instruction that waits for one inside it.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) node: NodeId,
    pub(super) stage: Stage,
}

/// What one run is given, and what it hands to the host.
pub(super) struct Invocation<'a> {
    pub(super) program: &'a Program,
    pub(super) params: &'a RunParameters,
    pub(super) recorder: Option<&'a mut (dyn Recorder + 'a)>,
    /// Answers of the host that no call has taken yet, by the numbers of their requests as text.
    pub(super) call_results: BTreeMap<String, CallServiceResult>,
    pub(super) requests: BTreeMap<u32, CallRequest>,
    pub(super) next_peers: BTreeSet<Rc<str>>,
}

impl<'a> Invocation<'a> {
    pub(super) fn new(
        program: &'a Program,
        params: &'a RunParameters,
        call_results: BTreeMap<String, CallServiceResult>,
        recorder: Option<&'a mut (dyn Recorder + 'a)>,
    ) -> Self {
        let (requests, next_peers) = (BTreeMap::new(), BTreeSet::new());
        Invocation { program, params, recorder, call_results, requests, next_peers }
    }
}

/// Everything that a later run may go on with.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) caches: Caches,
    /// The instruction that is entered or resumed.
    pub(super) at: NodeId,
    /// The elements on which the folds around it stand, outermost first.
    pub(super) iterations: Vec<Iteration>,
    pub(super) current_peer: Rc<str>,
    /// The current peer as states name it.
    pub(super) sender: Rc<String>,
    pub(super) init_peer: Value,
    pub(super) literal_tetraplet: Rc<SecurityTetraplet>,
    pub(super) scopes: Scopes,
    /// Folds that are running, by the slots of their iterators.
    pub(super) iterators: Vec<Option<Box<FoldState>>>,
    pub(crate) streams: Streams,
    /// Folds over streams that are running, outermost first.
    pub(super) stream_folds: Vec<StreamFold>,
    /// Folds over streams that were begun: their numbers in the trace.
    pub(super) fold_count: u32,
    pub(crate) trace: TraceHandler,
    pub(crate) stores: Stores,
    pub(super) errors: ErrorObjects,
    /// Whether the part of the script that ran last has everything it needs; AquaVM calls it the completeness of the
    /// subgraph. A `seq` goes on to its right side only then.
    pub(super) complete: bool,
    pub(crate) last_request_id: u32,
    /// Identifiers that the current peer has to sign.
    pub(crate) produced: Vec<Cid>,
    pub(super) frames: Vec<Frame>,
    /// What has to be known to stop at a call and go on there.
    pub(super) suspension: Suspension,
}

impl State {
    pub(super) fn new(
        program: &Program,
        params: &RunParameters,
        trace: TraceHandler,
        stores: Stores,
        last_request_id: u32,
        mut caches: Caches,
    ) -> Self {
        let constants = program.constants.iter().map(|constant| match constant {
            Constant::String(text) => Value::string(&**text),
            Constant::Integer(number) => Value::integer(*number),
            Constant::Float(number) => Value::float(*number),
            Constant::Bool(flag) => Value::Bool(*flag),
            Constant::EmptyArray => Value::array(Vec::new()),
        });
        if caches.constants.len() != program.constants.len() {
            caches.constants = constants.collect();
        }
        State {
            caches,
            at: program.root,
            iterations: Vec::new(),
            current_peer: params.current_peer_id.as_str().into(),
            sender: Rc::new(params.current_peer_id.clone()),
            init_peer: Value::from(params.init_peer_id.as_str()),
            literal_tetraplet: Rc::new(SecurityTetraplet::literal(params.init_peer_id.as_str())),
            scopes: Scopes::new(program.names.len()),
            iterators: std::iter::repeat_with(|| None).take(program.names.len()).collect(),
            streams: Streams::new(program.names.len()),
            stream_folds: Vec::new(),
            fold_count: 0,
            trace,
            stores,
            errors: ErrorObjects::default(),
            complete: true,
            last_request_id,
            produced: Vec::new(),
            frames: Vec::new(),
            suspension: Suspension::default(),
        }
    }
}

/// Bytes of what is open for each instruction around the one that runs, of an identifier to sign, of a value that a fold
/// has to take away again. Numbers of 64-bit machines, rounded up, so that all machines count the same.
const FRAME_BYTES: u64 = 64;
const PRODUCED_BYTES: u64 = 16;
const SCOPED_BYTES: u64 = 96;

impl State {
    /// What the run holds beside values, in bytes: the traces and all that the script has open. It costs the same
    /// however much that is.
    pub(super) fn held_bytes(&self) -> u64 {
        self.trace.held_bytes()
            + self.stores.bytes()
            + self.frames.len() as u64 * FRAME_BYTES
            + self.produced.len() as u64 * PRODUCED_BYTES
            + self.scopes.journalled() as u64 * SCOPED_BYTES
    }
}

/// What saves work within a run.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// Room for a text that is hashed.
    pub(super) text: String,
    /// The text of the value that was added last, if it is short: many calls answer `null`, `true` or `""`.
    pub(super) last_value: (String, Option<Cid>),
    /// The tetraplet that was added last: many values in a row have the same.
    pub(super) last_tetraplet: Option<(Rc<SecurityTetraplet>, Cid)>,
    /// The tetraplet of the call that has just failed, until its error is noted.
    pub(super) error_tetraplet: Option<Rc<SecurityTetraplet>>,
}

pub(crate) struct Machine<'a> {
    pub(super) run: Invocation<'a>,
    pub(super) state: State,
    pub(super) scratch: Scratch,
}

impl<'a> Machine<'a> {
    pub(super) fn new(run: Invocation<'a>, state: State) -> Self {
        Machine { run, state, scratch: Scratch::default() }
    }

    /// Reports to the recorder, if there is one.
    #[inline]
    pub(super) fn watch(&mut self, report: impl FnOnce(&mut dyn Recorder, Place<'_>)) {
        if let Some(recorder) = self.run.recorder.as_deref_mut() {
            report(recorder, Place { instr: InstrId(self.state.at), iterations: &self.state.iterations });
        }
    }

    /// Writes a state.
    pub(super) fn write(&mut self, state: ExecutedState) {
        let position = self.state.trace.position();
        self.watch(|recorder, place| recorder.wrote(place, position, &state));
        self.state.trace.push(state);
    }

    /// Puts a value into a stream or map.
    pub(super) fn add_to_stream(
        &mut self,
        stream: Stream,
        stored: StoredValue,
        generation: Generation,
    ) -> Result<(), Uncatchable> {
        let name = self.run.program.name(stream.slot);
        self.watch(|recorder, place| {
            recorder.bound(
                place,
                Bound {
                    name,
                    value: &stored.value,
                    tetraplet: &stored.tetraplet,
                    provenance: &stored.provenance,
                },
            );
        });
        self.state.streams.add(stream, stored, generation)
    }

    /// Puts an instruction on the stack and runs one inside it.
    pub(super) fn descend(&mut self, node: NodeId, stage: Stage, inner: NodeId) -> Flow {
        self.state.suspension.enters(stage);
        self.state.frames.push(Frame { node, stage });
        Flow::Enter(inner)
    }

    /// Error objects take notice of an error that leaves an instruction.
    pub(super) fn note_error(&mut self, node: NodeId, error: &Catchable) {
        let tetraplet = self.scratch.error_tetraplet.take();
        if !self.state.errors.takes_notice(error) {
            return;
        }
        let with_peer = matches!(
            self.run.program.node(node).map(|node| &node.kind),
            Some(NodeKind::Call { .. } | NodeKind::Canon { .. })
        );
        self.state.errors.note(
            error,
            &self.run.program.print(node),
            tetraplet,
            with_peer,
            &self.state.current_peer,
        );
    }

    /// Waiting: done, but not complete.
    pub(super) fn wait(&mut self, wait: Wait<'_>) {
        self.state.complete = false;
        self.watch(|recorder, place| recorder.waits(place, wait));
    }

    /// Waits for the variable that an error names, or fails with any other error.
    pub(super) fn wait_or_fail(&mut self, error: Box<ExecutionError>) -> InstrResult {
        match &*error {
            ExecutionError::Catchable(Catchable::VariableNotFound(name)) => {
                self.wait(Wait::Variable(name));
                Ok(())
            }
            _ => Err(error),
        }
    }

    pub(super) fn trace_error(&self, node: NodeId, error: TraceError) -> Box<ExecutionError> {
        Box::new(ExecutionError::Uncatchable(match error {
            TraceError::Position => Uncatchable::Position,
            error => Uncatchable::Trace { instruction: self.run.program.print(node), error: Box::new(error) },
        }))
    }

    pub(super) fn traced<T>(
        &self,
        node: NodeId,
        result: Result<T, TraceError>,
    ) -> Result<T, Box<ExecutionError>> {
        result.map_err(|error| self.trace_error(node, error))
    }

    /// Reports a state that got its place when its instruction began and its content only now: `par` and `fold`.
    pub(super) fn report_written(&mut self, position: u32) {
        if let Some(recorder) = self.run.recorder.as_deref_mut()
            && let Some(state) = self.state.trace.state(position)
        {
            let place = Place { instr: InstrId(self.state.at), iterations: &self.state.iterations };
            recorder.wrote(place, position, state);
        }
    }

    pub(super) fn name(&self, slot: Slot) -> Rc<str> {
        self.run.program.name(slot).into()
    }
}

impl From<Catchable> for Box<ExecutionError> {
    fn from(error: Catchable) -> Self {
        Box::new(error.into())
    }
}

impl From<Uncatchable> for Box<ExecutionError> {
    fn from(error: Uncatchable) -> Self {
        Box::new(error.into())
    }
}
