//! Ranges as reports show them.

use air_syntax::{Encoding, LineIndex, TextRange, TextSize};
use schemars::JsonSchema;
use serde::Serialize;

/// A range with everything that editors and scripts ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
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
    /// The span of a range of a text.
    pub fn new(lines: &LineIndex, range: TextRange) -> Span {
        let (line, column) = place(lines, range.start());
        let (end_line, end_column) = place(lines, range.end());
        Span { start: range.start().into(), end: range.end().into(), line, column, end_line, end_column }
    }
}

fn place(lines: &LineIndex, offset: TextSize) -> (u32, u32) {
    let position = lines.line_col(offset, Encoding::Utf16);
    (position.line + 1, position.col + 1)
}
