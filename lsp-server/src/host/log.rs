//! Lines on standard error, the only place where the server may write beside the protocol.
//!
//! A thread of its own writes them: nobody may be reading standard error, and the server must not
//! stand still for that. Lines that find the queue full are counted and dropped.

use std::collections::VecDeque;
use std::io::Write;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use air_service::host::{Level, Log};

/// Least severe kind that is written: `AIR_LOG=off|error|warn|info|debug`.
static LEVEL: AtomicU8 = AtomicU8::new(WARN);

static QUEUE: Mutex<Queue> = Mutex::new(Queue { lines: VecDeque::new(), writing: false, dropped: 0 });
static CHANGED: Condvar = Condvar::new();

/// Lines that may wait for the reader of standard error.
const MAX_LINES: usize = 1024;

/// How long the end of the process waits for that reader.
const LAST_WORDS_TIMEOUT: Duration = Duration::from_millis(200);

const ERROR: u8 = 1;
const WARN: u8 = 2;
const INFO: u8 = 3;
const DEBUG: u8 = 4;

struct Queue {
    lines: VecDeque<String>,
    /// Whether the thread has a line in hand.
    writing: bool,
    dropped: usize,
}

/// Reads `AIR_LOG` and starts the writer.
pub(super) fn start() -> std::io::Result<()> {
    let level = match std::env::var("AIR_LOG").unwrap_or_default().as_str() {
        "off" => 0,
        "error" => ERROR,
        "info" => INFO,
        "debug" => DEBUG,
        _ => WARN,
    };
    LEVEL.store(level, Ordering::Relaxed);
    std::thread::Builder::new().name("air-log".to_owned()).spawn(write_all).map(drop)
}

/// Waits a little for what has not been written yet.
pub(super) fn flush() {
    let pending = |queue: &mut Queue| queue.writing || !queue.lines.is_empty();
    // Whether all was written or time is up, the process ends now.
    let _ = CHANGED.wait_timeout_while(lock(), LAST_WORDS_TIMEOUT, pending);
}

/// The server failed at something.
pub(super) fn error(message: &str) {
    say(ERROR, "error", message);
}

/// The client or the surroundings did something unexpected.
pub(super) fn warn(message: &str) {
    say(WARN, "warn", message);
}

/// Milestones.
pub(super) fn info(message: &str) {
    say(INFO, "info", message);
}

/// The service's lines.
#[derive(Debug)]
pub(super) struct StandardError;

impl Log for StandardError {
    fn line(&self, level: Level, message: &str) {
        match level {
            Level::Error => error(message),
            Level::Warning => warn(message),
            Level::Info => info(message),
            Level::Debug => say(DEBUG, "debug", message),
        }
    }
}

fn say(level: u8, name: &str, message: &str) {
    if level > LEVEL.load(Ordering::Relaxed) {
        return;
    }
    let mut queue = lock();
    if queue.lines.len() < MAX_LINES {
        queue.lines.push_back(format!("air-lsp {name}: {message}\n"));
        CHANGED.notify_all();
    } else {
        queue.dropped += 1;
    }
}

fn write_all() {
    let mut queue = lock();
    loop {
        queue.writing = false;
        CHANGED.notify_all();
        queue =
            CHANGED.wait_while(queue, |queue| queue.lines.is_empty()).unwrap_or_else(PoisonError::into_inner);
        let mut line = queue.lines.pop_front().unwrap_or_default();
        if queue.dropped > 0 && queue.lines.is_empty() {
            line += &format!("air-lsp warn: {} lines were dropped\n", std::mem::take(&mut queue.dropped));
        }
        queue.writing = true;
        drop(queue);
        // Nobody may be there; that is no reason to stop.
        let _ = std::io::stderr().lock().write_all(line.as_bytes());
        queue = lock();
    }
}

fn lock() -> MutexGuard<'static, Queue> {
    QUEUE.lock().unwrap_or_else(PoisonError::into_inner)
}
