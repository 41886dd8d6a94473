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
use super::kept::PeerState;
use super::kind::PeerKind;
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
#[derive(Debug)]
pub struct Network<'s> {
    script: &'s ParsedScript,
    setup: Setup,
    /// The state of each peer that has run, by id.
    states: BTreeMap<String, PeerState<'s>>,
    pending: Pending,
    faults: Random,
    steps: Vec<Step>,
    /// How many steps each peer took.
    taken: BTreeMap<String, u64>,
    silent: Vec<(String, u32)>,
    runs: u32,
    stopped: Option<String>,
    /// Some ids are not keys.
    trusting: bool,
}

impl<'s> Network<'s> {
    /// A simulation of a script, which has ids for names ([`Peers::with_ids`]).
    pub fn new(script: &'s ParsedScript, mut setup: Setup) -> Self {
        setup.peers.make_up(&setup.init_peer);
        let made_up = setup.peers.iter().any(|peer| peer.made_up);
        let (to, origin) = (setup.init_peer.clone(), Origin::default());
        let first = Particle { from: None, to, data: Rc::from([]), nth: 1, origin };
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
        }
    }

    /// What happens next on a peer; `None` when there is nothing left to happen. With [`Answers::Together`] the answers
    /// that a peer gets at once are in the same step.
    pub fn step(&mut self, services: &mut dyn Services, observer: &mut dyn Observer) -> Option<&Step> {
        loop {
            if self.stopped.is_some() || self.pending.misfit.is_some() || self.pending.expired {
                return None;
            }
            let (incoming, chosen) = self.pending.choose(&self.setup)?;
            let to = match &incoming {
                Incoming::Particle(particle) => particle.to.clone(),
                Incoming::Replies(replies) => replies.first()?.peer.clone(),
            };
            // Only peers with keys are sent to.
            let peer = Rc::clone(self.setup.peers.get(&to)?);
            let taken = self.taken.entry(to.clone()).or_default();
            if faults::dies_after(&self.setup.named_faults, &self.setup.peers.show(&to))
                .is_some_and(|after| *taken >= after)
            {
                self.died(incoming);
                continue;
            }
            *taken += 1;
            return self.happens(&peer, incoming, chosen, services, observer);
        }
    }

    /// The peer is dead: nothing comes of it.
    fn died(&mut self, incoming: Incoming) {
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

    fn happens(
        &mut self,
        peer: &Rc<Peer>,
        incoming: Incoming,
        chosen: Option<String>,
        services: &mut dyn Services,
        observer: &mut dyn Observer,
    ) -> Option<&Step> {
        let number = self.pending.log.last() + 1;
        let mut causes: Vec<u64> = Vec::new();
        let (cause, kind, data, results) = match incoming {
            Incoming::Particle(Particle { from: None, data, .. }) => {
                (Cause::Start, EventKind::Start { peer: peer.id.clone() }, data, BTreeMap::new())
            }
            Incoming::Particle(Particle { from: Some(from), to, data, origin, .. }) => {
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
        let next = self.run_until_quiet(peer, &data, results, &mut step.runs, services, observer);
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
        data: &Rc<[u8]>,
        mut results: BTreeMap<u32, CallServiceResult>,
        runs: &mut Vec<Invocation>,
        services: &mut dyn Services,
        observer: &mut dyn Observer,
    ) -> BTreeSet<String> {
        let mut next = BTreeSet::new();
        let nothing: Rc<[u8]> = Rc::from([]);
        let mut data = data;
        loop {
            if self.runs >= self.setup.max_runs.0 {
                self.stopped = Some(format!("more than {} runs", self.setup.max_runs.0));
                return next;
            }
            self.runs += 1;
            let mut places = RequestPlaces { inner: observer.recorder(), of: BTreeMap::new() };
            let outcome = self.invoke(peer, data, results, &mut places);
            let places = places.of;
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
            data = &nothing;
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

    /// One invocation. The outcome is without data.
    fn invoke(
        &mut self,
        peer: &Rc<Peer>,
        data: &Rc<[u8]>,
        results: BTreeMap<u32, CallServiceResult>,
        recorder: &mut dyn Recorder,
    ) -> Outcome {
        let results: BTreeMap<String, CallServiceResult> =
            results.into_iter().map(|(id, result)| (id.to_string(), result)).collect();
        if !self.states.contains_key(&peer.id) {
            let kept = self.new_peer(peer);
            self.states.insert(peer.id.clone(), kept);
        }
        match self.states.get_mut(&peer.id) {
            Some(state) => state.run(data, results, recorder),
            None => Outcome::default(),
        }
    }

    fn new_peer(&self, peer: &Peer) -> PeerState<'s> {
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
        PeerState::new(self.script, parameters, self.trusting, client)
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
        let data: Rc<[u8]> = match self.states.get_mut(&from.id) {
            Some(state) => state.data().into(),
            None => Rc::from([]),
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
    pub fn events(&self) -> &[Event] {
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
        self.states.iter_mut().map(|(peer, kept)| (peer.clone(), kept.data())).collect()
    }
}
