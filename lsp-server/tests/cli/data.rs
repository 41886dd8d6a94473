//! `air data`.

use crate::anomaly::anomaly;
use crate::sandbox::Sandbox;

/// The bytes that are meant by base64.
fn from_base64(text: &str) -> Vec<u8> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        other => panic!("{}", other as char),
    };
    let digits: Vec<u8> = text.trim_end_matches('=').bytes().map(digit).collect();
    let bytes = digits.chunks(4).flat_map(|four| {
        let bits =
            four.iter().fold(0u32, |bits, digit| bits << 6 | u32::from(*digit)) << (6 * (4 - four.len()));
        bits.to_be_bytes()[1..four.len()].to_vec()
    });
    bytes.collect()
}

#[test]
fn interpreter_data() {
    let sandbox = Sandbox::new(&[]);
    let request = r#"{"air": "(ap 1 x)", "params": {"init_peer_id": "@init", "current_peer_id": "@init"}}"#;
    let outcome = sandbox.air_with("invoke", request).json();
    sandbox.write("data", from_base64(outcome["data"].as_str().unwrap()));
    let run = sandbox.air("data data");
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(run.out.starts_with("data\n") && run.out.contains("version"), "{}", run.out);
    let object = sandbox.air("data --json data").json();
    assert_eq!(object["kind"], "data");
    assert!(object["trace"].is_array() && object["data_json"].is_object(), "{object}");
}

#[test]
fn anomalies() {
    let (same, broken) = (anomaly(0), anomaly(3));
    let sandbox = Sandbox::new(&[("same.json", &same), ("broken.json", &broken)]);
    let run = sandbox.air("data broken.json");
    assert_eq!(run.code, 0);
    assert!(run.out.contains("current data: not interpreter data: "), "{}", run.out);
    let run = sandbox.air("data --json same.json");
    assert!(run.out.starts_with("{\n  \"air_script\": "), "{}", run.out);
}

#[test]
fn what_is_not_data_is_an_error() {
    let sandbox = Sandbox::new(&[("garbage", "garbage")]);
    let run = sandbox.air("data garbage");
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("garbage: not interpreter data: "), "{}", run.err);
}

#[test]
fn files_that_cannot_be_read() {
    let sandbox = Sandbox::new(&[]);
    let run = sandbox.air("data missing");
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.starts_with("error: missing: "), "{}", run.err);
    assert_eq!(sandbox.air("data").code, 2);
}

/// As clients print it, in a log, and data as text.
#[test]
fn text_forms() {
    let sandbox = Sandbox::new(&[]);
    let request = r#"{"air": "(ap 1 x)", "params": {"init_peer_id": "@init", "current_peer_id": "@init"}}"#;
    let outcome = sandbox.air_with("invoke", request).json();
    let base64 = outcome["data"].as_str().unwrap();
    let bytes = from_base64(base64);
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    sandbox.write("raw", &bytes);
    let raw = sandbox.air("data raw").out;
    for text in [base64.to_owned(), hex, format!("{bytes:?}"), format!("\"{base64}\"\n")] {
        sandbox.write("text", &text);
        assert_eq!(sandbox.air("data text").out, raw, "{text}");
    }
    let particle = format!(
        r#"INFO got {{"action":"Particle","id":"p","init_peer_id":"i","script":"(ap 1 x)","signature":[1],"data":"{base64}"}}"#
    );
    sandbox.write("log", particle);
    let run = sandbox.air("data log");
    assert!(run.out.contains("script: (ap 1 x)") && run.out.contains("data\n"), "{} {}", run.out, run.err);
    let json = sandbox.air("data --json log").json();
    assert_eq!((&json["version"], &json["kind"]), (&1.into(), &"particle".into()));
    // As AquaVM prints it, sorted and with two spaces.
    let run = sandbox.air("data --raw raw");
    assert!(run.out.starts_with("{\n  \"data\": {\n    \"cid_info\""), "{}", run.out);
    assert_eq!(sandbox.air("data --raw log").out, run.out);
}

#[test]
fn errors_in_logs() {
    let script = "(seq\n (null)\n (call  \"p\" (\"s\" \"f\") [ 1 ] x)\n)\n";
    let error =
        r#"{"error_code":10000,"instruction":"call \"p\" (\"s\" \"f\") [1] x","message":"no","peer_id":"p"}"#;
    let sandbox = Sandbox::new(&[("log", &format!("WARN {error} ...")), ("a.air", script)]);
    let run = sandbox.air("data log --script a.air");
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(
        run.out.contains("code: 10000 LocalServiceError") && run.out.contains("at a.air:3:2"),
        "{}",
        run.out
    );
    let json = sandbox.air("data log --script a.air --json").json();
    assert_eq!((&json["kind"], &json["places"][0]["line"]), (&"error".into(), &3.into()));
    assert!(sandbox.air("data log").err.contains("--script FILE"), "{}", sandbox.air("data log").err);
}
