//! Moving through recordings of scripts, small ones and random ones.

use std::fmt::Write as _;

use expect_test::expect;

use super::*;
use crate::run::RunRequest;
use crate::testing::{random, script};

fn recorded(text: &str) -> Recording {
    let run = RunRequest { text: text.to_owned(), make_up: true, ..RunRequest::default() };
    record(&RecordRequest { run, ..RecordRequest::default() }).unwrap()
}

fn line(recording: &Recording, at: MomentId) -> String {
    let moment = recording.moment(at);
    let instr = recording.instr_of(at).and_then(|instr| recording.hir().instr(instr));
    let text = instr.map(|instr| recording.hir().text_at(instr.range)).unwrap_or_default();
    let iterations: Vec<u32> = recording.iterations_of(at).iter().map(|at| at.index).collect();
    format!("{} {:?} {} {iterations:?}", recording.peer_name(at), moment.kind, crate::shorten(text, 40))
}

/// All stops on the way from the first to the last.
fn way(recording: &Recording, step: impl Fn(&Recording, MomentId) -> MomentId) -> String {
    let (mut at, mut out) = (recording.first(), String::new());
    for _ in 0..100 {
        let _ = writeln!(out, "{}", line(recording, at));
        let next = step(recording, at);
        if next == at {
            return out;
        }
        at = next;
    }
    panic!("no end: {out}");
}

const ACROSS: &str = r#"(seq (call %init_peer_id% ("math" "add") [2 3] five) (seq (call "@b" ("math" "mul") [five 2] ten) (call %init_peer_id% ("math" "sub") [ten 1] nine)))"#;

#[test]
fn a_step_follows_the_particle() {
    let recording = recorded(ACROSS);
    expect![[r#"
        @init Entered (call %init_peer_id% ("math" "add") [2 3… []
        @init Entered (call "@b" ("math" "mul") [five 2] ten) []
        @b Entered (call "@b" ("math" "mul") [five 2] ten) []
        @b Entered (call %init_peer_id% ("math" "sub") [ten… []
        @init Entered (call %init_peer_id% ("math" "sub") [ten… []
        @init Ended (call %init_peer_id% ("math" "sub") [ten… []
        @init End (seq (call %init_peer_id% ("math" "add")… []
    "#]]
    .assert_eq(&way(&recording, Recording::step_in));
    expect![[r#"
        @init Entered (call %init_peer_id% ("math" "add") [2 3… []
        @init Entered (seq (call "@b" ("math" "mul") [five 2] … []
        @init Entered (call "@b" ("math" "mul") [five 2] ten) []
        @b Entered (call "@b" ("math" "mul") [five 2] ten) []
        @b Entered (call %init_peer_id% ("math" "sub") [ten… []
        @init Entered (call %init_peer_id% ("math" "sub") [ten… []
        @init Ended (call %init_peer_id% ("math" "sub") [ten… []
        @init End (seq (call %init_peer_id% ("math" "add")… []
    "#]]
    .assert_eq(&way(&recording, Recording::forward));
    let values = |at: MomentId| {
        let values = recording.values(at);
        let values = values.iter().map(|held| format!("{}={}", held.name, recording.short(held.last())));
        values.collect::<Vec<_>>().join(" ")
    };
    expect!["five=5 ten=10 nine=9"].assert_eq(&values(recording.last()));
    let last = recording.values(recording.last());
    let nine = last.iter().find(|held| &*held.name == "nine").unwrap();
    let origins = recording.origins(nine.latest.moment);
    let origins: Vec<String> = origins.iter().map(|it| format!("{} {}", it.depth, it.text)).collect();
    expect![[r#"
        0 nine = 9 on @init, by (call %init_peer_id% ("math" "sub") [ten 1] nine)
        1 @init asked math.sub [10 1]
        1 ten = 10 on @b, by (call "@b" ("math" "mul") [five 2] ten)
        2 @b asked math.mul [5 2]
        2 five = 5 on @init, by (call %init_peer_id% ("math" "add") [2 3] five)
        3 @init asked math.add [2 3]"#]]
    .assert_eq(&origins.join("\n"));
    let causes = recording.causes(recording.last());
    let causes: Vec<String> =
        causes.iter().map(|it| format!("{} <- {}", it.text, line(&recording, it.moment))).collect();
    expect![[r#"
        event 6: @init got the answer of math.sub <- @init Requested (call %init_peer_id% ("math" "sub") [ten… []
        event 5: the particle came from @b to @init <- @b Entered (call %init_peer_id% ("math" "sub") [ten… []
        event 4: @b got the answer of math.mul <- @b Requested (call "@b" ("math" "mul") [five 2] ten) []
        event 3: the particle came from @init to @b <- @init Entered (call "@b" ("math" "mul") [five 2] ten) []
        event 2: @init got the answer of math.add <- @init Requested (call %init_peer_id% ("math" "add") [2 3… []"#]].assert_eq(&causes.join("\n"));
}

const LOOP: &str = r#"(seq (call %init_peer_id% ("op" "array") [1 2 3] xs) (seq (fold xs x (seq (xor (match x 2 (call "@b" ("op" "identity") [x] $s)) (ap x $s)) (next x))) (seq (canon %init_peer_id% $s #s) (call %init_peer_id% ("op" "identity") [#s] end))))"#;

#[test]
fn loops_go_round() {
    let recording = recorded(LOOP);
    expect![[r#"
        @init Entered (call %init_peer_id% ("op" "array") [1 2… []
        @init Entered (fold xs x (seq (xor (match x 2 (call "@… []
        @init Entered (match x 2 (call "@b" ("op" "identity") … [0]
        @init Entered (ap x $s) [0]
        @init Entered (next x) [0]
        @init Entered (match x 2 (call "@b" ("op" "identity") … [1]
        @init Entered (call "@b" ("op" "identity") [x] $s) [1]
        @b Entered (call "@b" ("op" "identity") [x] $s) [1]
        @b Entered (next x) [1]
        @b Entered (match x 2 (call "@b" ("op" "identity") … [2]
        @b Entered (ap x $s) [2]
        @b Entered (next x) [2]
        @b Entered (canon %init_peer_id% $s #s) []
        @init Entered (canon %init_peer_id% $s #s) []
        @init Entered (call %init_peer_id% ("op" "identity") [… []
        @init Ended (call %init_peer_id% ("op" "identity") [… []
        @init End (seq (call %init_peer_id% ("op" "array")… []
    "#]]
    .assert_eq(&way(&recording, Recording::step_in));
    expect![[r#"
        @init Entered (call %init_peer_id% ("op" "array") [1 2… []
        @init Entered (fold xs x (seq (xor (match x 2 (call "@… []
        @init Entered (canon %init_peer_id% $s #s) []
        @init Entered (call %init_peer_id% ("op" "identity") [… []
        @init Ended (call %init_peer_id% ("op" "identity") [… []
        @init End (seq (call %init_peer_id% ("op" "array")… []
    "#]]
    .assert_eq(&way(&recording, Recording::next));
    let last = recording.values(recording.last());
    let held: Vec<String> = last.iter().map(|held| format!("{} {}", held.name, held.all().count())).collect();
    expect![[r#"
        xs 1
        $s 3
        #s 1
        end 1"#]]
    .assert_eq(&held.join("\n"));
}

/// Everything that a reader sees at a moment.
fn seen(recording: &Recording, at: MomentId) -> String {
    let mut out = format!("{} {:?}\n", line(recording, at), recording.stack(at));
    for held in recording.values(at) {
        let all: Vec<String> = held.all().map(|value| recording.short(&value.binding.value)).collect();
        let _ = writeln!(out, "{} {all:?}", held.name);
    }
    let _ = writeln!(out, "{:?} {:?}", recording.causes(at), recording.on_its_way(at));
    out
}

#[test]
fn random_scripts_are_the_same_forward_and_back() {
    let mut random = random::Random::new(17);
    let mut values = 0;
    for _ in 0..120 {
        let peers = ["@init", "@b", "@c"].map(str::to_owned);
        let text = script::random_script(&mut random, &peers);
        let recording = recorded(&text);
        assert_eq!(recorded(&text).moments, recording.moments);
        // Single moments, forward and then back.
        let (mut at, mut states) = (recording.stops(true).next().unwrap(), Vec::new());
        while at != recording.last() && states.len() < 300 {
            states.push((at, seen(&recording, at)));
            let next = recording.forward(at);
            assert!(next > at, "{text}");
            at = next;
        }
        while let Some((expected, state)) = states.pop() {
            at = recording.backward(at);
            assert_eq!((at, seen(&recording, at)), (expected, state), "{text}");
        }
        // Steps never stand still, and each of them ends.
        for step in [Recording::step_in, Recording::next, Recording::step_out] {
            let mut at = recording.first();
            while at != recording.last() {
                let next = step(&recording, at);
                assert!(next > at, "{text} {at:?}");
                at = next;
            }
        }
        for step in [Recording::step_back, Recording::previous, Recording::step_back_out] {
            let mut at = recording.last();
            while at != recording.first() {
                let next = step(&recording, at);
                assert!(next < at || next == recording.first(), "{text} {at:?} {next:?}");
                at = next;
            }
        }
        values += agrees_with_the_report(&recording, &text);
    }
    assert!(values > 80, "only {values} values were compared");
}

/// Each value is held where it was bound, and the report has it too. How many there are.
fn agrees_with_the_report(recording: &Recording, text: &str) -> usize {
    let mut values = 0;
    for at in (0..).take(recording.len()).map(MomentId) {
        let (Some(binding), Some(instr)) = (recording.binding(at), recording.moment(at).instr()) else {
            continue;
        };
        let held = recording.value_of(&binding.name, at, Some(instr));
        assert_eq!(held.map(|held| held.latest.moment), Some(at), "{text}");
        if recording.moment(at).again {
            continue;
        }
        let start = u32::from(recording.hir().instr(instr).unwrap().range.start());
        let short = recording.show_value(&binding.value).to_json();
        let mut reported = recording.report.values.iter().filter(|it| it.instruction.start == start);
        let is_there = reported.any(|it| {
            it.count as usize > it.values.len()
                || it
                    .values
                    .iter()
                    .any(|it| it.value.json.as_ref().is_none_or(|json| json.value().to_json() == short))
        });
        let fold = recording.iterations_of(at).iter().any(|_| true);
        assert!(is_there || fold, "{} of {text}", binding.name);
        values += 1;
    }
    values
}

#[test]
fn an_answer_that_is_changed_goes_on_in_another_way() {
    let run = RunRequest { text: ACROSS.to_owned(), ..RunRequest::default() };
    let change = Change { peer: "@b".to_owned(), id: 1, ret_code: 0, result: "100".to_owned() };
    let before = record(&RecordRequest { run: run.clone(), ..RecordRequest::default() }).unwrap();
    let after = record(&RecordRequest { run, changes: vec![change], ..RecordRequest::default() }).unwrap();
    let nine = |recording: &Recording| {
        let held = recording.value_of("nine", recording.last(), None).unwrap();
        recording.short(held.last())
    };
    assert_eq!((nine(&before), nine(&after)), ("9".to_owned(), "99".to_owned()));
}

#[test]
fn what_does_not_run_says_why() {
    let recording =
        recorded(r#"(xor (call "@b" ("op" "identity") [1] x) (call "@b" ("op" "identity") [2] y))"#);
    let text = &recording.script.text;
    let second = recording.instr_from(u32::try_from(text.rfind("(call").unwrap()).unwrap()).unwrap();
    expect!["it never runs: only after an error in the first branch"]
        .assert_eq(&recording.why_not(second, recording.last()).1);
    let first = recording.instr_from(5).unwrap();
    expect!["it has run, and runs once more: on @b, in event 2"]
        .assert_eq(&recording.why_not(first, recording.first()).1);
}

#[test]
fn a_run_that_is_too_long_is_stopped() {
    let run = RunRequest { text: LOOP.to_owned(), ..RunRequest::default() };
    let recording = record(&RecordRequest { run, max_moments: 20, ..RecordRequest::default() }).unwrap();
    assert_eq!(recording.report.stopped.as_deref(), Some("more than 20 moments"));
    assert!(recording.len() < 60, "{}", recording.len());
}
