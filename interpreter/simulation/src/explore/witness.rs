//! A run that leads to an end: its outcome, and the event after which another end cannot come any more.

use super::end::Seen;
use super::explored::{Explored, schedule};
use super::search::{Beginning, Budget, Search};
use super::types::DecidingEvent;
use crate::network::{Answers, Unwatched};
use crate::report::Status;
use crate::run::{RunOrder, RunRequest, run};

/// Moves after which a run goes on by itself to an end.
pub(super) struct Witness<'e, 's> {
    pub(super) explored: &'e Explored<'s>,
    pub(super) moves: &'e [String],
}

/// How far one search for another end goes.
const DECIDING_BUDGET: Budget = Budget { orders: 2_000, invocations: 4_000 };

impl<'s> Witness<'_, 's> {
    /// What it comes to.
    pub(super) fn outcome(&self, request: &RunRequest, array_length: Option<u32>) -> (Status, String) {
        let request = RunRequest {
            schedule: Some(self.moves.join("\n")),
            order: Some(RunOrder::Fifo),
            answers: Some(Answers::Single),
            array_length: array_length.unwrap_or(request.array_length),
            ..request.clone()
        };
        match run(&request) {
            Ok(report) => (report.outcome.status, report.outcome.text),
            Err(problem) => (Status::Stopped, problem.message),
        }
    }

    /// The last event before which the other end could still come. `None` if that is not known.
    pub(super) fn deciding(&self, other: u64) -> Option<DecidingEvent> {
        let mut network = self.explored.network(schedule(self.moves)?);
        let mut services = self.explored.services.clone();
        while network.step(&mut services, &mut Unwatched).is_some() {}
        let numbered: Vec<(u64, String)> = (1u64..)
            .zip(network.events())
            .filter_map(|(number, event)| Some((number, event.chosen.clone()?)))
            .collect();
        let all: Vec<String> = numbered.iter().map(|(_, chosen)| chosen.clone()).collect();
        // After `open` moves the other end can come, after `lost` it cannot.
        let (mut open, mut lost) = (0, all.len());
        while open + 1 < lost {
            let middle = (open + lost) / 2;
            let here = self.after(all.get(..middle)?)?;
            let found =
                Search::new(here, self.explored.compare).until(other).run(DECIDING_BUDGET, &mut || false);
            match (found.ends.iter().any(|end| end.hash == other), found.left) {
                (true, _) => open = middle,
                (false, 0) => lost = middle,
                // Too many orders to know.
                (false, _) => return None,
            }
        }
        let (event, what) = numbered.into_iter().nth(lost.checked_sub(1)?)?;
        Some(DecidingEvent { event, what })
    }

    /// The network after some moves.
    fn after(&self, moves: &[String]) -> Option<Beginning<'s>> {
        let mut network = self.explored.network(schedule(moves)?);
        network.shares();
        let (mut services, mut seen) = (self.explored.services.clone(), Seen::default());
        // The start, then each move.
        for _ in 0..=moves.len() {
            network.step(&mut services, &mut Unwatched)?;
            let reached_end = network.reached_end();
            for step in network.take_steps() {
                seen.see(self.explored.compare, &step, network.init_peer(), reached_end);
            }
        }
        Some(Beginning { network, services, seen })
    }
}
