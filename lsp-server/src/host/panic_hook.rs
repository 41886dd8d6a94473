//! Panics as one line on standard error, which the service's panic boundary gives to the client, too.

use air_service::panic_guard;

use super::log;

/// Sets the hook of this process.
pub(super) fn install() {
    std::panic::set_hook(Box::new(|info| {
        let message = panic_guard::message(info.payload());
        let place = info.location().map_or_else(String::new, |place| format!(" at {place}"));
        let line = format!("panic{place}: {message}");
        let thread = std::thread::current();
        log::error(&format!("thread {} had a {line}", thread.name().unwrap_or("without name")));
        panic_guard::remember(line);
    }));
}
