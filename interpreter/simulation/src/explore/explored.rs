//! What is explored: a script with all that its runs have in common.

use air_interpreter::ParsedScript;

use super::end::{Compare, Seen};
use super::search::Beginning;
use crate::network::{Network, Schedule, Setup, Unwatched};
use crate::sample::SampleServices;

/// What is common to all searches of one exploration.
pub(super) struct Explored<'s> {
    pub(super) script: &'s ParsedScript,
    /// With single answers, and no moves.
    pub(super) setup: Setup,
    pub(super) services: SampleServices,
    pub(super) compare: Compare,
}

impl<'s> Explored<'s> {
    pub(super) fn network(&self, schedule: Schedule) -> Network<'s> {
        Network::new(self.script, Setup { schedule, ..self.setup.clone() })
    }

    pub(super) fn beginning(&self) -> Beginning<'s> {
        Beginning::new(self.network(Schedule::default()), self.services.clone(), self.compare)
    }

    /// The end of a run, by itself after what the setup says; `None` if its moves do not fit.
    pub(super) fn end_of(&self, mut network: Network<'s>) -> Option<u64> {
        let (mut services, mut seen) = (self.services.clone(), Seen::default());
        while network.step(&mut services, &mut Unwatched).is_some() {
            let reached_end = network.reached_end();
            for step in network.take_steps() {
                seen.see(self.compare, &step, network.init_peer(), reached_end);
            }
        }
        network.misfit().is_none().then(|| seen.end(self.compare, &network))
    }
}

/// The moves of a witness as a schedule.
pub(super) fn schedule(moves: &[String]) -> Option<Schedule> {
    Schedule::parse(&moves.join("\n")).ok()
}
