//! Worker threads with known stacks.
//!
//! Several lanes, so that formatting never waits for analyses. A panic of a job ends the job alone.

use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use air_service::Event;
use air_service::host::{Job, Jobs, Lane};

use super::log;

/// Deep scripts are walked with explicit stacks; this is a margin for what libraries do.
const STACK_BYTES: usize = 16 << 20;

type Task = Box<dyn FnOnce() + Send>;

/// A lane of threads for each [`Lane`].
#[derive(Debug)]
pub(super) struct Pools {
    events: Sender<Event>,
    worker: Pool,
    large: Pool,
    format: Pool,
    search: Pool,
    run: Pool,
    long_run: Pool,
}

impl Pools {
    /// What jobs tell goes to `events`.
    pub(super) fn new(events: &Sender<Event>) -> std::io::Result<Pools> {
        Ok(Pools {
            events: events.clone(),
            worker: Pool::new("worker", width())?,
            large: Pool::new("large", 1)?,
            format: Pool::new("format", 1)?,
            search: Pool::new("search", 1)?,
            run: Pool::new("runs", 2)?,
            long_run: Pool::new("long-runs", 2)?,
        })
    }
}

impl Jobs for Pools {
    fn run(&self, lane: Lane, job: Job) {
        let pool = match lane {
            Lane::Worker => &self.worker,
            Lane::Large => &self.large,
            Lane::Format => &self.format,
            Lane::Search => &self.search,
            Lane::Run => &self.run,
            Lane::LongRun => &self.long_run,
        };
        let events = self.events.clone();
        pool.run(move || {
            if let Some(event) = job() {
                let _ = events.send(event);
            }
        });
    }
}

/// Number of threads for analyses on this machine.
fn width() -> usize {
    thread::available_parallelism().map_or(2, NonZeroUsize::get).clamp(2, 8)
}

/// Runs jobs; dropping it lets the threads end after the jobs they have.
#[derive(Debug)]
struct Pool {
    jobs: Sender<Task>,
}

impl Pool {
    /// A lane of `threads` threads.
    fn new(name: &str, threads: usize) -> std::io::Result<Pool> {
        let (jobs, queue) = channel::<Task>();
        let queue = Arc::new(Mutex::new(queue));
        for number in 0..threads {
            let queue = Arc::clone(&queue);
            thread::Builder::new()
                .name(format!("air-{name}-{number}"))
                .stack_size(STACK_BYTES)
                .spawn(move || work(&queue))?;
        }
        Ok(Pool { jobs })
    }

    /// Queues a job.
    fn run(&self, job: impl FnOnce() + Send + 'static) {
        if self.jobs.send(Box::new(job)).is_err() {
            log::error("a job was lost: the worker threads are gone");
        }
    }
}

fn work(queue: &Mutex<Receiver<Task>>) {
    loop {
        let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        // Jobs have a boundary of their own that answers the client; this one keeps the thread.
        if catch_unwind(AssertUnwindSafe(job)).is_err() {
            log::error("a job panicked outside its request");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_panic_costs_no_thread() {
        let pool = Pool::new("test", 1).unwrap();
        pool.run(|| panic!("expected in this test"));
        let (sender, receiver) = channel();
        pool.run(move || sender.send(thread::current().name().map(str::to_owned)).unwrap());
        let name = receiver.recv_timeout(Duration::from_secs(10)).unwrap();
        assert_eq!(name.as_deref(), Some("air-test-0"));
    }
}
