//! Lines and columns as the client counts them.

use air_semantics::Script;
use air_semantics::hir::{InstrId, InstrKind};
use air_syntax::{Encoding, LineIndex, TextSize};
use dapts::InitializeRequestArguments;

/// Where the client's lines and columns begin.
#[derive(Debug, Clone, Copy)]
pub(super) struct Origin {
    line: u32,
    column: u32,
}

impl Default for Origin {
    fn default() -> Self {
        Origin { line: 1, column: 1 }
    }
}

/// A range, as the client counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span {
    pub(super) line: u32,
    pub(super) column: u32,
    pub(super) end_line: u32,
    pub(super) end_column: u32,
}

/// The places of one script.
#[derive(Debug)]
pub(super) struct Places {
    lines: LineIndex,
    origin: Origin,
}

impl Origin {
    pub(super) fn of(arguments: &InitializeRequestArguments) -> Self {
        let first = |at_1: Option<bool>| u32::from(at_1.unwrap_or(true));
        Origin { line: first(arguments.lines_start_at1), column: first(arguments.columns_start_at1) }
    }
}

impl Places {
    pub(super) fn new(text: &str, origin: Origin) -> Self {
        Places { lines: LineIndex::new(text), origin }
    }

    /// Where an instruction stands.
    pub(super) fn of(&self, script: &Script, instr: InstrId) -> Span {
        let range = script.hir().instr(instr).map(|instr| instr.range).unwrap_or_default();
        let place = |at: TextSize| {
            let place = self.lines.line_col(at, Encoding::Utf16);
            (place.line + self.origin.line, place.col + self.origin.column)
        };
        let ((line, column), (end_line, end_column)) = (place(range.start()), place(range.end()));
        Span { line, column, end_line, end_column }
    }

    /// Instructions that begin on lines from `from` to `to`, in the order of the text.
    pub(super) fn on_lines(&self, script: &Script, from: u32, to: u32) -> Vec<(Span, InstrId)> {
        let all = (0..).map(InstrId).take(script.hir().instrs.len());
        let mut found: Vec<(Span, InstrId)> = all
            .map(|instr| (self.of(script, instr), instr))
            .filter(|(span, _)| (from..=to).contains(&span.line))
            .collect();
        found.sort_by_key(|(span, instr)| (*span, std::cmp::Reverse(*instr)));
        found
    }

    /// The instruction that a breakpoint on this line means: the one at the column; without one, the first that does
    /// something; on a line where none begins, that of the next lines.
    pub(super) fn breakpoint(&self, script: &Script, line: u32, column: Option<u32>) -> Option<InstrId> {
        let mut found = self.on_lines(script, line, line);
        if found.is_empty() {
            let after = self.on_lines(script, line, u32::MAX);
            let next = after.first()?.0.line;
            found = after.into_iter().filter(|(span, _)| span.line == next).collect();
        } else if let Some(column) = column {
            let before = found.iter().rev().find(|(span, _)| span.column <= column);
            return before.or_else(|| found.first()).map(|(_, instr)| *instr);
        }
        let acts = |(_, instr): &&(Span, InstrId)| {
            let kind = script.hir().instr(*instr).map(|instr| instr.kind);
            !kind.is_some_and(|kind| {
                matches!(kind, InstrKind::Seq | InstrKind::Par | InstrKind::Xor | InstrKind::New)
            })
        };
        found.iter().find(acts).or_else(|| found.first()).map(|(_, instr)| *instr)
    }
}
