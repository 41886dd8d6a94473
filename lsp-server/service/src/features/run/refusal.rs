//! Why a run gave no answer, as an error of the protocol.

use serde_json::json;

use crate::lsp;

/// The code of the error that says why a run gave no report; `data.code` has the reason.
pub(super) const RUN_FAILED: i64 = -32803;

/// With a reason in `data.code`.
pub(super) fn refused(code: &str, message: String) -> lsp::Error {
    let mut error = lsp::error(RUN_FAILED, message);
    error.data = Some(json!({ "code": code }));
    error
}
