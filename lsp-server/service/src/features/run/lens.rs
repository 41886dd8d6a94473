//! Lenses of runs, above the first instruction: run, without sample data, with it, with each case of it; what came
//! of the last run; sample data to start from.

use air_simulation::explore::Exploration;
use air_simulation::report::Report;
use air_simulation::sample::from_json;
use air_simulation::shorten;
use serde_json::json;

use super::command::COMMAND;
use super::{explore_orders, orders};
use crate::features::generate_sample;
use crate::lsp;
use crate::results::RunParams;
use crate::sample_path::SamplePath;
use crate::snapshot::Snapshot;

/// Ends the run.
const STOP: &str = "air.stop";

/// Other ends beyond it are in the answer of `air.exploreOrders` only.
const MAX_ENDS: usize = 4;
/// Characters of an end.
const MAX_END_CHARS: usize = 50;

/// Cases beyond it have lenses in the sample data only.
const MAX_CASES: usize = 8;

/// Sample data beyond it is not looked through for cases each time that lenses are drawn.
const MAX_SAMPLE_BYTES: u64 = 1 << 20;

/// Nothing above an empty document.
pub(crate) fn lenses(snapshot: &Snapshot) -> Vec<lsp::CodeLens> {
    let hir = snapshot.analysis().hir();
    let Some(first) = hir.instrs.iter().map(|instr| instr.range.start()).min() else { return Vec::new() };
    let uri = &snapshot.document.uri;
    let at = snapshot.position(first);
    let lens = |title: String, command: &str, argument| lsp::CodeLens {
        range: lsp::Range { start: at, end: at },
        command: Some(lsp::Command { title, command: command.to_owned(), arguments: Some(vec![argument]) }),
        data: None,
    };
    // A run that is under way says nothing of how the one before ended.
    let run = snapshot.document.run().filter(|_| snapshot.run_state.is_none());
    let came = run.as_ref().map(|run| match &run.result {
        Ok(report) => format!(" · {}", summary(report)),
        Err(error) => format!(" · {error}"),
    });
    let on_disk = snapshot.sample_path().is_some_and(|path| snapshot.host.files.is_file(&path));
    let with_sample = on_disk || snapshot.open_sample().is_some();
    let asked_sample = run.as_ref().is_some_and(|run| run.params.sample.unwrap_or(with_sample));
    let asked_case = run.as_ref().and_then(|run| run.params.case.as_deref());
    let shown = |mine: bool| came.as_deref().filter(|_| mine).unwrap_or_default();
    let mut lenses = Vec::new();
    // A client that does not look again would show it for ever.
    if let Some(state) = snapshot.run_state.filter(|_| snapshot.client.lens_refresh) {
        lenses.push(lens(format!("{} · Stop", state.word()), STOP, json!({ "uri": uri })));
    }
    lenses.push(lens(
        format!("▶ Run{}", shown(!asked_sample)),
        COMMAND,
        json!({ "uri": uri, "sample": false }),
    ));
    if with_sample {
        let sample = SamplePath::of_url(&snapshot.document.uri);
        let (name, _) = sample.as_ref().and_then(SamplePath::names).unwrap_or_default();
        lenses.push(lens(
            format!("▶ Run with {name}{}", shown(asked_sample && asked_case.is_none())),
            COMMAND,
            json!({ "uri": uri, "sample": true }),
        ));
        let text = snapshot.sample_text(MAX_SAMPLE_BYTES).ok();
        let (sample, _) = text.map(|text| from_json(&text)).unwrap_or_default();
        for (case, _) in sample.cases.iter().take(MAX_CASES) {
            let mine = asked_sample && asked_case == Some(&*case.name);
            lenses.push(lens(
                format!("▶ {}{}", case.name, shown(mine)),
                COMMAND,
                json!({ "uri": uri, "sample": true, "case": case.name }),
            ));
        }
    } else if snapshot.analysis().accepted() && (snapshot.client.create_files || snapshot.client.apply_edit) {
        lenses.push(lens("Generate sample data".to_owned(), generate_sample::COMMAND, json!({ "uri": uri })));
    }
    lenses.extend(
        of_orders(snapshot).into_iter().map(|(title, command, argument)| lens(title, command, argument)),
    );
    if run.is_some() {
        lenses.push(lens("Clear".to_owned(), "air.clearResults", json!({ "uri": uri })));
    }
    lenses
}

/// What came of other orders: titles with commands and their arguments.
fn of_orders(snapshot: &Snapshot) -> Vec<(String, &'static str, serde_json::Value)> {
    let Some(run) = snapshot.document.run().filter(|_| snapshot.run_state.is_none()) else {
        return Vec::new();
    };
    let explore = |title: String| {
        let RunParams { uri, sample, case, .. } = &run.params;
        (title, explore_orders::COMMAND, json!({ "uri": uri, "sample": sample, "case": case }))
    };
    let Some(explored) = snapshot.document.explored() else {
        let found = run.other_orders.as_ref().filter(|found| found.found_ends > 1);
        let title = |found: &Exploration| format!("order matters: {} · Explore", orders::summary(found));
        return found.map(|found| explore(title(found))).into_iter().collect();
    };
    let mut lenses = vec![explore(orders::summary(&explored.exploration))];
    let ends = explored.exploration.ends.iter().zip(1..).skip(1).take(MAX_ENDS);
    lenses.extend(ends.map(|(end, number)| {
        let RunParams { uri, sample, case, .. } = &explored.params;
        let order = (!end.order.is_empty()).then_some(&end.order);
        let argument =
            json!({ "uri": uri, "sample": sample, "case": case, "answers": "single", "order": order });
        let title = format!("▶ end {number}: {}", shorten(&end.text, MAX_END_CHARS));
        (title, COMMAND, argument)
    }));
    lenses
}

/// The outcome and how much ran.
pub(crate) fn summary(report: &Report) -> String {
    let status = report.outcome.status.word();
    let coverage = &report.coverage;
    format!("{status}, {} of {} instructions ran", coverage.executed, coverage.instructions)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use std::sync::Arc;

    use super::*;
    use crate::client::Client;
    use crate::features::fixture::{open, open_at, uri};
    use crate::features::run::command::run;
    use crate::host::memory::MemoryFiles;
    use crate::lsp::Url;
    use crate::results::{RunParams, RunState};

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

    #[test]
    fn while_it_runs() {
        let mut snapshot = open("(xor (ap 1 x) (ap 2 y))");
        run(&snapshot, RunParams::of(uri())).unwrap();
        let looks_again = Client { lens_refresh: true, ..(*snapshot.client).clone() };
        let before = std::mem::replace(&mut snapshot.client, Arc::new(looks_again));
        snapshot.run_state = Some(RunState::Queued);
        check(
            &snapshot,
            expect![[r#"
            0: queued · Stop → air.stop
            0: ▶ Run → air.run
        "#]],
        );
        snapshot.run_state = Some(RunState::Running);
        check(
            &snapshot,
            expect![[r#"
            0: running · Stop → air.stop
            0: ▶ Run → air.run
        "#]],
        );
        snapshot.client = before;
        check(
            &snapshot,
            expect![[r#"
            0: ▶ Run → air.run
        "#]],
        );
    }

    #[test]
    fn each_case_of_sample_data() {
        let script = Url::parse("file:///d/a%20b.air").unwrap();
        let snapshot = open_at(script.as_str(), "(ap 1 x)");
        let makes_edits = Client { apply_edit: true, ..(*snapshot.client).clone() };
        let snapshot = Snapshot { client: Arc::new(makes_edits), ..snapshot };
        check(
            &snapshot,
            expect![[r#"
            0: ▶ Run → air.run
            0: Generate sample data → air.generateSample
        "#]],
        );
        let sample = "{\"cases\": [{\"name\": \"good\"}, {\"name\": \"bad\"}]}";
        let files = MemoryFiles::default();
        files.write("/d/a b.sample.json", sample);
        let mut snapshot = snapshot;
        snapshot.host.files = Arc::new(files);
        let params = RunParams { sample: Some(true), case: Some("bad".to_owned()), ..RunParams::of(script) };
        run(&snapshot, params).unwrap();
        check(
            &snapshot,
            expect![[r#"
            0: ▶ Run → air.run
            0: ▶ Run with a b.sample.json → air.run
            0: ▶ good → air.run
            0: ▶ bad · completed, 1 of 1 instructions ran → air.run
            0: Clear → air.clearResults
        "#]],
        );
    }

    #[test]
    fn sample_data_that_is_open_and_not_saved() {
        let mut snapshot = open_at("file:///d/my.airport.air", "(ap 1 x)");
        let sample = open_at("file:///d/my.airport.sample.json", "{}");
        snapshot.view.open = [sample.document].into();
        check(
            &snapshot,
            expect![[r#"
            0: ▶ Run → air.run
            0: ▶ Run with my.airport.sample.json → air.run
        "#]],
        );
    }
}
