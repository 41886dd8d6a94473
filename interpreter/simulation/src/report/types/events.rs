//! What happened, one thing at a time.

use serde::{Deserialize, Serialize};

use super::skip::is_false;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Event {
    /// Its number, from 1: all kinds are counted together.
    pub number: u64,
    /// What it was.
    pub kind: EventKind,
    /// When: milliseconds on the network's own clock.
    pub time: u64,
    /// The peer that it happened on; of a tick, a fault and an expiry none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peer: Option<String>,
    /// Of a delivery: the sender.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Numbers of the events that sent what arrives or asked for what is answered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<u64>,
    /// Of an answer: the numbers of the calls on this peer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<u32>,
    /// What `--order` calls it: these lines in order lead to the same run. Not there for what nobody chooses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
    /// The code of the invocation; not there without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ret_code: Option<i64>,
    /// Calls that the invocation asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asked: Vec<Asked>,
    /// Particles that were sent after it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sent: Vec<Sent>,
}

/// Kinds of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// The first peer starts the particle.
    Start,
    /// A particle arrives.
    Delivery,
    /// Calls are answered, together.
    Answer,
    /// The clock moves.
    Tick,
    /// A fault that the order asked for.
    Fault,
    /// The particle's time to live is over; what is under way is dropped.
    Expiry,
}

/// A call that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Asked {
    /// Its number on the peer.
    pub id: u32,
    /// The service.
    pub service: String,
    /// The function.
    pub function: String,
    /// Whether neither sample data nor a service has an answer, so that it came to an error.
    #[serde(default, skip_serializing_if = "is_false")]
    pub nobody: bool,
    /// What became of it.
    #[serde(flatten)]
    pub fate: Fate,
}

/// A particle that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Sent {
    /// To whom.
    pub to: String,
    /// Whether it is a copy that a fault made.
    #[serde(default, skip_serializing_if = "is_false")]
    pub copy: bool,
    /// What became of it.
    #[serde(flatten)]
    pub fate: Fate,
}

/// What became of something that was sent or asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "fate", rename_all = "snake_case")]
pub enum Fate {
    /// It came.
    Arrived {
        /// With this event.
        event: u64,
    },
    /// It never comes.
    Lost {
        /// Why, in plain words.
        why: String,
    },
    /// The particle's time to live was over before.
    Expired,
    /// The service never answers.
    Silent,
    /// The run ended before.
    UnderWay,
}
