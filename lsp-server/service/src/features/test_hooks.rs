//! Requests that break on purpose, so that tests can see the server survive. Reachable only when the host has
//! [`crate::host::Host::test_sleep`].

use serde_json::Value;

use crate::lsp;
use crate::snapshot::Snapshot;

/// Panics.
#[expect(clippy::panic, reason = "what the boundary is tested with")]
pub(crate) fn panic(_: &Snapshot, _: Value) -> lsp::Result<Value> {
    panic!("as the test asked")
}

/// Works for `ms` milliseconds or until it is cancelled; says how long.
pub(crate) fn sleep(snapshot: &Snapshot, params: Value) -> lsp::Result<Value> {
    let milliseconds = params.get("ms").and_then(Value::as_u64).unwrap_or_default();
    let slept = snapshot.host.test_sleep.map_or(0, |sleep| sleep(milliseconds, &snapshot.stop));
    snapshot.check_cancelled()?;
    Ok(slept.to_string().into())
}
