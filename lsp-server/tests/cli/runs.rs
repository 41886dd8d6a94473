//! `air invoke`, `air data` and `air run --anomaly`.

use crate::sandbox::Sandbox;

/// What a node writes down: a call, requested.
fn anomaly(code: i64) -> String {
    let bytes = |text: &str| format!("{:?}", text.as_bytes());
    let request = r#"{"1":{"service_id":"s","function_name":"f","arguments":[1],"tetraplets":[[{"peer_pk":"i","service_id":"","function_name":"","lens":""}]]}}"#;
    let outcome = format!(
        r#"{{"ret_code":{code},"error_message":"","data":[],"call_requests":{request},"next_peer_pks":[]}}"#
    );
    format!(
        r#"{{"air_script":"(call \"c\" (\"s\" \"f\") [1] r)","particle":{},"prev_data":[],"current_data":[1],"call_results":{},"avm_outcome":{}}}"#,
        bytes(r#"{"init_peer_id":"i","particle_id":"p","timestamp":1,"ttl":2,"current_peer_id":"c"}"#),
        bytes("{}"),
        bytes(&outcome)
    )
    .replace("\"current_data\":[1]", if code == 3 { "\"current_data\":[1]" } else { "\"current_data\":[]" })
}

#[test]
fn an_anomaly_is_replayed() {
    let (same, other, broken) = (anomaly(0), anomaly(7), anomaly(3));
    let sandbox = Sandbox::new(&[("same.json", &same), ("other.json", &other), ("broken.json", &broken)]);
    let run = sandbox.air("run --anomaly same.json");
    assert_eq!((run.code, run.out.as_str()), (0, "code 0\nasks 1: s.f(1)\nas it was recorded\n"));
    let run = sandbox.air("run --anomaly other.json");
    assert_eq!(run.code, 1);
    assert!(run.out.ends_with("ret_code differs\n  recorded 7\n  now      0\n"), "{}", run.out);
    assert_eq!(sandbox.air("run --anomaly missing.json").code, 2);
    let run = sandbox.air("data broken.json");
    assert_eq!(run.code, 0);
    assert!(run.out.contains("current data: not interpreter data: "), "{}", run.out);
    let run = sandbox.air("data --json same.json");
    assert!(run.out.starts_with("{\n  \"air_script\": "), "{}", run.out);
}

#[test]
fn what_is_no_data_is_an_error() {
    let sandbox = Sandbox::new(&[("garbage", "garbage")]);
    let run = sandbox.air("data garbage");
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("garbage: not interpreter data: "), "{}", run.err);
}

#[test]
fn codes_of_runs_are_explained() {
    let run = Sandbox::new(&[]).air("explain 20013 10000");
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(run.out.contains("20013 StreamSizeLimitExceeded"), "{}", run.out);
    assert!(run.out.contains("stream size goes over the allowed limit of 1024"), "{}", run.out);
    assert!(
        run.out.contains("Local service error, ret_code is {code}, error message is '{text}'"),
        "{}",
        run.out
    );
}

/// The pictures in the documentation are those that the program draws.
#[test]
fn pictures() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/runs");
    for (name, code) in [("relay", 0), ("vote", 0), ("failure", 1)] {
        let script = folder.join(name).with_extension("air");
        let run = Sandbox::new(&[]).air(&format!("run --diagram svg {}", script.display()));
        assert_eq!((run.code, run.err.as_str()), (code, ""), "{name}");
        expect_test::expect_file![folder.join(name).with_extension("svg")].assert_eq(&run.out);
    }
}
