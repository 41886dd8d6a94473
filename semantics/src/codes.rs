//! The table of diagnostics.

/// A diagnostic's code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// V001
    UndefinedVariable,
}
