//! The seams: what the service needs of the program that hosts it. Natively that is a process with threads and a
//! sandbox, in a browser one Wasm module without either ([`memory`]).

pub mod files;
pub mod memory;
pub mod run_error;
pub mod runner;

use std::fmt::Debug;
use std::sync::Arc;

pub use files::{FileError, FileKind, Files, Metadata};
pub use run_error::RunError;
pub use runner::{RunLimits, Runner, Stop};

use crate::event::Event;

/// Everything around the service.
#[derive(Debug, Clone)]
pub struct Host {
    /// Files, where there are any.
    pub files: Arc<dyn Files>,
    /// Threads, or a queue that the host works off when it likes.
    pub jobs: Arc<dyn Jobs>,
    /// Where scripts are run.
    pub runner: Arc<dyn Runner>,
    /// Lines for people.
    pub log: Arc<dyn Log>,
    /// Turns on requests that break the service on purpose (`air/test/…`), so that tests can see it survive.
    pub test_sleep: Option<TestSleep>,
}

/// Waits so many milliseconds or until it is stopped; how long it took. `air/test/sleep` calls it.
pub type TestSleep = fn(u64, &Stop) -> u64;

/// Work off to the side. Its event is to be handed to [`crate::Service::handle`].
pub type Job = Box<dyn FnOnce() -> Option<Event> + Send>;

/// Which jobs may wait for which others: those of one lane only for each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lane {
    /// Requests and analyses. Several at once.
    Worker,
    /// The same for large scripts. One at a time: of several threads, each would keep the memory that it once took.
    Large,
    /// Formatting, so that formatting on save never queues. One at a time.
    Format,
    /// What may look at many files. One at a time.
    Search,
    /// Runs of scripts that may be short. At least two at once: one that was stopped may take some milliseconds to
    /// notice.
    Run,
    /// Runs that have turned out not to be short. As many at once.
    LongRun,
}

/// Runs jobs, in each lane in the order in which they come.
pub trait Jobs: Debug + Send + Sync {
    /// Takes a job; never waits for it.
    fn run(&self, lane: Lane, job: Job);
}

/// Importance of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The service failed at something.
    Error,
    /// The client or the surroundings did something unexpected.
    Warning,
    /// Milestones.
    Info,
    /// Every message.
    Debug,
}

/// Lines for the people who run the server; the client gets its own as messages.
pub trait Log: Debug + Send + Sync {
    /// Writes one, or not.
    fn line(&self, level: Level, message: &str);
}

impl dyn Log + '_ {
    /// A line of [`Level::Error`].
    pub fn error(&self, message: &str) {
        self.line(Level::Error, message);
    }

    /// A line of [`Level::Warning`].
    pub fn warn(&self, message: &str) {
        self.line(Level::Warning, message);
    }

    /// A line of [`Level::Info`].
    pub fn info(&self, message: &str) {
        self.line(Level::Info, message);
    }

    /// A line of [`Level::Debug`].
    pub fn debug(&self, message: &str) {
        self.line(Level::Debug, message);
    }
}
