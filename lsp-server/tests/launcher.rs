//! The library that runs the interpreter on servers, with the module that this program hands out.
//!
//! Here and not in its own crate, because the machine code is from this crate's build script: no test can make some.
#![cfg(debug_assertions)]
// Everything here is a test; loading machine code means to trust it.
#![allow(unsafe_code, clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use air_avm_server::{Invocation, Invoke as _, Limits, Native, RunError, Runner};
use air_interpreter::keys::{ED25519, KeyPair, secret_of_name};
use air_interpreter::{CallServiceResult, RunParameters};
use wasmtime::{Engine, Module};

fn runner(limits: Limits) -> Runner {
    let engine = Engine::new(&Runner::settings()).unwrap();
    let code = std::fs::read(concat!(env!("OUT_DIR"), "/avm.cwasm")).unwrap();
    // SAFETY: these bytes are the build script's, from wasmtime's compiler.
    let module = unsafe { Module::deserialize(&engine, code) }.unwrap();
    Runner::new(&engine, &module, limits).unwrap()
}

fn invocation<'a>(script: &'a str, results: &[(&str, &str)]) -> Invocation<'a> {
    let secret = secret_of_name("a");
    let peer = KeyPair::from_secret(ED25519, &secret).unwrap().public().peer_id();
    let answers = results.iter().map(|(id, result)| {
        ((*id).to_owned(), CallServiceResult { ret_code: 0, result: (*result).to_owned() })
    });
    Invocation {
        script,
        params: RunParameters {
            init_peer_id: peer.clone(),
            current_peer_id: peer,
            timestamp: 1_696_934_545_662,
            ttl: 7_000,
            secret_key: secret.to_vec(),
            particle_id: "particle".to_owned(),
            ..RunParameters::default()
        },
        call_results: answers.collect::<BTreeMap<_, _>>(),
        ..Invocation::default()
    }
}

const CALLS: &str = r#"(seq (call %init_peer_id% ("s" "f") ["x" 1.5 %timestamp%] x) (par (call "there" ("s" "f") [x.$.a] y) (fail x.$.b)))"#;

#[test]
fn outcomes_are_those_of_the_interpreter() {
    let runner = runner(Limits::default());
    let mut prev = Vec::new();
    let answers: [&[(&str, &str)]; 4] = [&[], &[("1", r#"{"a":[1],"b":2}"#)], &[("7", "1")], &[("x", "1")]];
    for (script, results) in
        [(CALLS, answers[0]), (CALLS, answers[1]), (CALLS, answers[2]), ("(null", answers[3])]
    {
        let invocation = invocation(script, results);
        let inside = runner.call(&invocation, &prev).unwrap();
        let native = Native.invoke(&invocation, &prev).unwrap();
        assert_eq!(inside.outcome, native.outcome);
        let readable = runner.to_human_readable_data(&inside.outcome.data).unwrap();
        assert_eq!(readable, air_interpreter::display::to_human_readable(&native.outcome.data).unwrap());
        prev = inside.outcome.data;
    }
    let statistics = runner.memory_statistics();
    assert!(statistics.memory_size > 0 && statistics.allocation_rejects == 0, "{statistics:?}");
}

#[test]
fn too_much_memory_is_an_error_and_the_next_invocation_is_not_affected() {
    let runner = runner(Limits { memory_bytes: 4 << 20, ..Limits::default() });
    let data = vec![0; 8 << 20];
    let large = Invocation { data: &data, ..invocation("(null)", &[]) };
    assert!(matches!(runner.call(&large, &[]), Err(RunError::OutOfMemory(limit)) if limit == 4 << 20));
    // Inside of the invocation, not while arguments are passed.
    let text = format!("\"{}\"", "x".repeat(1 << 20));
    let copies = invocation(
        r#"(seq (call %init_peer_id% ("s" "f") [] x) (call %init_peer_id% ("s" "f") [x x x x x x] y))"#,
        &[("1", &text)],
    );
    let first = runner.call(&invocation(copies.script, &[]), &[]).unwrap();
    assert!(matches!(runner.call(&copies, &first.outcome.data), Err(RunError::OutOfMemory(_))));
    assert!(runner.memory_statistics().allocation_rejects >= 2);
    assert_eq!(runner.call(&invocation("(null)", &[]), &[]).unwrap().outcome.ret_code, 0);
}

#[test]
fn too_much_time_is_an_error_and_the_next_invocation_is_not_affected() {
    let limit = Duration::from_millis(50);
    let runner = runner(Limits { time: Some(limit), ..Limits::default() });
    let numbers = format!("{:?}", (0..1000).collect::<Vec<_>>());
    let script = r#"(seq (call %init_peer_id% ("s" "f") [] x) (fold x i (seq (fold x j (seq (fold x k (seq (null) (next k))) (next j))) (next i))))"#;
    let first = runner.call(&invocation(script, &[]), &[]).unwrap();
    let begun = Instant::now();
    let endless = runner.call(&invocation(script, &[("1", &numbers)]), &first.outcome.data);
    assert!(matches!(endless, Err(RunError::OutOfTime(time)) if time == limit), "{endless:?}");
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    assert_eq!(runner.call(&invocation("(null)", &[]), &[]).unwrap().outcome.ret_code, 0);
}

#[test]
fn callers_share_instances_and_not_their_state() {
    let runner = runner(Limits { idle_instances: 2, ..Limits::default() });
    thread::scope(|scope| {
        for caller in 0..4 {
            let runner = runner.clone();
            scope.spawn(move || {
                for round in 0..25 {
                    let script = format!(r#"(call %init_peer_id% ("s" "f{caller}_{round}") [] x)"#);
                    let answer = runner.call(&invocation(&script, &[]), &[]).unwrap();
                    let requests = answer.outcome.call_requests.unwrap();
                    assert_eq!(requests[&1].function_name, format!("f{caller}_{round}"));
                }
            });
        }
    });
    let statistics = runner.memory_statistics();
    assert!(statistics.memory_size < 4 << 20, "{statistics:?}");
}

#[test]
fn a_module_without_the_interface_is_refused() {
    let engine = Engine::new(&Runner::settings()).unwrap();
    let code = std::fs::read(concat!(env!("OUT_DIR"), "/samples/echo.cwasm")).unwrap();
    // SAFETY: as above.
    let module = unsafe { Module::deserialize(&engine, code) }.unwrap();
    assert!(matches!(Runner::new(&engine, &module, Limits::default()), Err(RunError::NotAquaVm(_))));
}
