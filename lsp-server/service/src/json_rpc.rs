//! JSON-RPC 2.0: ids, errors, and messages from their text.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Bytes that are not JSON.
pub const PARSE_ERROR: i64 = -32700;
/// JSON that is not a message.
pub const INVALID_REQUEST: i64 = -32600;
/// The receiver does not know the method.
pub const METHOD_NOT_FOUND: i64 = -32601;
/// Parameters of the wrong form.
pub const INVALID_PARAMS: i64 = -32602;
/// A bug of the receiver.
pub const INTERNAL_ERROR: i64 = -32603;
/// LSP: the client has cancelled the request.
pub const REQUEST_CANCELLED: i64 = -32800;
/// LSP: the document has changed meanwhile.
pub const CONTENT_MODIFIED: i64 = -32801;

/// What a request is answered with.
pub type Result<T> = std::result::Result<T, Error>;

/// Names a request in its answer.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Id {
    /// Most clients count.
    Number(i64),
    /// Some have words.
    String(String),
    /// Of answers to messages that could not be read.
    Null,
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Id::Number(id) => id.fmt(f),
            Id::String(id) => write!(f, "{id:?}"),
            Id::Null => f.write_str("null"),
        }
    }
}

/// Why there is no result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Error {
    /// One of JSON-RPC's, LSP's or the sender's own.
    pub code: i64,
    /// For people.
    pub message: Cow<'static, str>,
    /// For programs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Value>,
}

impl Error {
    /// Without data.
    pub fn new(code: i64, message: impl Into<Cow<'static, str>>) -> Error {
        Error { code, message: message.into(), data: None }
    }

    /// [`INTERNAL_ERROR`].
    pub fn internal_error() -> Error {
        Error::new(INTERNAL_ERROR, "Internal error")
    }

    /// [`REQUEST_CANCELLED`].
    pub fn request_cancelled() -> Error {
        Error::new(REQUEST_CANCELLED, "Canceled")
    }

    /// [`CONTENT_MODIFIED`].
    pub fn content_modified() -> Error {
        Error::new(CONTENT_MODIFIED, "Content modified")
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.code)
    }
}

impl std::error::Error for Error {}

/// A message that came in; `params` are `null` where it has none.
#[allow(missing_docs, reason = "JSON-RPC's own members")]
#[derive(Debug, Clone, PartialEq)]
pub enum Incoming {
    /// Wants an answer.
    Request { id: Id, method: String, params: Value },
    /// Wants none.
    Notification { method: String, params: Value },
    /// Answers a request of ours.
    Answer { id: Id, answer: Result<Value> },
}

impl Incoming {
    /// From the text of one message; the error is what to answer to the id `null`.
    pub fn parse(text: &str) -> Result<Incoming> {
        let value = serde_json::from_str::<Value>(text);
        let mut value = value.map_err(|error| Error::new(PARSE_ERROR, format!("not JSON: {error}")))?;
        let invalid = || Error::new(INVALID_REQUEST, "neither a request nor a response of JSON-RPC 2.0");
        let id = match value.get_mut("id").map(Value::take) {
            Some(id) => Some(serde_json::from_value::<Id>(id).map_err(|_| invalid())?),
            None => None,
        };
        if value.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
            return Err(invalid());
        }
        let mut take = |member: &str| value.get_mut(member).map(Value::take);
        match (take("method"), id) {
            (Some(Value::String(method)), id) if !method.is_empty() => {
                let params = take("params").unwrap_or_default();
                Ok(match id {
                    Some(id) => Incoming::Request { id, method, params },
                    None => Incoming::Notification { method, params },
                })
            }
            (None, Some(id)) => match (take("result"), take("error")) {
                (Some(result), _) => Ok(Incoming::Answer { id, answer: Ok(result) }),
                (None, Some(error)) => {
                    let error = serde_json::from_value(error).map_err(|_| invalid())?;
                    Ok(Incoming::Answer { id, answer: Err(error) })
                }
                (None, None) => Err(invalid()),
            },
            _ => Err(invalid()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages() {
        let shown = |text: &str| match Incoming::parse(text) {
            Ok(Incoming::Request { id, method, params }) => format!("{method} {params} as {id}"),
            Ok(Incoming::Notification { method, params }) => format!("{method} {params}"),
            Ok(Incoming::Answer { id, answer: Ok(value) }) => format!("{id}: {value}"),
            Ok(Incoming::Answer { id, answer: Err(error) }) => format!("{id}: error {error}"),
            Err(error) => error.code.to_string(),
        };
        for (text, expected) in [
            (r#"{"jsonrpc":"2.0","id":1,"method":"a","params":[1]}"#, "a [1] as 1"),
            (r#"{"jsonrpc":"2.0","id":"x","method":"a"}"#, "a null as \"x\""),
            (r#"{"jsonrpc":"2.0","method":"a","params":{}}"#, "a {}"),
            (r#"{"jsonrpc":"2.0","id":7,"result":null}"#, "7: null"),
            (r#"{"jsonrpc":"2.0","id":7,"error":{"code":-1,"message":"no"}}"#, "7: error no (-1)"),
            (r#"{"jsonrpc":"2.0","id":1.5,"method":"a"}"#, "-32600"),
            (r#"{"jsonrpc":"2.0","id":7}"#, "-32600"),
            (r#"{"id":7,"method":"a"}"#, "-32600"),
            ("[]", "-32600"),
            ("{", "-32700"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}
