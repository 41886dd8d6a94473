//! Reports of whole runs: scripts with their values as comments, the recorded scenarios, limits.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

#[path = "../../tests/support/mod.rs"]
mod support;

use air_interpreter::{Value, json};
use air_simulation::report::{Limits, Report, Status, as_comments};
use air_simulation::run::{RunOrder, RunRequest, run, run_json};
use expect_test::Expect;

#[path = "runs/basics.rs"]
mod basics;
#[path = "runs/errors.rs"]
mod errors;
#[path = "runs/folds.rs"]
mod folds;
#[path = "runs/waits.rs"]
mod waits;

/// Runs a script with these rules (members of a scenario) and shows what the report says: values, errors and reasons
/// as comments in the source, then outcome and coverage.
fn check(sample: &str, script: &str, expected: Expect) {
    let request = RunRequest {
        text: script.to_owned(),
        sample: (!sample.is_empty()).then(|| format!("{{{sample}}}")),
        ..RunRequest::default()
    };
    expected.assert_eq(&shown(&request));
}

/// The same with everything made up.
fn check_made_up(script: &str, expected: Expect) {
    let request = RunRequest { text: script.to_owned(), make_up: true, ..RunRequest::default() };
    expected.assert_eq(&shown(&request));
}

fn shown(request: &RunRequest) -> String {
    let report = run(request).unwrap();
    assert_eq!(Report::from_json(&report.to_json()).as_ref(), Ok(&report), "it survives JSON");
    assert_eq!(run(request).unwrap(), report, "it is always the same");
    let coverage = &report.coverage;
    format!(
        "{}=> {}\n=> {}/{} instructions, {}/{} calls\n",
        as_comments(&report, &request.text),
        report.outcome.text,
        coverage.executed,
        coverage.instructions,
        coverage.calls_executed,
        coverage.calls
    )
}

/// Numbers went through a language that has one kind of them only.
fn same(ours: &serde_json::Value, theirs: &serde_json::Value) -> bool {
    use serde_json::Value::{Array, Number, Object};
    match (ours, theirs) {
        (Array(ours), Array(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(ours, theirs)| same(ours, theirs))
        }
        (Object(ours), Object(theirs)) => {
            ours.len() == theirs.len()
                && ours.iter().all(|(key, ours)| theirs.get(key).is_some_and(|theirs| same(ours, theirs)))
        }
        (Number(ours), Number(theirs)) => ours.as_f64() == theirs.as_f64(),
        _ => ours == theirs,
    }
}

#[test]
fn recorded_scenarios_have_reports() {
    let Some(folder) = support::shared("corpus/exec") else { return };
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        // `call-numbers`: the recorder's language printed the echo of 1000.0 as 1000, which has another identifier.
        let text = text.replace(
            "bagaaihraf7hjiif5nkv627s4ibeovobjrsntljkcsimztimzb62olwzqwayq",
            "bagaaihrak4fymsgyflw4vlka7m6lkylggkbxu5i56jbckziv3cnnvscbakoa",
        );
        let scenario: serde_json::Value = serde_json::from_str(&text).unwrap();
        let script = scenario["air"].as_str().unwrap().to_owned();
        let report = run(&RunRequest { text: script, sample: Some(text), ..RunRequest::default() }).unwrap();
        let report: serde_json::Value = serde_json::from_str(&report.to_json()).unwrap();
        for key in ["hops", "lost", "stopped", "final"] {
            let (ours, theirs) = (report.get(key), scenario["expected"].get(key));
            let alike = match (ours, theirs) {
                (Some(ours), Some(theirs)) => same(ours, theirs),
                (ours, theirs) => ours == theirs,
            };
            assert!(alike, "{}: {key}\n{ours:?}\n{theirs:?}", path.display());
        }
        assert_eq!(
            report["steps"].as_array().unwrap().len(),
            scenario["expected"]["steps"].as_array().unwrap().len(),
            "{}",
            path.display()
        );
        seen += 1;
    }
    assert_eq!(seen, 173);
}

#[test]
fn limits_stop_runs() {
    let stopped = |text: &str, limits: Limits| {
        let report = run(&RunRequest { text: text.to_owned(), limits, ..RunRequest::default() }).unwrap();
        assert_eq!(report.outcome.status, Status::Stopped, "{}", report.outcome.text);
        report.outcome.text
    };
    // Two peers that hand the particle to and fro as long as a stream gets new values.
    let hops = r#"(seq (ap 1 $s) (fold $s i (par (seq (call "@a" ("op" "identity") [i] x) (seq (call "@b" ("op" "identity") [x] y) (ap y $s))) (next i))))"#;
    let limits = Limits { max_steps: 20, ..Limits::default() };
    assert_eq!(stopped(hops, limits), "stopped: more than 20 runs");
    let limits = Limits { max_instructions: 3_000, ..Limits::default() };
    assert_eq!(stopped(hops, limits), "stopped: more than 3000 instructions");
    // Each level is a list of the level before, twice: 2 to the power of 40 numbers.
    let mut script = "(null)".to_owned();
    for level in (0..40).rev() {
        let (from, to) = (format!("#c{level}"), level + 1);
        script = format!(
            "(seq (seq (ap {from} $s{to}) (seq (ap {from} $s{to}) (canon %init_peer_id% $s{to} #c{to}))) {script})"
        );
    }
    let script = format!("(seq (seq (ap 1 $s0) (canon %init_peer_id% $s0 #c0)) {script})");
    let limits = Limits { max_memory: 1 << 20, ..Limits::default() };
    assert_eq!(stopped(&script, limits), "stopped: more than 1 MiB of memory");
}

#[test]
fn long_lists_are_summed_up() {
    let numbers: Vec<String> = (0..250).map(|number| number.to_string()).collect();
    let sample = format!(
        "{{\"services\":[{{\"function\":\"list\",\"answer\":{{\"ok\":[{}]}}}},{{\"answer\":{{\"echo\":0}}}}]}}",
        numbers.join(",")
    );
    let script = r#"(seq (call "@init" ("s" "list") [] xs) (fold xs x (seq (call "@init" ("s" "echo") [x] y) (next x))))"#;
    let report =
        run(&RunRequest { text: script.to_owned(), sample: Some(sample), ..RunRequest::default() }).unwrap();
    let y = report.values.iter().find(|values| values.name == "y").unwrap();
    assert_eq!((y.count, y.values.len()), (250, 100));
    assert_eq!((y.values[0].value.short.as_str(), y.values[99].value.short.as_str()), ("0", "249"));
    assert_eq!(y.values[99].iteration[0].index, 249);
    assert!(y.values[0].cid.as_ref().unwrap().starts_with("bagaaihra"));
    assert_eq!(y.values[0].tetraplets[0].function_name, "echo");
}

#[test]
fn requests_and_reports_are_json() {
    let answer =
        |request: &str| json::parse(std::str::from_utf8(&run_json(request.as_bytes())).unwrap()).unwrap();
    let text = |value: Option<&Value>| value.unwrap().as_str().unwrap().to_owned();
    let report = answer(r#"{"text":"(null)","order":{"random":7}}"#);
    assert_eq!(text(report.get("outcome").unwrap().get("status")), "completed");
    assert!(text(answer("{").get("error").unwrap().get("message")).starts_with("bad request: "));
    assert!(
        text(answer(r#"{"txt":""}"#).get("error").unwrap().get("message")).contains("unknown field `txt`")
    );
    let broken = answer(r#"{"text":"(null)","sample":"{\n \"services\": 7}"}"#);
    assert!(text(broken.get("error").unwrap().get("message")).starts_with("sample data: 2:14: "));
    assert_eq!("random:5".parse(), Ok(RunOrder::Random(5)));
    assert!("randm".parse::<RunOrder>().is_err());
}
