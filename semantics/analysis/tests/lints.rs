//! What the lints say about real scripts.
//!
//! The newest compiler's own output is right by construction: a finding there is a false alarm unless its reason
//! stands in [`IN_COMPILED`]. What people wrote is counted, so that a change of a lint shows.

#![allow(clippy::unwrap_used, clippy::string_slice, clippy::indexing_slicing, clippy::print_stdout)]

#[allow(dead_code)]
#[path = "support/corpus.rs"]
mod corpus;

use std::collections::BTreeMap;

use air_analysis::Analysis;
use air_analysis::diagnostic::{Origin, Severity};

use corpus::{lines, shared};

/// Findings in the scripts of the newest compiler, and why they are right.
const IN_COMPILED: &[(&str, usize, &str)] = &[
    ("swallowed-error", 10, "the source has a `try` whose handler does nothing"),
    ("unused-new", 2, "the source declares a stream that it never uses"),
    ("unused-stream", 18, "the source pushes to streams that it never reads"),
];

/// Findings by code in accepted scripts of that kind.
fn count(wanted: impl Fn(&serde_json::Value) -> bool) -> Option<(usize, BTreeMap<&'static str, usize>)> {
    let root = shared("corpus/air")?;
    let show = std::env::var("AIR_SHOW_LINT").unwrap_or_default();
    let (mut scripts, mut counts) = (0, BTreeMap::new());
    for entry in lines(&root.join("index.jsonl")) {
        if entry["parses_0_12_0"] != true || !wanted(&entry) {
            continue;
        }
        scripts += 1;
        let name = entry["file"].as_str().unwrap();
        let analysis = Analysis::new(std::fs::read_to_string(root.join(name)).unwrap());
        for found in analysis.diagnostics().iter().filter(|found| found.code.origin() == Origin::Lint) {
            *counts.entry(found.code.name()).or_default() += 1;
            if show == found.code.name() {
                let line = analysis.text[..found.range.start().into()].matches('\n').count() + 1;
                println!(
                    "{name}:{line}: {} | {}",
                    found.message,
                    analysis.text[found.range].lines().next().unwrap()
                );
            }
        }
    }
    Some((scripts, counts))
}

#[test]
fn compiled_scripts_get_no_false_alarm() {
    let Some((scripts, counts)) = count(|entry| entry["kind"] == "aqua-compiled") else { return };
    assert_eq!(scripts, 474);
    let known: BTreeMap<_, _> = IN_COMPILED.iter().map(|(name, count, _)| (*name, *count)).collect();
    println!("474 compiled scripts: {counts:?}");
    assert_eq!(counts, known);
}

/// Of all versions whose output is in the shared data: what can fail a check is nobody's to mend there.
#[test]
fn no_compilers_output_gets_a_warning() {
    let Some(root) = shared("corpus/air") else { return };
    let (mut scripts, mut warned) = (0, Vec::new());
    for entry in lines(&root.join("index.jsonl")) {
        if entry["parses_0_12_0"] != true || entry["author"] != "aqua-compiler" {
            continue;
        }
        scripts += 1;
        let name = entry["file"].as_str().unwrap();
        let analysis = Analysis::new(std::fs::read_to_string(root.join(name)).unwrap());
        let warnings = analysis.diagnostics().iter().filter(|found| found.severity <= Severity::Warning);
        warned.extend(warnings.map(|found| format!("{name}: {} {}", found.code.as_str(), found.message)));
    }
    assert_eq!(warned, [""; 0], "in {scripts} scripts");
    assert_eq!(scripts, 611);
    println!("611 scripts of all compilers: 0 warnings");
}

#[test]
fn what_people_write_is_counted() {
    let Some((scripts, counts)) = count(|entry| entry["author"] == "human") else { return };
    assert_eq!(scripts, 264);
    println!("264 scripts of people: {counts:?}");
}
