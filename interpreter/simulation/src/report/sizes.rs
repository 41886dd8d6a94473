//! How large values are: as text, and in memory where parts are shared.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use air_interpreter::value::Value;

/// Strings below this are not worth remembering.
const MIN_SHARED_BYTES: usize = 1024;

/// Measures values; each part that several share is walked once.
#[derive(Debug, Default)]
pub(crate) struct Sizes {
    /// By address; the value is kept so that no other one takes the address.
    known: FxHashMap<usize, (Value, u64)>,
    /// Bytes that all values measured so far take, as an estimate.
    pub(crate) memory: u64,
}

impl Sizes {
    /// Bytes of the value's text, nearly: escapes and digits of numbers are not counted exactly.
    pub(crate) fn text(&mut self, value: &Value) -> u64 {
        if let Some(size) = self.known(value) {
            return size;
        }
        let mut stack = vec![value];
        while let Some(top) = stack.last().copied() {
            let before = stack.len();
            if self.known(top).is_none() {
                stack.extend(children(top).filter(|child| self.known(child).is_none()));
                if stack.len() == before {
                    self.learn(top);
                }
            }
            if stack.len() == before {
                stack.pop();
            }
        }
        self.known(value).unwrap_or_default()
    }

    /// The size of a value whose size is known without a walk.
    fn known(&self, value: &Value) -> Option<u64> {
        match value {
            Value::Null => Some(4),
            Value::Bool(_) => Some(5),
            Value::Number(_) => Some(8),
            Value::String(text) if text.len() < MIN_SHARED_BYTES => Some(text.len() as u64 + 2),
            _ => self.known.get(&address(value)).map(|(_, size)| *size),
        }
    }

    fn learn(&mut self, value: &Value) {
        let of = |child: &Value| self.known(child).unwrap_or_default().saturating_add(1);
        let (size, own) = match value {
            Value::String(text) => (text.len() as u64 + 2, text.len() as u64),
            Value::Object(object) => {
                let keys = object.members().iter().map(|(key, _)| key.len() as u64 + 3).sum::<u64>();
                let size = children(value).map(of).fold(keys + 1, u64::saturating_add);
                (size, 64 + 48 * object.members().len() as u64 + short_strings(value))
            }
            _ => {
                let size = children(value).map(of).fold(2, u64::saturating_add);
                (size, 64 + 24 * children(value).count() as u64 + short_strings(value))
            }
        };
        self.memory = self.memory.saturating_add(own);
        self.known.insert(address(value), (value.clone(), size));
    }
}

fn short_strings(value: &Value) -> u64 {
    children(value)
        .filter_map(Value::as_str)
        .map(|text| text.len() as u64)
        .filter(|size| *size < MIN_SHARED_BYTES as u64)
        .sum()
}

fn children(value: &Value) -> impl Iterator<Item = &Value> {
    let members = value.as_object().map(|object| object.members()).unwrap_or_default();
    value.as_array().unwrap_or_default().iter().chain(members.iter().map(|(_, value)| value))
}

fn address(value: &Value) -> usize {
    match value {
        Value::String(text) => Rc::as_ptr(text).cast::<u8>() as usize,
        Value::Array(array) => Rc::as_ptr(array) as usize,
        Value::Object(object) => Rc::as_ptr(object) as usize,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_parts_are_walked_once() {
        let mut value = Value::from("x");
        for _ in 0..62 {
            value = Value::array(vec![value.clone(), value]);
        }
        let mut sizes = Sizes::default();
        assert!(sizes.text(&value) > 1 << 62);
        assert!(sizes.memory < 10_000);
    }

    #[test]
    fn sizes_are_near_those_of_the_text() {
        let mut sizes = Sizes::default();
        for text in [r#"{"a":[1,true,null],"b":{}}"#, r#"["x","y",["z"]]"#, "[]"] {
            let size = sizes.text(&air_interpreter::json::parse(text).unwrap());
            assert!(size.abs_diff(text.len() as u64) < 24, "{text} {size}");
        }
    }
}
