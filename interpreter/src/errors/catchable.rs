//! Errors that `xor` catches (10000…), in the order of their codes.

use std::fmt;
use std::rc::Rc;

use crate::value::Value;

/// An error that a script can handle.
#[derive(Debug, Clone, PartialEq)]
pub enum Catchable {
    /// 10000: a service failed, or answered with what is not JSON.
    LocalServiceError {
        /// What the service returned; 2147483647 if its answer was not JSON.
        ret_code: i32,
        /// Its answer as text.
        message: Rc<str>,
    },
    /// 10001: the values of a `match` differ.
    MatchValuesNotEqual,
    /// 10002: the values of a `mismatch` are equal.
    MismatchValuesEqual,
    /// 10003: a variable, by name, that is not there. Instead of failing with it, all instructions but `fail` wait.
    VariableNotFound(Rc<str>),
    /// 10005: a `fold` over something else than an array.
    FoldIteratesOverNonArray {
        /// What is there instead.
        value: Value,
        /// The name, or the text of the lens.
        expression: String,
    },
    /// 10006: `fail` with this object.
    UserError(Value),
    /// 10007: a lens does not fit its value.
    Lens(LensError),
    /// 10008: `fail` with something that does not describe an error.
    InvalidErrorObject(ErrorObjectError),
    /// 10009: a variable, by name, that `new` has declared and nothing has set. This does not wait.
    VariableWasNotInitializedAfterNew(Rc<str>),
    /// 10010: `.length` of this value, which is not an array.
    LengthOfNonArray(Value),
    /// 10011: peer, service or function is not a string.
    NonStringInTriplet {
        /// The name without lens.
        name: Rc<str>,
        /// Its value.
        value: Value,
    },
    /// 10012: a key of a map is neither a string nor an integer.
    StreamMapKey {
        /// The map's name with its `%`.
        map: Rc<str>,
    },
}

/// A lens that does not fit its value.
#[derive(Debug, Clone, PartialEq)]
pub enum LensError {
    /// An index beyond the end of a canon stream.
    CanonStreamTooShort {
        /// How many elements it has.
        size: usize,
        /// The index, from 0.
        index: u32,
    },
    /// A field of a canon stream.
    FieldOfStream(Rc<str>),
    /// An index into this value, which is not an array.
    IndexOfNonArray(Value, u32),
    /// An index beyond the end of this array.
    NoSuchIndex(Value, u32),
    /// This object has no such field.
    NoSuchField(Value, Rc<str>),
    /// A field of this value, which is not an object.
    FieldOfNonObject(Value, Rc<str>),
    /// A number that is not an index.
    IndexNotU32(Value),
    /// `[name]` over a scalar is neither string nor number.
    AccessorType(Value),
    /// `[name]` over a canon stream is not a number.
    StreamAccessorType(Value),
    /// `[name]` over a canon map is not a key.
    MapAccessorType(Value),
    /// `[name]` over a canon map is an iterator.
    MapAccessorIsIterable,
}

/// An object that `fail` cannot use.
#[derive(Debug, Clone, PartialEq)]
pub enum ErrorObjectError {
    /// Not an object at all.
    NotAnObject(Value),
    /// This object lacks the field.
    NoField(Value, &'static str),
    /// A field of this object has another type than the named one.
    FieldType(Value, &'static str, &'static str),
    /// The code is zero.
    ZeroCode,
}

impl Catchable {
    /// AquaVM's number.
    pub fn code(&self) -> i64 {
        match self {
            Catchable::LocalServiceError { .. } => 10000,
            Catchable::MatchValuesNotEqual => 10001,
            Catchable::MismatchValuesEqual => 10002,
            Catchable::VariableNotFound(_) => 10003,
            Catchable::FoldIteratesOverNonArray { .. } => 10005,
            Catchable::UserError(_) => 10006,
            Catchable::Lens(_) => 10007,
            Catchable::InvalidErrorObject(_) => 10008,
            Catchable::VariableWasNotInitializedAfterNew(_) => 10009,
            Catchable::LengthOfNonArray(_) => 10010,
            Catchable::NonStringInTriplet { .. } => 10011,
            Catchable::StreamMapKey { .. } => 10012,
        }
    }

    /// Whether `%last_error%` takes notice: all but the failures of `match` and `mismatch`.
    pub fn sets_last_error(&self) -> bool {
        !matches!(self, Catchable::MatchValuesNotEqual | Catchable::MismatchValuesEqual)
    }
}

impl fmt::Display for Catchable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Catchable::LocalServiceError { ret_code, message } => {
                write!(f, "Local service error, ret_code is {ret_code}, error message is '{message}'")
            }
            Catchable::MatchValuesNotEqual => f.write_str("compared values do not match"),
            Catchable::MismatchValuesEqual => f.write_str("compared values do not mismatch"),
            Catchable::VariableNotFound(name) => {
                write!(f, "variable with name '{name}' wasn't defined during script execution")
            }
            Catchable::FoldIteratesOverNonArray { value, expression } => {
                write!(f, "expression '{expression}' returned non-array value '{value}' for fold iterable")
            }
            Catchable::UserError(object) => {
                write!(f, "fail with '{object}' is used without corresponding xor")
            }
            Catchable::Lens(error) => error.fmt(f),
            Catchable::InvalidErrorObject(error) => error.fmt(f),
            Catchable::VariableWasNotInitializedAfterNew(name) => {
                write!(f, "variable with name '{name}' was cleared by new and then wasn't set")
            }
            Catchable::LengthOfNonArray(value) => {
                write!(
                    f,
                    "the length functor could applied only to an array-like value, but it's applied to '{value}'"
                )
            }
            Catchable::NonStringInTriplet { name, value } => {
                write!(
                    f,
                    "call cannot resolve non-String triplet variable part `{name}` with value '{value}'"
                )
            }
            Catchable::StreamMapKey { map } => write!(f, "unsupported type for {map} map's key"),
        }
    }
}

impl fmt::Display for LensError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LensError::CanonStreamTooShort { size, index } => {
                write!(
                    f,
                    "lambda is applied to a stream that have only '{size}' elements, but '{index}' requested"
                )
            }
            LensError::FieldOfStream(field) => {
                write!(f, "field accessor (with field name = '{field}') can't be applied to a stream")
            }
            LensError::IndexOfNonArray(value, index) => {
                write!(f, "value '{value}' is not an array-type to match array accessor with idx = '{index}'")
            }
            LensError::NoSuchIndex(value, index) => {
                write!(f, "value '{value}' does not contain element for idx = '{index}'")
            }
            LensError::NoSuchField(value, field) => {
                write!(f, "value '{value}' does not contain element with field name = '{field}'")
            }
            LensError::FieldOfNonObject(value, field) => {
                write!(
                    f,
                    "value '{value}' is not an map-type to match field accessor with field_name = '{field}'"
                )
            }
            LensError::IndexNotU32(value) => write!(f, "index accessor `{value} can't be converted to u32`"),
            LensError::AccessorType(value) => {
                write!(f, "scalar accessor `{value}` should has number or string type")
            }
            LensError::StreamAccessorType(value) => {
                write!(f, "stream accessor `{value}` should has number (u32) type")
            }
            LensError::MapAccessorType(value) => {
                write!(f, "canon stream map accessor `{value}` should be either string or number")
            }
            LensError::MapAccessorIsIterable => f.write_str("canon stream map accessor must not be iterable"),
        }
    }
}

impl fmt::Display for ErrorObjectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ErrorObjectError::NotAnObject(value) => write!(
                f,
                "scalar should have an object type to be converted into error object, but '{value}' doesn't have"
            ),
            ErrorObjectError::NoField(value, field) => {
                write!(f, "scalar '{value}' must have field with name '{field}'")
            }
            ErrorObjectError::FieldType(value, field, kind) => {
                write!(f, "{field} of scalar '{value}' must have {kind} type")
            }
            ErrorObjectError::ZeroCode => f.write_str("error code must be non-zero, but it is zero"),
        }
    }
}
