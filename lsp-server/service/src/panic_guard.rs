//! The panic boundary: a bug in one request answers that request with an error and nothing else.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Keeps the text of a panic for the [`guard`] around it. For a panic hook of the host, which knows more of it.
pub fn remember(panic: String) {
    LAST.with(|last| *last.borrow_mut() = Some(panic));
}

/// Runs it; a panic becomes its message. What it shares must be whole at every point at which it
/// can panic: here that is snapshots, which are never written.
pub fn guard<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    LAST.with(|last| last.borrow_mut().take());
    catch_unwind(AssertUnwindSafe(run)).map_err(|payload| {
        let remembered = LAST.with(|last| last.borrow_mut().take());
        remembered.unwrap_or_else(|| message(&*payload).to_owned())
    })
}

/// What a panic was given to say.
pub fn message(payload: &dyn Any) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
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
