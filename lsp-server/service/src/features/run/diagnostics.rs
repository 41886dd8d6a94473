//! The last run's errors and waits, what did not run, and where hints would not do the values, as diagnostics of a
//! source of their own. They are of one version of the text, so an edit takes them away.

use air_ide::names::instr_at;
use air_simulation::report::{RemarkClass, Report, Span, Status};
use air_syntax::TextRange;

use super::hover::range;
use super::values;
use crate::lsp;
use crate::snapshot::Snapshot;

/// `source` of these diagnostics.
pub(crate) const SOURCE: &str = "air run";

/// Those of the last run, in the order of the text.
pub(crate) fn of_run(snapshot: &Snapshot) -> Vec<lsp::Diagnostic> {
    let Some(run) = snapshot.document.run() else { return Vec::new() };
    let mut found = match &run.result {
        Ok(report) => of_report(snapshot, report),
        Err(error) => vec![lsp::Diagnostic {
            severity: Some(lsp::DiagnosticSeverity::ERROR),
            code: Some(lsp::NumberOrString::String(error.code().to_owned())),
            source: Some(SOURCE.to_owned()),
            message: error.to_string(),
            ..Default::default()
        }],
    };
    found.sort_by_key(|found| (found.range.start, found.range.end));
    found
}

fn of_report(snapshot: &Snapshot, report: &Report) -> Vec<lsp::Diagnostic> {
    let diagnostic = |span: Option<Span>, severity, message| lsp::Diagnostic {
        range: span.map(|span| snapshot.range(range(span))).unwrap_or_default(),
        severity: Some(severity),
        source: Some(SOURCE.to_owned()),
        message,
        ..Default::default()
    };
    let mut found = Vec::new();
    for error in report.errors.iter().filter(|error| !error.again) {
        let (severity, caught) = match error.caught_by {
            None => (lsp::DiagnosticSeverity::ERROR, String::new()),
            Some(by) => (lsp::DiagnosticSeverity::INFORMATION, format!(" (caught at line {})", by.line)),
        };
        let message = format!("on {}: {}{caught}", error.peer, error.text);
        found.push(lsp::Diagnostic {
            code: i32::try_from(error.code).ok().map(lsp::NumberOrString::Number),
            ..diagnostic(error.range, severity, message)
        });
    }
    // A run that completed does not need what still waits: branches of a `par`, usually.
    let severity = match report.outcome.status {
        Status::Waiting => lsp::DiagnosticSeverity::WARNING,
        _ => lsp::DiagnosticSeverity::HINT,
    };
    for waiting in &report.outcome.waiting {
        let message = format!("on {}: {}", waiting.peer, waiting.text);
        found.push(lsp::Diagnostic {
            code: Some(lsp::NumberOrString::String("waits".to_owned())),
            ..diagnostic(Some(waiting.range), severity, message)
        });
    }
    for remark in &report.remarks {
        let (severity, class) = match remark.class {
            RemarkClass::Host => (lsp::DiagnosticSeverity::INFORMATION, "host"),
            RemarkClass::Service => (lsp::DiagnosticSeverity::WARNING, "service"),
            RemarkClass::Reference => (lsp::DiagnosticSeverity::WARNING, "reference"),
        };
        found.push(lsp::Diagnostic {
            code: Some(lsp::NumberOrString::String(class.to_owned())),
            ..diagnostic(remark.range, severity, remark.text.clone())
        });
    }
    if report.outcome.status == Status::Unheard {
        found.push(diagnostic(None, lsp::DiagnosticSeverity::WARNING, report.outcome.text.clone()));
    }
    if report.stopped.is_some() {
        found.push(diagnostic(None, lsp::DiagnosticSeverity::WARNING, report.outcome.text.clone()));
    }
    for part in &report.not_executed {
        let message = format!("not executed: {}", part.text);
        let mut reason = diagnostic(Some(part.range), lsp::DiagnosticSeverity::HINT, message);
        reason.code = Some(lsp::NumberOrString::String("not-executed".to_owned()));
        if snapshot.client.diagnostic_tags {
            reason.tags = Some(vec![lsp::DiagnosticTag::UNNECESSARY]);
        } else {
            // Who cannot fade a part would underline all its lines.
            reason.range = keyword(snapshot, range(part.range));
        }
        found.push(reason);
    }
    for (place, text) in values::listed(snapshot, &report.values) {
        found.push(lsp::Diagnostic {
            code: Some(lsp::NumberOrString::String("value".to_owned())),
            ..diagnostic(Some(place), lsp::DiagnosticSeverity::HINT, text)
        });
    }
    found
}

/// The keyword of the instruction that a part begins with.
fn keyword(snapshot: &Snapshot, part: TextRange) -> lsp::Range {
    let hir = snapshot.analysis().hir();
    let first = instr_at(hir, part.start()).and_then(|first| hir.instr(first));
    snapshot.range(first.map_or(part, |first| first.keyword))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use serde_json::json;

    use super::*;
    use crate::features::fixture::{open, open_as, underlined, uri};
    use crate::features::run::command::run;
    use crate::host::RunError;
    use crate::results::{RunParams, RunResult};

    fn check(text: &str, expected: Expect) {
        let snapshot = open(text);
        run(&snapshot, RunParams::of(uri())).unwrap();
        let marks = of_run(&snapshot).into_iter().map(|found| {
            (found.range, format!("{:?} {}", found.severity.unwrap(), found.message).to_lowercase())
        });
        expected.assert_eq(&underlined(&snapshot, marks.collect()));
    }

    #[test]
    fn an_error_and_what_it_kept_from_running() {
        check(
            "(seq\n (fail 1 \"no\")\n (ap 1 x))",
            expect![[r#"
            (seq
             (fail 1 "no")
             ^^^^^^^^^^^^^ error on @init: fails with 1: no
             (ap 1 x))
             ^^^^^^^^ hint not executed: after error 10006 at line 2
        "#]],
        );
    }

    /// Neither tags nor hints that can be requested again: reasons stand at keywords, values at their names.
    #[test]
    fn for_a_client_that_can_do_nothing() {
        let snapshot = open_as(
            "(seq\n (ap 1 x)\n (seq\n  (fail 1 \"no\")\n  (seq\n   (ap 2 y)\n   (ap 3 z))))",
            json!({}),
            json!({}),
        );
        run(&snapshot, RunParams::of(uri())).unwrap();
        let marks = of_run(&snapshot).into_iter().map(|found| {
            assert_eq!(found.tags, None);
            (found.range, format!("{:?} {}", found.severity.unwrap(), found.message).to_lowercase())
        });
        let expected = expect![[r#"
            (seq
             (ap 1 x)
                   ^ hint x = 1
             (seq
              (fail 1 "no")
              ^^^^^^^^^^^^^ error on @init: fails with 1: no
              (seq
               ^^^ hint not executed: after error 10006 at line 4
               (ap 2 y)
               (ap 3 z))))
        "#]];
        expected.assert_eq(&underlined(&snapshot, marks.collect()));
    }

    #[test]
    fn a_run_without_a_report() {
        let snapshot = open("(null)");
        let result = Err(RunError::Trap { message: "out of bounds".to_owned() });
        let revision = snapshot.document.revision;
        snapshot.document.keep_run(Some(RunResult {
            revision,
            params: RunParams::of(uri()),
            result,
            other_orders: None,
        }));
        let [found] = <[_; 1]>::try_from(of_run(&snapshot)).unwrap();
        assert_eq!(found.code, Some(lsp::NumberOrString::String("sandbox-trap".to_owned())));
        assert_eq!(
            found.message,
            "the interpreter failed, which is a bug in it and not in the script: out of bounds"
        );
    }

    #[test]
    fn what_waits() {
        check(
            "(seq\n (never)\n (ap 1 x))",
            expect![[r#"
            (seq
             (never)
             ^^^^^^^ warning on @init: never ends
             (ap 1 x))
             ^^^^^^^^ hint not executed: line 2 has not completed: never ends
        "#]],
        );
    }
}
