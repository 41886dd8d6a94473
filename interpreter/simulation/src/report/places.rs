//! Places in the script as people and tools name them: bytes, lines and columns.

use air_semantics::hir::{Hir, InstrId};
use air_syntax::{Encoding, LineIndex, TextRange, TextSize};
use serde::{Deserialize, Serialize};

/// A piece of the script: bytes from `start` to just before `end`; lines and columns start at 1,
/// columns count UTF-16 units as editors do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Span {
    /// First byte, from 0.
    pub start: u32,
    /// One after the last byte.
    pub end: u32,
    /// Line of the start, from 1.
    pub line: u32,
    /// Column of the start, from 1, in UTF-16 units.
    pub column: u32,
    /// Line of the end, from 1.
    pub end_line: u32,
    /// Column just after the end, from 1, in UTF-16 units.
    pub end_column: u32,
}

impl Span {
    /// The span of a range of the text that `lines` was made of.
    pub fn new(lines: &LineIndex, range: TextRange) -> Self {
        let place = |offset: TextSize| {
            let position = lines.line_col(offset, Encoding::Utf16);
            (position.line + 1, position.col + 1)
        };
        let ((line, column), (end_line, end_column)) = (place(range.start()), place(range.end()));
        Span { start: range.start().into(), end: range.end().into(), line, column, end_line, end_column }
    }
}

/// A script's places.
#[derive(Debug)]
pub struct Places<'h> {
    /// The script, perhaps inside of one that loads what it is given.
    pub hir: &'h Hir,
    lines: LineIndex,
    /// The script itself in the text of `hir`.
    own: TextRange,
}

impl<'h> Places<'h> {
    /// The places of a script.
    pub fn new(hir: &'h Hir) -> Self {
        Places { hir, lines: LineIndex::new(&hir.text), own: TextRange::up_to(TextSize::of(&*hir.text)) }
    }

    /// The places of a script that stands inside of another text from `offset` on.
    pub(crate) fn inside(hir: &'h Hir, text: &str, offset: TextSize) -> Self {
        Places { hir, lines: LineIndex::new(text), own: TextRange::at(offset, TextSize::of(text)) }
    }

    /// Whether an instruction is one of the script itself.
    pub(crate) fn is_own(&self, id: InstrId) -> bool {
        self.hir.instr(id).is_some_and(|instr| self.own.contains_range(instr.range))
    }

    /// A range of `hir`'s text, clipped to the script itself and counted from its start.
    pub fn span(&self, range: TextRange) -> Span {
        let (start, end) = (self.own.start(), self.own.len());
        let offset = |at: TextSize| at.checked_sub(start).unwrap_or_default().min(end);
        Span::new(&self.lines, TextRange::new(offset(range.start()), offset(range.end())))
    }

    /// The span of an instruction; all zero for an id that `hir` does not have.
    pub fn instr(&self, id: InstrId) -> Span {
        self.hir.instr(id).map_or_else(Span::default, |instr| self.span(instr.range))
    }
}
