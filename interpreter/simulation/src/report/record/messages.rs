//! Messages of errors, as a report keeps and words them.

use air_interpreter::errors::{Catchable, ExecutionError};

use crate::shorten::{MAX_MESSAGE_BYTES, shorten_bytes};

/// An error as people would say it, where AquaVM's message is a text inside of a text.
pub(super) fn in_short(error: &ExecutionError) -> Option<String> {
    match error {
        ExecutionError::Catchable(Catchable::LocalServiceError { ret_code, message }) => {
            // Services most often answer with a JSON string.
            let text = air_interpreter::json::parse(message)
                .ok()
                .and_then(|value| value.as_str().map(str::to_owned));
            let text = text.unwrap_or_else(|| message.to_string());
            Some(kept(&format!("the service failed with {ret_code}: {text}")))
        }
        ExecutionError::Catchable(Catchable::UserError(object)) => {
            let code = object.get("error_code")?.as_i64()?;
            let message = object.get("message")?.as_str()?;
            Some(kept(&format!("fails with {code}: {message}")))
        }
        _ => None,
    }
}

/// A message that values do not drown.
pub(super) fn kept(message: &str) -> String {
    shorten_bytes(message, MAX_MESSAGE_BYTES).into_owned()
}
