//! Values, with where they came from and where they were held.

use serde::{Deserialize, Serialize};

use super::skip::is_false;
use crate::report::json::Json;
use crate::report::places::Span;

/// All values that one operand had.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Values {
    /// The operand.
    pub range: Span,
    /// The instruction around it.
    pub instruction: Span,
    /// What the operand is there for.
    pub role: Role,
    /// The operand as it is written.
    pub name: String,
    /// How many values it had; more than `values` has when these are only the first ones and the last.
    pub count: u64,
    /// The values, in order of time.
    pub values: Vec<ValueAt>,
}

/// What an operand is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The variable that a call's result goes to.
    Output,
    /// An argument of a call.
    Argument,
    /// The variable that `ap` or `canon` sets.
    Target,
    /// A fold's iterator.
    Iterator,
    /// A side of a `match` or `mismatch`.
    Side,
}

/// One value of an operand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ValueAt {
    /// The value.
    pub value: Shown,
    /// The peer that got it first.
    pub peer: String,
    /// In which iteration of the folds around it, outermost first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub iteration: Vec<Iteration>,
    /// Where it comes from; of a canon as an argument, one for each element.
    pub tetraplets: Vec<Tetraplet>,
    /// The identifier of the service result or canon that vouches for it; literals have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cid: Option<String>,
    /// Whether it was made up because no sample and no service gave it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub made_up: bool,
}

/// A value as a reader sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Shown {
    /// The value itself; `null` if its text is longer than `limits.value_bytes`.
    pub json: Option<Json>,
    /// A short form for one line.
    pub short: String,
    /// Bytes of the whole text.
    pub size: u64,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Tetraplet {
    /// The peer.
    pub peer_pk: String,
    /// The service.
    pub service_id: String,
    /// The function.
    pub function_name: String,
    /// What was taken out of the result.
    pub lens: String,
}

/// The element that a fold stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Iteration {
    /// Where the `fold` begins in the text.
    pub fold: u32,
    /// Which round of a fold over a stream; 0 for other folds.
    pub round: u32,
    /// Which element, from 0; of a stream, in this round.
    pub index: u32,
}
