//! The report of a run: what came of it, and for each place of the script what happened there.
//!
//! Plain data, written as JSON by [`Report::to_json`]. Adding fields is free, changing them is not;
//! [`REPORT_VERSION`] counts changes that readers have to know of. Peers are written as in scenarios:
//! `@name` where the run knows a name, else the id. Ranges are bytes of the script as it was given.

mod beside;
mod build;
mod calls;
mod events;
mod json;
mod outcome;
mod places;
mod reasons;
mod record;
mod remarks;
mod show;
mod sizes;
mod types;
mod values;

pub use beside::{Beside, Note, NoteKind, as_comments, beside};
pub use calls::{CallAnswer, CallRecord, Calls};
pub use json::Json;
pub use places::{Places, Span};
pub use types::{
    Asked, By, Coverage, Duration, Event, EventKind, Executed, Failure, Fate, Iteration, Limits, MadeUp,
    NotExecuted, Outcome, Printed, Problem, REPORT_VERSION, Reason, Remark, RemarkClass, Report, Request,
    Response, Role, RunError, Schedule, Sent, Shown, Status, Tetraplet, ValueAt, Values, Waiting,
};

pub(crate) use build::Facts;
pub(crate) use events::{events, late, losses};
pub(crate) use record::Recording;
pub(crate) use remarks::InstrRemark;
