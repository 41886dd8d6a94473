//! What the walk has still to do: its own stack, because a text controls how deep instructions nest.

use air_semantics::hir::InstrId;
use air_syntax::{TextRange, TextSize};

/// What is still to be written, innermost last.
pub(super) enum Work {
    Instr(InstrId, u32),
    /// A line of its own between two children: `|`, `catch:`, `last:` and the like.
    Word(&'static str, u32, InstrId, TextRange),
    /// A child that a broken script lacks.
    Missing(u32, InstrId, TextSize),
    /// The end of an instruction with children: comments left in it at the first depth, one after
    /// its bracket at the second.
    Close(TextSize, u32, u32),
}
