//! How time grows with the size of a text: exponents from processor times at several sizes.
//!
//! Only the standard library is used, so that tests of any crate can take this file in by its path.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::time::Duration;

/// Time may grow as the size to this power: 1 is linear; caches and logarithms add a little, up to 1.36 for structural edits
/// in deep nests, and other programs on the machine some more. The goal is 1.3.
pub const MOST: f64 = 1.5;

/// Below this, noise and what is done once decide.
pub const TELLING: Duration = Duration::from_millis(50);

/// From one size to the next.
pub const STEP: usize = 4;

/// What is measured: what is done, on which shape.
pub type What = (String, &'static str);

/// By the size of the text in bytes, least first: bytes of text and answer together, and the time. A layout indents, so
/// that an answer may be longer than its text by far; time has to grow with both.
pub type Times = BTreeMap<usize, (usize, Duration)>;

/// All measurements of a suite.
pub struct Growth {
    times: BTreeMap<What, Times>,
    /// Shorter times say nothing at all, not even that a larger size should be tried.
    shortest: Duration,
}

impl Growth {
    /// For times that are exact to about the shortest one.
    pub fn new(shortest: Duration) -> Growth {
        Growth { times: BTreeMap::new(), shortest }
    }

    /// Notes a time; of several at one size the shortest counts, since noise only adds.
    pub fn note(&mut self, what: &What, bytes: usize, answer: usize, time: Duration) {
        let times = self.times.entry(what.clone()).or_default();
        let known = times.entry(bytes).or_insert((bytes + answer, time));
        known.1 = time.min(known.1);
    }

    /// What grows too fast as far as is known: its times tell, or its size is still too small for that.
    pub fn suspects(&self) -> Vec<What> {
        let long = |times: &Times| times.values().last().is_some_and(|(_, time)| *time >= self.shortest);
        let suspects = self.times.iter().filter(|(_, times)| long(times));
        let suspects = suspects.filter(|(_, times)| exponent(times).is_some_and(|it| it > MOST));
        suspects.map(|(what, _)| what.clone()).collect()
    }

    /// What grows too fast for certain, with its exponent.
    pub fn guilty(&self) -> Vec<(What, f64)> {
        let telling = |times: &Times| times.values().last().is_some_and(|(_, time)| *time >= TELLING);
        let all = self.times.iter().filter(|(_, times)| telling(times));
        all.filter_map(|(what, times)| Some((what.clone(), exponent(times)?)))
            .filter(|(_, exponent)| *exponent > MOST)
            .collect()
    }

    /// What grows too fast and is not allowed to, a line each with all its times.
    pub fn wrong(&self, allowed: impl Fn(&What) -> bool) -> String {
        let mut lines = String::new();
        for (what, exponent) in self.guilty().into_iter().filter(|(what, _)| !allowed(what)) {
            let times = self.of(&what);
            let _ = writeln!(lines, "{} on {}: exponent {exponent:.2} {times:?}", what.0, what.1);
        }
        lines
    }

    /// Whether one of these was measured on that shape at that size.
    pub fn has(&self, done: &BTreeSet<String>, shape: &str, bytes: usize) -> bool {
        self.times
            .iter()
            .any(|((it, on), times)| done.contains(it) && *on == shape && times.contains_key(&bytes))
    }

    /// The times of one thing.
    pub fn of(&self, what: &What) -> Times {
        self.times.get(what).cloned().unwrap_or_default()
    }

    /// For each thing that is done: how many shapes were long enough to tell, and the largest exponents among them.
    pub fn table(&self) -> String {
        let mut rows: BTreeMap<&str, Vec<(f64, &str, Duration)>> = BTreeMap::new();
        for ((done, shape), times) in &self.times {
            let row = rows.entry(done).or_default();
            if let (Some(exponent), Some((_, time))) = (exponent(times), times.values().last())
                && *time >= TELLING
            {
                row.push((exponent, shape, *time));
            }
        }
        let mut table =
            String::from("| what | shapes that take 50 ms and more | largest exponents |\n|---|---|---|\n");
        for (done, mut row) in rows {
            row.sort_by(|one, other| other.0.total_cmp(&one.0));
            let largest = row
                .iter()
                .take(3)
                .map(|(exponent, shape, time)| format!("{exponent:.2} {shape} ({} ms)", time.as_millis()));
            let _ =
                writeln!(table, "| {done} | {} | {} |", row.len(), largest.collect::<Vec<_>>().join(", "));
        }
        table
    }
}

/// By the last two sizes; `None` where there is only one.
pub fn exponent(times: &Times) -> Option<f64> {
    let mut last = times.iter().rev();
    let ((text, (whole, time)), (text_before, (whole_before, before))) = (last.next()?, last.next()?);
    // Some answers are cut where they get long, others get longer than their text.
    let by = |now: usize, then: usize| now as f64 / then as f64;
    let grown = by(*text, *text_before).max(by(*whole, *whole_before));
    // Else a limit of depth holds it back.
    (grown > 1.5).then(|| (time.as_secs_f64() / before.as_secs_f64().max(1e-6)).ln() / grown.ln())
}
