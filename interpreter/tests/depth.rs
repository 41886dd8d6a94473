//! Nothing recurses on what a script or its data controls: all of this runs on a stack of 512 KiB.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

use std::collections::BTreeMap;

use air_interpreter::keys::{ED25519, KeyPair, secret_of_name};
use air_interpreter::{CallServiceResult, Outcome, ParsedScript, RunParameters, encode_call_results, invoke};

fn peer() -> String {
    KeyPair::from_secret(ED25519, &secret_of_name("a")).unwrap().public().peer_id()
}

fn parameters() -> RunParameters {
    RunParameters {
        init_peer_id: peer(),
        current_peer_id: peer(),
        secret_key: secret_of_name("a").to_vec(),
        ..RunParameters::default()
    }
}

fn on_small_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    std::thread::Builder::new().stack_size(512 << 10).spawn(work).unwrap().join().unwrap()
}

fn answers(outcome: &Outcome, answer: &str) -> Vec<u8> {
    let requests = outcome.call_requests.iter().flatten();
    let results = requests
        .map(|(id, _)| (id.to_string(), CallServiceResult { ret_code: 0, result: answer.to_owned() }));
    encode_call_results(&results.collect::<BTreeMap<_, _>>())
}

/// Asks for a list, then runs the rest with it.
fn with_list(rest: &str, size: usize) -> Outcome {
    let script = ParsedScript::new(&format!(r#"(seq (call "{}" ("s" "list") [] l) {rest})"#, peer()));
    let list = format!("[{}]", vec!["1"; size].join(","));
    let none = encode_call_results(&BTreeMap::new());
    let first = invoke(&script, &[], &[], &parameters(), &none);
    invoke(&script, &first.data, &[], &parameters(), &answers(&first, &list))
}

#[test]
fn folds_of_a_million_elements() {
    let outcomes = on_small_stack(|| {
        [
            ("(fold l i (seq (ap i x) (next i)))", 1_000_000),
            ("(fold l i (seq (next i) (ap i x)))", 100_000),
            ("(fold l i (null))", 100_000),
        ]
        .map(|(fold, size)| with_list(fold, size))
        .map(|outcome| (outcome.ret_code, outcome.error_message))
    });
    assert_eq!(outcomes, [(0, String::new()), (0, String::new()), (0, String::new())]);
}

#[test]
fn nested_instructions() {
    let codes = on_small_stack(|| {
        [
            ("(seq ", " (null))"),
            ("(seq (null) ", ")"),
            ("(par ", " (null))"),
            ("(xor ", " (null))"),
            ("(new x ", ")"),
        ]
        .map(|(open, close)| {
            let text = format!("{}(null){}", open.repeat(5_000), close.repeat(5_000));
            let none = encode_call_results(&BTreeMap::new());
            invoke(&ParsedScript::new(&text), &[], &[], &parameters(), &none).ret_code
        })
    });
    assert_eq!(codes, [0; 5]);
}

#[test]
fn what_nests_too_deep_to_parse_is_an_error() {
    let code = on_small_stack(|| {
        let text = format!("{}(null){}", "(seq (null) ".repeat(100_000), ")".repeat(100_000));
        let none = encode_call_results(&BTreeMap::new());
        invoke(&ParsedScript::new(&text), &[], &[], &parameters(), &none).ret_code
    });
    assert_eq!(code, 1);
}

#[test]
fn values_that_wrap_themselves_end_in_an_error() {
    // Each round of a fold wraps the last value once more, until the stream is full; the next
    // stream goes on with the deepest one.
    let wrap = |from: &str| {
        format!(
            "(fold {from} i (seq (new $t (seq (ap i $t) (seq (canon %init_peer_id% $t #cc) (ap #cc {from})))) (next i)) (null))"
        )
    };
    let none = encode_call_results(&BTreeMap::new());
    let full = on_small_stack({
        let (script, none) = (format!("(seq (ap 1 $s) {})", wrap("$s")), none.clone());
        move || invoke(&ParsedScript::new(&script), &[], &[], &parameters(), &none).ret_code
    });
    assert_eq!(full, 20013);
    // One stream after the other, each with the value of the one before, wrapped.
    let pass = |at: usize| {
        let to = at + 1;
        format!(
            "(fold $s{at} i{at} (seq (new $t (seq (ap i{at} $t) (seq (canon %init_peer_id% $t #c{at}) (ap #c{at} $s{to})))) (next i{at})) (null))"
        )
    };
    let mut script = "(null)".to_owned();
    for at in (0..4_200).rev() {
        script = format!("(seq {} {script})", pass(at));
    }
    let deep = on_small_stack(move || {
        let script = format!("(seq (ap 1 $s0) {script})");
        let outcome = invoke(&ParsedScript::new(&script), &[], &[], &parameters(), &none);
        (outcome.ret_code, outcome.data.len())
    });
    assert_eq!(deep, (29004, 0));
}
