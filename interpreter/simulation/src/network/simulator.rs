//! The simulation itself: a queue of events, and the peers that have run.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use air_interpreter::peers::{Peer, Peers};
use air_interpreter::recorder::{Iteration, Place, Recorder};
use air_interpreter::{CallRequest, CallServiceResult, Outcome, ParsedScript, RunParameters};
use air_semantics::hir::InstrId;

use super::choice::{Incoming, Pending, way_name};
use super::event::{Asked, Became, Event, EventKind, Loss};
use super::faults::{self, Sending};
use super::kept::Kept;
use super::kind::PeerKind;
use super::memo::{Ran, SharedMemo, hash_of, input_hash};
use super::observer::{Cause, Fate, Observer};
use super::queue::{Answers, Item, Origin, Particle, Random, Reply};
use super::request_places::RequestPlaces;
use super::service::{Answer, ServiceCall, Services};
use super::setup::Setup;
use super::step::{Call, Delivery, Invocation, Step};

/// A call that has no answer yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unanswered<'n> {
    /// The peer that is asked.
    pub peer: &'n str,
    /// The request's number there.
    pub id: u32,
    /// When it will be answered; `None` is never.
    pub at: Option<u64>,
}

/// A simulation of one script.
///
/// ```
/// use air_interpreter::ParsedScript;
/// use air_interpreter::peers::Peers;
/// use air_simulation::network::{Network, Setup, Unwatched};
/// use air_simulation::services::Builtins;
///
/// let mut peers = Peers::default();
/// let init_peer = peers.named("init");
/// let text = peers.with_ids(r#"(call "@b" ("math" "add") [2 3] five)"#).into_owned();
/// let script = ParsedScript::new(&text);
/// let mut network = Network::new(&script, Setup { init_peer, peers, ..Setup::default() });
/// network.run(&mut Builtins, &mut Unwatched);
/// // `init` sends the particle to `b`, which answers the call.
/// assert_eq!(network.steps().len(), 2);
/// assert_eq!(network.stopped(), None);
/// ```
#[derive(Debug, Clone)]
pub struct Network<'s> {
    script: &'s ParsedScript,
    pub(super) setup: Setup,
    /// The state of each peer that has run, by id.
    pub(super) states: BTreeMap<String, Rc<Kept<'s>>>,
    pub(super) pending: Pending,
    pub(super) faults: Random,
    pub(super) steps: Vec<Step>,
    /// How many steps each peer took.
    pub(super) taken: BTreeMap<String, u64>,
    silent: Vec<(String, u32)>,
    runs: u32,
    pub(super) stopped: Option<String>,
    /// Some ids are not keys.
    trusting: bool,
    /// Whether the whole script came to its end in the last invocation.
    pub(super) reached_end: bool,
    /// What copies of this have in common, if there are any.
    pub(super) memo: Option<SharedMemo<'s>>,
}

/// Instructions of one invocation where copies are followed.
const MAX_SHARED_INSTRUCTIONS: u64 = 2_000_000;

/// What comes in with a particle.
#[derive(Debug, Clone, Copy)]
struct Arrived<'d> {
    data: &'d Rc<[u8]>,
    /// [`Particle::content`]; `None` if no particle has come.
    content: Option<u64>,
}

impl<'s> Network<'s> {
    /// A simulation of a script, which has ids for names ([`Peers::with_ids`]).
    pub fn new(script: &'s ParsedScript, mut setup: Setup) -> Self {
        setup.peers.make_up(&setup.init_peer);
        let made_up = setup.peers.iter().any(|peer| peer.made_up);
        let (to, origin) = (setup.init_peer.clone(), Origin::default());
        let first = Particle { from: None, to, data: Rc::from([]), nth: 1, origin, content: 0 };
        Network {
            script,
            pending: Pending::new(&setup, first),
            faults: Random(setup.faults.seed),
            trusting: setup.any_peer || made_up,
            setup,
            states: BTreeMap::new(),
            steps: Vec::new(),
            taken: BTreeMap::new(),
            silent: Vec::new(),
            runs: 0,
            stopped: None,
            reached_end: false,
            memo: None,
        }
    }

    /// Whether nothing more happens, whatever is under way.
    pub(super) fn ended(&self) -> bool {
        self.stopped.is_some() || self.pending.misfit.is_some() || self.pending.expired
    }

    /// Whether a peer takes part no more.
    pub(super) fn is_dead(&self, peer: &str) -> bool {
        let taken = self.taken.get(peer).copied().unwrap_or_default();
        faults::dies_after(&self.setup.named_faults, &self.setup.peers.show(peer))
            .is_some_and(|after| taken >= after)
    }

    /// What happens next on a peer; `None` when there is nothing left to happen. With [`Answers::Together`] the answers
    /// that a peer gets at once are in the same step.
    pub fn step(&mut self, services: &mut dyn Services, observer: &mut dyn Observer) -> Option<&Step> {
        loop {
            if self.ended() {
                return None;
            }
            let (incoming, chosen) = self.pending.choose(&self.setup)?;
            let to = match &incoming {
                Incoming::Particle(particle) => particle.to.clone(),
                Incoming::Replies(replies) => replies.first()?.peer.clone(),
            };
            // Only peers with keys are sent to.
            let peer = Rc::clone(self.setup.peers.get(&to)?);
            if self.is_dead(&to) {
                self.died(incoming);
                continue;
            }
            *self.taken.entry(to).or_default() += 1;
            return self.happens(&peer, incoming, chosen, services, observer);
        }
    }

    /// The peer is dead: nothing comes of it.
    pub(super) fn died(&mut self, incoming: Incoming) {
        let items = match incoming {
            Incoming::Particle(particle) => vec![Item::Particle(particle)],
            Incoming::Replies(replies) => replies.into_iter().map(Item::Reply).collect(),
        };
        for item in items {
            self.pending.lost(&item, Became::Lost(Loss::Died));
            if let Item::Reply(reply) = item {
                self.silent.push((reply.peer, reply.id));
            }
        }
    }

    pub(super) fn happens(
        &mut self,
        peer: &Rc<Peer>,
        incoming: Incoming,
        chosen: Option<String>,
        services: &mut dyn Services,
        observer: &mut dyn Observer,
    ) -> Option<&Step> {
        let number = self.pending.log.last() + 1;
        let mut causes: Vec<u64> = Vec::new();
        let mut arrived = None;
        let (cause, kind, data, results) = match incoming {
            Incoming::Particle(Particle { from: None, data, .. }) => {
                (Cause::Start, EventKind::Start { peer: peer.id.clone() }, data, BTreeMap::new())
            }
            Incoming::Particle(Particle { from: Some(from), to, data, origin, content, .. }) => {
                arrived = Some(content);
                self.pending.log.particle_became(origin, Became::Event(number));
                causes.push(origin.event as u64 + 1);
                let kind = EventKind::Delivery { from: from.clone(), to };
                (Cause::Particle { from }, kind, data, BTreeMap::new())
            }
            Incoming::Replies(replies) => {
                let mut results = BTreeMap::new();
                for reply in replies {
                    self.pending.log.answer_became(reply.origin, Became::Event(number));
                    causes.push(reply.origin.event as u64 + 1);
                    results.insert(reply.id, reply.result);
                }
                let calls: Vec<u32> = results.keys().copied().collect();
                let kind = EventKind::Answer { peer: peer.id.clone(), calls: calls.clone() };
                (Cause::Answer { ids: calls }, kind, Rc::from([]), results)
            }
        };
        causes.sort_unstable();
        causes.dedup();
        self.pending.log.happens(self.pending.time, kind, causes, chosen);
        observer.begins(peer, &cause, self.pending.time);
        let mut step = Step {
            peer: peer.id.clone(),
            cause,
            time: self.pending.time,
            runs: Vec::new(),
            sent: Vec::new(),
        };
        let arrived = Arrived { data: &data, content: arrived };
        let next = self.run_until_quiet(peer, arrived, results, &mut step.runs, services, observer);
        self.send(peer, next, &mut step.sent, observer);
        self.steps.push(step);
        self.steps.last()
    }

    /// All events that are left, at most [`Setup::max_runs`] invocations.
    pub fn run(&mut self, services: &mut dyn Services, observer: &mut dyn Observer) {
        while self.step(services, observer).is_some() {}
    }

    /// Runs a peer while it has answers to take; the peers that these runs name.
    fn run_until_quiet(
        &mut self,
        peer: &Rc<Peer>,
        arrived: Arrived<'_>,
        mut results: BTreeMap<u32, CallServiceResult>,
        runs: &mut Vec<Invocation>,
        services: &mut dyn Services,
        observer: &mut dyn Observer,
    ) -> BTreeSet<String> {
        let mut next = BTreeSet::new();
        let nothing: Rc<[u8]> = Rc::from([]);
        let mut arrived = arrived;
        loop {
            if self.runs >= self.setup.max_runs.0 {
                self.stopped = Some(format!("more than {} runs", self.setup.max_runs.0));
                return next;
            }
            self.runs += 1;
            let (outcome, places) = self.invoke(peer, arrived, results, observer.recorder());
            observer.ran(peer, &outcome);
            let (mut run, mut requests) = self.run_of(outcome);
            if run.ret_code != 0 && self.setup.kind(&peer.id) == PeerKind::Client {
                // A client acts on nothing of it.
                (run.next, requests) = (Vec::new(), BTreeMap::new());
            }
            next.extend(run.next.iter().cloned());
            self.pending.log.came_to(run.ret_code);
            results = BTreeMap::new();
            let mut origins = Vec::new();
            for (id, request) in requests {
                if observer.stops() {
                    return next;
                }
                let call = self.answer(peer, id, request, &places, services, observer);
                let origin = self.pending.log.asks(Asked::new(&call));
                let together = self.setup.answers == Answers::Together;
                let (service, function) = (&call.request.service_id, &call.request.function_name);
                let name = (peer.id.clone(), service.clone(), function.clone());
                let waits = match &call.answer {
                    Answer::Now(_) => !together,
                    Answer::Later { .. } => true,
                    Answer::Silent => false,
                };
                let nth = self.pending.calls.number(name, waits);
                let reply = |result: &CallServiceResult| Reply {
                    peer: peer.id.clone(),
                    id,
                    service: service.clone(),
                    function: function.clone(),
                    nth,
                    result: result.clone(),
                    origin,
                };
                match &call.answer {
                    Answer::Now(result) if together => {
                        results.insert(id, result.clone());
                        origins.push(origin);
                    }
                    Answer::Now(result) => self.pending.queue.push(Item::Reply(reply(result))),
                    Answer::Later { at, result } => self.pending.queue.push_late(*at, reply(result)),
                    Answer::Silent => {
                        self.pending.log.answer_became(origin, Became::Silent);
                        self.silent.push((peer.id.clone(), id));
                    }
                }
                run.calls.push(call);
            }
            runs.push(run);
            if results.is_empty() || observer.stops() {
                return next;
            }
            arrived = Arrived { data: &nothing, content: None };
            if self.runs < self.setup.max_runs.0 {
                let calls: Vec<u32> = results.keys().copied().collect();
                let asked = self.pending.log.last();
                let kind = EventKind::Answer { peer: peer.id.clone(), calls };
                let number = self.pending.log.happens(self.pending.time, kind, vec![asked], None);
                origins
                    .drain(..)
                    .for_each(|origin| self.pending.log.answer_became(origin, Became::Event(number)));
            }
        }
    }

    /// One invocation, and where its requests come from. The outcome is without data.
    fn invoke(
        &mut self,
        peer: &Rc<Peer>,
        arrived: Arrived<'_>,
        results: BTreeMap<u32, CallServiceResult>,
        recorder: Option<&mut dyn Recorder>,
    ) -> (Outcome, BTreeMap<u32, (InstrId, Vec<Iteration>)>) {
        if !self.states.contains_key(&peer.id) {
            let new = Rc::new(self.new_peer(peer));
            self.states.insert(peer.id.clone(), new);
        }
        let Some(shared) = self.states.get_mut(&peer.id) else { return Default::default() };
        let memo = self.memo.as_ref().filter(|_| recorder.is_none());
        let key = memo.map(|_| (hash_of((&peer.id, shared.number())), input_hash(arrived.content, &results)));
        if let Some((memo, key)) = memo.zip(key)
            && let Some(Ran { outcome, places, reached_end, state }) = memo.borrow().get(key)
        {
            *shared = state;
            self.reached_end = reached_end;
            return (outcome, places);
        }
        let results: BTreeMap<String, CallServiceResult> =
            results.into_iter().map(|(id, result)| (id.to_string(), result)).collect();
        let mut places = RequestPlaces {
            inner: recorder,
            of: BTreeMap::new(),
            reached_end: false,
            instructions_left: memo.map_or(u64::MAX, |_| MAX_SHARED_INSTRUCTIONS),
        };
        let kept = Rc::make_mut(shared);
        let outcome = kept.run(arrived.data, results, &mut places);
        self.reached_end = places.reached_end;
        if places.instructions_left == 0 {
            self.stopped.get_or_insert(format!("more than {MAX_SHARED_INSTRUCTIONS} instructions"));
        }
        if let Some((memo, key)) = memo.zip(key) {
            if !outcome.next_peer_pks.is_empty() {
                kept.data();
            }
            let mut memo = memo.borrow_mut();
            memo.invocations += 1;
            kept.is_number(memo.invocations);
            let bytes = kept.bytes();
            let (outcome, state) = (outcome.clone(), Rc::clone(shared));
            let ran = Ran { outcome, places: places.of.clone(), reached_end: places.reached_end, state };
            memo.put(key, ran, bytes);
        }
        (outcome, places.of)
    }

    fn new_peer(&self, peer: &Peer) -> Kept<'s> {
        let Setup { particle, limits, .. } = &self.setup;
        // What hosts without limits give.
        let limit = |limit: Option<u64>| limit.unwrap_or(1 << 32).min(1 << 32);
        let parameters = RunParameters {
            init_peer_id: self.setup.init_peer.clone(),
            current_peer_id: peer.id.clone(),
            timestamp: particle.timestamp,
            ttl: particle.ttl,
            key_format: air_interpreter::keys::ED25519,
            secret_key: peer.secret.to_vec(),
            particle_id: particle.id.clone(),
            air_size_limit: limit(limits.air_size),
            particle_size_limit: limit(limits.particle_size),
            call_result_size_limit: limit(limits.call_result_size),
            hard_limit_enabled: limits.hard,
        };
        let client = self.setup.kind(&peer.id) == PeerKind::Client;
        Kept::new(self.script, parameters, self.trusting, client)
    }

    fn run_of(&self, outcome: Outcome) -> (Invocation, BTreeMap<u32, CallRequest>) {
        let mut next = outcome.next_peer_pks;
        next.sort_by_cached_key(|peer| self.sort_key(peer));
        let run = Invocation {
            ret_code: outcome.ret_code,
            error_message: outcome.error_message,
            calls: Vec::new(),
            next,
            air_size_limit_exceeded: outcome.air_size_limit_exceeded,
            particle_size_limit_exceeded: outcome.particle_size_limit_exceeded,
            call_result_size_limit_exceeded: outcome.call_result_size_limit_exceeded,
        };
        (run, outcome.call_requests.unwrap_or_default())
    }

    /// Peers are sorted by how they are shown, so that ids, which are not chosen, do not decide.
    fn sort_key(&self, peer: &str) -> String {
        self.setup.peers.show(peer).into_owned()
    }

    fn answer(
        &self,
        peer: &Rc<Peer>,
        id: u32,
        request: CallRequest,
        places: &BTreeMap<u32, (InstrId, Vec<Iteration>)>,
        services: &mut dyn Services,
        observer: &mut dyn Observer,
    ) -> Call {
        let (instr, iterations) = places.get(&id).cloned().unzip();
        let iterations: Vec<Iteration> = iterations.unwrap_or_default();
        let call = ServiceCall {
            peer,
            kind: self.setup.kind(&peer.id),
            init_peer: &self.setup.init_peer,
            peers: &self.setup.peers,
            present: self.setup.present.as_ref(),
            particle: &self.setup.particle,
            time: self.pending.time,
            id,
            request: &request,
            place: Place { instr: instr.unwrap_or(InstrId(0)), iterations: &iterations },
        };
        let answer = services.answer(&call);
        observer.answered(&call, &answer);
        Call { id, request, instr, iterations, answer }
    }

    fn send(
        &mut self,
        from: &Rc<Peer>,
        next: BTreeSet<String>,
        sent: &mut Vec<Delivery>,
        observer: &mut dyn Observer,
    ) {
        let mut next: Vec<String> = next.into_iter().collect();
        if next.is_empty() {
            return;
        }
        next.sort_by_cached_key(|peer| self.sort_key(peer));
        let (data, content): (Rc<[u8]>, u64) = match self.states.get_mut(&from.id) {
            Some(state) => {
                let content = if self.memo.is_some() { state.hash() } else { 0 };
                (state.known_data().unwrap_or_else(|| Rc::make_mut(state).data()), content)
            }
            None => (Rc::from([]), 0),
        };
        for to in next {
            let way = way_name(&from.id, &to);
            let nth = self.pending.ways.count(&way).saturating_add(1);
            let (fate, loss) = self.fate(&from.id, &to, nth);
            let copies = match fate {
                Fate::Sent => 1,
                Fate::Duplicated => 2,
                Fate::Dropped | Fate::Lost => 0,
            };
            let fates = match loss {
                Some(loss) => vec![Became::Lost(loss)],
                None => vec![Became::Waiting; copies],
            };
            let first = self.pending.log.sends(&to, fates);
            if copies == 0 {
                self.pending.ways.number(way, false);
            } else {
                for copy in 0..copies {
                    let nth = self.pending.ways.number(way.clone(), true);
                    let (from, data, origin) =
                        (Some(from.id.clone()), Rc::clone(&data), Origin { copy, ..first });
                    self.pending.queue.push(Item::Particle(Particle {
                        from,
                        to: to.clone(),
                        data,
                        nth,
                        origin,
                        content,
                    }));
                }
            }
            observer.sent(from, &to, fate);
            sent.push(Delivery { to, fate });
        }
    }

    /// What becomes of the particle, and why if it never arrives.
    fn fate(&mut self, from: &str, to: &str, nth: u32) -> (Fate, Option<Loss>) {
        if self.setup.any_peer {
            self.setup.peers.make_up(to);
        }
        let present = self.setup.present.as_ref().is_none_or(|present| present.contains(to));
        let is_there = match self.setup.peers.get(to) {
            None => false,
            Some(peer) => present || (self.setup.any_peer && peer.made_up),
        };
        if !is_there {
            return (Fate::Lost, Some(Loss::NotThere));
        }
        // Of a peer behind a relay nobody else has the address, and it is connected to nobody else.
        for (client, other) in [(from, to), (to, from)] {
            if let Some(relay) = self.setup.behind.get(client).filter(|relay| **relay != other) {
                let (client, relay) = (client.to_owned(), relay.clone());
                return (Fate::Dropped, Some(Loss::Behind { client, relay }));
            }
        }
        // Drawn in any case, so that one fault does not move the choices of another.
        let (dropped, duplicated) =
            (self.faults.chance(self.setup.faults.lose), self.faults.chance(self.setup.faults.duplicate));
        let (from, to) = (self.setup.peers.show(from).into_owned(), self.setup.peers.show(to).into_owned());
        let sending = Sending { from: &from, to: &to, nth, event: self.pending.log.last() };
        if let Some(fault) = faults::loses(&self.setup.named_faults, sending) {
            return (Fate::Dropped, Some(Loss::Fault(fault.to_string())));
        }
        match (dropped, duplicated || faults::doubles(&self.setup.named_faults, sending)) {
            (true, _) => (Fate::Dropped, Some(Loss::Chance)),
            (_, true) => (Fate::Duplicated, None),
            _ => (Fate::Sent, None),
        }
    }

    /// What happened so far.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The same, one thing at a time.
    pub fn events(&self) -> &[Rc<Event>] {
        self.pending.log.events()
    }

    /// Why the schedule does not fit what can happen; nothing happens after that.
    pub fn misfit(&self) -> Option<&str> {
        self.pending.misfit.as_deref()
    }

    /// Whether the particle's life was over before all had happened.
    pub fn expired(&self) -> bool {
        self.pending.expired
    }

    /// Why the simulation was stopped before its end.
    pub fn stopped(&self) -> Option<&str> {
        self.stopped.as_deref()
    }

    /// Stops the simulation; nothing happens after that.
    pub fn stop(&mut self, reason: impl Into<String>) {
        self.stopped.get_or_insert(reason.into());
    }

    /// Bytes of the data that is on its way.
    pub fn bytes_on_their_way(&self) -> u64 {
        self.pending.queue.bytes()
    }

    /// All peers, those that were made up on the way included.
    pub fn peers(&self) -> &Peers {
        &self.setup.peers
    }

    /// Simulated milliseconds since the start.
    pub fn time(&self) -> u64 {
        self.pending.time
    }

    /// Calls without an answer: those that are answered later by their time, then those that never are.
    pub fn unanswered(&self) -> impl Iterator<Item = Unanswered<'_>> {
        let late = self.pending.queue.late().map(|(at, late)| Unanswered {
            peer: &late.peer,
            id: late.id,
            at: Some(at),
        });
        let expired = self.pending.expired_calls.iter();
        let expired = expired.map(|(peer, id, at)| Unanswered { peer, id: *id, at: Some(*at) });
        let silent = self.silent.iter().map(|(peer, id)| Unanswered { peer, id: *id, at: None });
        late.chain(expired).chain(silent)
    }

    /// What each peer that ran keeps, by id: interpreter data, empty if there is none.
    pub fn kept_data(&mut self) -> BTreeMap<String, Vec<u8>> {
        let data = |state: &mut Rc<Kept<'_>>| Rc::make_mut(state).data().to_vec();
        self.states.iter_mut().map(|(peer, state)| (peer.clone(), data(state))).collect()
    }
}
