//! JSON values: immutable, cheap to clone, objects with keys in byte order.
//!
//! These are the crate's own rather than those of a JSON library because content identifiers hash
//! the printed text: no feature switched on elsewhere in a build may change how a number is read
//! or printed, or in which order keys come.

use std::rc::Rc;

/// A JSON value. Equality is structural; the three kinds of numbers never mix (`1` is not `1.0`).
#[derive(Debug, Clone, Default)]
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
    /// Zero and every positive integer up to 2^64 - 1; larger ones are floats.
    Unsigned(u64),
    /// Negative integers down to -2^63; smaller ones are floats.
    Negative(i64),
    /// Everything else, always finite; `-0` and `1.0` are here.
    Float(f64),
}

/// The elements of an array.
#[derive(Debug)]
pub struct Array {
    items: Vec<Value>,
    depth: u32,
}

/// The members of an object, keys in byte order, each once.
#[derive(Debug)]
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

    /// An integer; equal to [`Value::unsigned`] of the same number.
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

    /// The number if it is an integer from 0.
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Value::Number(Number::Unsigned(number)) => Some(*number),
            _ => None,
        }
    }

    /// The number if it is an integer that fits.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Value::Number(Number::Unsigned(number)) => i64::try_from(*number).ok(),
            Value::Number(Number::Negative(number)) => Some(*number),
            _ => None,
        }
    }

    /// The truth value of a boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(flag) => Some(*flag),
            _ => None,
        }
    }

    /// Whether it prints the same; of equal values only zeros can differ.
    pub(crate) fn is_identical(&self, other: &Value) -> bool {
        same(self, other, |a, b| match (a, b) {
            (Number::Float(a), Number::Float(b)) => a.to_bits() == b.to_bits(),
            (a, b) => a == b,
        })
    }

    /// Feeds a hasher; identical values feed the same.
    pub fn hash_into(&self, hasher: &mut impl std::hash::Hasher) {
        let mut stack = Vec::new();
        let mut next = Some(self);
        while let Some(value) = next {
            match value {
                Value::Null => hasher.write_u8(0),
                Value::Bool(flag) => hasher.write_u8(1 + u8::from(*flag)),
                Value::Number(Number::Unsigned(number)) => hasher.write_u64(*number),
                Value::Number(Number::Negative(number)) => hasher.write_i64(*number),
                Value::Number(Number::Float(number)) => hasher.write_u64(number.to_bits()),
                Value::String(text) => hasher.write(text.as_bytes()),
                Value::Array(array) => {
                    hasher.write_usize(array.items.len());
                    stack.extend(&array.items);
                }
                Value::Object(object) => {
                    hasher.write_usize(object.members.len());
                    for (key, value) in &object.members {
                        hasher.write(key.as_bytes());
                        stack.push(value);
                    }
                }
            }
            next = stack.pop();
        }
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        same(self, other, |a, b| a == b)
    }
}

/// Structural equality without recursion: values may nest deeper than a stack allows.
fn same(a: &Value, b: &Value, numbers: impl Fn(Number, Number) -> bool) -> bool {
    let mut stack = Vec::new();
    let mut next = Some((a, b));
    while let Some(pair) = next {
        let equal = match pair {
            (Value::Null, Value::Null) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Number(a), Value::Number(b)) => numbers(*a, *b),
            (Value::String(a), Value::String(b)) => a == b,
            (Value::Array(a), Value::Array(b)) => {
                Rc::ptr_eq(a, b) || {
                    stack.extend(a.items.iter().zip(&b.items));
                    a.items.len() == b.items.len()
                }
            }
            (Value::Object(a), Value::Object(b)) => {
                Rc::ptr_eq(a, b)
                    || (a.members.len() == b.members.len()
                        && a.members.iter().zip(&b.members).all(|((a, x), (b, y))| {
                            stack.push((x, y));
                            a == b
                        }))
            }
            _ => false,
        };
        if !equal {
            return false;
        }
        next = stack.pop();
    }
    true
}

/// Levels of nesting up to which values are dropped as the compiler would do it, by recursion.
const MAX_RECURSIVE_DROP: u32 = 64;

impl Drop for Array {
    fn drop(&mut self) {
        if self.depth > MAX_RECURSIVE_DROP {
            drop_deep(std::mem::take(&mut self.items));
        }
    }
}

impl Drop for Object {
    fn drop(&mut self) {
        if self.depth > MAX_RECURSIVE_DROP {
            drop_deep(std::mem::take(&mut self.members).into_iter().map(|(_, value)| value).collect());
        }
    }
}

/// Drops values without recursion.
fn drop_deep(mut stack: Vec<Value>) {
    while let Some(value) = stack.pop() {
        match value {
            Value::Array(array) => stack.extend(
                Rc::into_inner(array).map(|mut array| std::mem::take(&mut array.items)).into_iter().flatten(),
            ),
            Value::Object(object) => {
                let members = Rc::into_inner(object).map(|mut object| std::mem::take(&mut object.members));
                stack.extend(members.into_iter().flatten().map(|(_, value)| value));
            }
            _ => {}
        }
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
pub fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
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
    fn deep_values_need_no_stack() {
        let nest = || {
            let mut value = Value::unsigned(1);
            for level in 0..1_000_000 {
                let inner = Value::array(vec![value]);
                value = if level % 2 == 0 { inner } else { object([("a", inner)]) };
            }
            value
        };
        let (one, other) = (nest(), nest());
        assert!(one == other && one.is_identical(&other) && one != Value::Null);
        assert_eq!(one.to_json().len(), other.to_json().len());
        let mut hashers = [rustc_hash::FxHasher::default(), rustc_hash::FxHasher::default()];
        one.hash_into(&mut hashers[0]);
        other.hash_into(&mut hashers[1]);
        assert_eq!(std::hash::Hasher::finish(&hashers[0]), std::hash::Hasher::finish(&hashers[1]));
    }

    #[test]
    fn zeros_are_equal_and_not_identical() {
        let (zero, negative) = (Value::float(0.0), Value::float(-0.0));
        assert!(zero == negative && !zero.is_identical(&negative));
    }

    #[test]
    fn kinds_of_numbers_differ() {
        assert_ne!(Value::unsigned(1), Value::float(1.0));
        assert_eq!(Value::integer(1), Value::unsigned(1));
        assert_eq!(Value::float(f64::NAN), Value::Null);
    }
}
