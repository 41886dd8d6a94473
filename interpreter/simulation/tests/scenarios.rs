//! Whole networks: the recorded scenarios give the steps, hops and traces of the reference.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

#[path = "../../tests/support/mod.rs"]
mod support;

use air_interpreter::value::Number;
use air_interpreter::{CallServiceResult, ParsedScript, Value, json};
use air_simulation::network::{Answer, Network, ServiceCall, Services, Unwatched};
use air_simulation::sample::{Rules, from_json};

/// What differs, with the path to it. The records went through a language that has one kind of number only.
fn compare(path: &str, ours: Option<&Value>, theirs: Option<&Value>, out: &mut Vec<String>) {
    match (ours, theirs) {
        (Some(Value::Array(_)), Some(Value::Array(_))) => {
            let (ours, theirs) = (ours.unwrap().as_array().unwrap(), theirs.unwrap().as_array().unwrap());
            for at in 0..ours.len().max(theirs.len()) {
                compare(&format!("{path}[{at}]"), ours.get(at), theirs.get(at), out);
            }
        }
        (Some(Value::Object(ours)), Some(Value::Object(theirs))) => {
            let keys = ours.members().iter().chain(theirs.members()).map(|(key, _)| key);
            for key in keys.collect::<std::collections::BTreeSet<_>>() {
                compare(&format!("{path}.{key}"), ours.get(key), theirs.get(key), out);
            }
        }
        (Some(Value::Number(ours)), Some(Value::Number(theirs))) if float(*ours) == float(*theirs) => {}
        (ours, theirs) if ours == theirs => {}
        _ => out.push(format!("{path}\n  ours   {}\n  theirs {}", text(ours), text(theirs))),
    }
}

fn text(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".to_owned(), Value::to_json)
}

fn float(number: Number) -> f64 {
    match number {
        Number::Unsigned(number) => number as f64,
        Number::Negative(number) => number as f64,
        Number::Float(number) => number,
    }
}

/// An answer given as exact text says the same as one given as its value.
fn answers_as_values(outcome: &Value) -> Value {
    // The one raw answer of the scenarios that is printed as its value is.
    let raw = r#""{\"x\":1,\"y\":[2]}""#;
    let value = json::parse(raw).unwrap();
    let text = outcome.to_json();
    let text = text.replace(&format!("\"result\":{raw}"), &format!("\"value\":{}", value.as_str().unwrap()));
    json::parse(&text).unwrap()
}

/// Rules as the recorder applied them: in its language a whole float is an integer, `1000.0` is printed as `1000`.
struct Recorded(Rules);

impl Services for Recorded {
    fn answer(&mut self, call: &ServiceCall<'_>) -> Answer {
        let Answer::Now(answer) = Services::answer(&mut self.0, call) else { panic!("rules answer at once") };
        let result = match json::parse(&answer.result) {
            Ok(value) if value.to_json() == answer.result => whole_floats(&value).to_json(),
            _ => answer.result,
        };
        Answer::Now(CallServiceResult { ret_code: answer.ret_code, result })
    }
}

fn whole_floats(value: &Value) -> Value {
    match value {
        Value::Number(Number::Float(number)) if number.fract() == 0.0 && number.abs() < 1e15 => {
            Value::integer(*number as i64)
        }
        Value::Array(_) => Value::array(value.as_array().unwrap().iter().map(whole_floats).collect()),
        Value::Object(object) => Value::object(
            object.members().iter().map(|(key, value)| (key.clone(), whole_floats(value))).collect(),
        ),
        _ => value.clone(),
    }
}

#[test]
fn recorded_scenarios() {
    let Some(folder) = support::shared("corpus/exec") else { return };
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "json")) {
        let text = std::fs::read_to_string(file).unwrap();
        let expected = json::parse(&text).unwrap().get("expected").unwrap().clone();
        let (sample, problems) = from_json(&text);
        assert!(problems.is_empty(), "{}: {problems:?}", sample.name);
        let (script, setup, rules) = sample.setup(sample.air.as_deref().unwrap());
        let script = ParsedScript::new(&script);
        let mut network = Network::new(&script, setup);
        network.run(&mut Recorded(Rules::new(rules)), &mut Unwatched);
        let mut differences = Vec::new();
        let (ours, theirs) = (network.outcome(), answers_as_values(&expected));
        compare("$", Some(&ours), Some(&theirs), &mut differences);
        if !differences.is_empty() {
            wrong.push(format!("{}\n{}", sample.name, differences.join("\n")));
        }
        seen += 1;
    }
    println!("{} of {seen} scenarios as recorded", seen - wrong.len());
    assert!(seen >= 173 && wrong.is_empty(), "{} of {seen} differ:\n{}", wrong.len(), wrong.join("\n\n"));
}
