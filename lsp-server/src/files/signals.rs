//! A signal that ends the program waits until no file is half written and no temporary file is left.

use std::sync::{Once, PoisonError, RwLock, RwLockReadGuard};

/// Held by those who write; taken by the signal.
static WRITING: RwLock<()> = RwLock::new(());

/// Puts off SIGINT, SIGTERM, SIGHUP and SIGQUIT while the result is held. A second signal meanwhile changes nothing:
/// writing a script takes milliseconds.
pub(super) fn hold() -> RwLockReadGuard<'static, ()> {
    static WATCH: Once = Once::new();
    WATCH.call_once(watch);
    WRITING.read().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(unix)]
fn watch() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    use signal_hook::iterator::Signals;
    // A signal that is ignored, as under `nohup`, stays ignored.
    let followed = [SIGINT, SIGTERM, SIGHUP, SIGQUIT].into_iter().filter(|signal| !is_ignored(*signal));
    // Without the thread signals act as before: at once.
    let Ok(mut signals) = Signals::new(followed) else { return };
    let _ = std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        if let Some(signal) = signals.forever().next() {
            let _last = WRITING.write().unwrap_or_else(PoisonError::into_inner);
            // What the signal would have done by itself, so that a shell sees the same end.
            let _ = signal_hook::low_level::emulate_default_handler(signal);
        }
    });
}

#[cfg(not(unix))]
fn watch() {}

/// Whether the program was started with this signal ignored.
#[cfg(target_os = "linux")]
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    let bit = u32::try_from(signal - 1).ok().and_then(|shift| 1_u64.checked_shl(shift));
    bit.is_some_and(|bit| mask & bit != 0)
}

#[cfg(all(unix, not(target_os = "linux")))]
fn is_ignored(_: i32) -> bool {
    false
}
