//! How much of what is wrong in scripts the fixes mend: `fix_rates [--list] [--all] [PATH …]`.
//!
//! Looks at all scripts (`*.air`) below the paths; without any, at the real scripts and prepared cases of the shared
//! data. Of those that are rejected it prints which share of the errors has a fix, by code, and which share of the
//! scripts is accepted once all fixes, safe and unsafe, were applied as `air check --fix --unsafe-fixes` does. Such a
//! script counts only if nothing was lost: each word of the script before is still there, in the same order.
//! `--list` names the scripts that are still rejected, with their first error. `--all` lets `--list` name those as well
//! that are accepted and lost a word.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use air_analysis::Analysis;
use air_analysis::diagnostic::Severity;
use air_analysis::fix_all::{Extent, fix_all};
use air_architecture::tree::files_below;
use air_tests::shared::{json_lines, shared};

/// A prepared case of the shared data.
#[derive(serde::Deserialize)]
struct Case {
    id: String,
    air: String,
    accept: bool,
}

/// What became of the scripts of one source.
#[derive(Default)]
struct Rates {
    scripts: usize,
    rejected: usize,
    accepted: usize,
    lossless: usize,
    /// By code: errors, and those with a fix.
    errors: BTreeMap<&'static str, (usize, usize)>,
    /// Scripts that are rejected still, by the code of their first error.
    left: BTreeMap<&'static str, usize>,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let listed = arguments.iter().any(|argument| argument == "--list");
    let losses = arguments.iter().any(|argument| argument == "--all");
    let paths: Vec<PathBuf> =
        arguments.iter().filter(|argument| !argument.starts_with("--")).map(PathBuf::from).collect();
    if !paths.is_empty() {
        let scripts = paths.iter().flat_map(|path| scripts(path)).collect();
        return measure("given scripts", scripts, listed, losses);
    }
    if let Some(folder) = shared("corpus/air") {
        measure("real scripts", scripts(&folder), listed, losses);
    }
    if let Some(cases) = json_lines::<Case>("corpus/static/cases.jsonl") {
        let rejected = cases.into_iter().filter(|case| !case.accept);
        measure("prepared cases", rejected.map(|case| (case.id, case.air)).collect(), listed, losses);
    }
}

fn scripts(path: &Path) -> Vec<(String, String)> {
    let files = if path.is_dir() { files_below(path, "air") } else { vec![path.to_owned()] };
    let read =
        |file: PathBuf| (file.display().to_string(), std::fs::read_to_string(&file).unwrap_or_default());
    files.into_iter().map(read).collect()
}

fn measure(title: &str, scripts: Vec<(String, String)>, listed: bool, losses: bool) {
    let mut rates = Rates { scripts: scripts.len(), ..Rates::default() };
    for (name, text) in &scripts {
        let before = Analysis::new(text.as_str());
        if before.accepted() {
            continue;
        }
        rates.rejected += 1;
        for error in before.diagnostics().iter().filter(|error| error.severity == Severity::Error) {
            let (all, fixed) = rates.errors.entry(error.code.as_str()).or_default();
            *all += 1;
            *fixed += usize::from(!error.fixes.is_empty());
        }
        let fixed = fix_all(&before, Extent::All, |_| (), |_, _, _| ());
        let after = fixed.after.as_ref().unwrap_or(&before);
        if !after.accepted() {
            let first = after.diagnostics().iter().find(|error| error.severity == Severity::Error);
            if let Some(first) = first {
                *rates.left.entry(first.code.as_str()).or_default() += 1;
            }
            if listed {
                println!("{name}: {}", first.map_or("", |first| first.message.as_str()));
            }
            continue;
        }
        rates.accepted += 1;
        match lost_word(text, &after.text) {
            None => rates.lossless += 1,
            Some(word) if listed && losses => println!("{name}: accepted without `{word}`"),
            Some(_) => {}
        }
    }
    print(title, &rates);
}

fn print(title: &str, rates: &Rates) {
    let (all, fixed) =
        rates.errors.values().fold((0, 0), |(all, fixed), (more, with)| (all + more, fixed + with));
    println!("{title}: {} scripts, {} rejected", rates.scripts, rates.rejected);
    println!("  errors with a fix      {}", share(fixed, all));
    println!("  accepted after fixes   {}", share(rates.accepted, rates.rejected));
    println!("  … with all their words {}", share(rates.lossless, rates.rejected));
    for (code, (all, fixed)) in &rates.errors {
        println!("    {code}  {}", share(*fixed, *all));
    }
    let left: Vec<_> = rates.left.iter().map(|(code, count)| format!("{code} {count}")).collect();
    println!("  first error of those still rejected: {}", left.join(", "));
}

fn share(part: usize, whole: usize) -> String {
    format!("{part:>5} of {whole:<5} {:>5.1} %", 100.0 * part as f64 / whole.max(1) as f64)
}

/// The first word of a script that is no longer in another one, or not in its place.
fn lost_word<'a>(before: &'a str, after: &str) -> Option<&'a str> {
    let mut after = words(after);
    words(before).find(|word| !after.any(|other| other == *word))
}

/// Names, numbers and what stands in strings, without punctuation.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-'))).filter(|word| !word.is_empty())
}
