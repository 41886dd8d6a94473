//! Numbers that clients write otherwise than the protocol says. An edit that is refused leaves the server with a wrong
//! text, so the nearest valid number is taken instead.

use serde_json::Value;

use super::Service;
use crate::lsp::Url;

impl Service {
    /// Makes versions and positions of `didOpen` and `didChange` such as the protocol has them: no version is the last
    /// one again, and what is too small or too large is the smallest or largest there is.
    pub(super) fn clamp_positions(&self, params: &mut Value) {
        if let Some(document) = params.get_mut("textDocument").and_then(Value::as_object_mut) {
            let told = document.get("version").unwrap_or(&Value::Null);
            if told.as_i64().is_none_or(|version| i32::try_from(version).is_err()) {
                let version = told.as_f64().map(|version| version as i32);
                let uri = document.get("uri").and_then(Value::as_str).and_then(|uri| Url::parse(uri).ok());
                let version = version.or_else(|| uri.and_then(|uri| self.version(&uri))).unwrap_or_default();
                document.insert("version".to_owned(), version.into());
            }
        }
        let changes = params.get_mut("contentChanges").and_then(Value::as_array_mut);
        for change in changes.into_iter().flatten() {
            for number in ["start/line", "start/character", "end/line", "end/character"] {
                let Some(number) = change.pointer_mut(&format!("/range/{number}")) else { continue };
                if number.as_u64().is_none_or(|number| u32::try_from(number).is_err())
                    && let Some(told) = number.as_f64()
                {
                    *number = (told as u32).into();
                }
            }
        }
    }
}
