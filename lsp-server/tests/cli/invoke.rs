//! `air invoke`; what invocations give is tested in the interpreter's crate.

use crate::sandbox::Sandbox;

#[test]
fn a_line_for_each_line() {
    let lines = concat!(
        r#"{"id": 1, "air": "(null)", "params": {"init_peer_id": "@init", "current_peer_id": "@init"}}"#,
        "\n\n",
        r#"{"id": 2, "op": "key", "name": "init"}"#,
        "\n",
        r#"{"id": 3, "op": "dance"}"#,
        "\nno JSON\n",
    );
    let run = Sandbox::new(&[]).air_with("invoke", lines);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let answers: Vec<serde_json::Value> =
        run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), 4);
    assert_eq!((&answers[0]["id"], &answers[0]["ret_code"]), (&1.into(), &0.into()));
    assert!(answers[1]["peer_id"].as_str().unwrap().starts_with("12D3KooW"), "{}", answers[1]);
    assert_eq!(answers[2]["oracle_error"], "unknown op dance");
    assert!(answers[3]["oracle_error"].as_str().unwrap().starts_with("bad request: "), "{}", answers[3]);
}

#[test]
fn nothing_in_nothing_out() {
    let run = Sandbox::new(&[]).air("invoke");
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, "", ""));
}

/// A folder can be opened but not read.
#[cfg(target_os = "linux")]
#[test]
fn input_that_cannot_be_read() {
    let sandbox = Sandbox::new(&[]);
    let mut command = sandbox.command(&["invoke"]);
    command.stdin(std::fs::File::open(sandbox.path("")).unwrap());
    let run = crate::sandbox::Run::of(command);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.starts_with("error: cannot read standard input: "), "{}", run.err);
}

/// As AquaVM's own command line does it.
#[test]
fn from_files() {
    let sandbox = Sandbox::new(&[
        ("a.air", "(seq (call \"@a\" (\"s\" \"f\") [1] x) (call \"@b\" (\"s\" \"g\") [x]))"),
        ("results.json", r#"{"1": {"ret_code": 0, "value": "hello"}}"#),
        ("garbage", "[1]"),
    ]);
    let run = sandbox.air("invoke --script a.air --key-name a --data-out one");
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(run.out.starts_with("code 0\nrequests 1: s.f(1)\ndata of "), "{}", run.out);
    let more = "invoke --script a.air --current-peer-id @a --prev-data one --call-results results.json";
    let run = sandbox.air(&format!("{more} --json --repeat 3 --time"));
    assert!(run.err.contains("3 invocations"), "{}", run.err);
    let outcome = run.json();
    assert_eq!((&outcome["ret_code"], outcome["next_peer_pks"].as_array().unwrap().len()), (&0.into(), 1));
    let run = sandbox.air("invoke --script a.air --random-key --prev-data garbage");
    assert_eq!(run.code, 1);
    assert!(run.out.starts_with("code 3\n"), "{}", run.out);
    for (args, message) in [
        ("--script a.air", "no key"),
        ("--script a.air --key garbage", "not a key"),
        ("--script a.air --key-name a --call-results garbage", "expected an object"),
        ("--script a.air --key-name a --data-out a.air", "is to be read"),
        ("--key-name a", "--script"),
    ] {
        let run = sandbox.air(&format!("invoke {args}"));
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{args}");
        assert!(run.err.contains(message), "{args}: {}", run.err);
    }
}

/// The key is that of the peer, however it is written.
#[test]
fn keys_in_files() {
    let sandbox = Sandbox::new(&[("a.air", "(call %init_peer_id% (\"s\" \"f\") [])")]);
    let key = sandbox.air_with("invoke", r#"{"op": "key", "name": "a"}"#).json();
    sandbox.write("key", key["secret_key"].as_str().unwrap());
    let of = |args: &str| sandbox.air(&format!("invoke --json --script a.air {args}")).json();
    assert_eq!(of("--key key"), of("--key-name a"));
}
