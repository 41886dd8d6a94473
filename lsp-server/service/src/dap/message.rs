//! Messages as they come in and go out.

use dapts::IEvent;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::plain::error;

/// A request of the client.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Request {
    pub(super) seq: i64,
    pub(super) command: String,
    pub(super) arguments: Value,
}

/// Why a request is refused: one sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal(pub(super) String);

impl<T: Into<String>> From<T> for Refusal {
    fn from(text: T) -> Self {
        Refusal(text.into())
    }
}

/// The body of a response.
pub(super) type Answer = Result<Value, Refusal>;

/// Messages on their way to the client.
#[derive(Debug, Default)]
pub(super) struct Out {
    last: i64,
    messages: Vec<String>,
}

impl Request {
    /// Reads a message; `Ok(None)` if it is no request.
    pub(super) fn read(text: &str) -> Result<Option<Request>, Refusal> {
        let message: Value = serde_json::from_str(text).map_err(|error| format!("not a message: {error}"))?;
        let member = |name: &str| message.get(name);
        if member("type").and_then(Value::as_str).is_some_and(|kind| kind != "request") {
            return Ok(None);
        }
        let seq = member("seq").and_then(Value::as_i64);
        let command = member("command").and_then(Value::as_str);
        match (seq, command) {
            (Some(seq), Some(command)) => {
                let arguments = member("arguments").cloned().unwrap_or(Value::Null);
                Ok(Some(Request { seq, command: command.to_owned(), arguments }))
            }
            _ => Err("not a request: it has no `seq` and `command`".into()),
        }
    }

    /// The arguments; without any, those of an empty object.
    pub(super) fn arguments<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        let arguments = if self.arguments.is_null() { json!({}) } else { self.arguments.clone() };
        serde_json::from_value(arguments)
            .map_err(|error| Refusal(format!("arguments of `{}`: {error}", self.command)))
    }
}

/// A body out of one of the protocol's types.
pub(super) fn body(of: impl Serialize) -> Answer {
    serde_json::to_value(of).map_err(|error| Refusal(error.to_string()))
}

impl Out {
    fn push(&mut self, mut message: Value) {
        self.last += 1;
        if let Some(members) = message.as_object_mut() {
            members.insert("seq".to_owned(), self.last.into());
        }
        self.messages.push(message.to_string());
    }

    /// Answers a request.
    pub(super) fn respond(&mut self, request: &Request, answer: Answer) {
        let mut message = json!({
            "type": "response",
            "request_seq": request.seq,
            "command": request.command,
            "success": answer.is_ok(),
        });
        let (text, body) = match answer {
            Ok(body) => (None, body),
            Err(Refusal(text)) => {
                // Braces are places for variables there.
                // What the client asks for its own views fails in silence.
                let shows =
                    matches!(request.command.as_str(), "launch" | "restart" | "setVariable" | "restartFrame");
                let format = text.replace('{', "(").replace('}', ")");
                let error = error(format, shows);
                (Some(text), json!({ "error": error }))
            }
        };
        if let Some(members) = message.as_object_mut() {
            members.extend(text.map(|text| ("message".to_owned(), Value::String(text))));
            if !body.is_null() {
                members.insert("body".to_owned(), body);
            }
        }
        self.push(message);
    }

    /// Tells the client something.
    pub(super) fn event<E: IEvent>(&mut self, body: E::Body) {
        let body = serde_json::to_value(body).unwrap_or_default();
        let mut message = json!({ "type": "event", "event": E::EVENT });
        if !body.is_null()
            && let Some(members) = message.as_object_mut()
        {
            members.insert("body".to_owned(), body);
        }
        self.push(message);
    }

    /// What was told elsewhere follows.
    pub(super) fn append(&mut self, other: Out) {
        for text in other.messages {
            self.push(serde_json::from_str(&text).unwrap_or_default());
        }
    }

    /// What there is to send, in order.
    pub(super) fn take(&mut self) -> Vec<String> {
        std::mem::take(&mut self.messages)
    }
}
