//! Exploration against following every order there is.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use air_interpreter::ParsedScript;
use air_interpreter::peers::Peers;
use expect_test::{Expect, expect};

use super::end::Compare;
use super::explored::Explored;
use super::request::explore;
use super::search::{Beginning, Budget, Search};
use super::types::ExploreRequest;
use crate::make_up::MakeUp;
use crate::network::{Answers, MaxRuns, Setup};
use crate::run::RunRequest;
use crate::sample::{CallRemarks, Rule, Rules, SampleServices};
use crate::services::Conventions;
use crate::testing::random::Random;
use crate::testing::script;

/// Follows every order, one event after another; `None` if there are too many.
fn all_ends(beginning: &Beginning<'_>, compare: Compare, max_orders: u64) -> Option<(BTreeSet<u64>, u64)> {
    let (mut ends, mut orders, mut open) = (BTreeSet::new(), 0, vec![beginning.clone()]);
    while let Some(mut here) = open.pop() {
        let candidates = here.network.candidates();
        if candidates.is_empty() {
            orders += 1;
            if orders > max_orders {
                return None;
            }
            here.network.expire_what_is_left();
            ends.insert(here.seen.end(compare, &here.network));
        }
        for candidate in &candidates {
            let mut next = here.clone();
            next.take(candidate, compare);
            open.push(next);
        }
        if open.len() > 100_000 {
            return None;
        }
    }
    Some((ends, orders))
}

const WHOLE: Budget = Budget { orders: u64::MAX, invocations: u64::MAX };

/// Peers' ids, and a script for them.
fn races(random: &mut Random, peers: &[String]) -> String {
    if random.below(12) == 0 {
        return script::random_script(random, peers);
    }
    let count = 2 + random.below(4);
    let mut text = (0..count).fold(String::new(), |text, at| {
        let part = branch(random, peers, at);
        match text.is_empty() {
            true => part,
            false => format!("(par {text} {part})"),
        }
    });
    let peer = || format!("{:?}", peers[0]);
    let after = match random.below(6) {
        0 => "(null)".to_owned(),
        1..4 => format!("(seq (canon {} $s #c) (call {} (\"s\" \"f\") [#c]))", peer(), peer()),
        4 => format!("(fold $s i (seq (call {} (\"s\" \"n\") [i] r) (next i)))", peer()),
        _ => format!(
            "(xor (call {} (\"s\" \"g\") [v0] w) (call {} (\"s\" \"f\") [%last_error%.$.error_code]))",
            peer(),
            peer()
        ),
    };
    let joined = if random.below(5) == 0 { "par" } else { "seq" };
    text = format!("({joined} {text} {after})");
    format!("(new $s {text})")
}

fn branch(random: &mut Random, peers: &[String], at: usize) -> String {
    let peer = |random: &mut Random| format!("{:?}", peers[random.below(peers.len())]);
    let output = |random: &mut Random| match random.below(3) {
        0 => format!("v{at}"),
        1 => "$s".to_owned(),
        _ => String::new(),
    };
    let call = |random: &mut Random| {
        let (peer, output) = (peer(random), output(random));
        match random.below(6) {
            0 => format!(r#"(call {peer} ("s" "n") [] {output})"#),
            1 => format!(
                r#"(call {peer} ("peer" "timeout") [{} "late"] {output})"#,
                10 * (1 + random.below(2))
            ),
            2 => format!(r#"(xor (call {peer} ("s" "bad") [] {output}) (null))"#),
            _ => format!(r#"(call {peer} ("s" "f") [{at}] {output})"#),
        }
    };
    match random.below(3) {
        0 => call(random),
        1 => {
            let then = peer(random);
            format!(r#"(seq {} (call {then} ("s" "h") [{at}]))"#, call(random))
        }
        _ => format!("(seq {} (ap {at} $s))", call(random)),
    }
}

fn services() -> SampleServices {
    let rules = r#"{"services": [
        {"function": "n", "answer": {"seq": [{"ok": 1}, {"ok": 2}, {"ok": 3}]}},
        {"function": "bad", "answer": {"err": [7, "no"]}},
        {"service": "peer", "function": "timeout", "peer": "@nobody", "answer": {"ok": 0}},
        {"function": "f", "answer": {"echo": 0}}, {"function": "g", "answer": {"echo": 0}}]}"#;
    let (sample, problems) = crate::sample::from_json(rules);
    assert!(problems.is_empty(), "{problems:?}");
    let (_, _, rules): (_, _, Vec<Rule>) = sample.setup("(null)");
    SampleServices {
        rules: Rules::new(rules),
        conventions: Conventions::default(),
        make_up: None::<MakeUp>,
        recorded: true,
        remarks: CallRemarks::default(),
    }
}

/// How many scripts of so many have an end that the search misses or invents, and what it saved.
#[test]
fn the_same_ends_as_all_orders_have() {
    let scripts: u64 =
        std::env::var("EXPLORED_SCRIPTS").ok().and_then(|text| text.parse().ok()).unwrap_or(60);
    // As many orders as take a second without optimisation.
    let limit = if scripts > 100 { 2_000 } else { 150 };
    let (mut compared, mut racing, mut followed, mut all) = (0u64, 0u64, 0u64, 0u64);
    let mut seed = 0;
    while compared < scripts {
        seed += 1;
        let mut random = Random::new(seed);
        let mut peers = Peers::default();
        let ids = ["init", "a", "b"].map(|name| peers.named(name));
        let text = races(&mut random, &ids[..1 + random_index(seed)]);
        let script = ParsedScript::new(&text);
        if script.program().is_err() {
            continue;
        }
        let setup = Setup {
            init_peer: ids[0].clone(),
            peers,
            answers: Answers::Single,
            max_runs: MaxRuns(60),
            ..Setup::default()
        };
        let compare = [Compare::All, Compare::Calls, Compare::Response][(seed % 3) as usize];
        let explored = Explored { script: &script, setup, services: services(), compare };
        let beginning = explored.beginning();
        let Some((ends, orders)) = all_ends(&beginning, compare, limit) else { continue };
        let found = Search::new(beginning, compare).run(WHOLE, &mut || false);
        let of_ends: u64 = found.ends.iter().map(|end| end.orders).sum();
        assert_eq!(of_ends, found.orders, "seed {seed}: each order has one end\n{text}");
        let explored_ends: BTreeSet<u64> = found.ends.iter().map(|end| end.hash).collect();
        assert_eq!(
            explored_ends,
            ends,
            "seed {seed}: {} of {} ends\n{text}",
            explored_ends.len(),
            ends.len()
        );
        for end in &found.ends {
            let schedule = super::explored::schedule(&end.moves).unwrap();
            assert_eq!(
                explored.end_of(explored.network(schedule)),
                Some(end.hash),
                "seed {seed}\n{text}\n{:?}",
                end.moves
            );
        }
        compared += 1;
        racing += u64::from(ends.len() > 1);
        followed += found.events;
        all += orders;
    }
    assert!(racing * 4 > compared, "{racing} of {compared} have more than one end");
    println!("{compared} scripts, {racing} with more than one end; {all} orders, {followed} events followed");
}

fn random_index(seed: u64) -> usize {
    (seed % 3) as usize
}

fn check(sample: &str, text: &str, expected: Expect) {
    let run =
        RunRequest { text: text.to_owned(), sample: Some(format!("{{{sample}}}")), ..RunRequest::default() };
    let explored = explore(&ExploreRequest { run, ..ExploreRequest::default() }, &mut || false).unwrap();
    let mut shown = format!(
        "{} orders{}, {} ends\n",
        explored.orders,
        if explored.complete { "" } else { " and more" },
        explored.found_ends
    );
    for end in &explored.ends {
        writeln!(shown, "{}× {}", end.orders, end.text).unwrap();
        for line in end.order.lines() {
            writeln!(shown, "   {line}").unwrap();
        }
        if let Some(deciding) = &end.deciding {
            writeln!(shown, "   decided by event {}: {}", deciding.event, deciding.what).unwrap();
        }
    }
    expected.assert_eq(&shown);
}

#[test]
fn two_answers_race() {
    check(
        r#""services": [{"function": "a", "answer": {"ok": "A"}}, {"function": "b", "answer": {"ok": "B"}}]"#,
        r#"(new $s (seq
            (par (call %init_peer_id% ("s" "a") [] $s) (call %init_peer_id% ("s" "b") [] $s))
            (seq (canon %init_peer_id% $s #can) (call %init_peer_id% ("callbackSrv" "response") [#can]))))"#,
        expect![[r#"
            7 orders, 3 ends
            1× completed: response ["A", "B"]
            3× completed: response ["A"]
               decided by event 2: @init answers s.a
            3× completed: response ["B"]
               @init answers s.b
               decided by event 2: @init answers s.b
        "#]],
    );
}

#[test]
fn what_nobody_can_tell_is_one_order() {
    let calls: Vec<String> = (0..8).map(|at| format!(r#"(call "@p{at}" ("s" "f") [])"#)).collect();
    let text = calls.into_iter().reduce(|left, right| format!("(par {left} {right})")).unwrap();
    check(
        r#""services": [{"answer": {"ok": 1}}]"#,
        &text,
        expect![[r#"
            1 orders, 1 ends
            1× unheard: the script reached its end on @p0, but nothing tells @init, which waits until the particle's life is over (7000 ms)
        "#]],
    );
}

#[test]
fn one_arrival_order_matters() {
    let calls: Vec<String> =
        ["a", "b", "c", "d"].map(|name| format!(r#"(call "@{name}" ("s" "f") ["{name}"] $s)"#)).to_vec();
    let pars = calls.into_iter().reduce(|left, right| format!("(par {left} {right})")).unwrap();
    check(
        r#""services": [{"service": "s", "answer": {"echo": 0}}]"#,
        &format!(
            r#"(new $s (seq (par {pars} (null)) (seq
                (new $w (fold $s i (seq (seq (ap i $w) (canon "@z" $w #ww)) (xor (match #ww.length 4 (null)) (next i))) (never)))
                (seq (canon "@z" $s #cc)
                  (xor (match #cc.$.[0] "d" (match #cc.$.[1] "c" (match #cc.$.[2] "a" (call %init_peer_id% ("callbackSrv" "response") ["rare"]))))
                       (call %init_peer_id% ("callbackSrv" "response") ["done"]))))))"#
        ),
        expect![[r#"
            24 orders, 2 ends
            23× completed: response "done"
            1× completed: response "rare"
               @init→@c
               @c answers s.f
               @init→@d
               @d answers s.f
               @d→@z
               @c→@z
               decided by event 12: @a→@z
        "#]],
    );
}

#[test]
fn a_timeout_races_against_an_answer() {
    check(
        r#""services": [{"service": "s", "answer": {"ok": "answer"}}]"#,
        r#"(new $s (seq
            (par (call "@b" ("s" "f") [] $s) (call %init_peer_id% ("peer" "timeout") [1000 "late"] $s))
            (seq (canon %init_peer_id% $s #cc) (call %init_peer_id% ("callbackSrv" "response") [#cc.$.[0]]))))"#,
        expect![[r#"
            4 orders, 2 ends
            2× completed: response "answer"
            2× completed: response "late"
               @init answers peer.timeout
               decided by event 3: @init answers peer.timeout
        "#]],
    );
}
