//! One AquaVM invocation as a pure function: no clock, randomness, threads or I/O.
//!
//! [`invoke`] takes a [`Script`], previous and current data, [`RunParameters`] and call results,
//! and gives an [`Outcome`]. Around it: the data between peers ([`data`], [`cid`], [`keys`],
//! [`signatures`], [`msgpack`]), JSON [`Value`]s printed and hashed as every peer prints and
//! hashes them, and the table of all errors ([`errors`]).

pub mod anomaly;
pub mod cid;
pub mod data;
pub mod errors;
mod exec;
mod invocation;
pub mod json;
pub mod keys;
pub mod msgpack;
mod program;
pub mod protocol;
pub mod readable;
pub mod recorder;
mod script;
pub mod signatures;
mod trace;
pub mod value;

pub use invocation::{
    CallRequest, CallServiceResult, Outcome, RunParameters, Session, decode_call_results,
    encode_call_requests, encode_call_results, invoke, invoke_watched,
};
pub use program::{NotRunnable, Program};
pub use protocol::Protocol;
pub use script::Script;
pub use value::Value;

/// The release of AquaVM whose behaviour this is; written into data as its producer.
pub const INTERPRETER_VERSION: Version = Version(0, 64, 1);
/// The version of the data format.
pub const DATA_VERSION: Version = Version(0, 17, 2);
/// Data of older producers is refused.
pub const MINIMUM_VERSION: Version = Version(0, 61, 0);

/// Major, minor, patch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version(pub u64, pub u64, pub u64);

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}
