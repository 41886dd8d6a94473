//! JSON inside of a report: kept as text, so that floats stay as AquaVM prints them.
//!
//! What nests deeper than common readers of JSON allow is cut off there and replaced by `"…"`.

use std::borrow::Cow;
use std::rc::Rc;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use air_interpreter::peers::Peers;
use air_interpreter::value::Value;

/// Any JSON, as text.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Json(#[cfg_attr(feature = "schema", schemars(with = "serde_json::Value"))] Box<RawValue>);

impl Json {
    /// The text.
    pub fn text(&self) -> &str {
        self.0.get()
    }

    /// The value; values of reports never nest deeper than those of runs.
    pub fn value(&self) -> Value {
        air_interpreter::json::parse(self.text()).unwrap_or_default()
    }

    /// Of a value with names for ids of peers.
    pub(crate) fn shown(value: &Value, peers: &Peers) -> Self {
        // Names stand in another order than ids: where keys are ids, the value has to be put in order again.
        if has_id_as_key(value) {
            return Json::from(&peers.show_value(value));
        }
        let text = text_of(value);
        match peers.show(&text) {
            Cow::Owned(shown) => Json::of_text(shown),
            Cow::Borrowed(_) => Json::of_text(text),
        }
    }

    /// Of a text that is known to be JSON.
    pub(crate) fn of_text(text: String) -> Self {
        Json(RawValue::from_string(text).unwrap_or_else(|_| RawValue::NULL.to_owned()))
    }
}

/// Levels of a value that are kept: readers allow 128 for the whole report.
const MAX_LEVELS: u32 = 100;

impl From<&Value> for Json {
    fn from(value: &Value) -> Self {
        Json::of_text(text_of(value))
    }
}

fn text_of(value: &Value) -> String {
    if value.depth() > MAX_LEVELS { cut(value, MAX_LEVELS).to_json() } else { value.to_json() }
}

/// Whether a key of an object may have the id of a peer in it.
fn has_id_as_key(value: &Value) -> bool {
    let mut rest = vec![value];
    while let Some(value) = rest.pop() {
        rest.extend(value.as_array().unwrap_or_default());
        let members = value.as_object().map(|object| object.members()).unwrap_or_default();
        if members.iter().any(|(key, _)| Peers::may_show(key)) {
            return true;
        }
        rest.extend(members.iter().map(|(_, value)| value));
    }
    false
}

/// Only the outer levels; recursion goes no deeper than these.
fn cut(value: &Value, levels: u32) -> Value {
    match value {
        _ if value.depth() <= levels => value.clone(),
        Value::Array(_) | Value::Object(_) if levels == 0 => Value::from("…"),
        Value::Object(object) => {
            let member = |(key, value): &(Rc<str>, Value)| (key.clone(), cut(value, levels - 1));
            Value::object(object.members().iter().map(member).collect())
        }
        _ => Value::array(
            value.as_array().unwrap_or_default().iter().map(|item| cut(item, levels - 1)).collect(),
        ),
    }
}

impl Default for Json {
    fn default() -> Self {
        Json(RawValue::NULL.to_owned())
    }
}

impl Eq for Json {}

impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_survive() {
        let text = "[1e21,1.0,{\"a\":null}]";
        let json = Json::from(&air_interpreter::json::parse(text).unwrap());
        assert_eq!(serde_json::to_string(&json).unwrap(), text);
        assert_eq!(serde_json::from_str::<Json>(text).unwrap(), json);
        assert_eq!(json.value().to_json(), text);
    }

    #[test]
    fn peers_have_names_and_keys_stay_in_order() {
        let mut peers = Peers::default();
        let ids = ["b", "a"].map(|name| peers.named(name));
        for text in ["[\"b\",{\"x\":\"to a\"}]", "{\"A\":1,\"b\":[2],\"a\":{\"c\":3}}"] {
            let text = text.replace("b\"", &format!("{}\"", ids[0])).replace("a\"", &format!("{}\"", ids[1]));
            let value = air_interpreter::json::parse(&text).unwrap();
            assert_eq!(Json::shown(&value, &peers), Json::from(&peers.show_value(&value)));
            assert!(Json::shown(&value, &peers).text().contains("@a\""));
        }
    }

    #[test]
    fn depth_is_cut() {
        let nested = |levels| (0..levels).fold(Value::unsigned(1), |inner, _| Value::array(vec![inner]));
        let whole = nested(100);
        assert_eq!(Json::from(&whole).text(), whole.to_json());
        let json = Json::from(&nested(4000));
        assert_eq!(json.text(), format!("{}\"…\"{}", "[".repeat(100), "]".repeat(100)));
        assert!(serde_json::from_str::<serde_json::Value>(json.text()).is_ok());
    }
}
