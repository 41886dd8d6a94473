//! What is known outside of a script: in other scripts, sample data, runs and settings. The caller supplies it.

use air_semantics::resolve::BindingId;

use crate::names::Step;
use crate::names::outside::OutsideKind;
use crate::names::results::ResultField;

/// Answers what a script alone cannot. Each answer may be empty, as by default.
pub trait Surroundings {
    /// Names that other scripts use.
    fn names(&self) -> &[ForeignName] {
        &[]
    }

    /// Fields that other scripts read of what functions give.
    fn fields(&self) -> &[ResultField] {
        &[]
    }

    /// Known peers: the id or `@name` that a script writes, and what names it (`script.sample.json`).
    fn peers(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    /// Steps that a known value of the variable allows after the steps of `path`, each with a short form of what is
    /// there.
    fn steps(&self, variable: BindingId, path: &[Step]) -> Vec<(Step, String)> {
        let _ = (variable, path);
        Vec::new()
    }

    /// Error codes of AquaVM itself.
    fn error_codes(&self) -> Vec<ErrorCode> {
        Vec::new()
    }
}

/// Nothing is known but the script.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoSurroundings;

impl Surroundings for NoSurroundings {}

/// A name of a peer, service or function in another script.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ForeignName {
    /// What the name names.
    pub kind: OutsideKind,
    /// The service of a function; empty for others.
    pub service: String,
    /// The text of the literal, without quotes.
    pub name: String,
    /// The number of arguments that a function gets there.
    pub arity: usize,
}

/// An error code of AquaVM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorCode {
    /// As in `error_code`: 10000 and above.
    pub code: i64,
    /// Its name in AquaVM's source.
    pub name: &'static str,
    /// When it happens, a sentence.
    pub about: &'static str,
}
