//! Where events stand on a time axis.

use crate::report::{Asked, Event, Fate};

/// Nanoseconds that an event takes in a picture.
pub(super) const EVENT_NANOS: u64 = 1_000;
/// Nanoseconds from the end of an event to the next one of the same millisecond.
const GAP_NANOS: u64 = 1_000;
const NANOS_IN_MS: u64 = 1_000_000;

/// When each event begins, in nanoseconds since the start of the run: strictly ascending.
pub(super) fn begins(events: &[Event]) -> Vec<u64> {
    let mut free = 0;
    let mut begin = |event: &Event| {
        let at = event.time.saturating_mul(NANOS_IN_MS).max(free);
        free = at.saturating_add(EVENT_NANOS + GAP_NANOS);
        at
    };
    events.iter().map(&mut begin).collect()
}

/// When a call's answer came, of the times of [`begins`]; `None` if it did not.
pub(super) fn answered_at(asked: &Asked, begins: &[u64]) -> Option<u64> {
    match asked.fate {
        Fate::Arrived { event } => begins.get(index(event)).copied(),
        _ => None,
    }
}

/// Index of the event with this number.
pub(super) fn index(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX).wrapping_sub(1)
}
