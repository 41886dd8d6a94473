//! Every error that an invocation can end with: AquaVM's codes and messages, and those of our own.
//!
//! Preparation errors (1…) and uncatchable ones (20000…) give the previous data back; catchable
//! ones (10000…) that reach the top give new data. 29000… are ours: inputs that make AquaVM trap.

mod catchable;
mod pages;
mod preparation;
mod uncatchable;

pub use catchable::{Catchable, ErrorObjectError, LensError};
pub use pages::{PAGES, Page, page};
pub use preparation::PreparationError;
pub use uncatchable::{TraceError, Uncatchable};

/// 29009, ours: the host passed memory that it had not allocated, or a text that is not UTF-8. Only the WebAssembly module
/// for AquaVM's hosts takes arguments so.
pub const ARGUMENT_NOT_READABLE: i64 = 29009;

/// What makes an instruction fail.
#[derive(Debug, Clone, PartialEq)]
pub enum ExecutionError {
    /// `xor` and `par` can go on after it.
    Catchable(Catchable),
    /// The invocation ends with it.
    Uncatchable(Uncatchable),
}

impl ExecutionError {
    /// AquaVM's number.
    pub fn code(&self) -> i64 {
        match self {
            ExecutionError::Catchable(error) => error.code(),
            ExecutionError::Uncatchable(error) => error.code(),
        }
    }
}

/// Whether an invocation that ends with this number makes AquaVM itself trap: all of ours do, but for the one that the
/// recorder brings about.
pub fn crashes_aquavm(code: i64) -> bool {
    code >= 29_000 && code != 29_006
}

impl std::fmt::Display for ExecutionError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ExecutionError::Catchable(error) => error.fmt(f),
            ExecutionError::Uncatchable(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ExecutionError {}

impl From<Catchable> for ExecutionError {
    fn from(error: Catchable) -> Self {
        ExecutionError::Catchable(error)
    }
}

impl From<Uncatchable> for ExecutionError {
    fn from(error: Uncatchable) -> Self {
        ExecutionError::Uncatchable(error)
    }
}
