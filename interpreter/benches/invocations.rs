//! What an invocation costs: the cases of the goals I1 to I5, and how they grow.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use std::collections::BTreeMap;
use std::sync::OnceLock;

use air_interpreter::keys::{ED25519, KeyPair, secret_of_name};
use air_interpreter::{
    CallServiceResult, Outcome, ParsedScript, RunParameters, Session, encode_call_results, invoke,
};
use divan::Bencher;

static PARAMETERS: OnceLock<RunParameters> = OnceLock::new();

fn main() {
    divan::main();
}

fn peer() -> String {
    KeyPair::from_secret(ED25519, &secret_of_name("a")).unwrap().public().peer_id()
}

fn parameters() -> RunParameters {
    RunParameters {
        init_peer_id: peer(),
        current_peer_id: peer(),
        secret_key: secret_of_name("a").to_vec(),
        particle_id: "particle".to_owned(),
        ..RunParameters::default()
    }
}

fn answers(outcome: &Outcome) -> Vec<u8> {
    let requests = outcome.call_requests.iter().flatten();
    let results = requests
        .map(|(id, _)| (id.to_string(), CallServiceResult { ret_code: 0, result: "\"ok\"".to_owned() }));
    encode_call_results(&results.collect::<BTreeMap<_, _>>())
}

/// A balanced tree of `keyword` over the steps.
fn tree(keyword: &str, steps: &[String]) -> String {
    match steps {
        [] => "(null)".to_owned(),
        [step] => step.clone(),
        _ => {
            let (left, right) = steps.split_at(steps.len() / 2);
            format!("({keyword} {} {})", tree(keyword, left), tree(keyword, right))
        }
    }
}

fn calls(keyword: &str, count: usize) -> String {
    let peer = peer();
    let steps: Vec<String> =
        (0..count).map(|at| format!(r#"(call "{peer}" ("s" "f") ["x" {at}] v{at})"#)).collect();
    tree(keyword, &steps)
}

/// Answers every request at once until none is left.
fn drive(text: &str) -> Outcome {
    let script = ParsedScript::new(text);
    let parameters = PARAMETERS.get_or_init(parameters);
    let mut outcome = invoke(&script, &[], &[], parameters, &encode_call_results(&BTreeMap::new()));
    while outcome.call_requests.as_ref().is_some_and(|requests| !requests.is_empty()) {
        outcome = invoke(&script, &outcome.data, &[], parameters, &answers(&outcome));
    }
    assert_eq!(outcome.ret_code, 0, "{}", outcome.error_message);
    outcome
}

/// The floor: keys and one signature.
#[divan::bench]
fn null() -> Outcome {
    drive("(null)")
}

/// I1: both invocations, script read from text.
#[divan::bench(args = [100, 1000, 10_000])]
fn par_of_calls(bencher: Bencher<'_, '_>, count: usize) {
    let text = calls("par", count);
    bencher.bench_local(|| drive(&text));
}

/// I2.
#[divan::bench(args = [100, 1000])]
fn ap_and_canon(bencher: Bencher<'_, '_>, count: usize) {
    let mut steps: Vec<String> = (0..count.min(1023)).map(|at| format!("(ap {at} $s)")).collect();
    steps.push("(canon %init_peer_id% $s #canon)".to_owned());
    let text = tree("seq", &steps);
    bencher.bench_local(|| drive(&text));
}

/// I4: through plain invocations, data in and data out each time.
#[divan::bench(args = [100, 300, 1000], sample_count = 3, sample_size = 1)]
fn sequential_calls(bencher: Bencher<'_, '_>, count: usize) {
    let text = calls("seq", count);
    bencher.bench_local(|| drive(&text));
}

/// I3: in a session, as simulations run them.
#[divan::bench(args = [100, 300, 1000], sample_count = 3, sample_size = 1)]
fn sequential_calls_in_a_session(bencher: Bencher<'_, '_>, count: usize) {
    let text = calls("seq", count);
    bencher.bench_local(|| {
        let script = ParsedScript::new(&text);
        let mut session = Session::new(&script, PARAMETERS.get_or_init(parameters).clone()).unwrap();
        let mut outcome = session.step(&[], BTreeMap::new());
        while let Some(requests) = outcome.call_requests.filter(|requests| !requests.is_empty()) {
            let answer = || CallServiceResult { ret_code: 0, result: "\"ok\"".to_owned() };
            outcome = session.step(&[], requests.keys().map(|id| (id.to_string(), answer())).collect());
        }
        session.data()
    });
}
