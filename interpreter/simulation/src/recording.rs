//! A run as a list of moments, and ways to move from one to another, forward and back.
//!
//! [`record()`] runs a script once and writes down what the interpreter says: instructions entered, left and failed,
//! values bound, calls requested and answered, particles sent and arrived. A place in time is the number of a moment,
//! so that nothing has to stop an interpreter, and going back costs what going forward does.
//!
//! A peer to which data comes back walks the script anew, from its beginning. What it only tells again is recorded,
//! since its values are those that the peer then holds, but is no stop: a reader sees each instruction once.
//!
//! ```
//! use air_simulation::recording::{RecordRequest, record};
//! use air_simulation::run::RunRequest;
//!
//! let text = r#"(seq (call %init_peer_id% ("math" "add") [2 3] five) (call %init_peer_id% ("math" "add") [five 1] six))"#;
//! let run = RunRequest { text: text.to_owned(), ..RunRequest::default() };
//! let recording = record(&RecordRequest { run, ..RecordRequest::default() })?;
//! let second = recording.step_in(recording.first());
//! let values = recording.values(second);
//! assert_eq!((&*values[0].name, recording.show_value(values[0].last()).to_json()), ("five", "5".to_owned()));
//! assert_eq!(recording.step_back(second), recording.first());
//! # Ok::<(), air_simulation::run::RunProblem>(())
//! ```

mod index;
mod make;
mod moment;
mod moves;
mod origins;
mod record;
mod stack;
mod state;
mod tape;
#[cfg(test)]
mod tests;

pub use make::{Change, MAX_MOMENTS, RecordRequest, record};
pub use moment::{Moment, MomentId, MomentKind};
pub use origins::Origin;
pub use record::Recording;
pub use stack::{Cause, Frame};
pub use state::{Held, HeldValue, OnItsWay, State};
pub use tape::{Asked, Binding, Failure, Invocation, Waited};
