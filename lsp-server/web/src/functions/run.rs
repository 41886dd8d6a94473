//! `run`: a script on simulated peers, as `air run --json` reports it.

use air_simulation::report::Report;
use air_simulation::run::{self, RunRequest};

use super::{Answer, Call, CallError};

/// Options are the fields of [`RunRequest`].
pub(super) fn run(call: &Call<'_>) -> Answer {
    Ok(report(call)?.to_json())
}

/// The report, for other functions too.
pub(super) fn report(call: &Call<'_>) -> Result<Report, CallError> {
    run::run(&request(call)?).map_err(|problem| CallError::Refused(problem.message))
}

fn request(call: &Call<'_>) -> Result<RunRequest, CallError> {
    Ok(RunRequest { text: call.text.clone(), ..call.options()? })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::functions::asked;

    #[test]
    fn a_report_with_sample_data() {
        let run = |options| {
            asked(
                json!({ "function": "run", "text": "; air: given y\n(call \"@a\" (\"s\" \"f\") [y.$.z] x)", "options": options }),
            )
        };
        let sample = r#"{"services": [{"function": "f", "answer": {"echo": 0}}]}"#;
        let report = run(json!({ "sample": sample, "given": { "y": { "z": 1.5 } } }));
        assert_eq!(report["result"]["values"][0]["values"][0]["value"]["short"], "1.5", "{report}");
        assert_eq!(run(json!({ "sample": sample, "case": "b" }))["error"]["code"], "refused");
    }
}
