//! `air check` on the reference's own answers: real scripts and prepared cases, through the real program.

use std::collections::HashMap;
use std::path::Path;

use air_tests::program::{air, finish};
use air_tests::shared::{json_lines, shared};
use serde::Deserialize;

/// What `air check --output-format json` prints, as far as these tests look.
#[derive(Deserialize)]
struct Report {
    files: Vec<File>,
}

#[derive(Deserialize)]
struct File {
    path: String,
    accepted: bool,
    diagnostics: Vec<Finding>,
}

#[derive(Deserialize)]
struct Finding {
    code: String,
    origin: String,
    message: String,
    start: usize,
    end: usize,
    reference: Option<Reference>,
}

#[derive(Deserialize, PartialEq, Eq, Debug)]
struct Reference {
    message: String,
    start: usize,
    end: usize,
}

fn check(folder: &Path) -> HashMap<String, File> {
    let done = finish(air().args(["check", "--output-format", "json"]).arg(folder));
    assert!(matches!(done.code, Some(0 | 1)), "exit code {:?}: {}", done.code, done.err);
    let report: Report = serde_json::from_str(&done.out).unwrap();
    let name = |path: &str| {
        let path = Path::new(path);
        path.strip_prefix(folder).unwrap_or(path).to_string_lossy().replace('\\', "/")
    };
    report.files.into_iter().map(|file| (name(&file.path), file)).collect()
}

#[derive(Deserialize)]
struct RealScript {
    file: String,
    parses_0_12_0: bool,
}

#[test]
fn real_scripts_get_the_references_verdict() {
    let (Some(folder), Some(index)) =
        (shared("corpus/air"), json_lines::<RealScript>("corpus/air/index.jsonl"))
    else {
        return;
    };
    let checked = check(&folder);
    let mut wrong = Vec::new();
    for script in &index {
        match checked.get(&script.file) {
            Some(file) if file.accepted == script.parses_0_12_0 => sane(file),
            Some(file) => wrong.push(format!("{}: accepted {}", script.file, file.accepted)),
            None => wrong.push(format!("{}: not checked", script.file)),
        }
    }
    println!("{} of {} real scripts", index.len() - wrong.len(), index.len());
    assert!(index.len() >= 1185 && wrong.is_empty(), "{}", wrong.join("\n"));
}

#[derive(Deserialize)]
struct Case {
    id: String,
    air: String,
    accept: bool,
    errors: Vec<Expected>,
}

#[derive(Deserialize)]
struct Expected {
    code: String,
    #[serde(flatten)]
    told: Reference,
}

#[test]
fn cases_get_the_references_verdict_and_words() {
    let Some(cases) = json_lines::<Case>("corpus/static/cases.jsonl") else { return };
    let folder = tempfile::tempdir().unwrap();
    for case in &cases {
        std::fs::write(folder.path().join(&case.id).with_extension("air"), &case.air).unwrap();
    }
    let checked = check(folder.path());
    let (mut wrong, mut single, mut dumps) = (Vec::new(), 0, 0);
    for case in &cases {
        let Some(file) = checked.get(&format!("{}.air", case.id)) else {
            wrong.push(format!("{}: not checked", case.id));
            continue;
        };
        sane(file);
        if file.accepted != case.accept {
            wrong.push(format!("{}: accepted {}", case.id, file.accepted));
        }
        // Where the reference reports several errors, recovery is ours and better.
        if let [expected] = &case.errors[..] {
            single += 1;
            let told: Vec<&Reference> =
                file.diagnostics.iter().filter_map(|finding| finding.reference.as_ref()).collect();
            // The texts of errors in lenses are dumps of the reference's inner parser; only the places count.
            let dump = expected.code == "lex-lens";
            let same = |told: &Reference| {
                (told.start, told.end) == (expected.told.start, expected.told.end)
                    && (dump || told.message == expected.told.message)
            };
            dumps += usize::from(dump);
            if told.len() != 1 || !same(told[0]) {
                wrong.push(format!("{}: {told:?}, the reference says {:?}", case.id, expected.told));
            }
        }
    }
    println!("{} of {} cases", cases.len() - wrong.len(), cases.len());
    println!(
        "{single} with one error of the reference: place and words of {}, place of {dumps}",
        single - dumps
    );
    assert!(cases.len() >= 3264 && single >= 1654 && wrong.is_empty(), "{}", wrong.join("\n"));
}

#[derive(Deserialize)]
struct Crash {
    id: String,
    air: String,
}

/// Texts at which the reference aborts, because a name in a lens ends in a wide character: legal names for us.
#[test]
fn what_crashes_the_reference_is_answered() {
    let Some(crashes) = json_lines::<Crash>("corpus/static/reference-crashes.jsonl") else { return };
    let folder = tempfile::tempdir().unwrap();
    for crash in &crashes {
        std::fs::write(folder.path().join(&crash.id).with_extension("air"), &crash.air).unwrap();
    }
    let checked = check(folder.path());
    assert!(crashes.len() >= 20 && checked.len() == crashes.len());
    for crash in &crashes {
        let file = &checked[&format!("{}.air", crash.id)];
        sane(file);
        for finding in &file.diagnostics {
            assert_ne!(finding.origin, "syntax", "{}: {}", crash.id, finding.message);
            assert!(crash.air.get(finding.start..finding.end).is_some(), "{}: {}", crash.id, finding.message);
        }
    }
}

/// What is refused is refused with words, and only then.
fn sane(file: &File) {
    let refusing = file.diagnostics.iter().filter(|finding| finding.origin != "lint");
    assert_eq!(refusing.count() == 0, file.accepted, "{}", file.path);
    for finding in &file.diagnostics {
        assert!(!finding.message.is_empty() && finding.code.len() == 4, "{}: {}", file.path, finding.code);
        assert!(finding.start <= finding.end, "{}: {}", file.path, finding.message);
    }
}
