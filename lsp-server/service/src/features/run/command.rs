//! Running a script: `air.run`. The report is the answer, and what the editor shows of it is looked up by the
//! providers of hints, hovers, diagnostics and lenses.

use std::panic::resume_unwind;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use air_interpreter::report::{self, Report};
use air_interpreter::run::RunRequest;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::sample_document;
use crate::sandbox::{Entry, Limits, Sandbox, SandboxError};
use crate::server::disk;
use crate::server::document::{Document, SIZE_LIMIT, ShownRun, Snapshot};
use crate::server::lsp::{self, Url};

/// Its name.
pub(in crate::server) const COMMAND: &str = "air.run";

/// The argument of `air.run`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::server) struct RunParams {
    /// The script.
    pub uri: Url,
    /// Use `NAME.sample.json` beside the script; left out, it is used if it is there.
    #[serde(default)]
    pub sample: Option<bool>,
    /// Which case of the sample data.
    #[serde(default)]
    pub case: Option<String>,
}

impl RunParams {
    /// As a lens without a choice has it.
    pub(in crate::server) fn of(uri: Url) -> RunParams {
        RunParams { uri, sample: None, case: None }
    }
}

/// The code of the error that says why a run gave no report; `data.code` tells more.
const RUN_FAILED: i64 = -32803;

/// `air.run`.
pub(in crate::server) fn run(snapshot: &Snapshot, params: RunParams) -> lsp::Result<Value> {
    let document = &snapshot.document;
    let settings = document.settings.run();
    let sample = read_sample(snapshot, params.sample)?;
    let mut limits = Limits::default();
    if let Some(memory) = settings.memory {
        limits.memory = (memory as usize) << 20;
    }
    if let Some(time) = settings.time {
        limits.time = Duration::from_millis(time.into());
    }
    let request = RunRequest {
        text: document.text.to_string(),
        sample,
        case: params.case.clone(),
        make_up: settings.make_up.unwrap_or(true),
        limits: report::Limits {
            max_steps: settings.max_steps.unwrap_or_else(|| report::Limits::default().max_steps),
            ..report::Limits::default()
        },
        ..RunRequest::default()
    };
    let request = serde_json::to_vec(&request).unwrap_or_default();
    let answer = Sandbox::shared().run(Entry::Run, &request, &limits, snapshot.cancel.as_stop());
    // Whoever has ended it has answered already, and a newer run may have begun.
    snapshot.check_cancelled()?;
    let answer = answer.and_then(|bytes| read(&bytes).map_err(|message| SandboxError::Trap { message }));
    let (result, answer) = match answer {
        Ok(Ok((report, value))) => (Ok(report), Ok(value)),
        Ok(Err(message)) => return Err(refused("run-refused", message)),
        Err(error) => {
            let answer = refused(error.code(), error.to_string());
            (Err(error), Err(answer))
        }
    };
    document.keep_run(Some(ShownRun { version: document.version, asked: params, result }));
    answer
}

/// The interpreter's answer: a report and the same as JSON, or why the request could not be run.
fn read(bytes: &[u8]) -> Result<Result<(Report, Value), String>, String> {
    let text = std::str::from_utf8(bytes).map_err(|error| error.to_string())?;
    // Reports are long: both at once.
    let (report, value) = thread::scope(|scope| {
        let report = thread::Builder::new().spawn_scoped(scope, || Report::from_json(text));
        let value = serde_json::from_str::<Value>(text).map_err(|error| error.to_string());
        let report = match report {
            Ok(report) => report.join().unwrap_or_else(|panic| resume_unwind(panic)),
            Err(_) => Report::from_json(text),
        };
        (report, value)
    });
    let value = value?;
    match value.pointer("/error/message").and_then(Value::as_str) {
        Some(message) => Ok(Err(message.to_owned())),
        None => Ok(Ok((report?, value))),
    }
}

fn refused(code: &str, message: String) -> lsp::Error {
    let mut error = lsp::error(RUN_FAILED, message);
    error.data = Some(json!({ "code": code }));
    error
}

/// Where the sample data of a script lies.
pub(in crate::server) fn sample_file(document: &Document) -> Option<PathBuf> {
    let path = (document.uri.scheme() == "file").then(|| document.uri.to_file_path().ok()).flatten()?;
    let stem = path.file_stem()?.to_str()?;
    Some(path.with_file_name(format!("{stem}.sample.json")))
}

/// As it is open, saved or not.
pub(in crate::server) fn open_sample(snapshot: &Snapshot) -> Option<Arc<Document>> {
    let script = &snapshot.document.uri;
    let mut open = snapshot.view.open.iter().filter(|document| document.is_sample());
    open.find(|document| sample_document::script_of(&document.uri).as_ref() == Some(script)).cloned()
}

fn read_sample(snapshot: &Snapshot, wanted: Option<bool>) -> lsp::Result<Option<String>> {
    if let Some(open) = open_sample(snapshot).filter(|_| wanted != Some(false)) {
        return Ok(Some(open.text.to_string()));
    }
    let document = &snapshot.document;
    let file = sample_file(document).filter(|_| wanted != Some(false));
    match file.as_ref().map(|file| disk::read(file, SIZE_LIMIT as u64)) {
        Some(Ok(text)) => Ok(Some(text)),
        Some(Err(error)) if wanted == Some(true) || error.kind() != std::io::ErrorKind::NotFound => {
            let file = file.unwrap_or_default();
            Err(lsp::error(RUN_FAILED, format!("{}: {error}", file.display())))
        }
        None if wanted == Some(true) => {
            Err(lsp::error(RUN_FAILED, format!("{} has no folder for sample data", document.uri)))
        }
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::features::fixture::{open, uri};

    #[test]
    fn the_report_is_answered_and_kept() {
        let snapshot = open("(ap 1 x)");
        let answer = run(&snapshot, RunParams::of(uri())).unwrap();
        assert_eq!(answer["outcome"]["status"], "completed", "{answer}");
        let kept = snapshot.document.run().unwrap();
        assert_eq!(kept.result.as_ref().unwrap().coverage.executed, 1);
        snapshot.document.keep_run(None);
        assert!(snapshot.document.run().is_none());
    }

    #[test]
    fn a_run_that_was_ended_shows_nothing() {
        let snapshot = open("(ap 1 x)");
        snapshot.cancel.set();
        assert!(run(&snapshot, RunParams::of(uri())).is_err());
        assert!(snapshot.document.last_run().is_none());
    }

    #[test]
    fn sample_data_that_is_asked_for_must_be_there() {
        let params = RunParams { sample: Some(true), ..RunParams::of(uri()) };
        let error = run(&open("(ap 1 x)"), params).unwrap_err();
        assert!(error.message.contains("/script.sample.json: "), "{error}");
    }
}
