//! Running a program: an explicit stack of frames, one file for each instruction.
//!
//! Every instruction has `enter`, called when it begins, and, if it contains others, `resume`,
//! called each time one of them is done. Nothing here recurses on what a script or data controls.

mod ap;
mod call;
mod canon;
mod error_objects;
mod fail;
mod fold;
mod fold_stream;
mod lens;
mod matching;
mod new;
mod next;
mod par;
mod suspend;
mod resolve;
mod scopes;
mod seq;
mod stream;
mod values;
mod xor;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use air_semantics::hir::InstrId;
use rustc_hash::FxHashMap;

use crate::data::{Cid, ExecutedState, SecurityTetraplet, Stores};
use crate::errors::{Catchable, ExecutionError, TraceError, Uncatchable};
use crate::invocation::{CallRequest, CallServiceResult, Outcome, RunParameters};
use crate::program::{Constant, NodeId, NodeKind, Program, Stream};
use crate::recorder::{Bound, Iteration, Place, Recorder, Wait};
use crate::trace::{Generation, TraceHandler};
use crate::value::Value;
use error_objects::ErrorObjects;
use fold::FoldState;
use fold_stream::StreamFold;
use suspend::Parking;
use scopes::Scopes;
use stream::Streams;
use values::Stored;

pub(crate) use suspend::{Answers, Parked};

/// Values nested deeper than this end the invocation: their texts grow with the square of it.
pub(crate) const MAX_VALUE_DEPTH: u32 = 4_096;

/// Bytes of a value's text up to which it is remembered.
const SHORT: usize = 64;

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

/// How an instruction ended.
pub(crate) type Ended = Result<(), Box<ExecutionError>>;

impl From<Ended> for Flow {
    fn from(ended: Ended) -> Self {
        match ended {
            Ok(()) => Flow::Done,
            Err(error) => Flow::Failed(error),
        }
    }
}

/// An instruction that waits for one inside it.
#[derive(Debug)]
struct Frame {
    node: NodeId,
    stage: Stage,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The first one inside it runs.
    First,
    /// The second one inside it runs.
    Second,
    /// The left side of a `seq` runs.
    SeqLeft,
    /// The left branch of a `par` runs.
    ParLeft,
    /// The right branch of a `par` runs; how the left one ended.
    ParRight { left_complete: bool, left_failed: bool },
    /// A round of a fold over a stream.
    Generation,
}

/// How a run ends.
pub(crate) enum Ran {
    /// All that can run now has run.
    Finished(Box<Finished>),
    /// The same, and the machine stands at the call that waits: see [`park`].
    Parked(Outcome, Box<Parked>),
}

/// What is left after a script has run.
pub(crate) struct Finished {
    pub(crate) ended: Ended,
    pub(crate) trace: TraceHandler,
    pub(crate) streams: Streams,
    pub(crate) stores: Stores,
    pub(crate) last_request_id: u32,
    pub(crate) requests: BTreeMap<u32, CallRequest>,
    pub(crate) next_peers: BTreeSet<Rc<str>>,
    pub(crate) produced: Vec<Cid>,
    pub(crate) unused_results: BTreeMap<String, CallServiceResult>,
    pub(crate) caches: Caches,
}

/// What a run can leave for the next one of the same script on the same peer.
#[derive(Debug, Default)]
pub(crate) struct Caches {
    /// Whether there will be a next one.
    keep: bool,
    constants: Vec<Value>,
    /// Identifiers of tetraplets.
    tetraplets: FxHashMap<Rc<SecurityTetraplet>, Cid>,
    /// Identifiers of lists of arguments.
    arguments: call::ArgumentHashes,
    /// Values that are not what their texts read as.
    inexact: Vec<Cid>,
}

impl Caches {
    /// For a peer that runs again and again.
    pub(crate) fn kept() -> Self {
        Caches { keep: true, ..Caches::default() }
    }

    /// The next run has to read values from their texts where it matters: as if the data had been written.
    pub(crate) fn forget_inexact(&mut self, stores: &mut Stores) {
        for cid in self.inexact.drain(..) {
            if let Some(text) = stores.values.get(&cid).map(|raw| raw.text().to_owned()) {
                stores.values.replace(cid, Rc::new(crate::data::RawValue::from_text(text)));
            }
        }
    }
}

pub(crate) struct Machine<'a> {
    program: &'a Program,
    params: &'a RunParameters,
    caches: Caches,
    recorder: Option<&'a mut (dyn Recorder + 'a)>,
    /// The instruction that is entered or resumed.
    at: NodeId,
    /// What the folds around it stand on, outermost first.
    iterations: Vec<Iteration>,
    current_peer: Rc<str>,
    /// The current peer as states name it.
    sender: Rc<String>,
    init_peer: Value,
    literal_tetraplet: Rc<SecurityTetraplet>,
    scopes: Scopes,
    iterators: Vec<Option<Box<FoldState>>>,
    streams: Streams,
    stream_folds: Vec<StreamFold>,
    fold_count: u32,
    trace: TraceHandler,
    stores: Stores,
    errors: ErrorObjects,
    /// Whether the part of the script that ran last has everything it needs ("subgraph completeness").
    complete: bool,
    call_results: BTreeMap<String, CallServiceResult>,
    last_request_id: u32,
    requests: BTreeMap<u32, CallRequest>,
    next_peers: BTreeSet<Rc<str>>,
    /// What the current peer has to sign.
    produced: Vec<Cid>,
    frames: Vec<Frame>,
    /// Room for a text that is hashed.
    text: String,
    /// The text of the value that was added last, if it is short: many calls answer `null`, `true` or `""`.
    last_value: (String, Option<Cid>),
    /// The tetraplet that was added last: many values in a row have the same.
    last_tetraplet: Option<(Rc<SecurityTetraplet>, Cid)>,
    /// The tetraplet that the error of a call goes with.
    error_tetraplet: Option<Rc<SecurityTetraplet>>,
    /// What has to be known to stop at a call and go on there.
    parking: Parking,
}

impl<'a> Machine<'a> {
    #[allow(clippy::too_many_arguments, reason = "these are the inputs of an invocation")]
    pub(crate) fn new(
        program: &'a Program,
        params: &'a RunParameters,
        trace: TraceHandler,
        stores: Stores,
        last_request_id: u32,
        call_results: BTreeMap<String, CallServiceResult>,
        mut caches: Caches,
        recorder: Option<&'a mut (dyn Recorder + 'a)>,
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
        Machine {
            caches,
            recorder,
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
            call_results,
            last_request_id,
            requests: BTreeMap::new(),
            next_peers: BTreeSet::new(),
            produced: Vec::new(),
            frames: Vec::new(),
            text: String::new(),
            last_value: Default::default(),
            last_tetraplet: None,
            error_tetraplet: None,
            parking: Parking::default(),
            program,
            params,
        }
    }

    /// Runs the script to its end.
    pub(crate) fn run(mut self) -> Ran {
        self.watch(|recorder, _| recorder.begins(false));
        let root = self.program.root;
        self.run_from(root)
    }

    fn run_from(mut self, node: NodeId) -> Ran {
        let Some(ended) = self.execute(node) else { return self.park() };
        Ran::Finished(Box::new(Finished {
            ended,
            trace: self.trace,
            streams: self.streams,
            stores: self.stores,
            last_request_id: self.last_request_id,
            requests: self.requests,
            next_peers: self.next_peers,
            produced: self.produced,
            unused_results: self.call_results,
            caches: self.caches,
        }))
    }

    /// Runs until there is nothing more to run; `None`: until a call at which the machine can stop.
    fn execute(&mut self, start: NodeId) -> Option<Ended> {
        let mut flow = Flow::Enter(start);
        loop {
            let ended = match flow {
                Flow::Enter(inner) => {
                    self.at = inner;
                    if self.recorder.as_deref().is_some_and(|recorder| recorder.stops()) {
                        flow = Flow::failed(Uncatchable::Stopped);
                        continue;
                    }
                    self.watch(|recorder, place| recorder.entered(place));
                    let complete = self.complete;
                    flow = self.enter(inner);
                    if self.caches.keep && self.stops_here(inner, &flow, complete) {
                        return None;
                    }
                    continue;
                }
                Flow::Done => {
                    let complete = self.complete;
                    self.watch(|recorder, place| recorder.left(place, complete));
                    Ok(())
                }
                Flow::Failed(error) => {
                    self.watch(|recorder, place| recorder.failed(place, &error));
                    match &*error {
                        ExecutionError::Uncatchable(_) => return Some(Err(error)),
                        ExecutionError::Catchable(catchable) => {
                            self.note_error(self.at, catchable);
                            Err(error)
                        }
                    }
                }
            };
            match self.frames.pop() {
                None => return Some(ended),
                Some(frame) => {
                    self.parking.leaves(frame.stage);
                    self.at = frame.node;
                    flow = self.resume(frame, ended);
                }
            }
        }
    }

    /// Tells whoever watches.
    #[inline]
    fn watch(&mut self, tell: impl FnOnce(&mut dyn Recorder, Place<'_>)) {
        if let Some(recorder) = self.recorder.as_deref_mut() {
            tell(recorder, Place { instr: InstrId(self.at), iterations: &self.iterations });
        }
    }

    /// Writes a state.
    fn write(&mut self, state: ExecutedState) {
        let position = self.trace.position();
        self.watch(|recorder, place| recorder.wrote(place, position, &state));
        self.trace.push(state);
    }

    /// Puts a value into a stream or map.
    fn add_to_stream(
        &mut self,
        stream: Stream,
        stored: Stored,
        generation: Generation,
    ) -> Result<(), Uncatchable> {
        let name = self.program.name(stream.slot);
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
        self.streams.add(stream, stored, generation)
    }

    fn enter(&mut self, id: NodeId) -> Flow {
        let program = self.program;
        let Some(node) = program.node(id) else { return Flow::Done };
        match &node.kind {
            NodeKind::Call { .. } => self.enter_call(id),
            NodeKind::Seq { left, .. } => self.enter_seq(id, *left),
            NodeKind::Par { left, .. } => self.enter_par(id, *left),
            NodeKind::Xor { left, .. } => self.enter_xor(id, *left),
            NodeKind::Match { left, right, body, equal } => {
                self.enter_match(id, (*left, *right), *body, *equal)
            }
            NodeKind::Ap { source, target } => self.enter_ap(id, *source, *target).into(),
            NodeKind::ApMap { key, value, map } => self.enter_ap_map(id, *key, *value, *map).into(),
            NodeKind::Canon { peer, source, target } => self.enter_canon(id, *peer, *source, *target).into(),
            NodeKind::Fold { iterable, iterator, body, .. } => {
                self.enter_fold(id, *iterable, *iterator, *body)
            }
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

    fn resume(&mut self, frame: Frame, ended: Ended) -> Flow {
        let (id, stage) = (frame.node, frame.stage);
        let program = self.program;
        let Some(node) = program.node(id) else { return ended.into() };
        match &node.kind {
            NodeKind::Seq { right, .. } => self.resume_seq(id, stage, *right, ended),
            NodeKind::Par { right, .. } => self.resume_par(id, stage, *right, ended),
            NodeKind::Xor { right, .. } => self.resume_xor(id, stage, *right, ended),
            NodeKind::Fold { iterator, .. } => self.resume_fold(id, stage, *iterator, ended),
            NodeKind::Next { iterator } => self.resume_next(stage, *iterator, id, ended),
            NodeKind::New { declared, .. } => self.resume_new(*declared, ended),
            _ => ended.into(),
        }
    }

    /// Puts an instruction on the stack and runs one inside it.
    fn descend(&mut self, node: NodeId, stage: Stage, inner: NodeId) -> Flow {
        self.parking.enters(stage);
        self.frames.push(Frame { node, stage });
        Flow::Enter(inner)
    }

    /// Error objects take notice of an error that leaves an instruction.
    fn note_error(&mut self, node: NodeId, error: &Catchable) {
        let tetraplet = self.error_tetraplet.take();
        if !self.errors.takes_notice(error) {
            return;
        }
        let with_peer = matches!(
            self.program.node(node).map(|node| &node.kind),
            Some(NodeKind::Call { .. } | NodeKind::Canon { .. })
        );
        self.errors.note(error, &self.program.print(node), tetraplet, with_peer, &self.current_peer);
    }

    /// Waiting: done, but not complete.
    fn wait(&mut self, wait: Wait<'_>) {
        self.complete = false;
        self.watch(|recorder, place| recorder.waits(place, wait));
    }

    /// Waits for the variable that an error names, or fails with any other error.
    fn wait_or_fail(&mut self, error: Box<ExecutionError>) -> Ended {
        match &*error {
            ExecutionError::Catchable(Catchable::VariableNotFound(name)) => {
                self.wait(Wait::Variable(name));
                Ok(())
            }
            _ => Err(error),
        }
    }

    fn trace_error(&self, node: NodeId, error: TraceError) -> Box<ExecutionError> {
        Box::new(ExecutionError::Uncatchable(match error {
            TraceError::Position => Uncatchable::Position,
            error => Uncatchable::Trace { instruction: self.program.print(node), error: Box::new(error) },
        }))
    }

    fn traced<T>(&self, node: NodeId, result: Result<T, TraceError>) -> Result<T, Box<ExecutionError>> {
        result.map_err(|error| self.trace_error(node, error))
    }

    /// Adds a tetraplet to its store.
    fn track_tetraplet(&mut self, tetraplet: &Rc<SecurityTetraplet>) -> Cid {
        if let Some((last, cid)) = &self.last_tetraplet
            && Rc::ptr_eq(last, tetraplet)
        {
            return cid.clone();
        }
        let cid = match self.caches.tetraplets.get(tetraplet) {
            Some(cid) => cid.clone(),
            None => {
                let cid = Cid::of(&tetraplet.hashed_text());
                self.caches.tetraplets.insert(tetraplet.clone(), cid.clone());
                cid
            }
        };
        let cid = self.stores.tetraplets.add(cid, || tetraplet.clone());
        self.last_tetraplet = Some((tetraplet.clone(), cid.clone()));
        cid
    }

    /// Adds a value to its store.
    fn track_value(&mut self, value: &Value) -> Cid {
        self.text.clear();
        crate::json::print(value, &mut self.text);
        let text = self.text.as_str();
        let (last, known) = &mut self.last_value;
        let cid = match known {
            Some(cid) if last == text => cid.clone(),
            _ => {
                let cid = Cid::of(text);
                if text.len() <= SHORT {
                    last.clear();
                    last.push_str(text);
                    *known = Some(cid.clone());
                }
                cid
            }
        };
        if self.caches.keep && !suspend::reads_back(text, value) {
            self.parking.unsteady = true;
            self.caches.inexact.push(cid.clone());
        }
        self.stores.values.add(cid, || Rc::new(crate::data::RawValue::new(text, value.clone())))
    }
}

/// Whether a value may be made at all.
fn check_depth(value: &Value) -> Result<(), Box<ExecutionError>> {
    if value.depth() > MAX_VALUE_DEPTH {
        return Err(Box::new(Uncatchable::ValueDepth(MAX_VALUE_DEPTH).into()));
    }
    Ok(())
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
