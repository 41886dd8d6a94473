//! What is known around a script, by those who see more than its text: other scripts, sample data, runs, settings.

use air_semantics::resolve::BindingId;

use crate::hover::Step;
use crate::names::outside::OutsideKind;

/// Who knows it. Everything may be unknown.
pub trait Surroundings {
    /// Names that other scripts use.
    fn names(&self) -> &[ForeignName] {
        &[]
    }

    /// Peers that have a name: as a script writes them, and who names them.
    fn peers(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    /// Steps that a value of that variable allows behind others, each with what is there in short.
    fn steps(&self, variable: BindingId, path: &[Step]) -> Vec<(Step, String)> {
        let _ = (variable, path);
        Vec::new()
    }

    /// Numbers that failures of the language itself have.
    fn error_codes(&self) -> Vec<ErrorCode> {
        Vec::new()
    }
}

/// NoSurroundings is known.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoSurroundings;

impl Surroundings for NoSurroundings {}

/// A name of something outside, seen in other scripts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ForeignName {
    /// What it is.
    pub kind: OutsideKind,
    /// Of a function: its service.
    pub service: String,
    /// Its name.
    pub name: String,
    /// Of a function: its arguments.
    pub arity: usize,
}

/// The number of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorCode {
    /// The number.
    pub code: i64,
    /// What it is called.
    pub name: &'static str,
    /// When it happens.
    pub about: &'static str,
}
