//! Whether a run ends the same whatever order deliveries come in.

use air_simulation::report::{Report, Span};
use air_simulation::run::{RunOrder, RunRequest};

use super::compare::{Mismatch, status};
use crate::cli::runner::{RunError, RunnerArgs};

/// What has to be the same: outcome, responses, errors in any order.
#[derive(Debug, PartialEq, Eq)]
struct End {
    status: &'static str,
    responses: Vec<String>,
    errors: Vec<(i64, Option<Span>, bool)>,
}

impl End {
    fn of(report: &Report) -> End {
        let outcome = &report.outcome;
        let values = |values: &[air_simulation::report::Shown]| {
            let texts =
                values.iter().filter_map(|value| value.json.as_ref()).map(|json| json.text().to_owned());
            texts.collect::<Vec<_>>().join(", ")
        };
        let mut errors: Vec<_> =
            outcome.failures.iter().map(|failure| (failure.code, failure.range, failure.handled)).collect();
        errors.sort_by_key(|(code, range, handled)| (*code, range.map(|range| range.start), *handled));
        End {
            status: status(outcome),
            responses: outcome.responses.iter().map(|response| values(&response.values)).collect(),
            errors,
        }
    }

    fn text(&self) -> String {
        let mut text = self.status.to_owned();
        for response in &self.responses {
            text.push_str(&format!(", response {response}"));
        }
        for (code, range, _) in &self.errors {
            let at = range.map(|range| format!(" at line {}", range.line)).unwrap_or_default();
            text.push_str(&format!(", error {code}{at}"));
        }
        text
    }
}

/// The first of `count` seeds from `first` on that ends otherwise than those before it, all of which ended like
/// the run in order of arrival: `fifo` if it is the first, else the seed before stands for them.
///
/// # Errors
/// If there is no report.
pub(super) fn difference(
    runner: &RunnerArgs,
    request: &RunRequest,
    fifo: &Report,
    (first, count): (u64, u64),
) -> Result<Option<Mismatch>, RunError> {
    let usual = End::of(fifo);
    let mut before = "fifo".to_owned();
    for seed in (first..=u64::MAX).take(usize::try_from(count).unwrap_or(usize::MAX)) {
        let request = RunRequest { order: RunOrder::Random(seed), ..request.clone() };
        let end = End::of(&runner.run(&request)?);
        if end != usual {
            let message =
                format!("{before} and random:{seed} end differently: {}; and {}", usual.text(), end.text());
            return Ok(Some(Mismatch::new("orders", message)));
        }
        before = format!("random:{seed}");
    }
    Ok(None)
}
