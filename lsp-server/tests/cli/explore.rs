//! `air explore`, and the sentence after `air run`.

use expect_test::{Expect, expect};

use crate::sandbox::Sandbox;

/// Two answers race into one stream.
const RACE: &str = r#"(new $s (seq
 (par (call %init_peer_id% ("s" "a") [] $s) (call %init_peer_id% ("s" "b") [] $s))
 (seq (canon %init_peer_id% $s #can) (call %init_peer_id% ("callbackSrv" "response") [#can]))))
"#;
const SAMPLE: &str =
    r#"{"services": [{"function": "a", "answer": {"ok": "A"}}, {"function": "b", "answer": {"ok": "B"}}]}"#;

/// One peer after the other.
const CHAIN: &str = r#"(seq (call "@a" ("s" "a") [] x) (call %init_peer_id% ("callbackSrv" "response") [x]))
"#;

#[track_caller]
fn check(args: &str, expected: Expect) {
    let files = [
        ("race.air", RACE),
        ("race.sample.json", SAMPLE),
        ("chain.air", CHAIN),
        ("chain.sample.json", SAMPLE),
        ("broken.air", "(call"),
        ("moves.txt", "@init answers s.b\n"),
    ];
    Sandbox::new(&files).air(args).expect(expected);
}

#[test]
fn ends_with_witnesses() {
    check("explore race.air", expect![[""]]);
}

#[test]
fn one_end() {
    check("explore chain.air", expect![[""]]);
}

#[test]
fn what_counts() {
    check("explore race.air --compare everything", expect![[""]]);
}

#[test]
fn a_witness_replays() {
    check("run race.air --answers single --order moves.txt", expect![[""]]);
}

#[test]
fn as_json() {
    check("explore race.air --json", expect![[""]]);
}

#[test]
fn single_faults() {
    check("explore chain.air --faults", expect![[""]]);
}

#[test]
fn rejected() {
    check("explore broken.air", expect![[""]]);
}

#[test]
fn a_run_says_that_order_matters() {
    check("run race.air", expect![[""]]);
}
