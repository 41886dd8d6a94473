//! What a simulation starts from.

use std::collections::{BTreeMap, BTreeSet};

use air_interpreter::peers::Peers;

use super::faults::{Faults, NamedFault};
use super::kind::PeerKind;
use super::queue::{Answers, Order};
use super::schedule::Schedule;

/// What a simulation starts from. Peers are given by ids, see [`Peers::id_of`].
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// The peer that starts the particle; made up if it is not one of `peers`.
    pub init_peer: String,
    /// The peers with keys.
    pub peers: Peers,
    /// Those of them that are there; all if `None`. Particles to others are lost.
    pub present: Option<BTreeSet<String>>,
    /// Whether any text in a peer's place is a peer of its own. Signatures of others are not checked then.
    pub any_peer: bool,
    /// The particle's own facts.
    pub particle: ParticleFacts,
    /// Sizes in bytes that an invocation refuses to exceed.
    pub limits: SizeLimits,
    /// What happens first, move by move.
    pub schedule: Schedule,
    /// In which order things happen after the schedule.
    pub order: Order,
    /// Whether answers come together.
    pub answers: Answers,
    /// What goes wrong by chance.
    pub faults: Faults,
    /// What goes wrong by name.
    pub named_faults: Vec<NamedFault>,
    /// Peers that are reached only through another one, by id: peer and relay.
    pub behind: BTreeMap<String, String>,
    /// Peers that are clients, by id; all others are nodes.
    pub clients: BTreeSet<String>,
    /// The simulation is stopped when there would be more runs than that.
    pub max_runs: MaxRuns,
}

impl Setup {
    /// What runs on a peer.
    pub fn kind(&self, id: &str) -> PeerKind {
        if self.clients.contains(id) { PeerKind::Client } else { PeerKind::Node }
    }
}

/// How many runs there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaxRuns(pub u32);

impl Default for MaxRuns {
    fn default() -> Self {
        MaxRuns(500)
    }
}

/// What a script reads as `%timestamp%` and `%ttl%`, and the salt of all signatures.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ParticleFacts {
    /// Any text; part of what peers sign.
    pub id: String,
    /// Milliseconds since 1970; the simulated clock starts here.
    pub timestamp: u64,
    /// Milliseconds that the particle lives: after them nothing arrives and nothing is answered. 0: for ever.
    pub ttl: u32,
}

/// Limits in bytes; `None`: unlimited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SizeLimits {
    /// Of the script.
    pub air_size: Option<u64>,
    /// Of the data that comes in.
    pub particle_size: Option<u64>,
    /// Of each result of a call.
    pub call_result_size: Option<u64>,
    /// Whether exceeding one is an error.
    pub hard: bool,
}
