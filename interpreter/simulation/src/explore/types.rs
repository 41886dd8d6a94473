//! What is to be explored, and what came of it.

use serde::{Deserialize, Serialize};

use super::end::Compare;
use crate::report::Status;
use crate::run::RunRequest;

/// What is to be explored, and how far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ExploreRequest {
    /// The run whose orders are followed. Its own order is what is followed first.
    pub run: RunRequest,
    /// What counts when ends are compared.
    pub compare: Compare,
    /// Orders that are followed at most.
    pub max_orders: u64,
    /// Invocations of the interpreter at most; what orders have in common is counted once.
    pub max_invocations: u64,
    /// Ends that get a witness; all are counted.
    pub max_ends: u64,
    /// Whether witnesses are made short, and the event that decides between ends is looked for.
    pub explain: bool,
}

impl Default for ExploreRequest {
    fn default() -> Self {
        ExploreRequest {
            run: RunRequest::default(),
            compare: Compare::default(),
            max_orders: 1_000,
            max_invocations: 20_000,
            max_ends: 16,
            explain: true,
        }
    }
}

/// What came of all orders, as far as they were followed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Exploration {
    /// What counted when ends were compared.
    pub compare: Compare,
    /// Orders that differ in what some peer got before what, as far as they were followed.
    pub orders: u64,
    /// Whether these are all.
    pub complete: bool,
    /// If not: there are at least so many.
    pub at_least: u64,
    /// Invocations of the interpreter.
    pub invocations: u64,
    /// How many ends were found.
    pub found_ends: u64,
    /// The ends, the run's own first; at most as many as asked for.
    pub ends: Vec<End>,
}

/// One end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct End {
    /// Whether it is that of the run without any moves.
    pub default: bool,
    /// How many of the orders have it; 0 if only the run's own order has it, in which answers come together and what a
    /// peer sends goes out when it has nothing more to ask.
    pub orders: u64,
    /// Moves that lead to it, one a line, for `--answers single --order`; empty if it comes by itself.
    pub order: String,
    /// Its outcome in one word.
    pub status: Status,
    /// The outcome in one sentence.
    pub text: String,
    /// Up to which event the run's own end could still come too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deciding: Option<DecidingEvent>,
}

/// The event with which one end became impossible.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DecidingEvent {
    /// Its number in the run that the end's moves lead to.
    pub event: u64,
    /// What it is, as orders name it.
    pub what: String,
}
