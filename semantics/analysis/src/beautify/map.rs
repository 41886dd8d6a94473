//! Positions between a view and its source, both ways.

use std::ops::Range;

use air_semantics::hir::InstrId;
use air_syntax::{TextRange, TextSize};

/// Where each line and each operand of a view comes from.
///
/// Lines follow the source: their `source` starts never go back. Within a line they may: the output
/// of a `call` comes first though it is last in the source.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ViewMap {
    /// All lines, from top to bottom. One whose literal contains a line feed is several lines of text.
    pub lines: Vec<ViewLine>,
    /// Operands and comments, in the order of the view.
    pub spans: Vec<ViewSpan>,
}

/// One line of the view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewLine {
    /// From its indentation up to and with its `\n`.
    pub view: TextRange,
    /// What it shows: the instruction up to its first child; for `|`, `catch:` and `last:`, what
    /// stands between the two children; for a comment line, the comment.
    pub source: TextRange,
    /// The instruction it belongs to; none for a comment.
    pub instr: Option<InstrId>,
    /// Its part of [`ViewMap::spans`].
    pub spans: Range<u32>,
}

/// One operand or comment in a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ViewSpan {
    /// Where it is written.
    pub view: TextRange,
    /// Where it stands in the source.
    pub source: TextRange,
}

impl ViewMap {
    /// The place in the view that shows the byte at `offset` of the source: exact within operands
    /// that are written as they stand, else the start of what shows it. Any offset has one; the
    /// view's start if the view is empty.
    pub fn source_to_view(&self, offset: TextSize) -> TextSize {
        let Some(line) = self.line_of_source(offset) else { return TextSize::from(0) };
        let spans = self.spans_of(line);
        let holds = |span: &&ViewSpan| span.source.contains_inclusive(offset);
        // Short lines may name operands in any order; in long ones only the first, a result, may be
        // out of the order of the source.
        let span = if spans.len() <= 8 {
            spans.iter().filter(holds).max_by_key(|span| span.source.start())
        } else {
            let rest = spans.get(1..).unwrap_or_default();
            let after = rest.partition_point(|span| span.source.start() <= offset);
            let before = after.checked_sub(1).and_then(|at| rest.get(at)).filter(holds);
            spans.first().filter(holds).or(before)
        };
        match span {
            Some(span) => shift(offset, span.source, span.view),
            None => line.view.start(),
        }
    }

    /// The place in the source that is shown at `offset` of the view; the end of the view belongs
    /// to its last line.
    pub fn view_to_source(&self, offset: TextSize) -> TextSize {
        let Some(line) = self.line_of_view(offset) else { return TextSize::from(0) };
        let spans = self.spans_of(line);
        let after = spans.partition_point(|span| span.view.start() <= offset);
        let span = after.checked_sub(1).and_then(|at| spans.get(at));
        match span.filter(|span| span.view.contains_inclusive(offset)) {
            Some(span) => shift(offset, span.view, span.source),
            None => line.source.start(),
        }
    }

    /// The line that shows the byte at `offset` of the source: the last that starts at or before
    /// it; the first line, if none does.
    pub fn line_of_source(&self, offset: TextSize) -> Option<&ViewLine> {
        let after = self.lines.partition_point(|line| line.source.start() <= offset);
        self.lines.get(after.saturating_sub(1))
    }

    /// The line at `offset` of the view.
    pub fn line_of_view(&self, offset: TextSize) -> Option<&ViewLine> {
        let after = self.lines.partition_point(|line| line.view.start() <= offset);
        self.lines.get(after.saturating_sub(1))
    }

    /// Operands and comments of a line, in the order of the view.
    pub fn spans_of(&self, line: &ViewLine) -> &[ViewSpan] {
        self.spans.get(line.spans.start as usize..line.spans.end as usize).unwrap_or_default()
    }
}

/// `offset` in `from`, carried to `to`; lengths differ where a number or lens was normalised.
fn shift(offset: TextSize, from: TextRange, to: TextRange) -> TextSize {
    let within = offset.checked_sub(from.start()).unwrap_or_default();
    if from.len() == to.len() { to.start() + within } else { to.start() + within.min(to.len()) }
}
