//! JSON values: immutable, cheap to clone, objects with keys in byte order.
//!
//! These are the crate's own rather than those of a JSON library because content identifiers hash
//! the printed text: no feature switched on elsewhere in a build may change how a number is read
//! or printed, or in which order keys come.

use std::fmt;
use std::rc::Rc;

/// A JSON value. Equality is structural; the three kinds of numbers never mix (`1` is not `1.0`).
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// `null`
    #[default]
    Null,
    /// `true`, `false`
    Bool(bool),
    /// Any number.
    Number(Number),
    /// A string.
    String(Rc<str>),
    /// An array.
    Array(Rc<Array>),
    /// An object.
    Object(Rc<Object>),
}

/// The three kinds of numbers that AquaVM's JSON has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// Zero and every positive integer that fits.
    Unsigned(u64),
    /// Negative integers only.
    Negative(i64),
    /// Everything else, always finite; `-0` is here.
    Float(f64),
}

/// The elements of an array.
#[derive(Debug, Clone, PartialEq)]
pub struct Array {
    items: Vec<Value>,
    depth: u32,
}

/// The members of an object, keys in byte order, each once.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    members: Vec<(Rc<str>, Value)>,
    depth: u32,
}

impl Value {
    /// A string.
    pub fn string(text: impl Into<Rc<str>>) -> Self {
        Value::String(text.into())
    }

    /// An unsigned integer.
    pub fn unsigned(number: u64) -> Self {
        Value::Number(Number::Unsigned(number))
    }

    /// A signed integer.
    pub fn integer(number: i64) -> Self {
        Value::Number(match u64::try_from(number) {
            Ok(number) => Number::Unsigned(number),
            Err(_) => Number::Negative(number),
        })
    }

    /// A float; `null` if it is not finite, as JSON has no such numbers.
    pub fn float(number: f64) -> Self {
        if number.is_finite() { Value::Number(Number::Float(number)) } else { Value::Null }
    }

    /// An array.
    pub fn array(items: Vec<Value>) -> Self {
        let depth = 1 + items.iter().map(Value::depth).max().unwrap_or(0);
        Value::Array(Rc::new(Array { items, depth }))
    }

    /// An object; of members with the same key the last one stays.
    pub fn object(mut members: Vec<(Rc<str>, Value)>) -> Self {
        let sorted = members.windows(2).all(|pair| matches!(pair, [a, b] if a.0 < b.0));
        if !sorted {
            // Stable, and read backwards: the last of equal keys comes first and survives.
            members.reverse();
            members.sort_by(|a, b| a.0.cmp(&b.0));
            members.dedup_by(|later, kept| later.0 == kept.0);
        }
        let depth = 1 + members.iter().map(|(_, value)| value.depth()).max().unwrap_or(0);
        Value::Object(Rc::new(Object { members, depth }))
    }

    /// How many arrays and objects are nested at most; 0 for everything else.
    pub fn depth(&self) -> u32 {
        match self {
            Value::Array(array) => array.depth,
            Value::Object(object) => object.depth,
            _ => 0,
        }
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The elements of an array.
    pub fn as_array(&self) -> Option<&[Value]> {
        match self {
            Value::Array(array) => Some(&array.items),
            _ => None,
        }
    }

    /// The members of an object.
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Value::Object(object) => Some(object),
            _ => None,
        }
    }

    /// A member of an object.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_object()?.get(key)
    }

    /// An unsigned integer.
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Value::Number(Number::Unsigned(number)) => Some(*number),
            _ => None,
        }
    }

    /// A signed integer that fits.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Value::Number(Number::Unsigned(number)) => i64::try_from(*number).ok(),
            Value::Number(Number::Negative(number)) => Some(*number),
            _ => None,
        }
    }

    /// A boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(flag) => Some(*flag),
            _ => None,
        }
    }

    /// Whether it prints the same; of equal values only zeros can differ.
    pub(crate) fn is_identical(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Number(Number::Float(a)), Value::Number(Number::Float(b))) => a.to_bits() == b.to_bits(),
            (Value::Array(a), Value::Array(b)) => {
                Rc::ptr_eq(a, b)
                    || (a.items.len() == b.items.len()
                        && a.items.iter().zip(&b.items).all(|(a, b)| a.is_identical(b)))
            }
            (Value::Object(a), Value::Object(b)) => {
                let same =
                    |((a, x), (b, y)): (&(Rc<str>, Value), &(Rc<str>, Value))| a == b && x.is_identical(y);
                Rc::ptr_eq(a, b)
                    || (a.members.len() == b.members.len() && a.members.iter().zip(&b.members).all(same))
            }
            _ => self == other,
        }
    }

    /// Feeds a hasher; identical values feed the same. Recursion ends where values may nest no deeper.
    pub(crate) fn hash_into(&self, hasher: &mut impl std::hash::Hasher) {
        match self {
            Value::Null => hasher.write_u8(0),
            Value::Bool(flag) => hasher.write_u8(1 + u8::from(*flag)),
            Value::Number(Number::Unsigned(number)) => hasher.write_u64(*number),
            Value::Number(Number::Negative(number)) => hasher.write_i64(*number),
            Value::Number(Number::Float(number)) => hasher.write_u64(number.to_bits()),
            Value::String(text) => hasher.write(text.as_bytes()),
            Value::Array(array) => {
                hasher.write_usize(array.items.len());
                array.items.iter().for_each(|item| item.hash_into(hasher));
            }
            Value::Object(object) => {
                hasher.write_usize(object.members.len());
                for (key, value) in &object.members {
                    hasher.write(key.as_bytes());
                    value.hash_into(hasher);
                }
            }
        }
    }

    /// Compact JSON.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        crate::json::print(self, &mut out);
        out
    }
}

/// Compact JSON, as error messages show values.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_json())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::string(text)
    }
}

impl Object {
    /// The member with that key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        let at = self.members.binary_search_by(|(name, _)| (**name).cmp(key)).ok()?;
        self.members.get(at).map(|(_, value)| value)
    }

    /// All members, keys in byte order.
    pub fn members(&self) -> &[(Rc<str>, Value)] {
        &self.members
    }
}

/// Shorthand for building objects in code.
pub(crate) fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::object(members.into_iter().map(|(key, value)| (Rc::from(key), value)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_sorted_and_the_last_of_equal_keys_stays() {
        let value = object([("b", Value::unsigned(1)), ("a", Value::Null), ("b", Value::unsigned(2))]);
        assert_eq!(value.to_json(), r#"{"a":null,"b":2}"#);
        assert_eq!(value.get("b"), Some(&Value::unsigned(2)));
        assert_eq!(value.depth(), 1);
    }

    #[test]
    fn kinds_of_numbers_differ() {
        assert_ne!(Value::unsigned(1), Value::float(1.0));
        assert_eq!(Value::integer(1), Value::unsigned(1));
        assert_eq!(Value::float(f64::NAN), Value::Null);
    }
}
