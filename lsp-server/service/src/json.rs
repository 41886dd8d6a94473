//! JSON as text: a message is serialised once, by the feature that makes it, and written as it is.
//!
//! A `serde_json::Value` of the outline of a large script has a hundred times the script's size.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A value as JSON text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Json(Vec<u8>);

impl Json {
    /// Serialising fails only for maps whose keys are not strings; LSP has none.
    pub(crate) fn new(value: &impl Serialize) -> Result<Json, serde_json::Error> {
        serde_json::to_vec(value).map(Json)
    }

    /// Text that is JSON already.
    pub(crate) fn raw(text: Vec<u8>) -> Json {
        Json(text)
    }

    /// As a tree, to be looked into.
    pub(crate) fn value(&self) -> Value {
        serde_json::from_slice(&self.0).unwrap_or_default()
    }

    /// What is wanted of it.
    pub(crate) fn read<'a, T: Deserialize<'a>>(&'a self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(&self.0)
    }

    /// One JSON value as text.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

impl From<Value> for Json {
    fn from(value: Value) -> Json {
        Json(value.to_string().into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn there_and_back() {
        let value = json!({ "a": [1, "é\n", null] });
        assert_eq!(Json::from(value.clone()).value(), value);
        assert_eq!(Json::new(&value).unwrap(), Json::from(value));
    }
}
