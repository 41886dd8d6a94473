//! Whether a run ends the same whatever order deliveries come in.

use std::str::FromStr;

use air_simulation::network::Answers;
use air_simulation::report::{Report, Span};
use air_simulation::run::{RunOrder, RunRequest};

use super::compare::{Mismatch, status};
use crate::cli::known_words::Offering;
use crate::cli::moves::order_option;
use crate::cli::runner::{RunError, RunnerArgs};

/// Value of `--orders`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Orders {
    /// All that can be told apart.
    All,
    /// So many random ones.
    Random(u64),
}

impl FromStr for Orders {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match (text, text.parse()) {
            ("all", _) => Ok(Orders::All),
            (_, Ok(count)) if count > 0 => Ok(Orders::Random(count)),
            _ => Err("expected a number from 1 on, or all".to_owned()),
        }
    }
}

/// The option's parser, with words for shells.
pub(super) fn orders_arg() -> impl clap::builder::TypedValueParser<Value = Orders> {
    let read = |text: &str| text.parse::<Orders>();
    Offering(read, || vec![("all".to_owned(), "all that can be told apart".to_owned())])
}

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

/// The first of `count` random orders, by seeds from `first` on, that ends otherwise than the run as it is: answers come
/// together in one third of them, each by itself in another, in random batches in the last.
///
/// The message names the order by its moves, which stay what they are when the script changes elsewhere.
///
/// # Errors
/// If there is no report.
pub(super) fn difference(
    runner: &RunnerArgs,
    request: &RunRequest,
    usual: &Report,
    (first, count): (u64, u64),
) -> Result<Option<Mismatch>, RunError> {
    let end = End::of(usual);
    for seed in (first..=u64::MAX).take(usize::try_from(count).unwrap_or(usize::MAX)) {
        let answers = match seed % 3 {
            0 => Answers::Single,
            1 => Answers::Together,
            _ => Answers::Random(seed),
        };
        let order = Some(RunOrder::Random(seed));
        let other = RunRequest { order, answers: Some(answers), ..request.clone() };
        let report = runner.run(&other)?;
        let ended = End::of(&report);
        if ended != end {
            let message = format!(
                "the usual order ends with {}; another one with {}: {}",
                end.text(),
                ended.text(),
                witness(usual, &report)
            );
            return Ok(Some(Mismatch::new("orders", message)));
        }
    }
    Ok(None)
}

/// How to see that order again: options of `air run`, up to the first move after which all goes as usual.
fn witness(usual: &Report, report: &Report) -> String {
    let moves = |report: &Report| -> Vec<String> {
        report.events.iter().filter_map(|event| event.order.clone()).collect()
    };
    let (usual_moves, mut own) = (moves(usual), moves(report));
    // What comes at the end in the order of arrival need not be said.
    let same_end =
        own.iter().rev().zip(usual_moves.iter().rev()).take_while(|(one, other)| one == other).count();
    let together = report.schedule.answers == "together";
    if together && report.schedule.answers == usual.schedule.answers {
        own.truncate(own.len() - same_end);
    }
    let answers = if together { "" } else { "--answers single" };
    format!("{answers}{}", order_option(&own)).trim_start().to_owned()
}
