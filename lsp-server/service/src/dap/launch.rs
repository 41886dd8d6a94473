//! What is launched: a script with its sample data.

use std::collections::BTreeMap;

use air_simulation::network::Answers;
use air_simulation::recording::{Change, RecordRequest};
use air_simulation::run::{RunOrder, RunRequest};
use serde::Deserialize;
use serde_json::Value;

use super::message::Refusal;
use crate::SamplePath;

/// The outside of the debugger: texts of files.
pub trait Files {
    /// The text of a file.
    ///
    /// # Errors
    /// If there is none, or it cannot be read: one sentence.
    fn read(&self, path: &str) -> Result<String, String>;
    /// Whether there is such a file.
    fn exists(&self, path: &str) -> bool;
}

/// Arguments of `launch`.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Launch {
    /// The script's file.
    program: Option<String>,
    /// The script itself, if there is no file.
    text: Option<String>,
    /// Sample data: a file, or the object itself; without it, `NAME.sample.json` beside `NAME.air`; `false`: none.
    sample: Option<Value>,
    case: Option<String>,
    make_up: Option<bool>,
    order: Option<String>,
    schedule: Option<String>,
    answers: Option<String>,
    ttl: Option<u32>,
    faults: Vec<String>,
    given: BTreeMap<String, Value>,
    pub(super) stop_on_entry: Option<bool>,
    pub(super) no_debug: bool,
}

/// A script that can run.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Launched {
    pub(super) request: RecordRequest,
    /// The script's file, as the client names it.
    pub(super) path: Option<String>,
}

impl Launch {
    /// Reads what is to run, with some answers changed.
    pub(super) fn load(&self, files: &dyn Files, changes: Vec<Change>) -> Result<Launched, Refusal> {
        let path = self.program.clone();
        let text = match (&self.text, &path) {
            (Some(text), _) => text.clone(),
            (None, Some(path)) => files.read(path)?,
            (None, None) => return Err("`program` is missing: the path of a script".into()),
        };
        let sample = match &self.sample {
            Some(Value::String(path)) => Some(files.read(path)?),
            Some(Value::Bool(false)) => None,
            Some(Value::Null) | None => {
                let beside = path.as_deref().map(std::path::Path::new).and_then(SamplePath::of);
                let beside = beside.map(|beside| beside.to_string_lossy().into_owned());
                beside.filter(|beside| files.exists(beside)).map(|beside| files.read(&beside)).transpose()?
            }
            Some(data @ Value::Object(_)) => Some(data.to_string()),
            Some(_) => return Err("`sample` is neither a path nor an object".into()),
        };
        let order = self.order.as_deref().map(str::parse::<RunOrder>).transpose()?;
        let answers = self.answers.as_deref().map(|text| {
            Answers::parse(text).ok_or_else(|| {
                Refusal(format!("unknown answers `{text}`; expected one of together, single, random:SEED"))
            })
        });
        let answers = answers.transpose()?;
        let given = serde_json::to_string(&self.given).and_then(|text| serde_json::from_str(&text));
        let run = RunRequest {
            text,
            // Who has no sample data wants to see the script run all the same.
            make_up: self.make_up.unwrap_or(sample.is_none()),
            sample,
            case: self.case.clone(),
            order,
            schedule: self.schedule.clone(),
            answers,
            ttl: self.ttl,
            named_faults: self.faults.clone(),
            given: given.map_err(|error| Refusal(format!("`given`: {error}")))?,
            ..RunRequest::default()
        };
        Ok(Launched { request: RecordRequest { run, changes, max_moments: 0 }, path })
    }
}
