//! Lenses of runs, above the first instruction: run, with and without sample data; what came of the last run.

use air_interpreter::report::{Report, Status};
use serde_json::json;

use super::run::{COMMAND, sample_file};
use crate::server::document::Snapshot;
use crate::server::lsp;

/// Nothing above an empty document.
pub(in crate::server) fn lenses(snapshot: &Snapshot) -> Vec<lsp::CodeLens> {
    let hir = snapshot.analysis().hir();
    let Some(first) = hir.instrs.iter().map(|instr| instr.range.start()).min() else { return Vec::new() };
    let uri = &snapshot.document.uri;
    let at = snapshot.position(first);
    let lens = |title: String, command: &str, argument| lsp::CodeLens {
        range: lsp::Range { start: at, end: at },
        command: Some(lsp::Command { title, command: command.to_owned(), arguments: Some(vec![argument]) }),
        data: None,
    };
    let run = snapshot.document.run();
    let came = run.as_ref().map(|run| match &run.result {
        Ok(report) => format!(" · {}", summary(report)),
        Err(error) => format!(" · {error}"),
    });
    let sample = sample_file(&snapshot.document).filter(|file| file.is_file());
    let with_sample = sample.is_some();
    let asked_sample = run.as_ref().is_some_and(|run| run.asked.sample.unwrap_or(with_sample));
    let shown = |mine: bool| came.as_deref().filter(|_| mine).unwrap_or_default();
    let mut lenses =
        vec![lens(format!("▶ Run{}", shown(!asked_sample)), COMMAND, json!({ "uri": uri, "sample": false }))];
    if let Some(name) = sample.as_deref().and_then(|file| file.file_name()) {
        lenses.push(lens(
            format!("▶ Run with {}{}", name.to_string_lossy(), shown(asked_sample)),
            COMMAND,
            json!({ "uri": uri, "sample": true }),
        ));
    }
    if run.is_some() {
        lenses.push(lens("Clear".to_owned(), "air.clearResults", json!({ "uri": uri })));
    }
    lenses
}

/// The outcome and how much ran.
pub(in crate::server) fn summary(report: &Report) -> String {
    let status = match report.outcome.status {
        Status::Completed => "completed",
        Status::Failed => "failed",
        Status::Waiting => "waiting",
        Status::Stopped => "stopped",
    };
    let coverage = &report.coverage;
    format!("{status}, {} of {} instructions ran", coverage.executed, coverage.instructions)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::server::features::fixture::{open, uri};
    use crate::server::features::run::{RunParams, run};

    fn check(snapshot: &Snapshot, expected: Expect) {
        let shown: Vec<_> = lenses(snapshot)
            .into_iter()
            .map(|lens| {
                let command = lens.command.unwrap();
                format!("{}: {} → {}\n", lens.range.start.line, command.title, command.command)
            })
            .collect();
        expected.assert_eq(&shown.concat());
    }

    #[test]
    fn before_and_after() {
        let snapshot = open("; what it is\n(xor (ap 1 x) (ap 2 y))");
        check(
            &snapshot,
            expect![[r#"
            1: ▶ Run → air.run
        "#]],
        );
        run(&snapshot, RunParams::of(uri())).unwrap();
        check(
            &snapshot,
            expect![[r#"
            1: ▶ Run · completed, 2 of 3 instructions ran → air.run
            1: Clear → air.clearResults
        "#]],
        );
        check(&open(" ; nothing"), expect![""]);
    }
}
