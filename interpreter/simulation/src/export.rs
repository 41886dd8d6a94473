//! Runs as files for programs that show what happened in distributed systems: [`perfetto()`], [`shiviz()`], [`otlp()`].
//!
//! All three are made from a report's events. Simulated time is milliseconds, and most of a run happens in one of them;
//! so events of one millisecond come a few microseconds after one another, in their order.

mod axis;
mod otlp;
mod perfetto;
mod shiviz;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests;

pub use otlp::otlp;
pub use perfetto::perfetto;
pub use shiviz::{TooManyEntries, shiviz};

use crate::report::{Asked, Calls, Event, EventKind, Fate};

/// `service.function`.
fn name_of(asked: &Asked) -> String {
    format!("{}.{}", asked.service, asked.function)
}

/// One line about an event: what happened, not what came of it.
fn title(event: &Event, events: &[Event]) -> String {
    match event.kind {
        EventKind::Start => "starts the particle".to_owned(),
        EventKind::Delivery => format!("particle from {}", event.from.as_deref().unwrap_or_default()),
        EventKind::Answer => format!("answered {}", answered(event, events)),
        EventKind::Tick => format!("{} ms", event.time),
        EventKind::Fault => event.order.clone().unwrap_or_default(),
        EventKind::Expiry => "the particle's life is over".to_owned(),
    }
}

/// Names of the calls that an event answers.
fn answered(event: &Event, events: &[Event]) -> String {
    let asking = event.causes.iter().filter_map(|cause| events.get(axis::index(*cause)));
    let asked = asking.flat_map(|asking| &asking.asked).filter(|asked| event.answers.contains(&asked.id));
    asked.map(name_of).collect::<Vec<_>>().join(", ")
}

/// Why a call has no answer; `None` if it has one.
fn unanswered(fate: &Fate) -> Option<String> {
    match fate {
        Fate::Arrived { .. } => None,
        Fate::Lost { why } => Some(format!("no answer: {why}")),
        Fate::Expired => Some("no answer: expired".to_owned()),
        Fate::Silent => Some("never answers".to_owned()),
        Fate::UnderWay => Some("no answer yet".to_owned()),
    }
}

/// Arguments as a list, and the answer: its text and whether the service failed.
fn call_texts(calls: &Calls, peer: &str, asked: &Asked) -> (String, Option<(String, bool)>) {
    let Some(call) = calls.get(peer, asked.id) else { return ("[]".to_owned(), None) };
    let answer = call.answer.as_ref().filter(|_| unanswered(&asked.fate).is_none());
    let answer = answer.map(|answer| (answer.text.clone(), answer.failed));
    (format!("[{}]", call.arguments.join(",")), answer)
}
