//! One AquaVM invocation as a pure function: no clock, randomness, threads or I/O.
//!
//! [`invoke`] takes a [`Script`], previous and current data, [`RunParameters`] and call results,
//! and gives an [`Outcome`]; [`Session`] chains the invocations of one peer without bytes in
//! between and, where it is sure to be the same, goes on at the call that was answered; a
//! [`recorder::Recorder`] watches. Around it: the data between peers ([`data`], [`cid`],
//! [`keys`], [`signatures`], [`msgpack`]), JSON [`Value`]s printed and hashed as every peer prints
//! and hashes them, the table of all errors ([`errors`]), invocations as lines of JSON
//! ([`protocol`]) with peers by name ([`peers`]), data for people ([`readable`]).
//!
//! # How it runs
//!
//! A script is read without a syntax tree, unless it has mistakes to report, and lowered once to a program whose nodes
//! have the HIR's numbers. A machine walks it with a stack of frames of its own; each instruction is one file with
//! `enter` and, if it contains others, `resume`. Nothing recurses on what a script or data controls. Where an
//! instruction writes a state, previous and current trace are merged state by state as the reference merges them.
//!
//! # Where it differs from AquaVM 0.64.1, on purpose
//!
//! | what | here | why | test |
//! |---|---|---|---|
//! | a value in the data that is no JSON | 29000, previous data | AquaVM traps | `golden_runs`: `trap-value-not-json` |
//! | an answer for a call whose arguments are not known | 29001, previous data | traps | `trap-executed-call-without-arguments` |
//! | a variable and an iterator of one name | 29002, previous data | traps | `execution_examples`: S16 |
//! | `fail` with a code above the largest signed number | 29003, previous data | traps | F10 |
//! | values nested deeper than 4,096 levels | 29004, previous data | overflows its stack | `depth` |
//! | positions far outside of the trace | 29005, previous data | traps | `trap-fold-far-empty` |
//! | a state whose content is missing | 8, previous data | traps | `trap-missing-aggregate` |
//! | a key of no bytes | 9, previous data | traps | `trap-empty-key` |
//! | a stream's first value while two nested `new` of it, elsewhere in the text, are open | lost, as with one `new`; goes on | traps (0.62) | `differential`: `a_first_append…` |
//! | folds of any length | run | overflows its stack at some thousands | `depth` |
//! | order of peers, requests, stores, of leftover results in the message of 30000, of findings in that of 1 | always the same | hash maps there | `golden_runs` runs all twice |
//! | a text that data shares with two lengths | 2, previous data | reads beyond the text: rkyv checks the first only | `layout`: `a_text_shared…` |
//! | huge generation numbers in data | cost nothing | allocates up to them | `exec::stream` |
//! | words of libraries inside messages of 2, 3 and 5 | our own for some inputs | no peer sees them | `golden_runs` compares the stable ones |

pub mod cid;
pub mod data;
pub mod errors;
mod exec;
mod invocation;
pub mod json;
pub mod keys;
pub mod msgpack;
pub mod peers;
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
