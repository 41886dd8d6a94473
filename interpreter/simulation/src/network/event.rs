//! What happened, one thing at a time: every delivery, answer, tick of the clock and fault has a number, a cause, and what
//! became of each thing that it sent or asked for.

use super::kind::PeerKind;
use super::service::Answer;
use super::step::Call;

/// One thing that happened. Its number is its place in the list, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Simulated milliseconds since the start.
    pub time: u64,
    /// What it was.
    pub kind: EventKind,
    /// Numbers of the events that sent what arrives or asked for what is answered.
    pub causes: Vec<u64>,
    /// What a schedule calls it; `None` for what nobody chooses.
    pub chosen: Option<String>,
    /// The code that the invocation came to; `None` without an invocation.
    pub ret_code: Option<i64>,
    /// Calls that the invocation asked for, in ascending order of their ids.
    pub asked: Vec<Asked>,
    /// What was sent after it, in the order of the peers' names.
    pub sent: Vec<Sent>,
}

/// Kinds of events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventKind {
    /// A peer starts the particle.
    Start {
        /// Its id.
        peer: String,
    },
    /// A particle arrives.
    Delivery {
        /// The sender's id.
        from: String,
        /// The receiver's id.
        to: String,
    },
    /// Calls are answered, together.
    Answer {
        /// The id of the peer that asked.
        peer: String,
        /// The calls' ids there.
        calls: Vec<u32>,
    },
    /// The clock moves.
    Tick,
    /// A fault of the schedule.
    Fault,
    /// The particle's life is over: what is still under way is dropped.
    Expiry,
}

impl EventKind {
    /// The id of the peer that it happens on.
    pub fn peer(&self) -> Option<&str> {
        match self {
            EventKind::Start { peer } | EventKind::Answer { peer, .. } => Some(peer),
            EventKind::Delivery { to, .. } => Some(to),
            EventKind::Tick | EventKind::Fault | EventKind::Expiry => None,
        }
    }
}

/// A call that an event asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Its id on its peer.
    pub id: u32,
    /// Service and function.
    pub name: (String, String),
    /// Whether there is no such service: [`Answer::no_service`], [`Answer::unknown_service`].
    pub nobody: bool,
    /// What became of it.
    pub fate: Became,
}

impl Asked {
    pub(super) fn new(call: &Call) -> Self {
        let request = &call.request;
        Asked {
            id: call.id,
            name: (request.service_id.clone(), request.function_name.clone()),
            nobody: matches!(&call.answer, Answer::Now(result) if result.ret_code != 0)
                && (call.answer == Answer::no_service(request)
                    || [PeerKind::Node, PeerKind::Client]
                        .iter()
                        .any(|kind| call.answer == Answer::unknown_service(*kind, request))),
            fate: Became::Waiting,
        }
    }
}

/// A particle that was sent after an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The receiver's id.
    pub to: String,
    /// What became of it; more than one if it was doubled.
    pub fates: Vec<Became>,
}

/// What became of something that was sent or asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Became {
    /// Nothing yet: the run ended before.
    Waiting,
    /// It came: the number of the event.
    Event(u64),
    /// It never comes, and why.
    Lost(Loss),
    /// The particle's life was over before.
    Expired,
    /// A service that never answers.
    Silent,
}

/// Why something never comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loss {
    /// The receiver is not there.
    NotThere,
    /// A fault by chance.
    Chance,
    /// A fault with a name.
    Fault(String),
    /// The receiver died before.
    Died,
    /// One of the two is connected to nobody but its relay.
    Behind {
        /// Its id.
        client: String,
        /// The relay's id.
        relay: String,
    },
}
