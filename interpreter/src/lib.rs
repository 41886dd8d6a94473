//! One AquaVM invocation as a pure function: no clock, randomness, threads or I/O.
//!
//! [`invoke`] takes a [`ParsedScript`], previous and current data, [`RunParameters`] and call results,
//! and gives an [`Outcome`]; [`Session`] chains the invocations of one peer without bytes in
//! between and, where it is sure to be the same, goes on at the call that was answered; a
//! [`recorder::Recorder`] watches. Around it: the data between peers ([`data`], [`cid`],
//! [`keys`], [`signatures`], [`msgpack`]), JSON [`Value`]s printed and hashed as every peer prints
//! and hashes them, the table of all errors ([`errors`]), invocations as lines of JSON
//! ([`protocol`]) with peers by name ([`peers`]), data for people ([`display`]).
//!
//! # Layers
//!
//! Each module uses only those above it in this list; nothing goes round in a circle.
//!
//! 1. `keys`: Ed25519 keys and peer ids
//! 2. `cid`: content identifiers
//! 3. `value`: JSON values
//! 4. `json`: their texts
//! 5. `msgpack`: the encoding around data, answers and requests
//! 6. `data`: what travels between peers
//! 7. `signatures`: what peers sign of it
//! 8. `errors`: everything that an invocation can end with
//! 9. `program`: a script ready to run
//! 10. `script`: a script as it is given, accepted or not
//! 11. `host`: plain types of the interface
//! 12. `trace`: previous and current data, merged state by state
//! 13. `recorder`: what can be observed
//! 14. `exec`: the machine and its instructions
//! 15. `invocation`: one invocation, and sessions
//! 16. `peers`: peers by name
//! 17. `protocol`: invocations as lines of JSON
//! 18. `display`: data for people
//!
//! # How it runs
//!
//! *Previous data* is what the peer itself has kept of the particle, *current data* is what has just come in from another
//! peer. Every invocation runs the script from its beginning. What the data says is done is not done again; what is
//! missing is asked of the host, sent to another peer, or waited for.
//!
//! A script is read without a syntax tree, unless it has mistakes to report, and lowered once to a program whose nodes
//! have the HIR's numbers. A machine walks it with a stack of frames of its own; each instruction is one file with
//! `enter` and, if it contains others, `resume`. Nothing recurses on what a script or data controls. Where an
//! instruction writes a state, previous and current trace are merged state by state as AquaVM (here often: the reference) merges them.
//!
//! # Where it differs from AquaVM 0.64.1, on purpose
//!
//! | what | here | why | test |
//! |---|---|---|---|
//! | a value in the data that is not JSON | 29000, previous data | AquaVM traps | `golden_runs`: `trap-value-not-json` |
//! | an answer for a call whose arguments are not known | 29001, previous data | traps | `trap-executed-call-without-arguments` |
//! | a variable and an iterator of one name | 29002, previous data | traps | `execution_examples`: S16 |
//! | `fail` with a code above the largest signed number | 29003, previous data | traps | F10 |
//! | values nested deeper than 4,096 levels | 29004, previous data | overflows its stack | `depth` |
//! | positions far outside of the trace | 29005, previous data | traps | `trap-fold-far-empty` |
//! | a state whose content is missing | 8, previous data | traps | `trap-missing-aggregate` |
//! | a key of no bytes | 9, previous data | traps | `trap-empty-key` |
//! | a signature of no bytes | 9, previous data | traps | `forged`: `signatures_…` |
//! | previous data that has made 4,294,967,295 calls, at the next one | 29007, previous data | traps | `forged`: `no_number_…` |
//! | a stream's first value while two nested `new` of it, elsewhere in the text, are open | lost, as with one `new`; goes on | traps (0.62) | `differential`: `a_first_append…` |
//! | folds of any length | run | overflows its stack at some thousands | `depth` |
//! | order of peers, requests, stores, of leftover results in the message of 30000, of findings in that of 1 | always the same | hash maps there | `golden_runs` runs all twice |
//! | a text that data shares with two lengths | 2, previous data | reads beyond the text: rkyv checks the first only | `layout`: `a_text_shared…` |
//! | huge generation numbers in data | cost nothing | allocates up to them | `exec::stream` |
//! | words of libraries inside messages of 2, 3 and 5 | our own for some inputs | no peer sees them | `golden_runs` compares the stable ones |

pub mod cid;
pub mod data;
pub mod display;
pub mod errors;
mod exec;
mod host;
mod invocation;
pub mod json;
pub mod keys;
pub mod msgpack;
pub mod peers;
mod program;
pub mod protocol;
pub mod recorder;
mod script;
pub mod signatures;
mod trace;
pub mod value;

pub use host::{CallRequest, CallServiceResult, Outcome, RunParameters};
pub use invocation::{
    Fingerprint, Session, decode_call_requests, decode_call_results, encode_call_requests,
    encode_call_results, invoke, invoke_watched,
};
pub use program::{NotRunnable, Program};
pub use protocol::Protocol;
pub use script::ParsedScript;
pub use value::Value;

/// The release of AquaVM whose behaviour this is; written into data as its producer.
pub const INTERPRETER_VERSION: Version = Version(0, 64, 1);
/// The version of the data format.
pub const DATA_VERSION: Version = Version(0, 17, 2);
/// Data of older producers is refused.
pub const MINIMUM_VERSION: Version = Version(0, 61, 0);

/// A version: major, minor, patch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version(pub u64, pub u64, pub u64);

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}
