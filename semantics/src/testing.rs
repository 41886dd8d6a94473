//! How tests show findings: the source line with `^^^` under it.

use std::fmt::Write;

use air_syntax::TextRange;
use expect_test::Expect;

use crate::Script;
use crate::text_edit::apply;

/// Compares the findings of AquaVM's rules in a script without syntax errors, by position, with related places, fixes
/// and AquaVM's report.
#[track_caller]
pub(crate) fn check(text: &str, expected: Expect) {
    let script = Script::new(text);
    assert!(script.parse.ok(), "syntax errors: {:?}", script.parse.errors());
    let mut findings: Vec<_> = script.findings().iter().collect();
    findings.sort_by_key(|finding| (finding.range.start(), finding.range.end(), finding.rule));
    let mut shown = String::new();
    for finding in findings {
        underline(text, finding.range, '^', &format!("{:?}: {}", finding.rule, finding.message), &mut shown);
        for related in &finding.related {
            underline(text, related.range, '-', &related.message, &mut shown);
        }
        for fix in &finding.fixes {
            let _ = writeln!(shown, "fix: {}: {:?}", fix.title, apply(text, &fix.edits));
        }
        let reference = finding.reference(script.hir());
        let _ = writeln!(shown, "AquaVM {}..{}: {}", reference.start, reference.end, reference.message);
    }
    if shown.is_empty() {
        shown.push_str("accepted\n");
    }
    expected.assert_eq(&shown);
}

/// The first line of the range, underlined.
fn underline(text: &str, range: TextRange, mark: char, label: &str, shown: &mut String) {
    let start = usize::from(range.start());
    let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let line = text[line_start..].lines().next().unwrap_or("");
    let before = text[line_start..start].chars().count();
    let marked = text[range].lines().next().map_or(0, |line| line.chars().count()).max(1);
    // The bar keeps `expect!` from taking the line's own indentation for that of the test.
    let _ = writeln!(shown, "| {line}");
    let _ = writeln!(shown, "| {}{} {label}", " ".repeat(before), mark.to_string().repeat(marked));
}
