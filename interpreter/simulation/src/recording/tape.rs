//! Writes down what the interpreter says while a run goes on.

use std::rc::Rc;

use air_interpreter::data::{ExecutedState, SecurityTetraplet};
use air_interpreter::errors::ExecutionError;
use air_interpreter::peers::Peer;
use air_interpreter::recorder::{Bound, Iteration, Place, Recorder, Wait};
use air_interpreter::value::Value;
use air_interpreter::{CallRequest, Outcome};
use air_semantics::hir::InstrId;
use rustc_hash::{FxHashMap, FxHashSet};

use super::moment::{Moment, MomentKind};
use crate::network::{Answer, Fate, ServiceCall};
use crate::run::Tape as RunTape;

/// A value that a variable, stream or map got.
#[derive(Debug, Clone, PartialEq)]
pub struct Binding {
    /// Its name, tag included.
    pub name: Rc<str>,
    /// What it got.
    pub value: Value,
    /// Where the value comes from.
    pub tetraplet: Rc<SecurityTetraplet>,
    /// The same place on all peers has the same number.
    pub(super) place: u64,
}

/// An instruction that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The error's code.
    pub code: i64,
    /// Its message.
    pub message: Rc<str>,
    /// Whether nothing can catch it.
    pub uncatchable: bool,
}

/// A call that a host was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// The request's number on its peer.
    pub id: u32,
    /// What is asked.
    pub request: Rc<CallRequest>,
    /// What the host answers; `None` until it has.
    pub answer: Option<Answer>,
    pub(super) place: u64,
    pub(super) answered_at: u32,
}

/// What an instruction waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Waited {
    /// A variable that is not there.
    Variable(Rc<str>),
    /// A stream or map that was never written.
    Stream(Rc<str>),
    /// Another peer, by id; whether the particle was sent there now.
    Peer(Rc<str>, bool),
    /// The host has the request of this number.
    Host(u32),
    /// A `never`.
    Never,
}

/// One run of the interpreter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Invocation {
    /// Its first moment.
    pub(super) first: u32,
    /// Into the recording's peers.
    pub(super) peer: u16,
    /// It reports only what newly happens.
    pub(super) resumed: bool,
    /// What its peer keeps is not changed by it.
    pub(super) forgotten: bool,
    /// The number of its event, from 1.
    pub event: u64,
    /// What it came to.
    pub ret_code: i64,
    /// The invocation before on this peer.
    pub(super) before: Option<u32>,
}

/// What was written down, as the script that ran numbers its instructions.
#[derive(Debug, Default)]
pub(super) struct Tape {
    pub(super) most: usize,
    pub(super) moments: Vec<Moment>,
    pub(super) invocations: Vec<Invocation>,
    pub(super) peers: Vec<Rc<str>>,
    pub(super) iterations: Vec<Rc<[Iteration]>>,
    pub(super) bindings: Vec<Binding>,
    pub(super) failures: Vec<Failure>,
    pub(super) writes: Vec<(u32, ExecutedState)>,
    pub(super) asked: Vec<Asked>,
    pub(super) waited: Vec<Waited>,
    known_iterations: FxHashMap<Rc<[Iteration]>, u32>,
    names: FxHashMap<Box<str>, Rc<str>>,
    last_of: FxHashMap<u16, u32>,
    peer: u16,
    /// The number of the place of what is reported now.
    place: u64,
    /// Instructions that are running.
    open: Vec<(u64, u32)>,
    /// The last moment at which one was entered.
    entered: u32,
    seen: FxHashSet<(Seen, u64)>,
    clients: FxHashSet<u16>,
    full: bool,
    /// Nothing catches the error that the invocation ends with.
    uncatchable: bool,
}

/// What a place has been through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Seen {
    Entered,
    Done,
    Failed,
    Bound,
    Asked(u16),
    Sent(u16),
}

impl Tape {
    pub(super) fn new(most: usize) -> Self {
        Tape { most, ..Tape::default() }
    }

    fn push(&mut self, kind: MomentKind, place: Option<Place<'_>>, payload: usize, again: bool) {
        let instr = place.map_or(Moment::NOWHERE, |place| place.instr);
        let iterations = self.iterations_number(place.map_or(&[], |place| place.iterations));
        let payload = u32::try_from(payload).unwrap_or(u32::MAX);
        self.moments.push(Moment { instr, iterations, payload, peer: self.peer, kind, again });
        self.full |= self.moments.len() >= self.most;
    }

    fn iterations_number(&mut self, iterations: &[Iteration]) -> u32 {
        if let Some(number) = self.known_iterations.get(iterations) {
            return *number;
        }
        let number = u32::try_from(self.iterations.len()).unwrap_or(u32::MAX);
        let shared: Rc<[Iteration]> = iterations.into();
        self.iterations.push(Rc::clone(&shared));
        self.known_iterations.insert(shared, number);
        number
    }

    fn name(&mut self, name: &str) -> Rc<str> {
        if let Some(known) = self.names.get(name) {
            return Rc::clone(known);
        }
        let shared: Rc<str> = name.into();
        self.names.insert(name.into(), Rc::clone(&shared));
        shared
    }

    fn first(&mut self, what: Seen) -> bool {
        self.seen.insert((what, self.place))
    }

    /// The instruction that is running does something that was not told before.
    fn is_news(&mut self) {
        if let Some((place, at)) = self.open.last()
            && *place == self.place
            && let Some(moment) = self.moments.get_mut(*at as usize)
        {
            moment.again = false;
        }
    }

    fn numbered(&self) -> u32 {
        u32::try_from(self.moments.len()).unwrap_or(u32::MAX)
    }

    fn begin_invocation(&mut self, resumed: bool) {
        let number = u32::try_from(self.invocations.len()).unwrap_or(u32::MAX);
        let before = self.last_of.insert(self.peer, number);
        let (first, peer) = (self.numbered(), self.peer);
        self.invocations.push(Invocation { first, peer, resumed, before, ..Invocation::default() });
        self.open.clear();
        self.uncatchable = false;
        self.push(MomentKind::Arrived, None, number as usize, false);
    }

    /// Whether the invocation that is going on has said anything yet.
    fn has_begun(&self) -> bool {
        let last = self.moments.last().map(|moment| moment.kind);
        !matches!(
            last,
            None | Some(MomentKind::Ended | MomentKind::Answered | MomentKind::Sent | MomentKind::End)
        )
    }
}

impl RunTape for Tape {
    const LISTENS: bool = true;

    fn on_peer(&mut self, peer: &Peer, client: bool) {
        let known = self.peers.iter().position(|known| **known == *peer.id);
        let at = known.unwrap_or_else(|| {
            self.peers.push(peer.id.as_str().into());
            self.peers.len() - 1
        });
        self.peer = u16::try_from(at).unwrap_or(u16::MAX);
        if client {
            self.clients.insert(self.peer);
        }
    }

    fn at(&mut self, place: u64) {
        self.place = place;
    }

    fn ran(&mut self, outcome: &Outcome) {
        if !self.has_begun() {
            // A script that is not accepted does not begin.
            self.begin_invocation(false);
        }
        if outcome.ret_code != 0 {
            let told = self.moments.last().is_some_and(|last| last.kind == MomentKind::Failed);
            if !told {
                let message = outcome.error_message.as_str().into();
                self.failures.push(Failure { code: outcome.ret_code, message, uncatchable: true });
                self.uncatchable = true;
                self.push(MomentKind::Failed, None, self.failures.len() - 1, false);
                let at = self.open.last().and_then(|(_, at)| self.moments.get(*at as usize)).copied();
                if let Some((at, failed)) = at.zip(self.moments.last_mut()) {
                    (failed.instr, failed.iterations) = (at.instr, at.iterations);
                }
            }
        }
        let number = self.invocations.len().saturating_sub(1);
        let client = self.clients.contains(&self.peer);
        if let Some(invocation) = self.invocations.last_mut() {
            invocation.ret_code = outcome.ret_code;
            invocation.forgotten = outcome.ret_code != 0 && (client || self.uncatchable);
        }
        self.push(MomentKind::Ended, None, number, true);
    }

    fn answered(&mut self, call: &ServiceCall<'_>, answer: &Answer) {
        let (peer, asked_at) = (self.peer, self.numbered());
        // The call is one of the last that this peer asked for.
        let moments = &self.moments;
        let mine = |asked: &Asked| asked.id == call.id && asked.answer.is_none();
        let Some(at) = self.asked.iter().rposition(|asked| {
            mine(asked)
                && moments.get(asked.answered_at as usize).is_some_and(|requested| requested.peer == peer)
        }) else {
            return;
        };
        if let Some(asked) = self.asked.get_mut(at) {
            asked.answer = Some(answer.clone());
            asked.answered_at = asked_at;
        }
        self.push(MomentKind::Answered, Some(call.place), at, true);
    }

    fn sent(&mut self, _: &str, _: Fate) {
        self.push(MomentKind::Sent, None, 0, true);
    }

    fn full(&self) -> Option<String> {
        self.full.then(|| format!("more than {} moments", self.most))
    }
}

impl Recorder for Tape {
    fn begins(&mut self, resumed: bool) {
        self.begin_invocation(resumed);
    }

    fn stops(&self) -> bool {
        self.full
    }

    fn entered(&mut self, place: Place<'_>) {
        let again = !self.first(Seen::Entered);
        self.entered = self.numbered();
        self.open.push((self.place, self.entered));
        self.push(MomentKind::Entered, Some(place), 0, again);
    }

    fn left(&mut self, place: Place<'_>, complete: bool) {
        let again = complete && !self.first(Seen::Done);
        // What has others in it does nothing by itself.
        let innermost = self.open.last().is_some_and(|(_, at)| *at == self.entered);
        if complete && !again && innermost && !self.seen.contains(&(Seen::Asked(self.peer), self.place)) {
            self.is_news();
        }
        self.open.pop();
        let kind = if complete { MomentKind::Left } else { MomentKind::Stuck };
        self.push(kind, Some(place), 0, again);
    }

    fn failed(&mut self, place: Place<'_>, error: &ExecutionError) {
        // On its way up an error fails all instructions around.
        let goes_on = self.moments.last().is_some_and(|last| last.kind == MomentKind::Failed);
        let first = self.first(Seen::Failed);
        if !goes_on && first && !self.seen.contains(&(Seen::Asked(self.peer), self.place)) {
            self.is_news();
        }
        self.open.pop();
        let payload = match self.moments.last().filter(|_| goes_on) {
            Some(last) => last.payload as usize,
            None => {
                let uncatchable = matches!(error, ExecutionError::Uncatchable(_));
                let (code, message) = (error.code(), error.to_string().into());
                self.failures.push(Failure { code, message, uncatchable });
                self.uncatchable = uncatchable;
                self.failures.len() - 1
            }
        };
        self.push(MomentKind::Failed, Some(place), payload, goes_on || !first);
    }

    fn bound(&mut self, place: Place<'_>, bound: Bound<'_>) {
        let tetraplet = match self.bindings.last() {
            Some(last) if *last.tetraplet == *bound.tetraplet => Rc::clone(&last.tetraplet),
            _ => Rc::new(bound.tetraplet.clone()),
        };
        let again = !self.first(Seen::Bound);
        let name = self.name(bound.name);
        self.bindings.push(Binding { name, value: bound.value.clone(), tetraplet, place: self.place });
        self.push(MomentKind::Bound, Some(place), self.bindings.len() - 1, again);
    }

    fn wrote(&mut self, place: Place<'_>, position: u32, state: &ExecutedState) {
        self.writes.push((position, state.clone()));
        self.push(MomentKind::Wrote, Some(place), self.writes.len() - 1, true);
    }

    fn requested(&mut self, place: Place<'_>, id: u32, request: &CallRequest) {
        self.first(Seen::Asked(self.peer));
        self.is_news();
        let answered_at = self.numbered();
        self.asked.push(Asked {
            id,
            request: Rc::new(request.clone()),
            answer: None,
            place: self.place,
            answered_at,
        });
        self.push(MomentKind::Requested, Some(place), self.asked.len() - 1, false);
    }

    fn waits(&mut self, place: Place<'_>, wait: Wait<'_>) {
        let waited = match wait {
            Wait::Variable(name) => Waited::Variable(self.name(name)),
            Wait::Stream(name) => Waited::Stream(self.name(name)),
            Wait::Peer { peer, sent_now } => Waited::Peer(self.name(peer), sent_now),
            Wait::Host(id) => Waited::Host(id),
            Wait::Never => Waited::Never,
        };
        let sends = matches!(waited, Waited::Peer(_, true));
        if sends && self.first(Seen::Sent(self.peer)) {
            self.is_news();
        }
        self.waited.push(waited);
        self.push(MomentKind::Waits, Some(place), self.waited.len() - 1, !sends);
    }
}

/// An instruction of the script that ran, as the script that was given numbers it.
pub(super) fn own(instr: InstrId, shift: u32, count: usize) -> InstrId {
    let own = instr.0.checked_sub(shift).filter(|own| (*own as usize) < count);
    own.map_or(Moment::NOWHERE, InstrId)
}
