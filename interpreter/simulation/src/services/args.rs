//! Arguments of a call, one after the other, and the texts with which a node refuses them.

use crate::network::ServiceCall;
use air_interpreter::value::{Number, Object, Value};

/// The arguments that are left, and the call around them.
pub(super) struct Args<'a> {
    pub(super) call: &'a ServiceCall<'a>,
    all: &'a [Value],
    at: usize,
}

impl<'a> Args<'a> {
    pub(super) fn of(call: &'a ServiceCall<'a>) -> Self {
        Args { call, all: &call.request.arguments, at: 0 }
    }

    /// All of them.
    pub(super) fn all(&self) -> &'a [Value] {
        self.all
    }

    /// Refuses any other number of arguments.
    pub(super) fn exactly(&self, count: usize) -> Result<(), String> {
        if self.all.len() == count {
            Ok(())
        } else {
            Err(format!("expected {count} arguments, got {}", self.all.len()))
        }
    }

    /// What has not been taken yet.
    pub(super) fn rest(&self) -> &'a [Value] {
        self.all.get(self.at..).unwrap_or_default()
    }

    fn take(&mut self) -> Option<&'a Value> {
        let value = self.all.get(self.at)?;
        self.at += 1;
        Some(value)
    }

    /// The next argument.
    pub(super) fn value(&mut self, field: &str) -> Result<&'a Value, String> {
        self.take().ok_or_else(|| format!("Error: Field '{field}' is missing from args to call_service"))
    }

    fn read<T>(
        &mut self,
        field: &str,
        kind: &str,
        read: impl Fn(&'a Value) -> Option<T>,
    ) -> Result<T, String> {
        let value = self.value(field)?;
        read(value).ok_or_else(|| unexpected(field, kind, value))
    }

    /// The next argument, an integer.
    pub(super) fn integer(&mut self, field: &str) -> Result<i64, String> {
        self.read(field, "i64", Value::as_i64)
    }

    /// The next argument, an integer that is not negative and below 2³².
    pub(super) fn small(&mut self, field: &str) -> Result<u32, String> {
        self.read(field, "u32", |value| u32::try_from(value.as_u64()?).ok())
    }

    /// The next argument, any number.
    pub(super) fn float(&mut self, field: &str) -> Result<f64, String> {
        self.read(field, "f64", |value| match value {
            Value::Number(Number::Unsigned(number)) => Some(*number as f64),
            Value::Number(Number::Negative(number)) => Some(*number as f64),
            Value::Number(Number::Float(number)) => Some(*number),
            _ => None,
        })
    }

    /// The next argument, a string.
    pub(super) fn text(&mut self, field: &str) -> Result<&'a str, String> {
        self.read(field, "String", Value::as_str)
    }

    /// The next argument, an object.
    pub(super) fn object(&mut self, field: &str) -> Result<&'a Object, String> {
        self.read(field, "serde_json::map::Map<String, serde_json::value::Value>", Value::as_object)
    }

    /// The next argument, an array of which each element is read.
    pub(super) fn array<T>(
        &mut self,
        field: &str,
        kind: &str,
        read: impl Fn(&'a Value) -> Option<T>,
    ) -> Result<Vec<T>, String> {
        self.read(field, kind, |value| value.as_array()?.iter().map(&read).collect())
    }

    /// The next argument, bytes as an array of numbers.
    pub(super) fn bytes(&mut self, field: &str) -> Result<Vec<u8>, String> {
        self.array(field, "Vec<u8>", |value| u8::try_from(value.as_u64()?).ok())
    }

    /// The next argument, if there is one: a value, or Aqua's option, an array of at most one value.
    pub(super) fn option<T>(
        &mut self,
        field: &str,
        kind: &str,
        read: impl Fn(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, String> {
        let Some(value) = self.take() else { return Ok(None) };
        let wrong = || unexpected(field, &format!("Option<{kind}>"), value);
        match value {
            Value::Null => Ok(None),
            Value::Array(_) => {
                let items = value.as_array().unwrap_or_default();
                let items: Option<Vec<T>> = items.iter().map(&read).collect();
                let mut items = items.ok_or_else(wrong)?;
                if items.len() > 1 {
                    let length = items.len();
                    return Err(format!(
                        "Error: Option's array must contain at most 1 element, '{field}' was of {length} elements"
                    ));
                }
                Ok(items.pop())
            }
            value => read(value).map(Some).ok_or_else(wrong),
        }
    }
}

/// What a node says of an argument of another kind.
pub(super) fn unexpected(field: &str, kind: &str, value: &Value) -> String {
    format!("Error: Error deserializing field '{field}': expected {kind}, got {value}")
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::services::tests::answers;

    #[test]
    fn refusals_of_each_kind() {
        expect![[r#"
            math.add [1] → FAILS 1 "expected 2 arguments, got 1"
            math.add [1, 2, 3] → FAILS 1 "expected 2 arguments, got 3"
            math.add ["1", 2] → FAILS 1 "Error: Error deserializing field 'x': expected i64, got \"1\""
            math.add [1.5, 2] → FAILS 1 "Error: Error deserializing field 'x': expected i64, got 1.5"
            math.pow [2, -1] → FAILS 1 "Error: Error deserializing field 'y': expected u32, got -1"
            math.fmul [null, 1] → FAILS 1 "Error: Error deserializing field 'x': expected f64, got null"
            json.put [[], "a", 1] → FAILS 1 "Error: Error deserializing field 'object': expected serde_json::map::Map<String, serde_json::value::Value>, got []"
            sig.sign [[1, 256]] → {"error":["Error: Error deserializing field 'data': expected Vec<u8>, got [1,256]"],"signature":[],"success":false}
            peer.timeout [[1, 2]] → FAILS 1 "Error: Option's array must contain at most 1 element, 'duration_ms' was of 2 elements"
            peer.timeout [null] → FAILS 1 "Error: Field 'duration_ms' is missing from args to call_service"
        "#]]
        .assert_eq(&answers(
            r#"
            math.add [1]
            math.add [1, 2, 3]
            math.add ["1", 2]
            math.add [1.5, 2]
            math.pow [2, -1]
            math.fmul [null, 1]
            json.put [[], "a", 1]
            sig.sign [[1, 256]]
            peer.timeout [[1, 2]]
            peer.timeout [null]
            "#,
        ));
    }
}
