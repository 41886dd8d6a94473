//! A network of peers in one process: a script runs on all of them, an event at a time, deterministically.
//!
//! 1. A queue starts with the first particle: the init peer gets no data.
//! 2. A peer takes a particle and runs it with what it has kept. With [`Answers::Together`], while it asks for calls, all
//!    of them are answered in ascending order and it is run again with the answers and no new data. Else the answers wait
//!    in the queue like particles.
//! 3. Then its data goes to the union of all peers that these runs name, in the order of their names.
//! 4. [`Schedule`] and [`Order`] say what comes next. When nothing is on its way, the answer that is due first comes in
//!    ([`Answer::Later`]): no clock but a simulated one.
//! 5. It ends when there is nothing left, when the particle's life is over ([`ParticleFacts::ttl`]), or after
//!    [`Setup::max_runs`] runs.
//!
//! [`Network::events`] lists all that happened, with causes and fates.
//!
//! Services come from outside ([`Services`]), so does an onlooker ([`Observer`]).

mod branch;
mod choice;
mod event;
mod faults;
mod kept;
mod kind;
mod log;
mod memo;
mod observer;
mod outcome;
mod outstanding;
mod queue;
mod request_places;
mod schedule;
mod service;
mod setup;
mod simulator;
mod step;

pub use event::{Asked, Became, Event, EventKind, Loss, Sent};
pub use faults::{Faults, NamedFault};
pub use kind::PeerKind;
pub use observer::{Cause, Fate, Observer, Unwatched};
pub use queue::{Answers, Order};
pub use schedule::{CallName, Move, Schedule, ScheduleError, Way};
pub use service::{Answer, ServiceCall, Services};
pub use setup::{MaxRuns, ParticleFacts, Setup, SizeLimits};
pub use simulator::{Network, Unanswered};
pub use step::{Call, Delivery, Invocation, Step};

pub(crate) use branch::Candidate;
pub(crate) use memo::hash_of;
pub(crate) use outcome::OutcomeParts;
