//! What a built-in function is, and what it gives.

use air_interpreter::value::Value;

use super::args::Args;

/// A function by its name.
pub(super) type Function = (&'static str, Compute);

/// Computes an answer; the error is the text that a node refuses the arguments with.
pub(super) type Compute = fn(&mut Args<'_>) -> Result<Reply, String>;

/// What a function gives.
#[derive(Debug)]
pub(super) enum Reply {
    /// A value.
    Value(Value),
    /// Nothing: nodes answer with an empty text then.
    Nothing,
    /// A value after some milliseconds.
    After(u64, Value),
}

impl From<Value> for Reply {
    fn from(value: Value) -> Self {
        Reply::Value(value)
    }
}
