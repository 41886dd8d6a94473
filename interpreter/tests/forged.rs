//! Data in which somebody has changed what identifiers and random damage do not reach: kinds of signatures, the number of
//! calls, contents under right identifiers.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

mod support;

use std::collections::BTreeMap;
use std::rc::Rc;

use air_interpreter::data::{Envelope, InterpreterData, RawValue, SecurityTetraplet, SignatureBytes};
use air_interpreter::{CallServiceResult, Outcome, ParsedScript, encode_call_results, invoke};
use support::network::{PEERS, parameters, peer_id};

/// The data with a change.
fn forged(data: &[u8], change: impl FnOnce(&mut InterpreterData)) -> Vec<u8> {
    let envelope = Envelope::decode(data).unwrap();
    let mut inner = InterpreterData::decode(&envelope.inner_data).unwrap();
    change(&mut inner);
    let inner = inner.encode().unwrap();
    Envelope { inner_data: (&inner[..]).into(), ..envelope }.encode()
}

fn decoded(outcome: &Outcome) -> InterpreterData {
    InterpreterData::decode(&Envelope::decode(&outcome.data).unwrap().inner_data).unwrap()
}

/// One invocation, on the peer of that number, with the answers to calls.
fn step(script: &str, peer: usize, prev: &[u8], current: &[u8], answers: &[(u32, &str)]) -> Outcome {
    let answers = answers
        .iter()
        .map(|&(id, result)| (id.to_string(), CallServiceResult { ret_code: 0, result: result.to_owned() }));
    let answers = encode_call_results(&answers.collect::<BTreeMap<_, _>>());
    invoke(&ParsedScript::new(script), prev, current, &parameters(peer), &answers)
}

/// `(call PEER ("s" "f") [ARGUMENT] OUTPUT)` on the first peer.
fn call(argument: u32, output: &str) -> String {
    format!(r#"(call "{}" ("s" "f") [{argument}] {output})"#, peer_id(PEERS[0]))
}

#[test]
fn signatures_of_another_kind_or_length() {
    let script = format!(r#"(seq {} (call "{}" ("s" "f") [x]))"#, call(1, "x"), peer_id(PEERS[1]));
    let asked = step(&script, 0, &[], &[], &[]);
    let signed = step(&script, 0, &asked.data, &[], &[(1, "7")]);
    assert_eq!(signed.ret_code, 0, "{}", signed.error_message);
    let received = |change: &dyn Fn(&mut Vec<u8>)| {
        let data = forged(&signed.data, |data| {
            let signature = &mut data.signatures[0].signature;
            let mut bytes = signature.0.to_vec();
            change(&mut bytes);
            *signature = SignatureBytes(bytes.into());
        });
        let outcome = step(&script, 1, &[], &data, &[]);
        assert_eq!(outcome.data.is_empty(), outcome.ret_code != 0, "previous data is kept");
        let message = outcome.error_message;
        let flaw = message
            .split_once(": ")
            .and_then(|(_, rest)| rest.split_once(", "))
            .map(|(flaw, _)| flaw.to_owned());
        (outcome.ret_code, flaw.unwrap_or(message))
    };
    let fine = (0, String::new());
    assert_eq!(received(&|_| {}), fine);
    let refused = |flaw: &str| (9, flaw.to_owned());
    for kind in [1, 3, 4, 127, 128, 255] {
        assert_eq!(
            received(&|bytes| bytes[0] = kind),
            refused("InvalidSignature(InvalidTypeByte)"),
            "{kind}"
        );
    }
    // secp256k1: AquaVM reads it, and then verifies with the kind of the key.
    assert_eq!(received(&|bytes| bytes[0] = 2), fine);
    assert_eq!(received(&|bytes| bytes.clear()), refused("InvalidSignature(Empty)"));
    let no_length = refused("Verification(Ed25519(signature::Error { source: None }");
    assert_eq!(received(&|bytes| bytes.truncate(1)), no_length);
    assert_eq!(received(&|bytes| bytes.truncate(64)), no_length);
    assert_eq!(received(&|bytes| bytes.push(0)), no_length);
    let wrong =
        "Verification(Ed25519(signature::Error { source: Some(Verification equation was not satisfied) }";
    assert_eq!(received(&|bytes| bytes[1] ^= 1), refused(wrong));
}

/// An answer to call 0, or to another one of the old numbers, must never meet a new call.
#[test]
fn no_number_is_given_twice() {
    let script = format!("(par {} (par {} {}))", call(1, "x"), call(2, "y"), call(3, "z"));
    let empty = step("(null)", 0, &[], &[], &[]);
    for (made, expected) in
        [(u32::MAX - 3, 0), (u32::MAX - 2, 29007), (u32::MAX - 1, 29007), (u32::MAX, 29007)]
    {
        let prev = forged(&empty.data, |data| data.last_call_request_id = made);
        let outcome = step(&script, 0, &prev, &[], &[]);
        assert_eq!(outcome.ret_code, expected, "{made}");
        let ids: Vec<u32> = outcome.call_requests.iter().flatten().map(|(id, _)| *id).collect();
        if expected == 0 {
            assert_eq!(ids, [u32::MAX - 2, u32::MAX - 1, u32::MAX]);
            assert_eq!(decoded(&outcome).last_call_request_id, u32::MAX);
        } else {
            assert!(ids.is_empty());
            assert_eq!(outcome.data, prev);
        }
    }
    // Who calls nothing needs no number; that of current data does not count.
    let spent = forged(&empty.data, |data| data.last_call_request_id = u32::MAX);
    assert_eq!(step("(null)", 0, &spent, &[], &[]).ret_code, 0);
    let outcome = step(&script, 0, &empty.data, &spent, &[]);
    assert_eq!((outcome.ret_code, outcome.call_requests.map(|requests| requests.len())), (0, Some(3)));
}

fn other_tetraplet(data: &mut InterpreterData) {
    for entry in &mut data.cid_info.tetraplet_store {
        entry.value = Rc::new(SecurityTetraplet { lens: ".$.forged".into(), ..(*entry.value).clone() });
    }
}

fn other_value(data: &mut InterpreterData) {
    for entry in &mut data.cid_info.value_store {
        entry.value = Rc::new(RawValue::from_text("666"));
    }
}

#[test]
fn contents_under_identifiers_of_others_from_another_peer() {
    let script = format!(r#"(seq {} (call "{}" ("s" "f") [x]))"#, call(1, "x"), peer_id(PEERS[1]));
    let asked = step(&script, 0, &[], &[], &[]);
    let signed = step(&script, 0, &asked.data, &[], &[(1, "7")]);
    for change in [other_tetraplet, other_value] {
        let outcome = step(&script, 1, &[], &forged(&signed.data, change), &[]);
        assert_eq!(outcome.ret_code, 8, "{}", outcome.error_message);
        assert!(outcome.error_message.contains("Value mismatch"), "{}", outcome.error_message);
    }
}

/// Previous data is not verified. As in AquaVM, what an instruction makes anew takes the place of what stood under its
/// identifier, and counts for the instructions after it.
#[test]
fn contents_under_identifiers_of_others_in_previous_data() {
    let script = format!("(par {} {})", call(1, "x"), call(2, "y"));
    let asked = step(&script, 0, &[], &[], &[]);
    // The second call is answered first.
    let half = step(&script, 0, &asked.data, &[], &[(2, "7")]);
    assert_eq!(half.ret_code, 0, "{}", half.error_message);
    let honest = step(&script, 0, &half.data, &[], &[(1, "7")]);
    for change in [other_tetraplet, other_value] {
        let damaged = forged(&half.data, change);
        assert_ne!(damaged, half.data);
        let outcome = step(&script, 0, &damaged, &[], &[(1, "7")]);
        assert_eq!(outcome.ret_code, 0, "{}", outcome.error_message);
        assert_eq!(decoded(&outcome), decoded(&honest));
    }
    // Without anything that makes it anew, the tetraplet is not the call's.
    let damaged = forged(&half.data, other_tetraplet);
    let outcome = step(&script, 0, &damaged, &[], &[]);
    assert_eq!((outcome.ret_code, outcome.data == damaged), (20017, true), "{}", outcome.error_message);
}
