//! What the interpreter answers to a run: a report, or why the request could not be run.

use std::fmt;

use air_simulation::report::Report;
use serde::Deserialize;

/// Why an answer holds no report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoReport {
    /// The request cannot be run; sample data is the usual reason.
    Refused(String),
    /// The answer is not one of the interpreter's: a bug.
    Unreadable(String),
}

impl fmt::Display for NoReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (NoReport::Refused(message) | NoReport::Unreadable(message)) = self;
        f.write_str(message)
    }
}

/// Reads `{"error": {"message"}}` or a report. Reports may be long: they are parsed once.
pub fn read(answer: &[u8]) -> Result<Report, NoReport> {
    let text = std::str::from_utf8(answer).map_err(|error| NoReport::Unreadable(error.to_string()))?;
    Report::from_json(text).map_err(|error| match refusal(answer) {
        Some(message) => NoReport::Refused(message),
        None => NoReport::Unreadable(error),
    })
}

/// Why a request was refused, if the answer says that.
pub(crate) fn refusal(answer: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Refusal {
        error: Reason,
    }
    #[derive(Deserialize)]
    struct Reason {
        message: String,
    }
    let refusal: Refusal = serde_json::from_slice(answer).ok()?;
    Some(refusal.error.message)
}

#[cfg(test)]
mod tests {
    use air_simulation::run::{RunRequest, run_json};

    use super::*;

    #[test]
    fn reports_refusals_and_nonsense() {
        let answer = |request: &RunRequest| read(&run_json(&serde_json::to_vec(request).unwrap()));
        let request = RunRequest { text: "(null)".to_owned(), ..RunRequest::default() };
        assert_eq!(answer(&request).unwrap().coverage.executed, 1);
        let request = RunRequest { sample: Some("{\"x\"".to_owned()), ..request };
        let Err(NoReport::Refused(message)) = answer(&request) else { panic!("sample data is to blame") };
        assert!(message.starts_with("sample data: 1:"), "{message}");
        assert!(matches!(read(b"no json"), Err(NoReport::Unreadable(_))));
        assert!(matches!(read(b"\xff"), Err(NoReport::Unreadable(_))));
    }
}
