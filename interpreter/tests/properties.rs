//! What has to hold for every run: sessions are invocations, watching changes nothing, stale and
//! repeated data change nothing.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

mod support;

use std::collections::{BTreeMap, VecDeque};

use air_interpreter::data::{Envelope, ExecutedState, InterpreterData, to_json};
use air_interpreter::errors::ExecutionError;
use air_interpreter::recorder::{Place, Recorder};
use air_interpreter::{
    CallServiceResult, Outcome, Script, Session, Value, encode_call_results, invoke, invoke_watched,
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

fn accepted_script(seed: u64) -> Script {
    let mut random = Random::new(seed);
    let peers = PEERS.map(peer_id);
    loop {
        let script = Script::new(&random_script(&mut random, &peers));
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

fn stateless(script: &Script, at: usize, prev: &[u8], current: &[u8], results: &Results) -> Outcome {
    invoke(script, prev, current, &parameters(at), &encode_call_results(results))
}

#[test]
fn a_session_is_a_chain_of_invocations() {
    for seed in 1..SCRIPTS {
        let script = &accepted_script(seed);
        let mut sessions: Vec<_> = (0..3).map(|at| Session::new(script, parameters(at)).unwrap()).collect();
        play(seed, |at, prev, current, results| {
            let expected = stateless(script, at, prev, current, results);
            let outcome = sessions[at].step(current, results.clone());
            let data = sessions[at].data();
            // Bytes may differ in how much they share, as the reference's do from run to run.
            assert_eq!(json_of(&data), json_of(&expected.data), "seed {seed} at {at}");
            assert_eq!(outcome, Outcome { data: Vec::new(), ..expected.clone() }, "seed {seed} at {at}");
            expected
        });
    }
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
