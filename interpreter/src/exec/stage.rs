//! How far an instruction with others inside it has come.

/// Which of the instructions inside a waiting one runs now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The only one, or the left side of a `xor`, or the body of a `fold` or `next`.
    First,
    /// The right side of a `xor`, or the last instruction of a `fold` (run by `next`).
    Second,
    /// The left side of a `seq`.
    SeqLeft,
    /// The left branch of a `par`.
    ParLeft,
    /// The right branch of a `par`, and how the left one ended.
    ParRight { left_complete: bool, left_failed: bool },
    /// The body of a `fold` over a stream, on one generation.
    Generation,
}
