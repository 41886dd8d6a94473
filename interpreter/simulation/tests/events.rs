//! Runs as events: orders, schedules, single answers, time to live, faults by name.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

#[path = "../../tests/support/mod.rs"]
mod support;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use air_interpreter::ParsedScript;
use air_interpreter::peers::Peers;
use air_simulation::network::Answers;
use air_simulation::report::{Event, EventKind, Fate, Limits, Report};
use air_simulation::run::{RunOrder, RunRequest, run};
use expect_test::{Expect, expect};
use support::random::Random;
use support::script::random_script;

fn events(report: &Report) -> String {
    let mut text = String::new();
    for event in &report.events {
        let Event { number, time, peer, from, causes, order, .. } = event;
        write!(text, "{number}. {time} ms {:?}", event.kind).unwrap();
        for (what, name) in [("from", from), ("on", peer)] {
            write!(text, "{}", name.as_ref().map(|name| format!(" {what} {name}")).unwrap_or_default())
                .unwrap();
        }
        if !causes.is_empty() {
            write!(text, " of {causes:?}").unwrap();
        }
        writeln!(text, "{}", order.as_ref().map(|order| format!(": {order}")).unwrap_or_default()).unwrap();
        for asked in &event.asked {
            writeln!(text, "   asks {}.{}: {:?}", asked.service, asked.function, asked.fate).unwrap();
        }
        for sent in &event.sent {
            writeln!(text, "   sends to {}: {:?}", sent.to, sent.fate).unwrap();
        }
    }
    writeln!(text, "{}", report.outcome.text).unwrap();
    text
}

fn request(sample: &str, script: &str) -> RunRequest {
    let sample = (!sample.is_empty()).then(|| format!("{{{sample}}}"));
    RunRequest { text: script.to_owned(), sample, ..RunRequest::default() }
}

fn check(sample: &str, script: &str, expected: Expect) {
    expected.assert_eq(&events(&run(&request(sample, script)).unwrap()));
}

/// Two calls of one peer race for a stream.
const RACE: &str = r#"(new $s (seq
 (par (call %init_peer_id% ("s" "a") [] $s) (call %init_peer_id% ("s" "b") [] $s))
 (seq (canon %init_peer_id% $s #can) (call %init_peer_id% ("callbackSrv" "response") [#can]))))"#;
const A_AND_B: &str =
    r#""services": [{"function": "a", "answer": {"ok": "A"}}, {"function": "b", "answer": {"ok": "B"}}]"#;

fn response(request: &RunRequest) -> String {
    let report = run(request).unwrap();
    let values = &report.outcome.responses[0].values;
    values[0].json.as_ref().unwrap().text().to_owned()
}

#[test]
fn answers_race() {
    let race = request(A_AND_B, RACE);
    assert_eq!(response(&race), r#"["A","B"]"#);
    let single = RunRequest { answers: Some(Answers::Single), ..race.clone() };
    assert_eq!(response(&single), r#"["A"]"#);
    assert_eq!(response(&RunRequest { order: Some(RunOrder::Lifo), ..single.clone() }), r#"["B"]"#);
    let ends: BTreeSet<String> = (0..40)
        .map(|seed| {
            let (answers, order) = (Some(Answers::Random(seed)), Some(RunOrder::Random(seed)));
            response(&RunRequest { answers, order, ..race.clone() })
        })
        .collect();
    assert_eq!(ends.into_iter().collect::<Vec<_>>().join(" "), r#"["A","B"] ["A"] ["B"]"#);
    let schedule = Some("@init answers s.b".to_owned());
    assert_eq!(response(&RunRequest { schedule, ..single }), r#"["B"]"#);
    let sample = format!(r#"{A_AND_B}, "answers": "single", "order": ["@init answers s.b + s.a"]"#);
    assert_eq!(response(&request(&sample, RACE)), r#"["A","B"]"#);
}

#[test]
fn together_and_single() {
    check(
        A_AND_B,
        RACE,
        expect![[r#"
        1. 0 ms Start on @init
           asks s.a: Arrived { event: 2 }
           asks s.b: Arrived { event: 2 }
        2. 0 ms Answer on @init of [1]
           asks callbackSrv.response: Arrived { event: 3 }
        3. 0 ms Answer on @init of [2]
        completed: response ["A", "B"]
    "#]],
    );
    check(
        &format!(r#"{A_AND_B}, "answers": "single""#),
        RACE,
        expect![[r#"
        1. 0 ms Start on @init
           asks s.a: Arrived { event: 2 }
           asks s.b: Arrived { event: 3 }
        2. 0 ms Answer on @init of [1]: @init answers s.a
           asks callbackSrv.response: Arrived { event: 4 }
        3. 0 ms Answer on @init of [1]: @init answers s.b
        4. 0 ms Answer on @init of [2]: @init answers callbackSrv.response
        completed: response ["A"]
    "#]],
    );
}

#[test]
fn a_schedule_that_does_not_fit() {
    let refused = |answers, schedule: &str| {
        let request = RunRequest { answers, schedule: Some(schedule.to_owned()), ..request(A_AND_B, RACE) };
        run(&request).unwrap_err().message
    };
    expect!["move 1 of the order, `@init answers s.c`: no such call waits; what may come: @init answers s.a, @init answers s.b"].assert_eq(&refused(Some(Answers::Single), "@init answers s.c"));
    expect!["move 2 of the order, `@init→@b`: no such particle is under way; what may come: @init answers s.b, @init answers callbackSrv.response"].assert_eq(&refused(Some(Answers::Single), "@init answers s.a\n@init→@b"));
    expect!["move 1 of the order, `@init answers s.a`: answers come together here; single ones are chosen with `--answers single`"].assert_eq(&refused(None, "@init answers s.a"));
    expect!["the order cannot be read: line 1: expected `→` or `answers` after `@init`, found the end"]
        .assert_eq(&refused(None, "@init"));
}

/// A far peer is asked while a timer runs.
const TIMER: &str = r#"(seq
 (par (call %init_peer_id% ("peer" "timeout") [10000 "late"] late)
      (call "@far" ("s" "f") [] x))
 (call %init_peer_id% ("callbackSrv" "response") [x]))"#;

#[test]
fn life_ends() {
    let silent = r#""peers": ["@init"]"#;
    check(
        silent,
        TIMER,
        expect![[r#"
        1. 0 ms Start on @init
           asks peer.timeout: Expired
           sends to @far: Lost { why: "@far is not there" }
        2. 7000 ms Expiry
        waiting: line 2: peer.timeout on @init would answer after 10000 ms, but the particle lives 7000 ms
    "#]],
    );
    check(
        &format!(r#"{silent}, "particle": {{"ttl": 10000}}"#),
        TIMER,
        expect![[r#"
        1. 0 ms Start on @init
           asks peer.timeout: Arrived { event: 3 }
           sends to @far: Lost { why: "@far is not there" }
        2. 10000 ms Tick
        3. 10000 ms Answer on @init of [1]: @init answers peer.timeout
        waiting: line 4: waits for x, which line 3 sets on @far
    "#]],
    );
    let for_ever = RunRequest { ttl: Some(0), ..request(silent, TIMER) };
    assert_eq!(run(&for_ever).unwrap().duration.simulated_ms, 10000);
}

/// There and back.
const TWO: &str = r#"(seq (call "@b" ("s" "f") [] x) (call %init_peer_id% ("callbackSrv" "response") [x]))"#;
const F: &str = r#""services": [{"function": "f", "answer": {"ok": 1}}]"#;

#[test]
fn faults_by_name() {
    let with = |faults: &str| format!(r#"{F}, "faults": ["{faults}"]"#);
    check(
        &with("lose @init→@b"),
        TWO,
        expect![[r#"
        1. 0 ms Start on @init
           sends to @b: Lost { why: "`lose @init→@b`" }
        waiting: line 1: nothing gets from @init to @b: `lose @init→@b`
    "#]],
    );
    check(
        &with("double @b→@init"),
        TWO,
        expect![[r#"
        1. 0 ms Start on @init
           sends to @b: Arrived { event: 2 }
        2. 0 ms Delivery from @init on @b of [1]: @init→@b
           asks s.f: Arrived { event: 3 }
        3. 0 ms Answer on @b of [2]
           sends to @init: Arrived { event: 4 }
           sends to @init: Arrived { event: 6 }
        4. 0 ms Delivery from @b on @init of [3]: @b→@init
           asks callbackSrv.response: Arrived { event: 5 }
        5. 0 ms Answer on @init of [4]
        6. 0 ms Delivery from @b on @init of [3]: @b→@init
        completed: response 1
    "#]],
    );
    check(
        &with("@b dies after 0"),
        TWO,
        expect![[r#"
        1. 0 ms Start on @init
           sends to @b: Lost { why: "the peer has died" }
        waiting: line 1: nothing gets from @init to @b: the peer has died
    "#]],
    );
    check(
        &with("part @b until 3"),
        TWO,
        expect![[r#"
        1. 0 ms Start on @init
           sends to @b: Lost { why: "`part @b until 3`" }
        waiting: line 1: nothing gets from @init to @b: `part @b until 3`
    "#]],
    );
    let order = |moves: &str| format!(r#"{F}, "order": "{moves}""#);
    check(
        &order("@init→@b, lose @b→@init"),
        TWO,
        expect![[r#"
        1. 0 ms Start on @init
           sends to @b: Arrived { event: 2 }
        2. 0 ms Delivery from @init on @b of [1]: @init→@b
           asks s.f: Arrived { event: 3 }
        3. 0 ms Answer on @b of [2]
           sends to @init: Lost { why: "`lose @b→@init`" }
        4. 0 ms Fault of [3]: lose @b→@init
        waiting: line 1: nothing gets from @b to @init: `lose @b→@init`
    "#]],
    );
    check(
        &order("double @init→@b, @init→@b#2"),
        TWO,
        expect![[r#"
        1. 0 ms Start on @init
           sends to @b: Arrived { event: 5 }
           sends to @b: Arrived { event: 3 }
        2. 0 ms Fault of [1]: double @init→@b
        3. 0 ms Delivery from @init on @b of [1]: @init→@b#2
           asks s.f: Arrived { event: 4 }
        4. 0 ms Answer on @b of [3]
           sends to @init: Arrived { event: 6 }
        5. 0 ms Delivery from @init on @b of [1]: @init→@b
        6. 0 ms Delivery from @b on @init of [4]: @b→@init
           asks callbackSrv.response: Arrived { event: 7 }
        7. 0 ms Answer on @init of [6]
        completed: response 1
    "#]],
    );
}

#[test]
fn peers_behind_a_relay() {
    let behind = format!(r#"{F}, "behind": {{"@b": "@relay"}}"#);
    check(
        &behind,
        TWO,
        expect![[r#"
        1. 0 ms Start on @init
           sends to @b: Lost { why: "@b is connected to @relay only" }
        waiting: line 1: nothing gets from @init to @b: @b is connected to @relay only
    "#]],
    );
    let by_relay = r#"(seq (call "@relay" ("op" "noop") []) (seq (call "@b" ("s" "f") [] x) (seq (call "@relay" ("op" "noop") []) (call %init_peer_id% ("callbackSrv" "response") [x]))))"#;
    check(
        &behind,
        by_relay,
        expect![[r#"
        1. 0 ms Start on @init
           sends to @relay: Arrived { event: 2 }
        2. 0 ms Delivery from @init on @relay of [1]: @init→@relay
           asks op.noop: Arrived { event: 3 }
        3. 0 ms Answer on @relay of [2]
           sends to @b: Arrived { event: 4 }
        4. 0 ms Delivery from @relay on @b of [3]: @relay→@b
           asks s.f: Arrived { event: 5 }
        5. 0 ms Answer on @b of [4]
           sends to @relay: Arrived { event: 6 }
        6. 0 ms Delivery from @b on @relay of [5]: @b→@relay
           asks op.noop: Arrived { event: 7 }
        7. 0 ms Answer on @relay of [6]
           sends to @init: Arrived { event: 8 }
        8. 0 ms Delivery from @relay on @init of [7]: @relay→@init
           asks callbackSrv.response: Arrived { event: 9 }
        9. 0 ms Answer on @init of [8]
        completed: response 1
    "#]],
    );
}

/// What each run's events say of themselves leads to the same run again.
#[test]
fn a_run_is_repeated_by_its_schedule() {
    let (mut moves, mut scheduled) = (0, 0);
    for seed in 0..400 {
        let mut peers = Peers::default();
        let ids = support::network::PEERS.map(|name| peers.named(name));
        let mut random = Random::new(seed);
        let scripts = std::iter::repeat_with(|| random_script(&mut random, &ids));
        let mut script = scripts.into_iter().find(|text| ParsedScript::new(text).program().is_ok()).unwrap();
        for (name, id) in support::network::PEERS.iter().zip(&ids) {
            script = script.replace(id.as_str(), &format!("@{name}"));
        }
        let answers = Some(match seed % 3 {
            0 => Answers::Together,
            1 => Answers::Single,
            _ => Answers::Random(seed),
        });
        let faults = if seed % 5 == 0 {
            vec!["lose @b→@a".to_owned(), "double @a→@b".to_owned()]
        } else {
            Vec::new()
        };
        let order = Some(RunOrder::Random(seed));
        let request = RunRequest {
            text: script,
            make_up: true,
            answers,
            order,
            named_faults: faults,
            // Some scripts never end.
            limits: Limits { max_steps: 200, ..Limits::default() },
            ..RunRequest::default()
        };
        let first = run(&request).unwrap();
        well_formed(&first);
        let lines: Vec<&str> = first.events.iter().filter_map(|event| event.order.as_deref()).collect();
        moves += lines.len();
        // A batch by chance is a batch by name in the schedule.
        let answers = Some(if seed % 3 == 0 { Answers::Together } else { Answers::Single });
        let again = RunRequest {
            answers,
            order: None,
            schedule: Some(lines.join("\n")),
            array_length: first.array_length.unwrap_or_default(),
            ..request
        };
        let again = run(&again).unwrap_or_else(|error| panic!("seed {seed}: {error}\n{}", lines.join("\n")));
        assert_eq!(events(&again), events(&first), "seed {seed}");
        assert_eq!(again.kept, first.kept, "seed {seed}");
        scheduled += usize::from(lines.len() > 3);
    }
    println!("{moves} moves in {scheduled} runs of more than three");
    assert!(moves > 500 && scheduled > 50, "{moves} {scheduled}");
}

/// Every number leads to the event that it names, and what arrives was sent.
fn well_formed(report: &Report) {
    let event = |number: u64| &report.events[usize::try_from(number).unwrap() - 1];
    let mut arrived = 0;
    for (index, one) in report.events.iter().enumerate() {
        assert_eq!(one.number, index as u64 + 1);
        assert!(one.causes.iter().all(|cause| *cause < one.number));
        for sent in &one.sent {
            if let Fate::Arrived { event: number } = sent.fate {
                let delivery = event(number);
                assert_eq!((delivery.kind, &delivery.peer), (EventKind::Delivery, &Some(sent.to.clone())));
                assert_eq!((&delivery.from, &delivery.causes), (&one.peer, &vec![one.number]));
                arrived += 1;
            }
        }
        for asked in &one.asked {
            if let Fate::Arrived { event: number } = asked.fate {
                let answer = event(number);
                assert_eq!((answer.kind, &answer.peer), (EventKind::Answer, &one.peer));
                assert!(answer.answers.contains(&asked.id) && answer.causes.contains(&one.number));
            }
        }
    }
    let deliveries = report.events.iter().filter(|event| event.kind == EventKind::Delivery).count();
    assert_eq!(arrived, deliveries, "each delivery was sent once");
}
