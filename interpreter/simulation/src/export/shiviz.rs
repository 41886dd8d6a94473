//! ShiViz: one event in two lines, what happened and then the peer with its vector clock.
//!
//! `(?<event>.*)\n(?<host>\S*) (?<clock>{.*})`, the expression that ShiViz starts with, reads them. What happens to the
//! network as a whole has no host and no clock: ticks, faults and the end of the particle's life are left out.

use std::collections::BTreeMap;
use std::fmt;
use std::fmt::Write as _;
use std::rc::Rc;

use super::axis::index;
use super::{call_texts, name_of, title, unanswered};
use crate::report::{Calls, Event, Report};
use crate::shorten;

/// Entries of clocks in one file: 4,000,000, which are about 100 MB.
const MAX_ENTRIES: usize = 4_000_000;
/// Characters of a line.
const MAX_LINE_CHARS: usize = 300;

/// A run whose clocks have more than 4,000,000 entries together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooManyEntries;

impl fmt::Display for TooManyEntries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the clocks of this run have more than {MAX_ENTRIES} entries; `--max-steps` makes it shorter"
        )
    }
}

impl std::error::Error for TooManyEntries {}

/// How many events of each peer, by its name, came before something.
type Clock = BTreeMap<Rc<str>, u64>;

/// The run as a log for ShiViz.
///
/// # Errors
/// If there are too many peers for so many events.
pub fn shiviz(report: &Report) -> Result<String, TooManyEntries> {
    let calls = Calls::of(report);
    let mut out = String::new();
    let mut at_event: Vec<Rc<Clock>> = Vec::with_capacity(report.events.len());
    let mut of_peer: BTreeMap<&str, Rc<Clock>> = BTreeMap::new();
    let mut entries = 0;
    for event in &report.events {
        let Some(peer) = event.peer.as_deref() else {
            at_event.push(Rc::default());
            continue;
        };
        let mut clock = of_peer.get(peer).map(|clock| Clock::clone(clock)).unwrap_or_default();
        for cause in &event.causes {
            for (host, count) in at_event.get(index(*cause)).iter().flat_map(|clock| clock.iter()) {
                let known = clock.entry(host.clone()).or_default();
                *known = (*known).max(*count);
            }
        }
        *clock.entry(host(peer)).or_default() += 1;
        entries += clock.len();
        if entries > MAX_ENTRIES {
            return Err(TooManyEntries);
        }
        write_event(&mut out, (event, title(event, &report.events)), peer, &clock, &calls);
        let clock = Rc::new(clock);
        at_event.push(clock.clone());
        of_peer.insert(peer, clock);
    }
    Ok(out)
}

fn write_event(out: &mut String, (event, title): (&Event, String), peer: &str, clock: &Clock, calls: &Calls) {
    let mut line = title;
    for asked in &event.asked {
        let (arguments, answer) = call_texts(calls, peer, asked);
        let answer = match answer {
            Some((text, false)) => format!("→ {text}"),
            Some((text, true)) => format!("fails: {text}"),
            None => unanswered(&asked.fate).unwrap_or_default(),
        };
        // Writing into a string does not fail.
        let _ = write!(line, "; {}{arguments} {answer}", name_of(asked));
    }
    if let Some(code) = event.ret_code.filter(|code| *code != 0) {
        let _ = write!(line, "; error {code}");
    }
    let line = line.replace(char::is_control, " ");
    let clock: BTreeMap<&str, u64> = clock.iter().map(|(host, count)| (&**host, *count)).collect();
    let clock = serde_json::to_string(&clock).unwrap_or_default();
    let _ = writeln!(out, "{}\n{} {clock}", shorten(&line, MAX_LINE_CHARS), host(peer));
}

/// Names of hosts have no spaces.
fn host(peer: &str) -> Rc<str> {
    peer.replace(|c: char| c.is_whitespace() || c.is_control(), "_").into()
}
