//! The reference's recorded networks through `air run --json`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

use crate::sandbox::{Run, Sandbox};

/// What differs, with the path to it. The records went through a language that has one kind of number only.
fn compare(path: &str, ours: &Value, theirs: &Value, out: &mut Vec<String>) {
    match (ours, theirs) {
        (Value::Array(ours), Value::Array(theirs)) => {
            for at in 0..ours.len().max(theirs.len()) {
                let item = |list: &[Value]| list.get(at).cloned().unwrap_or("nothing".into());
                compare(&format!("{path}[{at}]"), &item(ours), &item(theirs), out);
            }
        }
        (Value::Object(ours), Value::Object(theirs)) => {
            for key in ours.keys().chain(theirs.keys()).collect::<BTreeSet<_>>() {
                let member =
                    |map: &serde_json::Map<String, Value>| map.get(key).cloned().unwrap_or("nothing".into());
                compare(&format!("{path}.{key}"), &member(ours), &member(theirs), out);
            }
        }
        (Value::Number(ours), Value::Number(theirs)) if ours.as_f64() == theirs.as_f64() => {}
        _ if ours == theirs => {}
        _ => out.push(format!("{path}\n  ours   {ours}\n  theirs {theirs}")),
    }
}

/// Answers as the recorder gave them: in its language a whole float is an integer, `1000.0` is printed as `1000`.
fn whole_floats(value: &mut Value) {
    match value {
        Value::Number(number) => {
            if let Some(float) = number.as_f64().filter(|float| float.fract() == 0.0 && float.abs() < 1e15) {
                *value = (float as i64).into();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(whole_floats),
        Value::Object(members) => members.values_mut().for_each(whole_floats),
        _ => {}
    }
}

/// An answer given as exact text is recorded as text; reports show its value where it is JSON in its usual form.
fn answers_as_values(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(answers_as_values),
        Value::Object(members) => {
            let text = members.get("result").and_then(Value::as_str).unwrap_or_default();
            if let Ok(value @ Value::Object(_)) = serde_json::from_str(text)
                && value.to_string().as_str() == text
                && members["ret_code"] == 0
            {
                members.remove("result");
                members.insert("value".to_owned(), value);
            }
            members.values_mut().for_each(answers_as_values);
        }
        _ => {}
    }
}

/// What the recorder alone does: it echoes 1000.0 as `1000`, which has another identifier.
const OF_THE_RECORDER: (&str, &str) = ("call-numbers.json", "final.@init.trace[1].call.unused.value_cid");

fn scenario(sandbox: &Sandbox, schema: &jsonschema::Validator, file: &Path) -> Vec<String> {
    let mut scenario: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let mut expected = scenario.as_object_mut().unwrap().remove("expected").unwrap();
    answers_as_values(&mut expected);
    if let Some(services) = scenario.get_mut("services") {
        whole_floats(services);
    }
    let name = file.file_name().unwrap().to_str().unwrap();
    sandbox.write(name, scenario.to_string());
    let run = Run::of(sandbox.command(&["run", "--json", name]));
    if !matches!(run.code, 0 | 1) || !run.err.is_empty() {
        return vec![format!("exit code {}: {}", run.code, run.err)];
    }
    let report = run.json();
    let mut differences = Vec::new();
    if let Err(error) = schema.validate(&report) {
        differences.push(format!("not as its schema says: {error} at {}", error.instance_path()));
    }
    for key in ["steps", "hops", "lost", "stopped", "final"] {
        let empty = if key == "lost" { Value::Array(Vec::new()) } else { Value::Null };
        let of = |value: &Value| value.get(key).cloned().unwrap_or(empty.clone());
        compare(key, &of(&report), &of(&expected), &mut differences);
    }
    if name == OF_THE_RECORDER.0 {
        assert_eq!(differences.len(), 1, "{differences:?}");
        differences.retain(|difference| !difference.starts_with(OF_THE_RECORDER.1));
    }
    differences
}

#[test]
fn recorded_scenarios() {
    let shared = std::env::var_os("AIR_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    let Ok(folder) = std::fs::read_dir(shared.join("corpus/exec")) else {
        return eprintln!("NOT CHECKED: no scenarios in {}; set AIR_SHARED", shared.display());
    };
    let mut files: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let sandbox = Sandbox::new(&[]);
    let schema = serde_json::from_str(include_str!("../../schemas/run.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let differences = scenario(&sandbox, &schema, file);
                    if !differences.is_empty() {
                        wrong.lock().unwrap().push(format!("{}\n{}", file.display(), differences.join("\n")));
                    }
                }
            });
        }
    });
    let mut wrong = wrong.into_inner().unwrap();
    wrong.sort();
    println!("{} of {} scenarios as recorded", files.len() - wrong.len(), files.len());
    assert!(
        files.len() >= 173 && wrong.is_empty(),
        "{} of {} differ:\n{}",
        wrong.len(),
        files.len(),
        wrong.join("\n\n")
    );
}
