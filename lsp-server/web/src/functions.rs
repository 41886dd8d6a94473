//! What the commands of `air` say, as functions of a text: one file each, named by the command.
//!
//! A request is `{"function", "text", "name", "kind", "options"}`; the answer is `{"result": …}` or `{"error": {"code", "message"}}`.
//! Results are the documents that the command line prints with `--json`, byte for byte, where it has one. Options have the
//! names of the command line's.

mod beautify;
mod check;
mod diagram;
mod explain;
mod explore;
mod format;
mod parse;
mod run;
mod sample;

use std::fmt;

use air_service::config::{self, Config};
use air_service::surrogates;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use serde_json::value::RawValue;

/// One call.
#[derive(Debug, Deserialize)]
struct Call<'a> {
    function: String,
    /// The script, or what else it is about.
    #[serde(default)]
    text: String,
    /// The script's name, as it stands in answers.
    #[serde(default = "unnamed")]
    name: String,
    /// Of pictures: `svg` or `mermaid`.
    #[serde(default)]
    kind: Option<String>,
    /// Options by their names.
    #[serde(borrow, default)]
    options: Option<&'a RawValue>,
}

fn unnamed() -> String {
    "script.air".to_owned()
}

/// Why a call has no result. Codes never change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallError {
    /// It is not a request, or an option cannot be read.
    BadRequest(String),
    /// The argument is not in memory that was allocated.
    NotAllocated,
    /// AquaVM rejects the script, so it cannot run and has no view.
    Rejected(String),
    /// It cannot be run with this sample data or these options.
    Refused(String),
    /// Nothing has that name.
    Unknown(String),
    /// It cannot be laid out or shown.
    TooDeep(String),
}

impl CallError {
    /// A stable name.
    pub fn code(&self) -> &'static str {
        match self {
            CallError::BadRequest(_) => "bad-request",
            CallError::NotAllocated => "not-allocated",
            CallError::Rejected(_) => "rejected",
            CallError::Refused(_) => "refused",
            CallError::Unknown(_) => "unknown",
            CallError::TooDeep(_) => "too-deep",
        }
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CallError::NotAllocated => f.write_str("the request is not in memory that was allocated"),
            CallError::BadRequest(message)
            | CallError::Rejected(message)
            | CallError::Refused(message)
            | CallError::Unknown(message)
            | CallError::TooDeep(message) => f.write_str(message),
        }
    }
}

/// A result as JSON text.
type Answer = Result<String, CallError>;

/// Answers one request. Never fails.
pub fn answer(request: &[u8]) -> String {
    let text = String::from_utf8_lossy(request);
    let whole = surrogates::replaced(&text);
    let answer = serde_json::from_str::<Call<'_>>(whole.as_deref().unwrap_or(&text))
        .map_err(|error| CallError::BadRequest(error.to_string()))
        .and_then(|call| dispatch(&call));
    written(answer)
}

/// The answer to a request that is not there.
pub(crate) fn not_allocated() -> String {
    written(Err(CallError::NotAllocated))
}

fn written(answer: Answer) -> String {
    match answer {
        Ok(result) => format!("{{\"result\":{result}}}"),
        Err(error) => json!({ "error": { "code": error.code(), "message": error.to_string() } }).to_string(),
    }
}

fn dispatch(call: &Call<'_>) -> Answer {
    match &*call.function {
        "beautify" => beautify::beautify(call),
        "check" => check::check(call),
        "diagram" => diagram::diagram(call),
        "explain" => explain::explain(call),
        "explore" => explore::explore(call),
        "format" => format::format(call),
        "parse" => parse::parse(call),
        "run" => run::run(call),
        "sample" => sample::sample(call),
        other => Err(CallError::BadRequest(format!("unknown function `{other}`"))),
    }
}

impl Call<'_> {
    /// The options, or their defaults.
    fn options<T: DeserializeOwned + Default>(&self) -> Result<T, CallError> {
        let Some(options) = self.options.filter(|options| options.get() != "null") else {
            return Ok(T::default());
        };
        serde_json::from_str(options.get())
            .map_err(|error| CallError::BadRequest(format!("options: {error}")))
    }
}

/// The configuration whose text, that of an `air.toml`, an option holds.
fn configuration(text: Option<&str>) -> Result<Config, CallError> {
    let Some(text) = text else { return Ok(Config::default()) };
    config::read::parse(text).map_err(|problems| {
        let sentences: Vec<String> = problems.iter().map(|problem| problem.message.clone()).collect();
        CallError::BadRequest(format!("config: {}", sentences.join("; ")))
    })
}

/// A script that AquaVM accepts; what comes of another is an error with its first finding.
fn accepted(text: &str) -> Result<air_analysis::Analysis, CallError> {
    let analysis = air_analysis::Analysis::new(text);
    if analysis.accepted() {
        return Ok(analysis);
    }
    let error = analysis
        .diagnostics()
        .iter()
        .find(|found| found.severity == air_analysis::diagnostic::Severity::Error);
    let said = error.map(|error| {
        let span = air_simulation::report::Span::new(analysis.line_index(), error.range);
        format!("{}:{}: {} ({})", span.line, span.column, error.message, error.code.as_str())
    });
    Err(CallError::Rejected(format!("AquaVM rejects this script: {}", said.unwrap_or_default())))
}

/// Answers as a test reads them.
#[cfg(test)]
fn asked(request: serde_json::Value) -> serde_json::Value {
    serde_json::from_str(&answer(request.to_string().as_bytes())).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_request_is_an_error() {
        let code = |text: &str| {
            let answer: serde_json::Value = serde_json::from_str(&answer(text.as_bytes())).unwrap();
            answer["error"]["code"].as_str().unwrap().to_owned()
        };
        for text in
            ["", "[]", "{}", r#"{"function":"fly"}"#, r#"{"function":"run","options":{"lose":[]},"text":1}"#]
        {
            assert_eq!(code(text), "bad-request", "{text}");
        }
        let half = answer(r#"{"function":"format","text":"; \ud83d"}"#.as_bytes());
        assert!(half.contains("; \u{fffd}"), "{half}");
        assert_eq!(code(r#"{"function":"check","options":{"deny":["nonsense"]}}"#), "bad-request");
        assert_eq!(
            code(r#"{"function":"check","options":{"config":"[levels]\nnonsense = 1"}}"#),
            "bad-request"
        );
        assert_eq!(code(r#"{"function":"explain","text":"nonsense"}"#), "unknown");
        assert_eq!(code(r#"{"function":"explore","text":"(nul)"}"#), "rejected");
        assert_eq!(code(r#"{"function":"run","text":"(null)","options":{"sample":"{"}}"#), "refused");
    }
}
