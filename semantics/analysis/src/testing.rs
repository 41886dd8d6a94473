//! How tests show ranges: the source line with `^^^` under it.

use std::fmt::Write;

use air_semantics::text_edit::apply;
use air_syntax::TextRange;
use expect_test::Expect;

use crate::Analysis;
use crate::code::Code;
use crate::diagnostic::Diagnostic;

/// Compares all diagnostics of a script but the advice of lints, with related places, fixes and
/// AquaVM's report.
pub(crate) fn check(text: &str, expected: Expect) {
    let analysis = Analysis::new(text);
    let mut shown = String::new();
    for diagnostic in analysis.diagnostics().iter().filter(|diagnostic| !is_advice(diagnostic.code)) {
        show(text, diagnostic, &mut shown);
    }
    if shown.is_empty() {
        shown.push_str(if analysis.accepted() { "accepted\n" } else { "nothing shown, not accepted\n" });
    }
    expected.assert_eq(&shown);
}

/// Compares what one lint says about a script.
pub(crate) fn check_lint(code: Code, text: &str, expected: Expect) {
    let analysis = Analysis::new(text);
    let mut shown = String::new();
    for diagnostic in analysis.diagnostics().iter().filter(|diagnostic| diagnostic.code == code) {
        show(text, diagnostic, &mut shown);
    }
    if shown.is_empty() {
        shown.push_str("nothing\n");
    }
    expected.assert_eq(&shown);
}

/// Whether the code is that of a lint about the script itself, not of directives.
pub(crate) fn is_advice(code: Code) -> bool {
    crate::lints::ALL.iter().any(|lint| lint.code == code)
}

fn show(text: &str, diagnostic: &Diagnostic, shown: &mut String) {
    underline(
        text,
        diagnostic.range,
        '^',
        &format!("{} {}", diagnostic.code.as_str(), diagnostic.message),
        shown,
    );
    for related in &diagnostic.related {
        underline(text, related.range, '-', &related.message, shown);
    }
    for fix in &diagnostic.fixes {
        let _ = writeln!(shown, "fix: {}: {:?}", fix.title, apply(text, &fix.edits));
    }
    if let Some(reference) = &diagnostic.reference {
        let _ = writeln!(shown, "AquaVM {}..{}: {}", reference.start, reference.end, reference.message);
    }
}

/// The first line of the range, underlined.
pub(crate) fn underline(text: &str, range: TextRange, mark: char, label: &str, shown: &mut String) {
    let start = usize::from(range.start());
    let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let line = text[line_start..].lines().next().unwrap_or("");
    let before = text[line_start..start].chars().count();
    let marked = text[range].lines().next().map_or(0, |line| line.chars().count()).max(1);
    // The bar keeps `expect!` from taking the line's own indentation for that of the test.
    let _ = writeln!(shown, "| {line}");
    let _ = writeln!(shown, "| {}{} {label}", " ".repeat(before), mark.to_string().repeat(marked));
}
