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
    check(
        "explore race.air",
        expect![[r#"
        exit 1
        ── out
        race.air: 3 ends in all 7 orders that can be told apart

        1. (1 order, the usual one)
           completed: response ["A", "B"]

        2. (3 orders)
           completed: response ["A"]
           see it with: air run race.air --answers single
           decided by event 2, @init answers s.a: until then end 1 could come too

        3. (3 orders)
           completed: response ["B"]
           see it with: air run race.air --answers single --order '@init answers s.b'
           decided by event 2, @init answers s.b: until then end 1 could come too
    "#]],
    );
}

#[test]
fn one_end() {
    check(
        "explore chain.air",
        expect![[r#"
        exit 0
        ── out
        chain.air: one end in the only order that can be told apart

        1. (1 order, the usual one)
           completed: response "A"
    "#]],
    );
}

#[test]
fn what_counts() {
    check(
        "explore race.air --compare everything",
        expect![[r#"
        exit 2
        ── err
        error: invalid value 'everything' for '--compare <WHAT>': unknown comparison `everything`; expected one of response, calls, all

        For more information, try '--help'.
    "#]],
    );
}

#[test]
fn a_witness_replays() {
    check(
        "run race.air --answers single --order moves.txt",
        expect![[r#"
        exit 0
        ── out
        race.air

        1 │ (new $s (seq
        2 │  (par (call %init_peer_id% ("s" "a") [] $s) (call %init_peer_id% ("s" "b") [] $s))
          │              ┊ $s = "A"
          │              ┊ $s = "B"
        3 │  (seq (canon %init_peer_id% $s #can) (call %init_peer_id% ("callbackSrv" "response") [#can]))))
          │              ┊ #can = ["B"]
          │              ┊ called

        order     @init answers s.b, @init answers s.a, @init answers callbackSrv.response
        ran       8 of 8 instructions, 3 of 3 calls, in 1 delivery and 4 invocations
        completed response ["B"]
    "#]],
    );
}

#[test]
fn as_json() {
    check(
        "explore race.air --json",
        expect![[r#"
        exit 1
        ── out
        {"version":1,"compare":"all","orders":7,"complete":true,"at_least":7,"invocations":14,"found_ends":3,"ends":[{"default":true,"orders":1,"order":"","status":"completed","text":"completed: response [\"A\", \"B\"]"},{"default":false,"orders":3,"order":"","status":"completed","text":"completed: response [\"A\"]","deciding":{"event":2,"what":"@init answers s.a"}},{"default":false,"orders":3,"order":"@init answers s.b\n","status":"completed","text":"completed: response [\"B\"]","deciding":{"event":2,"what":"@init answers s.b"}}]}
    "#]],
    );
}

#[test]
fn single_faults() {
    check(
        "explore chain.air --faults",
        expect![[r#"
        exit 1
        ── out
        chain.air: 3 of 3 single faults keep the initiator from what it learns without them
        harms  lose @init→@a
                 waiting: line 1: nothing gets from @init to @a: `lose @init→@a`
        harms  lose @a→@init
                 waiting: line 1: nothing gets from @a to @init: `lose @a→@init`
        harms  @a dies after 0
                 waiting: line 1: nothing gets from @init to @a: the peer has died
    "#]],
    );
}

#[test]
fn rejected() {
    check(
        "explore broken.air",
        expect![[r#"
        exit 1
        ── err
        error[S001]: unclosed bracket: add the closing one
         --> broken.air:1:1
          |
        1 | (call
          | ^    - the text ends here
          |
          = help: insert `)` at the end
          = note: unclosed-bracket: `air explain S001` says more

        AquaVM rejects this script, so it cannot run
    "#]],
    );
}

#[test]
fn a_run_says_that_order_matters() {
    check(
        "run race.air",
        expect![[r#"
        exit 0
        ── out
        race.air

        1 │ (new $s (seq
        2 │  (par (call %init_peer_id% ("s" "a") [] $s) (call %init_peer_id% ("s" "b") [] $s))
          │              ┊ $s = "A"
          │              ┊ $s = "B"
        3 │  (seq (canon %init_peer_id% $s #can) (call %init_peer_id% ("callbackSrv" "response") [#can]))))
          │              ┊ #can = ["A", "B"]
          │              ┊ called

        ran       8 of 8 instructions, 3 of 3 calls, in 1 delivery and 3 invocations
        completed response ["A", "B"]
        ── err
        order matters: 3 ends in 7 orders; `air explore race.air` shows them
    "#]],
    );
}

#[test]
fn witnesses_name_the_options_that_answers_depend_on() {
    let shown = Sandbox::new(&[("race.air", RACE), ("other.json", SAMPLE)])
        .air("explore race.air --sample other.json --make-up")
        .out;
    assert!(
        shown.contains("see it with: air run race.air --sample other.json --make-up --answers single"),
        "{shown}"
    );
}
