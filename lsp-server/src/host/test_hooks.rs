//! Requests that break the server on purpose, for tests of the real program. The environment turns them on and not a
//! feature of the crate: with one, the program that tests drive would be another build than the one that is shipped,
//! and both would lie at the same place of the target folder.

use std::time::{Duration, Instant};

use air_service::host::{Stop, TestSleep};

/// Set in the environment of tests.
const VARIABLE: &str = "AIR_LSP_TEST";

/// What turns them on, where the environment says so.
pub(super) fn sleep() -> Option<TestSleep> {
    std::env::var_os(VARIABLE).is_some().then_some(wait as TestSleep)
}

fn wait(milliseconds: u64, stop: &Stop) -> u64 {
    let begun = Instant::now();
    let time = Duration::from_millis(milliseconds);
    while begun.elapsed() < time && !stop.is_set() {
        std::thread::sleep(Duration::from_millis(1));
    }
    u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX)
}
