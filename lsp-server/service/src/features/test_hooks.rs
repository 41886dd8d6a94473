//! Requests that break on purpose, so that tests can see the server survive. Reachable only when
//! the environment has `AIR_LSP_TEST`.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::server::document::Snapshot;
use crate::server::lsp;

/// Panics.
#[expect(clippy::panic, reason = "what the boundary is tested with")]
pub(in crate::server) fn panic(_: &Snapshot, _: Value) -> lsp::Result<Value> {
    panic!("as the test asked")
}

/// Works for `ms` milliseconds or until it is cancelled; says how long.
pub(in crate::server) fn sleep(snapshot: &Snapshot, params: Value) -> lsp::Result<Value> {
    let begun = Instant::now();
    let time = Duration::from_millis(params.get("ms").and_then(Value::as_u64).unwrap_or_default());
    while begun.elapsed() < time {
        snapshot.check_cancelled()?;
        std::thread::sleep(Duration::from_millis(1));
    }
    Ok(begun.elapsed().as_millis().to_string().into())
}
