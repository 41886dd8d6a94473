//! What an onlooker sees of a simulation.

use air_interpreter::Outcome;
use air_interpreter::peers::Peer;
use air_interpreter::recorder::Recorder;

use super::service::{Answer, ServiceCall};

/// An onlooker of a simulation. Every method does nothing unless it is implemented.
#[allow(unused_variables)]
pub trait Observer {
    /// A peer gets a particle or an answer.
    fn begins(&mut self, peer: &Peer, cause: &Cause, time: u64) {}
    /// Watches the run that begins now.
    fn recorder(&mut self) -> Option<&mut dyn Recorder> {
        None
    }
    /// Asked before each answer and each run: whether the simulation ends here.
    fn stops(&self) -> bool {
        false
    }
    /// A run ended; what it came to.
    fn ran(&mut self, peer: &Peer, outcome: &Outcome) {}
    /// A call was answered.
    fn answered(&mut self, call: &ServiceCall<'_>, answer: &Answer) {}
    /// A particle is sent.
    fn sent(&mut self, from: &Peer, to: &str, fate: Fate) {}
}

/// No onlooker.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Observer for Unwatched {}

/// Why a peer runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// It starts the particle.
    Start,
    /// A particle arrived.
    Particle {
        /// The id of the sender.
        from: String,
    },
    /// Calls are answered, later than at once.
    Answer {
        /// The requests' numbers on the peer that asked.
        ids: Vec<u32>,
    },
}

/// What becomes of a particle that is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It will arrive.
    Sent,
    /// It will arrive twice.
    Duplicated,
    /// A fault: it will not arrive.
    Dropped,
    /// The peer is not there.
    Lost,
}
