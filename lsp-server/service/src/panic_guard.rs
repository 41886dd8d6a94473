//! The panic boundary: a bug in one request answers that request with an error and nothing else.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::log;

thread_local! {
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Makes panics write one line to standard error and remember it for [`guard`].
pub(super) fn install() {
    std::panic::set_hook(Box::new(|info| {
        let payload = info.payload();
        let message = payload
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
            .unwrap_or("no message");
        let place = info.location().map_or_else(String::new, |place| format!(" at {place}"));
        let line = format!("panic{place}: {message}");
        let thread = std::thread::current();
        log::error(&format!("thread {} had a {line}", thread.name().unwrap_or("without name")));
        LAST.with(|last| *last.borrow_mut() = Some(line));
    }));
}

/// Runs it; a panic becomes its message. What it shares must be whole at every point at which it
/// can panic: here that is snapshots, which are never written.
pub(super) fn guard<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    LAST.with(|last| last.borrow_mut().take());
    catch_unwind(AssertUnwindSafe(run))
        .map_err(|_| LAST.with(|last| last.borrow_mut().take()).unwrap_or_else(|| "panic".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error() {
        assert_eq!(guard(|| 1), Ok(1));
        assert!(guard(|| panic!("expected in this test")).is_err());
    }
}
