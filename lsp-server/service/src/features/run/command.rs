//! Running a script: `air.run`. The report is the answer, and what the editor shows of it is looked up by the
//! providers of hints, hovers, diagnostics and lenses.

use core::time::Duration;

use air_analysis::diagnostic::Origin;
use air_simulation::network::Answers;
use air_simulation::report;
use air_simulation::run::RunRequest;

use super::orders;
use super::refusal::{RUN_FAILED, refused};
use crate::document::MAX_ANALYSED_BYTES;
use crate::host::{FileError, RunError, RunLimits};
use crate::json::Json;
use crate::lsp;
use crate::results::{RunParams, RunResult};
use crate::run_answer::{self, NoReport};
use crate::snapshot::Snapshot;

/// Name of the command.
pub(crate) const COMMAND: &str = "air.run";

/// A search for other orders after a run takes no longer.
const MAX_SEARCH_TIME: Duration = Duration::from_millis(500);

/// `air.run`: the interpreter's report, as it is.
pub(crate) fn run(snapshot: &Snapshot, params: RunParams) -> lsp::Result<Json> {
    run_and(snapshot, params, true)
}

/// The same; `search`: whether the first other orders are followed as well.
pub(super) fn run_and(snapshot: &Snapshot, params: RunParams, search: bool) -> lsp::Result<Json> {
    let document = &snapshot.document;
    if let Some(refusal) = rejection(snapshot) {
        return Err(refusal);
    }
    let (request, mut limits) = (request(snapshot, &params)?, limits(snapshot));
    let time = limits.time;
    limits.time = snapshot.slice.limit.map_or(time, |limit| limit.min(time));
    let bytes = serde_json::to_vec(&request).unwrap_or_default();
    let answer = snapshot.host.runner.run(&bytes, &limits, &snapshot.stop);
    // A stopped run has been answered before, and a newer one may have begun.
    snapshot.check_cancelled()?;
    if matches!(answer, Err(RunError::Time { .. })) && limits.time < time {
        snapshot.slice.use_up();
        return Err(lsp::Error::request_cancelled());
    }
    let read = |bytes: Vec<u8>| match run_answer::read(&bytes) {
        Ok(report) => Ok(Ok((report, bytes))),
        Err(NoReport::Refused(message)) => Ok(Err(refused("run-refused", message))),
        Err(NoReport::Unreadable(message)) => Err(RunError::Trap { message }),
    };
    let (result, answer) = match answer.and_then(read) {
        Ok(Ok((report, bytes))) => (Ok(report), Ok(Json::raw(bytes))),
        Ok(Err(refusal)) => return Err(refusal),
        Err(error) => {
            let answer = refused(error.code(), error.to_string());
            (Err(error), Err(answer))
        }
    };
    let other_orders = result.as_ref().ok().filter(|_| search).and_then(|report| {
        let limits = RunLimits { time: limits.time.min(MAX_SEARCH_TIME), ..limits };
        orders::first_orders(snapshot, &request, report, &limits)
    });
    snapshot.check_cancelled()?;
    let kept = RunResult { revision: document.revision, params, result, other_orders };
    document.keep_run_unless(&snapshot.stop, kept);
    answer
}

/// What the interpreter is asked for.
pub(super) fn request(snapshot: &Snapshot, params: &RunParams) -> lsp::Result<RunRequest> {
    let (document, settings) = (&snapshot.document, snapshot.document.settings.run());
    Ok(RunRequest {
        text: document.text.to_string(),
        sample: read_sample(snapshot, params.sample)?,
        case: params.case.clone(),
        make_up: settings.make_up.unwrap_or(true),
        schedule: params.order.clone(),
        answers: params.answers.as_deref().map(answers).transpose()?,
        limits: report::Limits {
            max_steps: settings.max_steps.unwrap_or_else(|| report::Limits::default().max_steps),
            ..report::Limits::default()
        },
        ..RunRequest::default()
    })
}

/// What it may use.
pub(super) fn limits(snapshot: &Snapshot) -> RunLimits {
    let (settings, mut limits) = (snapshot.document.settings.run(), RunLimits::default());
    if let Some(memory) = settings.memory {
        limits.memory = (memory as usize) << 20;
    }
    if let Some(time) = settings.time {
        limits.time = Duration::from_millis(time.into());
    }
    limits
}

fn answers(text: &str) -> lsp::Result<Answers> {
    Answers::parse(text)
        .ok_or_else(|| lsp::error(-32602, "answers: expected one of together, single, random:SEED"))
}

/// Why a script that AquaVM rejects is not run: its first error. A run would end with that error at once, far from its
/// place, and dim the whole script.
fn rejection(snapshot: &Snapshot) -> Option<lsp::Error> {
    let analysis = snapshot.analysis();
    if analysis.accepted() {
        return None;
    }
    let mut errors = analysis.diagnostics().iter().filter(|found| found.code.origin() != Origin::Lint);
    let message = match errors.next() {
        Some(first) => {
            let line = snapshot.range(first.range).start.line + 1;
            let more = match errors.count() {
                0 => String::new(),
                1 => ", and 1 more error".to_owned(),
                more => format!(", and {more} more errors"),
            };
            format!("line {line}: {} ({}){more}", first.message, first.code.as_str())
        }
        // A directive hides the findings, but AquaVM does not read directives.
        None => analysis.reference_errors().first().map(|error| error.message.clone()).unwrap_or_default(),
    };
    Some(refused("script-rejected", format!("AquaVM rejects this script, so it cannot run: {message}")))
}

fn read_sample(snapshot: &Snapshot, wanted: Option<bool>) -> lsp::Result<Option<String>> {
    if wanted == Some(false) {
        return Ok(None);
    }
    if wanted == Some(true) && snapshot.open_sample().is_none() && snapshot.sample_path().is_none() {
        let message = format!("{} is not in a folder, so it has no sample data", snapshot.document.uri);
        return Err(lsp::error(RUN_FAILED, message));
    }
    match snapshot.sample_text(MAX_ANALYSED_BYTES as u64) {
        Ok(text) => Ok(Some(text)),
        Err(FileError::NotFound(_)) if wanted.is_none() => Ok(None),
        Err(error) => {
            let file = snapshot.sample_path().unwrap_or_default();
            Err(lsp::error(RUN_FAILED, format!("{}: {error}", file.display())))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use expect_test::expect;

    use super::*;
    use crate::features::fixture::{open, open_at, uri};
    use crate::host::memory::MemoryFiles;
    use crate::host::{Runner, Stop};

    #[test]
    fn the_report_is_answered_and_kept() {
        let snapshot = open("(ap 1 x)");
        let answer = run(&snapshot, RunParams::of(uri())).unwrap();
        assert_eq!(answer.value()["outcome"]["status"], "completed", "{answer:?}");
        let kept = snapshot.document.run().unwrap();
        assert_eq!(kept.result.as_ref().unwrap().coverage.executed, 1);
        snapshot.document.keep_run(None);
        assert!(snapshot.document.run().is_none());
    }

    #[test]
    fn a_rejected_script_is_not_run() {
        let refusal = |text: &str| {
            let snapshot = open(text);
            let error = run(&snapshot, RunParams::of(uri())).unwrap_err();
            assert_eq!(error.data.unwrap()["code"], "script-rejected");
            assert!(snapshot.document.run().is_none(), "nothing is shown of it");
            error.message.to_string()
        };
        expect!["AquaVM rejects this script, so it cannot run: line 2: variable `x` is not defined (V001)"]
            .assert_eq(&refusal("(seq\n (ap x y)\n (null)\n)"));
        expect!["AquaVM rejects this script, so it cannot run: line 2: variable `x` is not defined (V001), and 1 more error"].assert_eq(&refusal("(seq\n (ap x y)\n (ap z w)\n)"));
        expect!["AquaVM rejects this script, so it cannot run: line 2: variable `x` is not defined (V001)"]
            .assert_eq(&refusal("; air: allow-file(undefined-variable)\n(ap x y)"));
    }

    #[test]
    fn a_run_that_was_ended_shows_nothing() {
        let snapshot = open("(ap 1 x)");
        snapshot.stop.stop();
        assert!(run(&snapshot, RunParams::of(uri())).is_err());
        assert!(snapshot.document.last_run().is_none());
    }

    #[test]
    fn sample_data_that_is_asked_for_must_be_there() {
        let params = RunParams { sample: Some(true), ..RunParams::of(uri()) };
        let error = run(&open("(ap 1 x)"), params).unwrap_err();
        assert!(error.message.contains("/script.sample.json: "), "{error}");
    }

    /// `script.txt` is as good a script as `script.air`, once an editor says so.
    #[test]
    fn sample_data_of_another_extension() {
        let text = "(call %init_peer_id% (\"s\" \"f\") [] x)";
        let mut snapshot = open_at("file:///d/script.txt", text);
        let files = MemoryFiles::default();
        files.write("/d/script.sample.json", r#"{"services": [{"service": "s", "answer": {"ok": 5}}]}"#);
        snapshot.host.files = Arc::new(files);
        run(&snapshot, RunParams::of(snapshot.document.uri.clone())).unwrap();
        let kept = snapshot.document.run().unwrap();
        let values = &kept.result.as_ref().unwrap().values;
        assert_eq!(values[0].values[0].value.short, "5");
    }

    #[test]
    fn an_answer_that_is_none_is_a_bug_of_the_interpreter() {
        #[derive(Debug)]
        struct Broken;
        impl Runner for Broken {
            fn run(&self, _: &[u8], _: &RunLimits, _: &Stop) -> Result<Vec<u8>, RunError> {
                Ok(b"{}".to_vec())
            }
            fn explore(&self, _: &[u8], _: &RunLimits, _: &Stop) -> Result<Vec<u8>, RunError> {
                Ok(b"{}".to_vec())
            }
        }
        let mut snapshot = open("(ap 1 x)");
        snapshot.host.runner = Arc::new(Broken);
        let error = run(&snapshot, RunParams::of(uri())).unwrap_err();
        assert_eq!(error.data.unwrap()["code"], "sandbox-trap");
        assert!(snapshot.document.run().unwrap().result.is_err());
    }
}
