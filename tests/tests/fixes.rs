//! Fixes do what they say, in real scripts and in scripts with a mistake made on purpose: the finding is gone after the
//! fix, and no other one has come.

use std::collections::BTreeMap;

use air_analysis::Analysis;
use air_analysis::diagnostic::{Diagnostic, Origin, Severity};
use air_architecture::tree::files_below;
use air_semantics::text_edit::apply;
use air_tests::shared::shared;

/// Of the shared data, every so manieth script is broken on purpose; the rejected ones are all looked at.
const EACH: usize = 12;

const OWN: &[&str] = &[
    "(seq\n (call \"peer\" (\"service\" \"list\") [1 \"a\"] items)\n (fold items item\n  (par\n   (call \"peer\" (\"service\" \"use\") [item.$.name items.$.[0]] $all)\n   (next item)\n  )\n )\n)",
    "(new $all\n (seq\n  (ap 1 $all)\n  (seq\n   (canon %init_peer_id% $all #all)\n   (xor\n    (match #all.length 1 (ap (\"key\" #all) %map))\n    (fail :error:)\n   )\n  )\n )\n)\n",
    "; a comment\n(xor (call \"p\" (\"s\" \"f\") [] x) (seq (null) (mismatch x 2.5 (never))))\n",
];

/// What people type instead, once in a script at a time.
const MISTAKES: &[(&str, &str)] = &[
    ("(call \"", "(call “"),
    ("(seq", "(Seq"),
    ("(seq", "(sek"),
    ("(seq", "(seq(null)"),
    ("(null)", "()"),
    ("(null)", "(null) // nothing"),
    ("(null)", "(null) (null)"),
    ("(null)", "(null)\u{200B}"),
    ("(null)", "(ap 'x' one)"),
    ("(null)", "(ap “x” one)"),
    ("(null)", "(ap ${relay} one)"),
    ("(null)", "(ap 1e5 one)"),
    ("(null)", "(ap .5 one)"),
    ("(null)", "(ap 1 $many) (ap $many.$.[0]! one)"),
    ("(null)", "(ap 1 one,)"),
    (" [", ", ["),
    ("[]", ""),
    ("[]", "["),
    ("[]", "]"),
    ("#all", "$all"),
    ("items.$.[0]", "items.$.[\"name\"]!"),
    ("item.$.name", "item.name"),
    (")\n", ") // why\n"),
    ("%init_peer_id%", "%init_peer_id"),
    ("(next ", "(next) (next "),
    ("\"service\"", "\"service\","),
    ("\"service\" \"use\"", "\"service\" \"use"),
    ("(\"service\" \"list\")", "\"service\" \"list\""),
    ("(\"key\" #all)", "\"key\" #all"),
];

fn errors(analysis: &Analysis, origin: Option<Origin>) -> BTreeMap<&'static str, usize> {
    let mut errors = BTreeMap::new();
    for error in analysis.diagnostics().iter().filter(|it| it.severity == Severity::Error) {
        if origin.is_none_or(|origin| origin == error.code.origin()) {
            *errors.entry(error.code.as_str()).or_default() += 1;
        }
    }
    errors
}

/// Why a fix is not what it says; `None` if it is.
fn fault(before: &Analysis, error: &Diagnostic, after: &Analysis) -> Option<&'static str> {
    // Names are judged only where the syntax is right.
    let origin = (!before.parse.ok()).then_some(error.code.origin());
    let (was, is) = (errors(before, origin), errors(after, origin));
    let count = |errors: &BTreeMap<&str, usize>| errors.values().sum::<usize>();
    if count(&is) >= count(&was) {
        return Some("as many errors as before");
    }
    if is.keys().any(|code| !was.contains_key(code)) {
        return Some("an error of a new kind");
    }
    let code = error.code.as_str();
    (is.get(code) >= was.get(code)).then_some("its finding is still there")
}

#[derive(Default)]
struct Tally {
    /// Of the first fixes of errors: all, and those that are as they should be.
    fixes: (usize, usize),
    faults: Vec<String>,
}

impl Tally {
    /// Some of the real scripts that are rejected are no scripts at all: there, safe fixes are not held to their word.
    fn look(&mut self, name: &str, text: &str, one_mistake: bool) {
        let before = Analysis::new(text);
        let errors = before.diagnostics().iter().filter(|it| it.severity == Severity::Error);
        for error in errors.take(40) {
            let Some(fix) = error.fixes.first() else { continue };
            let fixed = apply(text, &fix.edits);
            let after = Analysis::new(fixed.as_str());
            self.fixes.0 += 1;
            match fault(&before, error, &after) {
                None => self.fixes.1 += 1,
                Some(why) => {
                    let safe = if fix.safe && one_mistake { "SAFE " } else { "" };
                    let code = error.code.as_str();
                    self.faults.push(format!("{safe}{name}: {code}: {}: {why}", fix.title));
                }
            }
        }
    }
}

#[test]
fn the_first_fix_of_an_error_ends_it() {
    let mut tally = Tally::default();
    let mut scripts: Vec<(String, String)> =
        OWN.iter().enumerate().map(|(index, text)| (format!("own {index}"), (*text).to_owned())).collect();
    let real = shared("corpus/air").map(|folder| files_below(&folder, "air")).unwrap_or_default();
    for (index, file) in real.iter().enumerate() {
        let text = std::fs::read_to_string(file).unwrap();
        if text.len() > 20_000 {
            continue;
        }
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        if !Analysis::new(text.as_str()).accepted() {
            tally.look(&name, &text, false);
        } else if index % EACH == 0 {
            scripts.push((name, text));
        }
    }
    for (name, text) in &scripts {
        for (right, wrong) in MISTAKES.iter().filter(|(right, _)| text.contains(right)) {
            tally.look(&format!("{name} {wrong:?}"), &text.replacen(right, wrong, 1), true);
        }
        tally.look(&format!("{name} bom"), &format!("\u{FEFF}{text}"), true);
    }
    let (all, right) = tally.fixes;
    assert!(all > 50, "{all}");
    let safe: Vec<_> = tally.faults.iter().filter(|fault| fault.starts_with("SAFE")).collect();
    let shown = tally.faults.iter().take(60).cloned().collect::<Vec<_>>().join("\n");
    assert!(safe.is_empty(), "{safe:#?}");
    // A guess may be wrong, but seldom.
    assert!(right * 100 >= all * 97, "{right} of {all}:\n{shown}");
}
