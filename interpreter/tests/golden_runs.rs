//! The reference's golden vectors: 173 invocations, and the inputs on which it panics.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

mod support;

use air_interpreter::data::{Envelope, InterpreterData, envelope_to_json};
use air_interpreter::{Outcome, ParsedScript, RunParameters, Value, encode_call_requests, invoke};
use support::{base64, hex, records};

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_else(|| panic!("no {key}"))
}

fn parameters(value: &Value) -> RunParameters {
    let number = |key: &str| value.get(key).and_then(Value::as_u64).unwrap();
    let secret = value.get("secret_key_bytes").and_then(Value::as_array).unwrap();
    RunParameters {
        init_peer_id: text(value, "init_peer_id").to_owned(),
        current_peer_id: text(value, "current_peer_id").to_owned(),
        timestamp: number("timestamp"),
        ttl: number("ttl") as u32,
        key_format: number("key_format") as u8,
        secret_key: secret.iter().map(|byte| byte.as_u64().unwrap() as u8).collect(),
        particle_id: text(value, "particle_id").to_owned(),
        air_size_limit: number("air_size_limit"),
        particle_size_limit: number("particle_size_limit"),
        call_result_size_limit: number("call_result_size_limit"),
        hard_limit_enabled: value.get("hard_limit_enabled").and_then(Value::as_bool).unwrap(),
    }
}

fn run(input: &Value) -> (Vec<u8>, Outcome) {
    let script = ParsedScript::new(text(input, "script"));
    let prev = base64(text(input, "prev_data_b64"));
    let parameters = parameters(input.get("run_parameters").unwrap());
    let results = hex(text(input, "call_results_hex"));
    let outcome = invoke(&script, &prev, &base64(text(input, "data_b64")), &parameters, &results);
    let again = invoke(&script, &prev, &base64(text(input, "data_b64")), &parameters, &results);
    assert_eq!(outcome, again, "the same input has to give the same bytes");
    (prev, outcome)
}

fn data_json(bytes: &[u8]) -> Value {
    let envelope = Envelope::decode(bytes).unwrap();
    envelope_to_json(&envelope, &InterpreterData::decode(&envelope.inner_data).unwrap())
}

/// Everything that differs from what the reference gave.
fn differences(record: &Value) -> Vec<String> {
    let expected = record.get("expected").unwrap();
    let (prev, outcome) = run(record.get("input").unwrap());
    let mut wrong = Vec::new();
    let mut compare = |what: &str, ours: String, theirs: String| {
        if ours != theirs {
            wrong.push(format!("{what}:\n  ours   {ours}\n  theirs {theirs}"));
        }
    };
    let flag = |key: &str| expected.get(key).and_then(Value::as_bool).unwrap();
    compare("ret_code", outcome.ret_code.to_string(), expected.get("ret_code").unwrap().to_string());
    if flag("error_message_stable") {
        compare("message", outcome.error_message.clone(), text(expected, "error_message").to_owned());
    }
    let peers = Value::array(outcome.next_peer_pks.iter().map(|peer| Value::from(peer.as_str())).collect());
    compare("peers", peers.to_string(), expected.get("next_peer_pks_sorted").unwrap().to_string());
    let requests = outcome.call_requests.as_ref().map(encode_call_requests).unwrap_or_default();
    let theirs = hex(text(expected, "call_requests_hex"));
    if requests != theirs {
        // Only the order of entries may differ.
        let (mut ours, mut sorted) = (requests.clone(), theirs.clone());
        ours.sort_unstable();
        sorted.sort_unstable();
        compare("requests", format!("{ours:x?}"), format!("{sorted:x?}"));
    }
    for (key, ours) in [
        ("air_size_limit_exceeded", outcome.air_size_limit_exceeded),
        ("particle_size_limit_exceeded", outcome.particle_size_limit_exceeded),
        ("call_result_size_limit_exceeded", outcome.call_result_size_limit_exceeded),
    ] {
        compare(key, ours.to_string(), flag(key).to_string());
    }
    if flag("data_equals_prev") {
        compare("data", format!("{:x?}", outcome.data), format!("{prev:x?}"));
    } else {
        let theirs = base64(text(expected, "data_b64"));
        if outcome.data.is_empty() || theirs.is_empty() {
            compare("data", format!("{:x?}", outcome.data), format!("{theirs:x?}"));
        } else {
            compare("data", data_json(&outcome.data).to_string(), data_json(&theirs).to_string());
        }
    }
    wrong
}

#[test]
fn runs() {
    let (mut count, mut failed) = (0, Vec::new());
    for record in records("corpus/data/golden.jsonl").iter().filter(|record| text(record, "kind") == "run") {
        count += 1;
        let differences = differences(record);
        if !differences.is_empty() {
            failed.push(format!("{}\n{}", text(record, "id"), differences.join("\n")));
        }
    }
    println!("{} of {count} runs as the reference", count - failed.len());
    assert!(failed.is_empty(), "{} of {count} differ:\n{}", failed.len(), failed.join("\n\n"));
}

#[test]
fn panics_of_the_reference_are_errors_with_previous_data() {
    for record in records("corpus/data/golden.jsonl").iter().filter(|record| text(record, "kind") == "trap") {
        let (prev, outcome) = run(record.get("input").unwrap());
        println!("{}: {} {}", text(record, "id"), outcome.ret_code, outcome.error_message);
        assert_ne!(outcome.ret_code, 0, "{}", text(record, "id"));
        assert_eq!(outcome.data, prev);
        let expected = record.get("expected").unwrap();
        if let Some(code) = expected.get("ret_code").and_then(Value::as_i64) {
            assert_eq!(outcome.ret_code, code);
            assert_eq!(outcome.error_message, text(expected, "error_message"));
        }
    }
}
