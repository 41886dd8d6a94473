//! The text under construction: lines, spans, the size limit, and the comments' turn.

use air_semantics::hir::InstrId;
use air_syntax::{TextRange, TextSize};

use super::comments::Comment;
use super::map::{ViewLine, ViewSpan};
use super::{BeautifyError, View, ViewMap};

const SPACES: &str = "                                                                ";

pub(super) struct Writer<'a> {
    pub(super) out: String,
    map: ViewMap,
    source: &'a str,
    comments: &'a [Comment],
    /// End of the last comment written.
    commented: TextSize,
    step: usize,
    limit: usize,
}

/// A line that was begun: what is known of it before its end.
pub(super) struct OpenLine {
    start: usize,
    /// It shows nothing before this: a comment after the line before it may.
    floor: TextSize,
    spans: u32,
    instr: Option<InstrId>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(source: &'a str, comments: &'a [Comment], step: usize, limit: usize) -> Self {
        // Typical compiler output at step 4 grows little: its closing brackets go.
        let out = String::with_capacity((source.len() + source.len() / 2).min(limit));
        Writer { out, map: ViewMap::default(), source, comments, commented: TextSize::from(0), step, limit }
    }

    /// Begins a line of what starts at `at` in the source; comments before it come first.
    pub(super) fn begin(
        &mut self,
        depth: u32,
        at: TextSize,
        instr: Option<InstrId>,
    ) -> Result<OpenLine, BeautifyError> {
        self.comments_before(at, depth)?;
        self.indented(depth, instr)
    }

    /// Ends a line that shows `source`. A comment inside a leaf, or after it on the same line of
    /// the source, is written at its end.
    pub(super) fn end(&mut self, begun: OpenLine, source: TextRange) {
        while let Some((comment, rest)) = self.comments.split_first() {
            let inside = comment.range.start() < source.end();
            if !inside && !comment.follows(self.source, source.end()) {
                break;
            }
            self.comments = rest;
            self.out.push(' ');
            self.comment(comment);
            if !inside {
                break;
            }
        }
        self.close(begun, source);
    }

    /// Writes the comments that start before `end` on lines of their own.
    pub(super) fn comments_before(&mut self, end: TextSize, depth: u32) -> Result<(), BeautifyError> {
        while let Some((comment, rest)) = self.comments.split_first() {
            if comment.range.start() >= end {
                break;
            }
            self.comments = rest;
            let begun = self.indented(depth, None)?;
            self.comment(comment);
            self.close(begun, comment.range);
        }
        Ok(())
    }

    /// Writes the comment that stands after a closing bracket, on a line of its own.
    pub(super) fn comment_behind(&mut self, end: TextSize, depth: u32) -> Result<(), BeautifyError> {
        match self.comments.first() {
            Some(comment) if comment.follows(self.source, end) => {
                self.comments_before(comment.range.end(), depth)
            }
            _ => Ok(()),
        }
    }

    /// Notes that what was written since `from` shows `source`.
    pub(super) fn span(&mut self, from: usize, source: TextRange) {
        let view = TextRange::new(size(from), size(self.out.len()));
        self.map.spans.push(ViewSpan { view, source });
    }

    pub(super) fn finish(self) -> View {
        View { text: self.out, map: self.map }
    }

    fn indented(&mut self, depth: u32, instr: Option<InstrId>) -> Result<OpenLine, BeautifyError> {
        let start = self.out.len();
        let mut spaces = self.step.saturating_mul(depth as usize);
        if start.saturating_add(spaces) > self.limit {
            return Err(BeautifyError::TooLarge { limit: self.limit });
        }
        while spaces > 0 {
            let some = SPACES.get(..spaces).unwrap_or(SPACES);
            self.out.push_str(some);
            spaces -= some.len();
        }
        Ok(OpenLine { start, floor: self.commented, spans: count(self.map.spans.len()), instr })
    }

    fn comment(&mut self, comment: &Comment) {
        let from = self.out.len();
        let range = usize::from(comment.range.start())..usize::from(comment.range.end());
        self.out.push_str(self.source.get(range).unwrap_or_default());
        self.span(from, comment.range);
        self.commented = comment.range.end();
    }

    /// Ends a line without looking at comments.
    pub(super) fn close(&mut self, begun: OpenLine, source: TextRange) {
        self.out.push('\n');
        let view = TextRange::new(size(begun.start), size(self.out.len()));
        let start = source.start().max(begun.floor);
        let source = TextRange::new(start, source.end().max(start));
        let spans = begun.spans..count(self.map.spans.len());
        self.map.lines.push(ViewLine { view, source, instr: begun.instr, spans });
    }
}

fn size(at: usize) -> TextSize {
    TextSize::from(count(at))
}

/// Everything here is far below `u32::MAX`: the view by its limit, the source by its ranges.
fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
