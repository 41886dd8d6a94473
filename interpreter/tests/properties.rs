//! What has to hold for every run: sessions are invocations, watching changes nothing, stale and
//! repeated data change nothing.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

mod support;

use std::collections::{BTreeMap, VecDeque};

use air_interpreter::data::{
    ApResult, CallResult, Envelope, ExecutedState, InterpreterData, ValueRef, to_json,
};
use air_interpreter::errors::ExecutionError;
use air_interpreter::recorder::{Iteration, Place, Recorder};
use air_interpreter::{
    CallServiceResult, Outcome, ParsedScript, Session, Value, encode_call_results, invoke, invoke_watched,
};
use support::network::{PEERS, answer, parameters, peer_id};
use support::random::Random;
use support::script::random_script;

const SCRIPTS: u64 = 200;

type Results = BTreeMap<String, CallServiceResult>;

fn answers(outcome: &Outcome) -> Results {
    let requests = outcome.call_requests.iter().flatten();
    let one = |(id, request): (&u32, &air_interpreter::CallRequest)| {
        let arguments = Value::array(request.arguments.clone()).to_json();
        let (ret_code, result) = answer(&request.function_name, &arguments);
        (id.to_string(), CallServiceResult { ret_code, result })
    };
    requests.map(one).collect()
}

fn accepted_script(seed: u64) -> ParsedScript {
    let mut random = Random::new(seed);
    let peers = PEERS.map(peer_id);
    loop {
        let script = ParsedScript::new(&random_script(&mut random, &peers));
        if script.program().is_ok() {
            break script;
        }
    }
}

/// Plays a script through on all peers; `step` runs one invocation: peer, previous data, current
/// data, results.
fn play(seed: u64, mut step: impl FnMut(usize, &[u8], &[u8], &Results) -> Outcome) {
    let mut random = Random::new(seed ^ 0xABCD);
    let peers = PEERS.map(peer_id);
    let mut kept: [Vec<u8>; 3] = Default::default();
    let mut network = VecDeque::from([(0, Vec::new())]);
    for _ in 0..12 {
        let Some((at, mut current)) = network.pop_front() else { break };
        if random.chance(4) {
            network.push_back((at, current.clone()));
        }
        let mut next = Vec::new();
        let mut results = Results::new();
        for _ in 0..20 {
            let outcome = step(at, &kept[at], &current, &results);
            kept[at].clone_from(&outcome.data);
            results = answers(&outcome);
            next.extend(outcome.next_peer_pks);
            current.clear();
            if results.is_empty() {
                break;
            }
        }
        network.extend(
            next.iter()
                .filter_map(|id| peers.iter().position(|peer| peer == id))
                .map(|to| (to, kept[at].clone())),
        );
    }
}

fn stateless(script: &ParsedScript, at: usize, prev: &[u8], current: &[u8], results: &Results) -> Outcome {
    invoke(script, prev, current, &parameters(at), &encode_call_results(results))
}

/// A peer as a session, the same peer as invocations, and the host of both.
struct Peer<'s> {
    session: Session<'s>,
    prev: Vec<u8>,
    /// Answers that have not arrived yet.
    waiting: Results,
    answered: Vec<String>,
    picture: Picture,
}

/// What is known of a peer's trace from watching its session.
#[derive(Default)]
struct Picture {
    open: Vec<(u32, Vec<Iteration>)>,
    wrote: BTreeMap<u32, ExecutedState>,
    /// Whether it was there from a whole walk on.
    whole: bool,
    resumed: usize,
}

impl Recorder for Picture {
    fn begins(&mut self, resumed: bool) {
        self.open.clear();
        self.resumed += usize::from(resumed);
        if !resumed {
            self.wrote.clear();
            self.whole = true;
        }
    }
    fn entered(&mut self, place: Place<'_>) {
        self.open.push((place.instr.0, place.iterations.to_vec()));
    }
    fn left(&mut self, place: Place<'_>, _: bool) {
        let entered = self.open.pop().unwrap();
        assert_eq!(entered.0, place.instr.0);
        assert_eq!(entered.1.len(), place.iterations.len());
    }
    fn failed(&mut self, place: Place<'_>, _: &ExecutionError) {
        assert_eq!(self.open.pop().unwrap().0, place.instr.0);
    }
    fn wrote(&mut self, _: Place<'_>, position: u32, state: &ExecutedState) {
        self.wrote.insert(position, state.clone());
    }
}

/// Generations are numbered after everything else is done.
fn without_generation(state: &ExecutedState) -> ExecutedState {
    match state.clone() {
        ExecutedState::Ap(_) => ExecutedState::Ap(ApResult { res_generations: [0].as_slice().into() }),
        ExecutedState::Call(CallResult::Executed(ValueRef::Stream { cid, .. })) => {
            ExecutedState::Call(CallResult::Executed(ValueRef::Stream { cid, generation: 0 }))
        }
        state => state,
    }
}

/// What arrives of the answers that are on their way: all, one or some; sometimes one comes twice, or for nobody.
fn arriving(random: &mut Random, peer: &mut Peer<'_>) -> Results {
    let mode = random.below(4);
    let one = random.below(peer.waiting.len());
    let mut at = 0;
    let mut take = |_: &String, _: &mut CallServiceResult| {
        at += 1;
        match mode {
            0 | 1 => at == one + 1,
            2 => random.chance(2),
            _ => true,
        }
    };
    let waiting = std::mem::take(&mut peer.waiting);
    let mut arriving = Results::new();
    for (id, mut result) in waiting {
        if take(&id, &mut result) {
            peer.answered.push(id.clone());
            arriving.insert(id, result);
        } else {
            peer.waiting.insert(id, result);
        }
    }
    let spare = || CallServiceResult { ret_code: 0, result: "\"spare\"".to_owned() };
    if random.chance(12) && !peer.answered.is_empty() {
        arriving.entry(random.pick(&peer.answered).clone()).or_insert_with(spare);
    }
    if random.chance(20) {
        arriving.insert((*random.pick(&["999", "01", "x", "-1", ""])).to_owned(), spare());
    }
    arriving
}

/// The host's answers, some of them failures and numbers that are not read exactly.
fn hosted(random: &mut Random, outcome: &Outcome) -> Results {
    let mut answers = answers(outcome);
    for answer in answers.values_mut() {
        match random.below(24) {
            0 => *answer = CallServiceResult { ret_code: 3, result: "\"bad\"".to_owned() },
            1 => *answer = CallServiceResult { ret_code: 0, result: "{".to_owned() },
            2 => *answer = CallServiceResult { ret_code: -1, result: "no JSON".to_owned() },
            3 | 4 => {
                let floats: Vec<String> = (0..3)
                    .map(|_| f64::from_bits(random.next() >> 2))
                    .filter(|float| float.is_finite())
                    .map(|float| format!("{float:e}"))
                    .collect();
                answer.result = format!("[{}]", floats.join(","));
            }
            _ => {}
        }
    }
    answers
}

/// One run of a network; how many steps were resumed, and of how many.
fn sessions_and_invocations(seed: u64) -> (usize, usize) {
    let mut random = Random::new(seed ^ 0x5E55);
    // On one peer scripts come far; on three they wait for each other.
    let ids: Vec<String> =
        PEERS[..if seed.is_multiple_of(2) { 1 } else { 3 }].iter().map(|name| peer_id(name)).collect();
    let script = &loop {
        let text = random_script(&mut random, &ids);
        let script = ParsedScript::new(&text);
        if script.program().is_ok() {
            break script;
        }
    };
    let mut peers: Vec<_> = (0..ids.len())
        .map(|at| Peer {
            session: Session::new(script, parameters(at)).unwrap(),
            prev: Vec::new(),
            waiting: Results::new(),
            answered: Vec::new(),
            picture: Picture::default(),
        })
        .collect();
    let mut network = VecDeque::from([(0, Vec::new())]);
    let mut travelled: Vec<Vec<u8>> = Vec::new();
    let mut steps = 0;
    for _ in 0..60 {
        let busy: Vec<usize> = (0..peers.len()).filter(|&at| !peers[at].waiting.is_empty()).collect();
        let (at, current) = match network.pop_front() {
            Some(first) if busy.is_empty() || random.chance(4) => first,
            first => {
                first.into_iter().for_each(|first| network.push_front(first));
                if busy.is_empty() && !random.chance(6) {
                    break;
                }
                let at = if busy.is_empty() { random.below(peers.len()) } else { *random.pick(&busy) };
                let stale = !travelled.is_empty() && random.chance(12);
                (at, if stale { random.pick(&travelled).clone() } else { Vec::new() })
            }
        };
        let peer = &mut peers[at];
        let results =
            if current.is_empty() || random.chance(2) { arriving(&mut random, peer) } else { Results::new() };
        let expected = stateless(script, at, &peer.prev, &current, &results);
        // Once begun, watching goes on; what it was without is told only by a whole walk.
        let outcome = if peer.picture.whole || random.chance(2) {
            peer.session.watched_step(&current, results, Some(&mut peer.picture))
        } else {
            peer.session.step(&current, results)
        };
        assert_eq!(outcome, Outcome { data: Vec::new(), ..expected.clone() }, "seed {seed} at {at}");
        if random.chance(3) {
            let data = peer.session.data();
            // Bytes may differ in how much they share, as the reference's do from run to run.
            assert_eq!(json_of(&data), json_of(&expected.data), "seed {seed} at {at}");
        }
        let whole =
            outcome.ret_code == 0 || outcome.ret_code == 30000 || (10000..20000).contains(&outcome.ret_code);
        if !whole {
            // The next walk is a whole one.
            peer.picture.whole = false;
        } else if peer.picture.whole {
            let trace: Vec<_> = trace(&expected.data).iter().map(without_generation).collect();
            let seen: Vec<_> = peer.picture.wrote.values().map(without_generation).collect();
            assert_eq!(seen, trace, "seed {seed} at {at}");
            assert!(peer.picture.open.is_empty(), "seed {seed} at {at}");
        }
        steps += 1;
        peer.waiting.extend(hosted(&mut random, &expected));
        peer.prev.clone_from(&expected.data);
        for to in expected.next_peer_pks.iter().filter_map(|id| ids.iter().position(|peer| peer == id)) {
            network.push_back((to, peer.prev.clone()));
            travelled.push(peer.prev.clone());
        }
    }
    for (at, peer) in peers.iter_mut().enumerate() {
        assert_eq!(json_of(&peer.session.data()), json_of(&peer.prev), "seed {seed} at {at}");
    }
    (peers.iter().map(|peer| peer.picture.resumed).sum(), steps)
}

/// Whatever arrives in whatever order. `AIR_SCRIPTS` for another number of scripts, `AIR_SEED` for another first one.
#[test]
fn a_session_is_a_chain_of_invocations() {
    let number = |name: &str| std::env::var(name).ok().and_then(|number| number.parse().ok());
    let first = number("AIR_SEED").unwrap_or(1);
    let (mut resumed, mut steps) = (0, 0);
    for seed in first..first + number("AIR_SCRIPTS").unwrap_or(2 * SCRIPTS) {
        let (some, all) = sessions_and_invocations(seed);
        resumed += some;
        steps += all;
    }
    println!("{resumed} watched steps resumed, {steps} steps in all");
    assert!(resumed * 20 > steps);
}

/// Counts, and checks that what is entered is left.
#[derive(Default)]
struct Counter {
    open: Vec<u32>,
    left: usize,
    failed: usize,
    wrote: BTreeMap<u32, ExecutedState>,
}

impl Recorder for Counter {
    fn entered(&mut self, place: Place<'_>) {
        self.open.push(place.instr.0);
    }
    fn left(&mut self, place: Place<'_>, _: bool) {
        assert_eq!(self.open.pop(), Some(place.instr.0));
        self.left += 1;
    }
    fn failed(&mut self, place: Place<'_>, _: &ExecutionError) {
        assert_eq!(self.open.pop(), Some(place.instr.0));
        self.failed += 1;
    }
    fn wrote(&mut self, _: Place<'_>, position: u32, state: &ExecutedState) {
        self.wrote.insert(position, state.clone());
    }
}

fn trace(data: &[u8]) -> Vec<ExecutedState> {
    InterpreterData::decode(&Envelope::decode(data).unwrap().inner_data).unwrap().trace
}

#[test]
fn watching_changes_nothing_and_sees_every_state() {
    let (mut left, mut failed) = (0, 0);
    for seed in SCRIPTS..2 * SCRIPTS {
        let script = &accepted_script(seed);
        play(seed, |at, prev, current, results| {
            let expected = stateless(script, at, prev, current, results);
            let mut counter = Counter::default();
            let encoded = encode_call_results(results);
            let outcome =
                invoke_watched(script, prev, current, &parameters(at), &encoded, Some(&mut counter));
            assert_eq!(outcome, expected);
            if outcome.ret_code == 0 || (10000..20000).contains(&outcome.ret_code) {
                assert!(counter.open.is_empty(), "seed {seed}");
                let kinds = |state: &ExecutedState| std::mem::discriminant(state);
                let seen: Vec<_> = counter.wrote.values().map(kinds).collect();
                assert_eq!(seen, trace(&outcome.data).iter().map(kinds).collect::<Vec<_>>(), "seed {seed}");
            }
            left += counter.left;
            failed += counter.failed;
            expected
        });
    }
    println!("{left} instructions left, {failed} failed");
    assert!(left > 1000 && failed > 10);
}

fn data_of(outcome: &Outcome) -> Option<Value> {
    json_of(&outcome.data)
}

/// Data, decoded; nothing for no data.
fn json_of(data: &[u8]) -> Option<Value> {
    let envelope = (!data.is_empty()).then(|| Envelope::decode(data).unwrap())?;
    Some(to_json(&InterpreterData::decode(&envelope.inner_data).unwrap()))
}

#[test]
fn repeated_and_stale_data_change_nothing() {
    let none = Results::new();
    let mut checked = 0;
    for seed in 2 * SCRIPTS..3 * SCRIPTS {
        let script = &accepted_script(seed);
        play(seed, |at, prev, current, results| {
            let outcome = stateless(script, at, prev, current, results);
            // After an error anything may have been lost, see the bugs that the spec lists.
            if outcome.ret_code == 0 && !outcome.data.is_empty() {
                let settled = stateless(script, at, &outcome.data, &[], &none);
                if settled.ret_code == 0 {
                    let own = stateless(script, at, &settled.data, &settled.data, &none);
                    assert_eq!(data_of(&own), data_of(&settled), "seed {seed}: f(x, x) = x");
                    if !current.is_empty() && data_of(&settled) == data_of(&outcome) {
                        let stale = stateless(script, at, &outcome.data, current, &none);
                        assert_eq!(
                            data_of(&stale),
                            data_of(&outcome),
                            "seed {seed}: f(f(a, b), b) = f(a, b)"
                        );
                        checked += 1;
                    }
                }
            }
            outcome
        });
    }
    println!("{checked} merges checked");
    assert!(checked > 50);
}
