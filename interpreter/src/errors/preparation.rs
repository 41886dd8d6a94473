//! Errors before the script runs (1…10); all give the previous data back.

use std::fmt;

use crate::data::EnvelopeError;
use crate::keys::KeyError;
use crate::signatures::{SignatureError, StoreError};
use crate::{DATA_VERSION, INTERPRETER_VERSION, MINIMUM_VERSION};

/// Why an invocation did not start.
#[derive(Debug, Clone, PartialEq)]
pub enum PreparationError {
    /// 1: the script; the report of its errors.
    Script(String),
    /// 2: the inner data of previous or current data.
    Data(String),
    /// 3 or 4: the envelope of previous or current data.
    Envelope(EnvelopeError),
    /// 5: the results of calls.
    CallResults(String),
    /// 6: current data is too old.
    Version(semver::Version),
    /// 7: the secret key.
    Key(KeyError),
    /// 8: the stores of current data.
    Stores(StoreError),
    /// 9 (or 8, if the trace points to what is not there): signatures.
    Signatures(SignatureError),
    /// 10: the script is too long.
    ScriptSize(u64, u64),
    /// 10: current data is too long.
    DataSize(u64, u64),
    /// 10: a result of a call is too long.
    ResultSize(u64),
}

impl PreparationError {
    /// AquaVM's number.
    pub fn code(&self) -> i64 {
        match self {
            PreparationError::Script(_) => 1,
            PreparationError::Data(_) => 2,
            PreparationError::Envelope(EnvelopeError { versions: None, .. }) => 3,
            PreparationError::Envelope(EnvelopeError { versions: Some(_), .. }) => 4,
            PreparationError::CallResults(_) => 5,
            PreparationError::Version(_) => 6,
            PreparationError::Key(_) => 7,
            PreparationError::Stores(_) => 8,
            PreparationError::Signatures(error) => error.code(),
            PreparationError::ScriptSize(..)
            | PreparationError::DataSize(..)
            | PreparationError::ResultSize(_) => 10,
        }
    }
}

impl fmt::Display for PreparationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PreparationError::Script(report) => write!(f, "air can't be parsed:\n{report}"),
            PreparationError::Data(error) => write!(
                f,
                "an error occurred while data deserialization: Data({error}).\nAquaVM version is \
                 {INTERPRETER_VERSION} and it expects {DATA_VERSION} version."
            ),
            PreparationError::Envelope(EnvelopeError { error, versions: None }) => write!(
                f,
                "an error occurred while envelope deserialization: Envelope({error}).\nAquaVM version is \
                 {INTERPRETER_VERSION} and it expects {DATA_VERSION} version."
            ),
            PreparationError::Envelope(EnvelopeError { error, versions: Some((data, interpreter)) }) => {
                write!(
                    f,
                    "an error occurred while data deserialization: Envelope({error}).\nAquaVM's version is \
                 {INTERPRETER_VERSION} and it expects data of {DATA_VERSION} version.\nSupplied data version is \
                 {data}, it's produced by AquaVM of {interpreter} version."
                )
            }
            PreparationError::CallResults(error) => {
                write!(f, "error occurred while deserialize call results: {error}.")
            }
            PreparationError::Version(version) => write!(
                f,
                "supplied data was produced by `{version}` version of interpreter, but minimum `{MINIMUM_VERSION}` \
                 version is required"
            ),
            PreparationError::Key(error @ KeyError::NotWhitelisted(_)) => {
                write!(f, "malformed keypair format: {error}")
            }
            PreparationError::Key(error) => write!(f, "malformed keypair format: invalid key data: {error}"),
            PreparationError::Stores(error) => error.fmt(f),
            PreparationError::Signatures(error) => error.fmt(f),
            PreparationError::ScriptSize(size, limit) => {
                write!(f, "air size: {size} bytes is bigger than the limit allowed: {limit} bytes")
            }
            PreparationError::DataSize(size, limit) => {
                write!(
                    f,
                    "Current_data particle size: {size} bytes is bigger than the limit allowed: {limit} bytes"
                )
            }
            PreparationError::ResultSize(limit) => {
                write!(f, "Call result size is bigger than the limit allowed: {limit} bytes")
            }
        }
    }
}

impl std::error::Error for PreparationError {}
