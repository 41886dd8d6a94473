//! Simulated networks: orders, faults, the simulated clock, limits; what holds for every run.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

#[path = "../../tests/support/mod.rs"]
mod support;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use air_interpreter::peers::{Peer, Peers};
use air_interpreter::recorder::{Place, Recorder};
use air_interpreter::{CallServiceResult, Outcome, ParsedScript, Value, json};
use air_simulation::network::{
    Answer, Cause, Fate, Faults, MaxRuns, Network, Observer, Order, ServiceCall, Services, Setup, Unwatched,
};
use air_simulation::services;
use expect_test::{Expect, expect};
use support::network::answer;
use support::random::Random;
use support::script::random_script;

/// Built-ins, and services whose answers depend on nothing but name and arguments; `slow` takes its argument in
/// milliseconds, `silent` never answers.
struct World;

impl Services for World {
    fn answer(&mut self, call: &ServiceCall<'_>) -> Answer {
        if let Some(answer) = services::builtin(call) {
            return answer;
        }
        let arguments = &call.request.arguments;
        let text = Value::array(arguments.clone()).to_json();
        let (ret_code, result) = answer(&call.request.function_name, &text);
        let result = CallServiceResult { ret_code, result };
        match &*call.request.function_name {
            "slow" => Answer::Later { at: call.time + arguments[0].as_u64().unwrap(), result },
            "silent" => Answer::Silent,
            _ => Answer::Now(result),
        }
    }
}

/// Writes down what it sees, with names for ids.
#[derive(Default)]
struct Log {
    text: String,
}

impl Observer for Log {
    fn begins(&mut self, peer: &Peer, cause: &Cause, time: u64) {
        let cause = match cause {
            Cause::Start => "starts".to_owned(),
            Cause::Particle { from } => format!("hears from {from}"),
            Cause::Answer { ids } => {
                format!("gets answer {}", ids.iter().map(u32::to_string).collect::<Vec<_>>().join(" + "))
            }
        };
        writeln!(self.text, "{time} {}: {cause}", peer.name).unwrap();
    }

    fn ran(&mut self, _: &Peer, outcome: &Outcome) {
        if outcome.ret_code != 0 {
            writeln!(self.text, "  error {}", outcome.ret_code).unwrap();
        }
    }

    fn answered(&mut self, call: &ServiceCall<'_>, answer: &Answer) {
        let request = call.request;
        let answer = match answer {
            Answer::Now(result) => result.result.clone(),
            Answer::Later { at, result } => format!("{} at {at}", result.result),
            Answer::Silent => "silence".to_owned(),
        };
        let arguments = Value::array(request.arguments.clone());
        writeln!(self.text, "  {}.{} {arguments} → {answer}", request.service_id, request.function_name)
            .unwrap();
    }

    fn sent(&mut self, _: &Peer, to: &str, fate: Fate) {
        writeln!(self.text, "  to {to}: {fate:?}").unwrap();
    }
}

fn setup(script: &str) -> (ParsedScript, Setup) {
    let mut peers = Peers::default();
    let script = peers.with_ids(script).into_owned();
    let init_peer = peers.named("init");
    (ParsedScript::new(&script), Setup { init_peer, peers, ..Setup::default() })
}

fn check(script: &str, change: impl FnOnce(&mut Setup), expected: &Expect) {
    let (script, mut setup) = setup(script);
    change(&mut setup);
    let mut network = Network::new(&script, setup);
    let mut log = Log::default();
    network.run(&mut World, &mut log);
    let mut text = network.peers().show(&log.text).into_owned();
    if let Some(stopped) = network.stopped() {
        writeln!(text, "stopped: {stopped}").unwrap();
    }
    for call in network.unanswered() {
        writeln!(text, "no answer: {} {} {:?}", network.peers().show(call.peer), call.id, call.at).unwrap();
    }
    expected.assert_eq(&text);
}

#[test]
fn there_and_back() {
    check(
        r#"(seq (call "@a" ("op" "identity") [1] x) (call "@init" ("s" "echo") [x]))"#,
        |_| {},
        &expect![[r#"
            0 init: starts
              to @a: Sent
            0 a: hears from @init
              op.identity [1] → 1
              to @init: Sent
            0 init: hears from @a
              s.echo [1] → [1]
        "#]],
    );
}

#[test]
fn a_timeout_that_wins() {
    check(
        r#"(seq (par (call "@gone" ("s" "one") [] $r) (call "@init" ("peer" "timeout") [3000 "late"] $r))
                (seq (canon "@init" $r #r) (call "@init" ("s" "echo") [#r])))"#,
        |setup| setup.present = Some(BTreeSet::from([setup.init_peer.clone()])),
        &expect![[r#"
            0 init: starts
              peer.timeout [3000,"late"] → "late" at 3000
              to @gone: Lost
            3000 init: gets answer 1
              s.echo [["late"]] → [["late"]]
        "#]],
    );
}

#[test]
fn a_timeout_that_comes_too_late() {
    check(
        r#"(seq (par (call "@a" ("s" "one") [] $r) (call "@init" ("peer" "timeout") [3000 "late"] $r))
                (seq (canon "@init" $r #r) (call "@init" ("s" "echo") [#r])))"#,
        |_| {},
        &expect![[r#"
            0 init: starts
              peer.timeout [3000,"late"] → "late" at 3000
              to @a: Sent
            0 a: hears from @init
              s.one [] → 1
              to @init: Sent
            0 init: hears from @a
              s.echo [[1]] → [[1]]
            3000 init: gets answer 1
        "#]],
    );
}

#[test]
fn the_earlier_answer_comes_first() {
    check(
        r#"(par (call "@init" ("s" "slow") [20] x)
            (par (call "@init" ("s" "slow") [10] y)
             (par (call "@init" ("s" "slow") [20] z) (call "@init" ("s" "silent") [] s))))"#,
        |_| {},
        &expect![[r#"
            0 init: starts
              s.slow [20] → 4 at 20
              s.slow [10] → 4 at 10
              s.slow [20] → 4 at 20
              s.silent [] → silence
            10 init: gets answer 2
            20 init: gets answer 1
            20 init: gets answer 3
            no answer: @init 4 None
        "#]],
    );
}

#[test]
fn any_text_as_a_peer() {
    check(
        r#"(seq (call "peer_1" ("s" "one") [] x) (call "peer_2" ("s" "echo") [x] y))"#,
        |setup| setup.any_peer = true,
        &expect![[r#"
            0 init: starts
              to peer_1: Sent
            0 peer_1: hears from @init
              s.one [] → 1
              to peer_2: Sent
            0 peer_2: hears from peer_1
              s.echo [1] → [1]
        "#]],
    );
}

#[test]
fn texts_that_are_no_peers() {
    check(
        r#"(seq (call "peer_1" ("s" "one") [] x) (null))"#,
        |_| {},
        &expect![[r#"
        0 init: starts
          to peer_1: Lost
    "#]],
    );
}

#[test]
fn endless_work_is_stopped() {
    check(
        r#"(seq (ap 1 $s) (fold $s i (seq (call "@init" ("s" "echo") [i] $s) (next i))))"#,
        |setup| setup.max_runs = MaxRuns(3),
        &expect![[r#"
            0 init: starts
              s.echo [1] → [1]
              s.echo [[1]] → [[1]]
              s.echo [[[1]]] → [[[1]]]
            stopped: more than 3 runs
        "#]],
    );
}

#[test]
fn a_script_that_is_not_accepted() {
    check(
        r#"(call "@init" ("s" "f") [unknown])"#,
        |_| {},
        &expect![[r#"
        0 init: starts
          error 1
    "#]],
    );
}

#[test]
fn what_is_lost_on_the_way() {
    check(
        r#"(par (call "@a" ("s" "one") [] x) (call "@b" ("s" "one") [] y))"#,
        |setup| setup.faults = Faults { lose: 100, ..Faults::default() },
        &expect![[r#"
            0 init: starts
              to @a: Dropped
              to @b: Dropped
        "#]],
    );
}

#[test]
fn what_arrives_twice() {
    check(
        r#"(seq (call "@a" ("s" "one") [] x) (call "@init" ("s" "echo") [x]))"#,
        |setup| setup.faults = Faults { duplicate: 100, ..Faults::default() },
        &expect![[r#"
            0 init: starts
              to @a: Duplicated
            0 a: hears from @init
              s.one [] → 1
              to @init: Duplicated
            0 a: hears from @init
            0 init: hears from @a
              s.echo [1] → [1]
            0 init: hears from @a
        "#]],
    );
}

#[test]
fn the_outcome_tells_times_and_faults() {
    let (script, mut setup) =
        setup(r#"(par (call "@a" ("s" "slow") [5] x) (call "@b" ("s" "silent") [] y))"#);
    setup.faults = Faults { duplicate: 60, lose: 30, seed: 3 };
    let mut network = Network::new(&script, setup);
    network.run(&mut World, &mut Unwatched);
    let outcome = network.outcome();
    let Value::Object(members) = &outcome else { panic!() };
    let mut text = String::new();
    for (key, value) in members.members().iter().filter(|(key, _)| **key != *"final") {
        for value in value.as_array().unwrap() {
            writeln!(text, "{key}: {value}").unwrap();
        }
    }
    expect![[r#"
        dropped: ["@init","@a"]
        duplicated: ["@init","@b"]
        hops: ["@init","@a"]
        hops: ["@init","@b"]
        steps: {"from":null,"peer":"@init","runs":[{"next":["@a","@b"],"ret_code":0}]}
        steps: {"from":"@init","peer":"@b","runs":[{"calls":[{"arguments":[],"function_name":"silent","id":1,"service_id":"s","tetraplets":[]}],"ret_code":0}]}
        steps: {"from":"@init","peer":"@b","runs":[{"ret_code":0}]}
    "#]].assert_eq(&text);
}

const ORDERS: [Order; 5] = [Order::Fifo, Order::Lifo, Order::Random(1), Order::Random(2), Order::Random(3)];

/// Scripts on three peers that the validator accepts.
fn random_scripts(count: u64) -> impl Iterator<Item = (u64, ParsedScript, Setup)> {
    (0..count).map(|seed| {
        let mut peers = Peers::default();
        let ids = support::network::PEERS.map(|name| peers.named(name));
        let mut random = Random::new(seed);
        let script = std::iter::repeat_with(|| ParsedScript::new(&random_script(&mut random, &ids)))
            .find(|script| script.program().is_ok());
        (seed, script.unwrap(), Setup { init_peer: ids[0].clone(), peers, ..Setup::default() })
    })
}

fn outcome(script: &ParsedScript, setup: Setup) -> Value {
    let mut network = Network::new(script, setup);
    network.run(&mut World, &mut Unwatched);
    network.outcome()
}

#[test]
fn every_order_ends_and_repeats_itself() {
    let mut seen = 0;
    for (seed, script, setup) in random_scripts(60) {
        for order in ORDERS {
            for faults in [Faults::default(), Faults { duplicate: 30, lose: 20, seed }] {
                let setup = Setup { order, faults, ..setup.clone() };
                let first = outcome(&script, setup.clone());
                assert_eq!(first, outcome(&script, setup), "seed {seed}, {order}");
                assert!(first.get("stopped").is_none(), "seed {seed}, {order}: {first}");
                seen += 1;
            }
        }
    }
    assert!(seen == 600, "{seen}");
}

#[test]
fn what_comes_twice_at_once_changes_nothing() {
    let mut doubled = 0;
    for (seed, script, setup) in random_scripts(200) {
        let plain = outcome(&script, setup.clone());
        let faults = Faults { duplicate: 50, lose: 0, seed };
        let twice = outcome(&script, Setup { faults, ..setup });
        assert_eq!(plain.get("final"), twice.get("final"), "seed {seed}");
        doubled += twice.get("duplicated").map_or(0, |pairs| pairs.as_array().unwrap().len());
    }
    assert!(doubled > 80, "{doubled}");
}

/// Where the order of particles does not matter, it does not matter either if some of them come twice, the second
/// time whenever it may be.
#[test]
fn what_comes_again_later_changes_nothing() {
    let Some(folder) = support::shared("corpus/exec") else { return };
    let (mut independent, mut doubled) = (0, 0);
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let Some(air) = json::parse(&text).unwrap().get("air").and_then(Value::as_str).map(str::to_owned)
        else {
            continue;
        };
        let (script, setup) = self::setup(&air);
        let kept = |order, faults| {
            let outcome = outcome(&script, Setup { order, faults, ..setup.clone() });
            (outcome.get("final").cloned(), outcome)
        };
        let (first, plain) = kept(Order::Fifo, Faults::default());
        if plain.get("hops").unwrap().as_array().unwrap().is_empty() || plain.get("stopped").is_some() {
            continue;
        }
        if !(0..3).all(|seed| kept(Order::Random(seed), Faults::default()).0 == first) {
            continue;
        }
        independent += 1;
        for seed in 0..3 {
            let (again, outcome) = kept(Order::Random(seed), Faults { duplicate: 70, lose: 0, seed });
            assert_eq!(again, first, "{air}\nseed {seed}");
            doubled += outcome.get("duplicated").map_or(0, |pairs| pairs.as_array().unwrap().len());
        }
    }
    println!("{independent} scripts whose order does not matter, {doubled} particles came twice");
    assert!(independent > 20 && doubled > 100, "{independent} {doubled}");
}

/// Counts the instructions that a run enters.
#[derive(Default)]
struct Entered(u64);

impl Recorder for Entered {
    fn entered(&mut self, _: Place<'_>) {
        self.0 += 1;
    }
}

impl Observer for Entered {
    fn recorder(&mut self) -> Option<&mut dyn Recorder> {
        Some(self)
    }
}

/// A balanced tree of sequential calls.
fn sequence(calls: std::ops::Range<u32>) -> String {
    if calls.len() == 1 {
        return format!("(call \"@init\" (\"op\" \"identity\") [{0}] v{0})", calls.start);
    }
    let middle = calls.start + (calls.end - calls.start) / 2;
    format!("(seq {} {})", sequence(calls.start..middle), sequence(middle..calls.end))
}

/// Each answer goes on where the script waits for it: the work grows as the number of calls.
#[test]
fn sequential_calls_are_not_walked_again_and_again() {
    let [few, many] = [64, 1024].map(|calls| {
        let (script, setup) = setup(&sequence(0..calls));
        let mut network = Network::new(&script, Setup { max_runs: MaxRuns(u32::MAX), ..setup });
        let mut entered = Entered::default();
        network.run(&mut World, &mut entered);
        assert_eq!(network.steps()[0].runs.len(), calls as usize + 1);
        entered.0
    });
    // A path from the root is 6 instructions long in one, 10 in the other.
    assert!(many < few * 16 * 2, "{few} for 64 calls, {many} for 1024");
}
