//! A network of peers in one process: a script runs on all of them, an event at a time, deterministically.
//!
//! 1. A queue starts with the first particle: the init peer gets no data.
//! 2. A peer takes a particle and runs it with what it has kept. While it asks for calls, all of them are
//!    answered in ascending order and it is run again with the answers and no new data.
//! 3. Then its data goes to the union of all peers that these runs name, in the order of their names.
//! 4. When nothing is on its way, the answer that is due first comes in ([`Answer::Later`]): no clock but a simulated one.
//! 5. It ends when there is nothing left, or after [`Setup::max_runs`] runs.
//!
//! Services come from outside ([`Services`]), so does whoever watches ([`Observer`]).

mod outcome;
mod places;
mod queue;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use air_interpreter::peers::{Peer, Peers};
use air_interpreter::recorder::{Iteration, Place, Recorder};
use air_interpreter::{
    CallRequest, CallServiceResult, Outcome, RunParameters, Script, Session, encode_call_results, invoke,
};
use air_semantics::hir::InstrId;

pub(crate) use outcome::Parts;
pub use queue::{Faults, Order};

use places::Places;
use queue::{Late, Particle, Queue, Random};

/// What a simulation starts from. Peers are given by ids, see [`Peers::id_of`].
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// The peer that starts the particle; made up if it is none of `peers`.
    pub init_peer: String,
    /// The peers with keys.
    pub peers: Peers,
    /// Those of them that are there; all if `None`. Particles to others are lost.
    pub present: Option<BTreeSet<String>>,
    /// Whether any text in a peer's place is a peer of its own. Signatures of others are not checked then.
    pub any_peer: bool,
    /// The particle's own facts.
    pub particle: ParticleFacts,
    /// Sizes.
    pub limits: Limits,
    /// In which order particles arrive.
    pub order: Order,
    /// What goes wrong on the way.
    pub faults: Faults,
    /// The simulation is stopped when there would be more runs than that.
    pub max_runs: MaxRuns,
}

/// How many runs there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaxRuns(pub u32);

impl Default for MaxRuns {
    fn default() -> Self {
        MaxRuns(500)
    }
}

/// What a script reads as `%timestamp%` and `%ttl%`, and the salt of all signatures.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ParticleFacts {
    /// Any text.
    pub id: String,
    /// Milliseconds since 1970; the simulated clock starts here.
    pub timestamp: u64,
    /// Milliseconds.
    pub ttl: u32,
}

/// Limits in bytes; `None` is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// Of the script.
    pub air_size: Option<u64>,
    /// Of the data that comes in.
    pub particle_size: Option<u64>,
    /// Of each result of a call.
    pub call_result_size: Option<u64>,
    /// Whether exceeding one is an error.
    pub hard: bool,
}

/// Who answers calls.
pub trait Services {
    /// The answer to a call.
    fn answer(&mut self, call: &ServiceCall<'_>) -> Answer;
}

/// A call of a service, with everything that an answer may depend on.
#[derive(Debug, Clone, Copy)]
pub struct ServiceCall<'a> {
    /// The peer that is asked.
    pub peer: &'a Rc<Peer>,
    /// The peer that started the particle, by id.
    pub init_peer: &'a str,
    /// All peers.
    pub peers: &'a Peers,
    /// Those that are there, if not all.
    pub present: Option<&'a BTreeSet<String>>,
    /// The particle.
    pub particle: &'a ParticleFacts,
    /// Simulated milliseconds since the start; it is `particle.timestamp` then.
    pub time: u64,
    /// The request's number on this peer.
    pub id: u32,
    /// What is asked.
    pub request: &'a CallRequest,
    /// The call instruction, and where the folds around it stand.
    pub place: Place<'a>,
}

impl ServiceCall<'_> {
    /// Simulated milliseconds since 1970.
    pub fn now(&self) -> u64 {
        self.particle.timestamp.saturating_add(self.time)
    }

    /// Whether a peer is there and answers.
    pub fn is_there(&self, id: &str) -> bool {
        self.peers.get(id).is_some() && self.present.is_none_or(|present| present.contains(id))
    }
}

/// What a service does when it is called.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// It answers.
    Now(CallServiceResult),
    /// It answers when the simulated clock says so, and nothing else can move.
    Later {
        /// Simulated milliseconds since the start.
        at: u64,
        /// The answer.
        result: CallServiceResult,
    },
    /// It never answers.
    Silent,
}

impl Answer {
    /// Success with a value.
    pub fn ok(value: &air_interpreter::Value) -> Self {
        Answer::Now(CallServiceResult { ret_code: 0, result: value.to_json() })
    }

    /// Failure; the value is what a service reports, most often a text.
    pub fn err(ret_code: i32, value: &air_interpreter::Value) -> Self {
        Answer::Now(CallServiceResult { ret_code, result: value.to_json() })
    }

    /// What a network without any service answers.
    pub fn no_service(request: &CallRequest) -> Self {
        let text = format!("no service {}.{}", request.service_id, request.function_name);
        Answer::err(1, &text.as_str().into())
    }
}

/// Who watches. Every method does nothing unless it is written.
#[allow(unused_variables)]
pub trait Observer {
    /// A peer gets a particle or an answer.
    fn begins(&mut self, peer: &Peer, cause: &Cause, time: u64) {}
    /// Watches the run that begins now.
    fn recorder(&mut self) -> Option<&mut dyn Recorder> {
        None
    }
    /// A run ended; what it came to.
    fn ran(&mut self, peer: &Peer, outcome: &Outcome) {}
    /// A call was answered.
    fn answered(&mut self, call: &ServiceCall<'_>, answer: &Answer) {}
    /// A particle is sent.
    fn sent(&mut self, from: &Peer, to: &str, fate: Fate) {}
}

/// Nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Observer for Unwatched {}

/// Why a peer runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// It starts the particle.
    Start,
    /// The particle arrived.
    Particle {
        /// From this peer.
        from: String,
    },
    /// A call is answered at last.
    Answer {
        /// The request's number.
        id: u32,
    },
}

/// What becomes of a particle that is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It will arrive.
    Sent,
    /// It will arrive twice.
    Duplicated,
    /// A fault: it will not arrive.
    Dropped,
    /// The peer is not there.
    Lost,
}

/// One event: a peer runs until it has nothing more to ask.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The peer.
    pub peer: String,
    /// Why.
    pub cause: Cause,
    /// When: simulated milliseconds since the start.
    pub time: u64,
    /// Invocations.
    pub runs: Vec<Run>,
    /// Where the data went then.
    pub sent: Vec<Sent>,
}

/// One particle sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The receiver.
    pub to: String,
    /// What becomes of it.
    pub fate: Fate,
}

/// One invocation.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// 0: success; see [`air_interpreter::errors::PAGES`].
    pub ret_code: i64,
    /// Empty after success.
    pub error_message: String,
    /// Calls in the order in which they were answered.
    pub calls: Vec<Call>,
    /// Peers that the run names, in the order of their names.
    pub next: Vec<String>,
    /// See [`Outcome`].
    pub air_size_limit_exceeded: bool,
    /// See [`Outcome`].
    pub particle_size_limit_exceeded: bool,
    /// See [`Outcome`].
    pub call_result_size_limit_exceeded: bool,
}

/// A call and its answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The request's number on its peer.
    pub id: u32,
    /// What is asked.
    pub request: CallRequest,
    /// The instruction; `None` only if the interpreter did not say.
    pub instr: Option<InstrId>,
    /// The elements that the folds around it stand on.
    pub iterations: Vec<Iteration>,
    /// The answer.
    pub answer: Answer,
}

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

/// A simulation.
#[derive(Debug)]
pub struct Network<'s> {
    script: &'s Script,
    setup: Setup,
    /// What each peer that has run keeps, by id.
    kept: BTreeMap<String, Kept<'s>>,
    queue: Queue,
    faults: Random,
    steps: Vec<Step>,
    silent: Vec<(String, u32)>,
    runs: u32,
    time: u64,
    stopped: Option<String>,
    /// Some ids are no keys.
    trusting: bool,
}

/// A peer that has run.
#[derive(Debug)]
enum Kept<'s> {
    Session(Box<Session<'s>>),
    /// The script is not accepted: there is never anything to keep.
    Nothing(RunParameters),
}

impl<'s> Network<'s> {
    /// A simulation of a script, which has ids for names ([`Peers::with_ids`]).
    pub fn new(script: &'s Script, mut setup: Setup) -> Self {
        setup.peers.make_up(&setup.init_peer);
        let made_up = setup.peers.iter().any(|peer| peer.made_up);
        let mut queue = Queue::new(setup.order);
        queue.push(Particle { from: None, to: setup.init_peer.clone(), data: Rc::from([]) });
        Network {
            script,
            queue,
            faults: Random(setup.faults.seed),
            trusting: setup.any_peer || made_up,
            setup,
            kept: BTreeMap::new(),
            steps: Vec::new(),
            silent: Vec::new(),
            runs: 0,
            time: 0,
            stopped: None,
        }
    }

    /// One event; `None` when there is nothing left to happen.
    pub fn step(&mut self, services: &mut dyn Services, observer: &mut dyn Observer) -> Option<&Step> {
        if self.stopped.is_some() {
            return None;
        }
        let (to, cause, data, results) = if let Some(particle) = self.queue.next_particle() {
            let cause = particle.from.map_or(Cause::Start, |from| Cause::Particle { from });
            (particle.to, cause, particle.data, BTreeMap::new())
        } else {
            let Late { at, peer, id, result } = self.queue.next_late()?;
            self.time = self.time.max(at);
            (peer, Cause::Answer { id }, Rc::from([]), BTreeMap::from([(id, result)]))
        };
        // Only peers with keys are sent to.
        let peer = Rc::clone(self.setup.peers.get(&to)?);
        observer.begins(&peer, &cause, self.time);
        let mut step = Step { peer: to, cause, time: self.time, runs: Vec::new(), sent: Vec::new() };
        let next = self.run_until_quiet(&peer, &data, results, &mut step.runs, services, observer);
        self.send(&peer, next, &mut step.sent, observer);
        self.steps.push(step);
        self.steps.last()
    }

    /// All that is left.
    pub fn run(&mut self, services: &mut dyn Services, observer: &mut dyn Observer) {
        while self.step(services, observer).is_some() {}
    }

    /// Runs a peer while it has answers to take; the peers that these runs name.
    fn run_until_quiet(
        &mut self,
        peer: &Rc<Peer>,
        data: &[u8],
        mut results: BTreeMap<u32, CallServiceResult>,
        runs: &mut Vec<Run>,
        services: &mut dyn Services,
        observer: &mut dyn Observer,
    ) -> BTreeSet<String> {
        let mut next = BTreeSet::new();
        let mut data = data;
        loop {
            if self.runs >= self.setup.max_runs.0 {
                self.stopped = Some(format!("more than {} runs", self.setup.max_runs.0));
                return next;
            }
            self.runs += 1;
            let mut places = Places { inner: observer.recorder(), of: BTreeMap::new() };
            let outcome = self.invoke(peer, data, results, &mut places);
            let places = places.of;
            observer.ran(peer, &outcome);
            let (mut run, requests) = self.run_of(outcome);
            next.extend(run.next.iter().cloned());
            results = BTreeMap::new();
            for (id, request) in requests {
                let call = self.answer(peer, id, request, &places, services, observer);
                match &call.answer {
                    Answer::Now(result) => {
                        results.insert(id, result.clone());
                    }
                    Answer::Later { at, result } => {
                        let (peer, result) = (peer.id.clone(), result.clone());
                        self.queue.push_late(Late { at: *at, peer, id, result });
                    }
                    Answer::Silent => self.silent.push((peer.id.clone(), id)),
                }
                run.calls.push(call);
            }
            runs.push(run);
            if results.is_empty() {
                return next;
            }
            data = &[];
        }
    }

    /// One invocation. The outcome is without data.
    fn invoke(
        &mut self,
        peer: &Rc<Peer>,
        data: &[u8],
        results: BTreeMap<u32, CallServiceResult>,
        recorder: &mut dyn Recorder,
    ) -> Outcome {
        let results: BTreeMap<String, CallServiceResult> =
            results.into_iter().map(|(id, result)| (id.to_string(), result)).collect();
        if !self.kept.contains_key(&peer.id) {
            let kept = self.new_peer(peer);
            self.kept.insert(peer.id.clone(), kept);
        }
        match self.kept.get_mut(&peer.id) {
            Some(Kept::Session(session)) => session.watched_step(data, results, Some(recorder)),
            Some(Kept::Nothing(parameters)) => {
                invoke(self.script, &[], data, parameters, &encode_call_results(&results))
            }
            None => Outcome::default(),
        }
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
        match Session::new(self.script, parameters.clone()) {
            Ok(session) if self.trusting => Kept::Session(Box::new(session.trusting())),
            Ok(session) => Kept::Session(Box::new(session)),
            Err(_) => Kept::Nothing(parameters),
        }
    }

    fn run_of(&self, outcome: Outcome) -> (Run, BTreeMap<u32, CallRequest>) {
        let mut next = outcome.next_peer_pks;
        next.sort_by_cached_key(|peer| self.sort_key(peer));
        let run = Run {
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

    /// Peers are sorted by how they are shown, so that ids, which nobody chooses, do not decide.
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
            init_peer: &self.setup.init_peer,
            peers: &self.setup.peers,
            present: self.setup.present.as_ref(),
            particle: &self.setup.particle,
            time: self.time,
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
        sent: &mut Vec<Sent>,
        observer: &mut dyn Observer,
    ) {
        let mut next: Vec<String> = next.into_iter().collect();
        if next.is_empty() {
            return;
        }
        next.sort_by_cached_key(|peer| self.sort_key(peer));
        let data: Rc<[u8]> = match self.kept.get_mut(&from.id) {
            Some(Kept::Session(session)) => session.data().into(),
            _ => Rc::from([]),
        };
        for to in next {
            let fate = self.fate(&to);
            let copies = match fate {
                Fate::Sent => 1,
                Fate::Duplicated => 2,
                Fate::Dropped | Fate::Lost => 0,
            };
            for _ in 0..copies {
                let (from, data) = (Some(from.id.clone()), Rc::clone(&data));
                self.queue.push(Particle { from, to: to.clone(), data });
            }
            observer.sent(from, &to, fate);
            sent.push(Sent { to, fate });
        }
    }

    fn fate(&mut self, to: &str) -> Fate {
        if self.setup.any_peer {
            self.setup.peers.make_up(to);
        }
        let present = self.setup.present.as_ref().is_none_or(|present| present.contains(to));
        let is_there = match self.setup.peers.get(to) {
            None => false,
            Some(peer) => present || (self.setup.any_peer && peer.made_up),
        };
        if !is_there {
            return Fate::Lost;
        }
        let (dropped, duplicated) =
            (self.faults.chance(self.setup.faults.lose), self.faults.chance(self.setup.faults.duplicate));
        match (dropped, duplicated) {
            (true, _) => Fate::Dropped,
            (_, true) => Fate::Duplicated,
            _ => Fate::Sent,
        }
    }

    /// What happened so far.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Why the simulation was stopped before its end.
    pub fn stopped(&self) -> Option<&str> {
        self.stopped.as_deref()
    }

    /// Stops the simulation; nothing happens after that.
    pub fn stop(&mut self, reason: impl Into<String>) {
        self.stopped.get_or_insert(reason.into());
    }

    /// All peers, those that were made up on the way included.
    pub fn peers(&self) -> &Peers {
        &self.setup.peers
    }

    /// Simulated milliseconds since the start.
    pub fn time(&self) -> u64 {
        self.time
    }

    /// Particles on their way: from (nobody for the first), to.
    pub fn on_their_way(&self) -> impl ExactSizeIterator<Item = (Option<&str>, &str)> {
        self.queue.particles().map(|particle| (particle.from.as_deref(), &*particle.to))
    }

    /// Calls without an answer: those that are answered later by their time, then those that never are.
    pub fn unanswered(&self) -> impl Iterator<Item = Unanswered<'_>> {
        let late =
            self.queue.late().map(|late| Unanswered { peer: &late.peer, id: late.id, at: Some(late.at) });
        late.chain(self.silent.iter().map(|(peer, id)| Unanswered { peer, id: *id, at: None }))
    }

    /// What each peer that ran keeps, by id: interpreter data, empty if there is none.
    pub fn kept_data(&mut self) -> BTreeMap<String, Vec<u8>> {
        let data = |kept: &mut Kept<'_>| match kept {
            Kept::Session(session) => session.data(),
            Kept::Nothing(_) => Vec::new(),
        };
        self.kept.iter_mut().map(|(peer, kept)| (peer.clone(), data(kept))).collect()
    }
}
