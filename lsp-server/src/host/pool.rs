//! Worker threads with known stacks.
//!
//! Two lanes, so that formatting never waits behind analyses. A panic of a job ends the job alone.

use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::log;

/// Deep scripts are walked with explicit stacks; this is a margin for what libraries do.
const STACK: usize = 16 << 20;

type Job = Box<dyn FnOnce() + Send>;

/// Runs jobs; dropping it lets the threads end after the jobs they have.
#[derive(Debug)]
pub(super) struct Pool {
    jobs: Sender<Job>,
}

impl Pool {
    /// A lane of `threads` threads.
    pub(super) fn new(name: &str, threads: usize) -> std::io::Result<Pool> {
        let (jobs, queue) = channel::<Job>();
        let queue = Arc::new(Mutex::new(queue));
        for number in 0..threads {
            let queue = Arc::clone(&queue);
            thread::Builder::new()
                .name(format!("air-{name}-{number}"))
                .stack_size(STACK)
                .spawn(move || work(&queue))?;
        }
        Ok(Pool { jobs })
    }

    /// Number of threads for analyses on this machine.
    pub(super) fn width() -> usize {
        thread::available_parallelism().map_or(2, NonZeroUsize::get).clamp(2, 8)
    }

    /// Queues a job.
    pub(super) fn run(&self, job: impl FnOnce() + Send + 'static) {
        if self.jobs.send(Box::new(job)).is_err() {
            log::error("a job was lost: the worker threads are gone");
        }
    }
}

fn work(queue: &Mutex<Receiver<Job>>) {
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
