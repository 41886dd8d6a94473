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
