//! AquaVM's verdicts, errors and reports, compared with what the reference was observed to do.
//!
//! The data is not part of the repository. `AIR_SHARED` names the folder that has it; without it
//! these tests say so and pass.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout)]

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use air_analysis::Analysis;
use air_analysis::diagnostic::Reference;
use air_semantics::reference;
use serde_json::Value;

/// A file of the shared data, if there.
fn shared(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("AIR_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
        PathBuf::from,
    );
    let file = root.join(path);
    if !file.exists() {
        println!("SKIPPED: {} is not there; set AIR_SHARED to the folder of the shared data", file.display());
        return None;
    }
    Some(file)
}

fn lines(path: &str) -> Vec<Value> {
    let Some(file) = shared(path) else { return Vec::new() };
    let text = std::fs::read_to_string(file).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

type Errors = BTreeSet<(u64, u64, String)>;

fn expected(case: &Value) -> Vec<(u64, u64, String)> {
    let errors = case["errors"].as_array().unwrap();
    errors
        .iter()
        .map(|error| {
            // The texts of lens errors are debug dumps; only their spans count.
            let message = if error["code"] == "lex-lens" { "" } else { error["message"].as_str().unwrap() };
            (error["start"].as_u64().unwrap(), error["end"].as_u64().unwrap(), message.to_owned())
        })
        .collect()
}

fn observed<'e>(case: &Value, errors: impl IntoIterator<Item = &'e Reference>) -> Vec<(u64, u64, String)> {
    let lens = case["errors"].as_array().unwrap().iter().any(|error| error["code"] == "lex-lens");
    let mut errors: Vec<_> = errors
        .into_iter()
        .map(|error| {
            let message = if lens { String::new() } else { error.message.clone() };
            (u64::from(error.start), u64::from(error.end), message)
        })
        .collect();
    errors.sort();
    errors
}

fn report(what: &str, total: usize, failures: &[String]) {
    println!("{what}: {} of {total}", total - failures.len());
    let shown: Vec<_> = failures.iter().take(20).cloned().collect();
    assert!(failures.is_empty(), "{} of {total} differ:\n{}", failures.len(), shown.join("\n"));
}

/// The machine alone: the whole list of every case, as a multiset.
#[test]
fn the_machine_gives_the_exact_list() {
    let cases = lines("corpus/static/cases.jsonl");
    let mut failures = Vec::new();
    for case in &cases {
        let text: Arc<str> = case["air"].as_str().unwrap().into();
        let mut wanted = expected(case);
        wanted.sort();
        let got = observed(case, &reference::errors(&text, &Default::default()));
        if got != wanted {
            failures.push(format!("{} {text}\n  wanted {wanted:?}\n  got    {got:?}", case["id"]));
        }
    }
    report("exact error lists", cases.len(), &failures);
}

/// The product: verdicts, and AquaVM's errors beside ours.
#[test]
fn diagnostics_carry_the_reference() {
    let cases = lines("corpus/static/cases.jsonl");
    let mut failures = Vec::new();
    for case in &cases {
        let text = case["air"].as_str().unwrap();
        let analysis = Analysis::new(text);
        let wanted = expected(case);
        let diagnostics = analysis.diagnostics();
        let got = observed(case, diagnostics.iter().filter_map(|diagnostic| diagnostic.reference.as_ref()));
        let mut fail = |why: &str| {
            let ours: Vec<_> = diagnostics.iter().map(|d| (d.code.as_str(), &d.message)).collect();
            failures.push(format!(
                "{} {why}: {text}\n  wanted {wanted:?}\n  got    {got:?}\n  ours   {ours:?}",
                case["id"]
            ));
        };
        if analysis.accepted() != case["accept"].as_bool().unwrap() {
            fail("verdict");
        } else if analysis.accepted() != analysis.reference_errors().is_empty() {
            fail("verdict and list");
        } else if !analysis.accepted() {
            let leftmost = wanted.iter().min().unwrap();
            let only_validation = case["errors"].as_array().unwrap().iter().all(|error| {
                let code = error["code"].as_str().unwrap();
                code != "syntax" && !code.starts_with("lex-")
            });
            let same: Errors = wanted.iter().cloned().collect();
            if only_validation
                && (got.len() != wanted.len() || got.iter().cloned().collect::<Errors>() != same)
            {
                fail("validation list");
            } else if wanted.len() == 1 && !got.contains(leftmost) {
                fail("single error");
            } else if !got.iter().any(|error| error.0 == leftmost.0) {
                fail("leftmost error");
            }
        }
    }
    report("verdicts and carried errors", cases.len(), &failures);
}

/// Scripts on which the reference dies are legal for us, and get a calm answer.
#[test]
fn survives_what_kills_the_reference() {
    let cases = lines("corpus/static/reference-crashes.jsonl");
    let mut failures = Vec::new();
    for case in &cases {
        let text = case["air"].as_str().unwrap();
        let analysis = Analysis::new(text);
        let list = reference::errors(&text.into(), &Default::default());
        let syntax =
            analysis.diagnostics().iter().any(|diagnostic| diagnostic.code.as_str().starts_with('S'));
        if syntax || analysis.accepted() != list.is_empty() {
            failures.push(format!("{text}: {:?} {list:?}", analysis.diagnostics()));
        }
    }
    report("scripts that kill the reference", cases.len(), &failures);
}

/// Real scripts get the verdict that the reference gave them.
#[test]
fn real_scripts_get_their_verdict() {
    let index = lines("corpus/air/index.jsonl");
    let mut failures = Vec::new();
    let mut read = 0;
    for entry in &index {
        let Some(file) = shared(&format!("corpus/air/{}", entry["file"].as_str().unwrap())) else { continue };
        let text = std::fs::read_to_string(file).unwrap();
        read += 1;
        let wanted = entry["parses_0_12_0"].as_bool().unwrap();
        let analysis = Analysis::new(text.as_str());
        let machine = reference::errors(&text.as_str().into(), &Default::default()).is_empty();
        if analysis.accepted() != wanted || machine != wanted {
            let first = analysis.diagnostics().first();
            failures.push(format!(
                "{}: wanted {wanted}, got {}, machine {machine}; {first:?}",
                entry["file"],
                analysis.accepted()
            ));
        }
    }
    report("verdicts of real scripts", read, &failures);
    assert_eq!(read, index.len(), "files of the index are missing");
}
