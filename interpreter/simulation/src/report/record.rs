//! What the interpreter reports during a run, collected over all invocations on all peers.
//!
//! Peers report the same things again when data comes back to them, so what counts is the first report of a
//! place: an instruction in an iteration. Everything kept has a bound.

mod entries;
mod memory;
mod messages;

use std::hash::{Hash as _, Hasher as _};
use std::rc::Rc;

use air_semantics::hir::{Hir, InstrId, InstrKind, OperandKind, Role as HirRole};
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use super::sizes::Sizes;
use super::types::Limits;
use crate::network::Answer;
use air_interpreter::CallRequest;
use air_interpreter::data::{Provenance, SecurityTetraplet};
use air_interpreter::errors::ExecutionError;
use air_interpreter::recorder::{Bound, Iteration, Place, Recorder, Wait};
use air_interpreter::value::Value;

pub(crate) use entries::{Fault, HeldValue, Milestone, Series, Slot, Track, WaitReason, WaitingPlace};

use entries::{ExceededLimit, LastEvent};
use memory::{ANSWER_COPIES, CALL_BYTES, ITERATION_BYTES, Memory, PART_BYTES, SEEN_BYTES, in_words};
use messages::{in_short, kept};

/// Places that are told apart; beyond that number counts are too small or too large.
const MAX_PLACES: usize = 1 << 20;
/// Errors, milestones and requests that are kept, waits of one peer, open requests of one call.
const MAX_ENTRIES: usize = 1000;
/// Up to so many waits of a peer are looked through rather than looked up by their hash.
const MAX_SCANNED_WAITS: usize = 4;

/// Everything that is known of a run.
#[derive(Debug)]
pub(crate) struct Recording<'h> {
    hir: &'h Hir,
    limits: Limits,
    init_peer: String,
    /// Ids, in the order in which they were seen.
    pub(crate) peers: Vec<Rc<str>>,
    peer: u32,
    pub(crate) tracks: Vec<Track>,
    /// By instruction and argument; see [`Slot`].
    pub(crate) series: FxHashMap<(InstrId, Slot), Series>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) milestones: Vec<Milestone>,
    /// Canons of maps that have an integer and its text as keys: canon, peer, the text.
    pub(crate) mixed_keys: Vec<(InstrId, u32, String)>,
    /// What each peer waits for now.
    pub(crate) waits: Vec<FxHashMap<u64, WaitingPlace>>,
    /// Calls whose answers are under way: by peer and call, the places.
    asked: FxHashMap<(u32, InstrId), Vec<u64>>,
    /// Peer, number on it, call.
    pub(crate) requests: Vec<(u32, u32, InstrId)>,
    seen: FxHashSet<u64>,
    /// Elements of streams that folds stood on, by peer.
    elements: Vec<Elements>,
    last: LastEvent,
    /// Instructions entered.
    pub(crate) instructions: u64,
    pub(crate) sizes: Sizes,
    memory: Memory,
    /// The limit that was exceeded.
    pub(crate) exceeded: Option<ExceededLimit>,
}

/// Elements of streams on one peer.
#[derive(Debug, Default)]
struct Elements {
    /// By where folds stand: the element and its number among equal ones.
    by_position: FxHashMap<u64, (u64, u32)>,
    /// How often each came up in this walk.
    times: FxHashMap<u64, u32>,
}

/// What is counted at a place, as a number.
fn key(what: u8, place: u64) -> u64 {
    let mut hasher = FxHasher::default();
    (what, place).hash(&mut hasher);
    hasher.finish()
}

/// Kinds of keys.
const PLACE: u8 = 0;
const DONE: u8 = 1;
const VALUE: u8 = 2;
const ERROR: u8 = 3;
const SIDE: u8 = 4;

impl<'h> Recording<'h> {
    pub(crate) fn new(hir: &'h Hir, limits: Limits, init_peer: &str) -> Self {
        Recording {
            hir,
            limits,
            init_peer: init_peer.to_owned(),
            peers: Vec::new(),
            peer: 0,
            tracks: vec![Track::default(); hir.instrs.len()],
            series: FxHashMap::default(),
            faults: Vec::new(),
            milestones: Vec::new(),
            mixed_keys: Vec::new(),
            waits: Vec::new(),
            asked: FxHashMap::default(),
            requests: Vec::new(),
            seen: FxHashSet::default(),
            elements: Vec::new(),
            last: LastEvent::Nothing,
            instructions: 0,
            sizes: Sizes::default(),
            memory: Memory::default(),
            exceeded: None,
        }
    }

    /// The next invocation is on this peer.
    pub(crate) fn on_peer(&mut self, id: &str) {
        let known = self.peers.iter().position(|peer| **peer == *id);
        let at = known.unwrap_or_else(|| {
            self.peers.push(id.into());
            self.waits.push(FxHashMap::default());
            self.elements.push(Elements::default());
            self.peers.len() - 1
        });
        self.peer = u32::try_from(at).unwrap_or(u32::MAX);
        self.last = LastEvent::Nothing;
    }

    /// The invocation has ended.
    pub(crate) fn ended(&mut self, code: i64, message: &str) {
        let last = std::mem::replace(&mut self.last, LastEvent::Nothing);
        if code == 0 || self.exceeded.is_some() {
            return;
        }
        let fault = match last {
            LastEvent::Failed(_, Some(fault))
                if self.faults.get(fault).is_some_and(|fault| fault.code == code) =>
            {
                fault
            }
            // Not of any instruction: before or after the script ran.
            _ => {
                let known = self.faults.iter().position(|fault| fault.instr.is_none() && fault.code == code);
                known.unwrap_or_else(|| {
                    self.faults.push(Fault {
                        instr: None,
                        iterations: Box::default(),
                        code,
                        message: kept(message),
                        text: message.lines().next().unwrap_or_default().trim_end_matches(':').to_owned(),
                        peer: self.peer,
                        caught_by: None,
                        uncaught: true,
                    });
                    self.faults.len() - 1
                })
            }
        };
        if let Some(fault) = self.faults.get_mut(fault) {
            fault.uncaught = true;
        }
        self.milestone(Milestone::Uncaught { peer: self.peer, fault });
    }

    /// The instruction that the last error came from.
    pub(crate) fn last_fault(&self) -> Option<InstrId> {
        self.milestones.iter().rev().find_map(|milestone| match milestone {
            Milestone::Uncaught { fault, .. } => self.faults.get(*fault)?.instr,
            _ => None,
        })
    }

    /// The limit that was exceeded, in words.
    pub(crate) fn limit(&self) -> Option<String> {
        Some(match self.exceeded? {
            ExceededLimit::Instructions => format!("more than {} instructions", self.limits.max_instructions),
            ExceededLimit::Memory => format!("more than {} of memory", in_words(self.limits.max_memory)),
        })
    }

    /// Whether something is reported for the first time.
    fn first(&mut self, key: u64) -> bool {
        if self.seen.len() >= MAX_PLACES { !self.seen.contains(&key) } else { self.seen.insert(key) }
    }

    /// Whether a place was done, on any peer.
    pub(crate) fn is_done(&self, place: u64) -> bool {
        self.seen.contains(&key(DONE, place))
    }

    /// A place as a number that is the same on all peers and in all walks.
    ///
    /// Elements of streams stand in other rounds elsewhere and later: there the element itself counts.
    pub(crate) fn place(&self, place: Place<'_>) -> u64 {
        let elements = self.elements.get(self.peer as usize);
        let (mut raw, mut all) = (FxHasher::default(), FxHasher::default());
        for iteration in place.iterations {
            iteration.hash(&mut raw);
            match elements.and_then(|elements| elements.by_position.get(&raw.finish())) {
                Some(element) => (iteration.fold, element).hash(&mut all),
                None => iteration.hash(&mut all),
            }
        }
        place.instr.hash(&mut all);
        all.finish()
    }

    /// A fold stands on another element: if it is one of a stream, it gets a number of its own.
    fn stands_on(&mut self, fold: InstrId, place: Place<'_>, bound: Bound<'_>) {
        let hir = self.hir;
        let iterable = hir.instr(fold).and_then(|fold| hir.operand(fold, HirRole::Iterable));
        let is_stream = |operand: &air_semantics::hir::Operand| {
            matches!(operand.kind, OperandKind::Stream(_) | OperandKind::StreamMap(_))
        };
        let depth = place.iterations.iter().rposition(|iteration| iteration.fold == fold);
        let (Some(depth), true) = (depth, iterable.is_some_and(is_stream)) else { return };
        let (outer, _) = place.iterations.split_at(depth);
        let outer = self.place(Place { instr: fold, iterations: outer });
        let mut hasher = FxHasher::default();
        (outer, cid_of(bound.provenance)).hash(&mut hasher);
        glimpse(bound.value, &mut hasher);
        let element = hasher.finish();
        let mut raw = FxHasher::default();
        place.iterations.iter().take(depth + 1).for_each(|iteration| iteration.hash(&mut raw));
        if let Some(elements) = self.elements.get_mut(self.peer as usize)
            && elements.by_position.len() < MAX_PLACES
        {
            // Equal elements are told apart by their order.
            let times = elements.times.entry(element).or_default();
            elements.by_position.entry(raw.finish()).or_insert_with(|| {
                *times += 1;
                (element, *times)
            });
        }
    }

    fn milestone(&mut self, milestone: Milestone) {
        if self.milestones.len() < MAX_ENTRIES {
            self.milestones.push(milestone);
        }
    }

    fn kind(&self, instr: InstrId) -> InstrKind {
        self.hir.instr(instr).map_or(InstrKind::Unknown, |instr| instr.kind)
    }

    fn parent(&self, instr: InstrId) -> Option<InstrId> {
        self.hir.instr(instr).and_then(|instr| instr.parent)
    }

    /// The error before is over, if this event is not its way further up.
    fn settle(&mut self) {
        if let LastEvent::Failed(instr, fault) = std::mem::replace(&mut self.last, LastEvent::Nothing) {
            let catcher = self.parent(instr);
            if let Some(fault) = fault.and_then(|fault| self.faults.get_mut(fault)) {
                fault.caught_by = catcher;
            }
        }
    }

    fn counted(&mut self, place: Place<'_>) {
        let peer = self.peer;
        // Outside of folds an instruction has one place: that is not new once it is counted.
        let track = self.tracks.get(place.instr.0 as usize);
        if place.iterations.is_empty() && track.is_some_and(|track| track.times > 0 && !track.requested) {
            return;
        }
        if self.first(key(PLACE, self.place(place)))
            && let Some(track) = self.tracks.get_mut(place.instr.0 as usize)
        {
            track.times += 1;
            if !track.peers.contains(&peer) {
                track.peers.push(peer);
            }
        }
    }

    fn keep(
        &mut self,
        (instr, slot): (InstrId, Slot),
        place: Place<'_>,
        value: &Value,
        tetraplets: impl FnOnce() -> Vec<Rc<SecurityTetraplet>>,
        cid: Option<&str>,
    ) {
        let most = usize::try_from(self.limits.values).unwrap_or(usize::MAX);
        let series = self.series.entry((instr, slot)).or_default();
        series.count += 1;
        if series.values.len() >= most.max(1) {
            series.values.pop();
        }
        series.values.push(HeldValue {
            value: value.clone(),
            peer: self.peer,
            iterations: place.iterations.into(),
            tetraplets: tetraplets(),
            cid: cid.map(Into::into),
        });
    }

    fn measure(&mut self, value: &Value) {
        let text = self.sizes.text(value);
        self.more(text);
    }

    /// There is as much as there is, and so much more for a moment.
    fn more(&mut self, bytes: u64) {
        let held = self.sizes.memory.saturating_add(self.memory.bytes()).saturating_add(self.own_bytes());
        if held.saturating_add(bytes) > self.limits.max_memory {
            self.exceeded.get_or_insert(ExceededLimit::Memory);
        }
    }

    /// What is kept here to tell places apart.
    fn own_bytes(&self) -> u64 {
        let elements = self.elements.get(self.peer as usize).map_or(0, |elements| elements.by_position.len());
        (self.seen.len() + elements * 3) as u64 * SEEN_BYTES
    }

    /// Data between peers, in bytes.
    pub(crate) fn on_their_way(&mut self, bytes: u64) {
        self.memory.on_their_way = bytes;
        self.more(0);
    }

    /// A service has answered: its text is kept as it is, stands in the report once more, and is copied for the peer that
    /// reads it.
    pub(crate) fn answered(&mut self, answer: &Answer) {
        if let Answer::Now(result) | Answer::Later { result, .. } = answer {
            let bytes = result.result.len() as u64;
            self.memory.calls = self.memory.calls.saturating_add(bytes.saturating_mul(2) + CALL_BYTES);
            let parts = result.result.bytes().filter(|byte| *byte == b',').count() as u64;
            self.more(bytes.saturating_mul(ANSWER_COPIES) + parts * PART_BYTES);
        }
    }

    /// Which fold an iterator of this name belongs to.
    fn fold_of(&self, place: Place<'_>, name: &str) -> InstrId {
        let is_it = |fold: &&Iteration| {
            let instr = self.hir.instr(fold.fold);
            let iterator = instr.and_then(|instr| self.hir.operand(instr, HirRole::Iterator));
            iterator.and_then(|operand| operand.kind.name()).is_some_and(|id| self.hir.name(id) == name)
        };
        place.iterations.iter().rev().find(is_it).map_or(place.instr, |fold| fold.fold)
    }
}

impl Recorder for Recording<'_> {
    fn holds(&mut self, bytes: u64) {
        self.memory.peer_holds(self.peer as usize, bytes);
        self.more(0);
    }

    fn stops(&self) -> bool {
        self.exceeded.is_some()
    }

    fn begins(&mut self, resumed: bool) {
        self.last = LastEvent::Nothing;
        if resumed {
            return;
        }
        if let Some(waits) = self.waits.get_mut(self.peer as usize) {
            waits.clear();
        }
        if let Some(elements) = self.elements.get_mut(self.peer as usize) {
            *elements = Elements::default();
        }
    }

    fn entered(&mut self, place: Place<'_>) {
        self.settle();
        self.instructions += 1;
        if self.instructions > self.limits.max_instructions {
            self.exceeded.get_or_insert(ExceededLimit::Instructions);
        }
        // Mostly one instruction waits, and another one begins.
        let waits = self.waits.get(self.peer as usize);
        if waits.is_some_and(|waits| {
            waits.len() > MAX_SCANNED_WAITS || waits.values().any(|it| it.instr == place.instr)
        }) {
            let here = self.place(place);
            if let Some(waits) = self.waits.get_mut(self.peer as usize) {
                waits.remove(&here);
            }
        }
        if let Some(track) = self.tracks.get_mut(place.instr.0 as usize) {
            track.entered = true;
        }
        if !matches!(self.kind(place.instr), InstrKind::Call | InstrKind::Canon | InstrKind::Ap) {
            self.counted(place);
        }
    }

    fn left(&mut self, place: Place<'_>, complete: bool) {
        self.settle();
        if !complete {
            return;
        }
        let kind = self.kind(place.instr);
        if let Some(track) = self.tracks.get_mut(place.instr.0 as usize) {
            track.complete = true;
        }
        if matches!(kind, InstrKind::Call | InstrKind::Canon | InstrKind::Ap) {
            let requested = self.tracks.get(place.instr.0 as usize).is_some_and(|track| track.requested);
            self.first(key(DONE, self.place(place)));
            if !requested {
                self.counted(place);
            }
        }
        if self.hir.roots.first() == Some(&place.instr)
            && !self.milestones.iter().any(|milestone| matches!(milestone, Milestone::Root { .. }))
        {
            self.milestone(Milestone::Root { peer: self.peer });
        }
    }

    fn failed(&mut self, place: Place<'_>, error: &ExecutionError) {
        let instr = place.instr;
        let goes_on = match self.last {
            LastEvent::Failed(inner, fault) => {
                let parent = self.parent(inner);
                let by_next = self.kind(instr) == InstrKind::Next
                    && parent.is_some_and(|parent| self.kind(parent) == InstrKind::Fold);
                (parent == Some(instr) || by_next).then_some(fault)
            }
            LastEvent::Nothing => None,
        };
        let fault = match goes_on {
            Some(fault) => fault,
            None => {
                self.settle();
                self.new_fault(place, error)
            }
        };
        self.first(key(DONE, self.place(place)));
        self.counted(place);
        if let Some(track) = self.tracks.get_mut(instr.0 as usize) {
            track.fault = fault.or(track.fault);
        }
        self.last = LastEvent::Failed(instr, fault);
    }

    fn bound(&mut self, place: Place<'_>, bound: Bound<'_>) {
        self.measure(bound.value);
        let kind = self.kind(place.instr);
        let at = match kind {
            InstrKind::Fold | InstrKind::Next => self.fold_of(place, bound.name),
            _ => place.instr,
        };
        if at != place.instr || kind == InstrKind::Fold {
            self.stands_on(at, place, bound);
        }
        let cid = cid_of(bound.provenance);
        if kind == InstrKind::Call
            && self.tracks.get(place.instr.0 as usize).is_some_and(|track| track.requested)
        {
            // Only the answer itself counts, not what data repeats elsewhere and later.
            let here = self.place(place);
            let Some(asked) = self.asked.get_mut(&(self.peer, place.instr)) else { return };
            let Some(index) = asked.iter().position(|place| *place == here) else { return };
            asked.swap_remove(index);
        } else {
            let mut hasher = FxHasher::default();
            (key(VALUE, self.place(Place { instr: at, ..place })), cid).hash(&mut hasher);
            glimpse(bound.value, &mut hasher);
            if !self.first(hasher.finish()) {
                return;
            }
        }
        self.keep((at, Slot::Set), place, bound.value, || vec![Rc::new(bound.tetraplet.clone())], cid);
    }

    fn compared(&mut self, place: Place<'_>, left: &Value, right: &Value) {
        for (side, value) in (0..).zip([left, right]) {
            let mut hasher = FxHasher::default();
            key(SIDE + side as u8, self.place(place)).hash(&mut hasher);
            glimpse(value, &mut hasher);
            if self.first(hasher.finish()) {
                self.keep((place.instr, Slot::Side(side)), place, value, Vec::new, None);
            }
        }
    }

    fn mixed_key(&mut self, place: Place<'_>, key: &str) {
        if !self.mixed_keys.iter().any(|(canon, ..)| *canon == place.instr) {
            self.mixed_keys.push((place.instr, self.peer, key.to_owned()));
        }
    }

    fn requested(&mut self, place: Place<'_>, id: u32, request: &CallRequest) {
        let (peer, instr) = (self.peer, place.instr);
        if self.requests.len() < MAX_ENTRIES {
            self.requests.push((peer, id, instr));
        }
        let here = self.place(place);
        if let Some(waited) = self.waits.get_mut(peer as usize).and_then(|waits| waits.get_mut(&here)) {
            waited.wait = WaitReason::Host {
                service: request.service_id.as_str().into(),
                function: request.function_name.as_str().into(),
            };
        }
        if let Some(track) = self.tracks.get_mut(instr.0 as usize) {
            track.requested = true;
            track.times += 1;
            if !track.peers.contains(&peer) {
                track.peers.push(peer);
            }
        }
        let hir = self.hir;
        let operands = hir.instr(instr).map(|instr| hir.operands_of(instr)).unwrap_or_default();
        if operands.iter().any(|operand| operand.role == HirRole::Output) {
            let asked = self.asked.entry((peer, instr)).or_default();
            if asked.len() < MAX_ENTRIES {
                asked.push(here);
            }
        }
        let arguments = operands.iter().filter(|operand| operand.role == HirRole::Argument);
        let (mut passed, mut parts) = (0_u64, 0_u64);
        for (index, operand) in arguments.enumerate() {
            let Some(value) = request.arguments.get(index) else { continue };
            self.measure(value);
            passed = passed.saturating_add(self.sizes.text(value));
            parts += value.as_array().map_or(0, <[Value]>::len) as u64;
            let written = matches!(
                operand.kind,
                OperandKind::Literal
                    | OperandKind::Int(_)
                    | OperandKind::Float(_)
                    | OperandKind::Bool(_)
                    | OperandKind::EmptyArray
            );
            if !written {
                let tetraplets = || request.tetraplets.get(index).cloned().unwrap_or_default();
                self.keep((instr, Slot::Argument(index as u32)), place, value, tetraplets, None);
            }
        }
        // The report has the arguments as text.
        let place = place.iterations.len() as u64 * ITERATION_BYTES;
        self.memory.calls = self.memory.calls.saturating_add(passed + place + CALL_BYTES);
        // Services make answers out of their arguments: as a value, and twice as its text.
        self.more(passed.saturating_mul(ANSWER_COPIES) + parts * PART_BYTES);
        if self.peers.get(peer as usize).is_some_and(|peer| **peer == *self.init_peer) {
            let arguments = || request.arguments.clone();
            match (request.service_id.as_str(), request.function_name.as_str()) {
                ("callbackSrv", "response") => {
                    self.milestone(Milestone::Response { instr, arguments: arguments() });
                }
                ("errorHandlingSrv", "error") => {
                    let fault = self.fault_of(request.arguments.first());
                    self.milestone(Milestone::Handled { peer, fault, arguments: arguments() });
                }
                _ => {}
            }
        }
    }

    fn waits(&mut self, place: Place<'_>, wait: Wait<'_>) {
        let here = self.place(place);
        let Some(waits) = self.waits.get_mut(self.peer as usize) else { return };
        let wait = match wait {
            Wait::Variable(name) | Wait::Stream(name) => WaitReason::Variable(name.into()),
            Wait::Peer { peer, .. } => WaitReason::Peer(peer.into()),
            Wait::Host(_) => WaitReason::Host { service: Box::default(), function: Box::default() },
            Wait::Never => WaitReason::Never,
        };
        if waits.len() < MAX_ENTRIES {
            let waited =
                WaitingPlace { place: here, instr: place.instr, iterations: place.iterations.into(), wait };
            waits.insert(here, waited);
        }
    }
}

impl Recording<'_> {
    fn new_fault(&mut self, place: Place<'_>, error: &ExecutionError) -> Option<usize> {
        let (code, message) = (error.code(), error.to_string());
        let mut hasher = FxHasher::default();
        (key(ERROR, self.place(place)), code, &message).hash(&mut hasher);
        let same = |fault: &Fault| {
            fault.instr == Some(place.instr) && *fault.iterations == *place.iterations && fault.code == code
        };
        if !self.first(hasher.finish()) {
            return self.faults.iter().rposition(same);
        }
        if self.faults.len() >= MAX_ENTRIES {
            return None;
        }
        self.faults.push(Fault {
            instr: Some(place.instr),
            iterations: place.iterations.into(),
            code,
            text: in_short(error).unwrap_or_else(|| kept(&message)),
            message: kept(&message),
            peer: self.peer,
            caught_by: None,
            uncaught: false,
        });
        Some(self.faults.len() - 1)
    }

    /// The error that an error object is of: the last one with its code and message.
    fn fault_of(&self, object: Option<&Value>) -> Option<usize> {
        let code = object?.get("error_code")?.as_i64()?;
        let message = object?.get("message")?.as_str()?;
        let is_it =
            |fault: &Fault| fault.code == code && (fault.message == message || fault.message.ends_with('…'));
        // A comparison that fails is not an error of its own: what matters came before it.
        self.faults
            .iter()
            .rposition(is_it)
            .or_else(|| self.faults.iter().rposition(|fault| fault.code == code))
    }
}

fn cid_of(provenance: &Provenance) -> Option<&str> {
    match provenance {
        Provenance::Literal => None,
        Provenance::ServiceResult { cid } | Provenance::Canon { cid } => Some(cid.as_str()),
    }
}

/// Feeds a hasher with enough of a value to tell neighbours apart, at bounded cost.
fn glimpse(value: &Value, hasher: &mut FxHasher) {
    let mut stack = vec![value];
    for _ in 0..16 {
        let Some(value) = stack.pop() else { break };
        match value {
            Value::Array(_) => {
                let items = value.as_array().unwrap_or_default();
                items.len().hash(hasher);
                stack.extend(items.iter().rev().take(8));
            }
            Value::Object(object) => {
                object.members().len().hash(hasher);
                stack.extend(object.members().iter().take(8).map(|(_, value)| value));
            }
            Value::String(text) => text.as_bytes().iter().take(128).for_each(|byte| byte.hash(hasher)),
            other => other.hash_into(hasher),
        }
    }
}
