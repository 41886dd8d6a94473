//! Reports of whole runs: the recorded scenarios, and scripts with their values as comments.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

mod support;

use air_interpreter::report::as_comments;
use air_interpreter::run::{RunRequest, run, run_json};
use air_interpreter::{Value, json};

#[test]
fn look() {
    let Some(folder) = support::shared("corpus/exec") else { return };
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let air = json::parse(&text).unwrap().get("air").and_then(Value::as_str).unwrap().to_owned();
        let request = RunRequest { text: air.clone(), sample: Some(text), ..RunRequest::default() };
        let report = run(&request).unwrap();
        println!(
            "=== {}\n{}--- {}",
            file.file_stem().unwrap().to_str().unwrap(),
            as_comments(&report, &air),
            report.outcome.text
        );
    }
    let _ = run_json;
}
