//! A document's text while it is edited.
//!
//! Keeps line starts up to date by splicing, so that ten thousand edits in one notification cost ten
//! thousand small edits. Positions outside the text are clamped, positions inside a character or a
//! line ending go to its start: the same rules as [`air_syntax::LineIndex`], which
//! versions that no longer change use.

use std::ops::Range;
use std::sync::Arc;

use air_syntax::Encoding;

use super::lsp;

/// Text and the starts of its lines.
#[derive(Debug, Clone)]
pub(crate) struct TextBuffer {
    text: String,
    /// Ascending; the first is 0.
    starts: Vec<usize>,
}

impl TextBuffer {
    /// A text as opened.
    pub(crate) fn new(text: String) -> TextBuffer {
        let mut starts = vec![0];
        line_starts(&text, 0..text.len(), &mut starts);
        TextBuffer { text, starts }
    }

    /// A copy to analyse.
    pub(crate) fn snapshot(&self) -> Arc<str> {
        Arc::from(self.text.as_str())
    }

    /// Applies one change of a `didChange`.
    pub(crate) fn apply(&mut self, change: lsp::TextDocumentContentChangeEvent, encoding: Encoding) {
        let Some(range) = change.range else {
            *self = TextBuffer::new(change.text);
            return;
        };
        let one = self.offset(range.start, encoding);
        let other = self.offset(range.end, encoding);
        self.replace(one.min(other)..one.max(other), &change.text);
    }

    /// Byte offset of a position.
    pub(crate) fn offset(&self, position: lsp::Position, encoding: Encoding) -> usize {
        let Some(&start) = self.starts.get(position.line as usize) else { return self.text.len() };
        let next = self.starts.get(position.line as usize + 1).copied().unwrap_or(self.text.len());
        let line = self.text.get(start..next).unwrap_or_default();
        let line = line.strip_suffix('\n').unwrap_or(line);
        let line = line.strip_suffix('\r').unwrap_or(line);
        start + column_to_byte(line, position.character as usize, encoding)
    }

    fn replace(&mut self, range: Range<usize>, new: &str) {
        // A line feed may join or leave a carriage return at either edge, so the lines before and
        // after the edited ones are looked at again too.
        let first = self.starts.partition_point(|&start| start <= range.start).saturating_sub(2);
        let after = (self.starts.partition_point(|&start| start <= range.end) + 1).min(self.starts.len());
        let from = self.starts.get(first).copied().unwrap_or_default();
        let until = self.starts.get(after).copied().unwrap_or(self.text.len());

        let old_len = range.len();
        self.text.replace_range(range, new);
        let moved = |offset: usize| offset - old_len + new.len();

        let mut fresh = Vec::new();
        line_starts(&self.text, from..moved(until), &mut fresh);
        // A start at the end of the looked-at part belongs to the first line left alone.
        if after < self.starts.len() {
            fresh.pop_if(|start| *start == moved(until));
        }
        for start in self.starts.get_mut(after..).unwrap_or_default() {
            *start = moved(*start);
        }
        self.starts.splice(first + 1..after, fresh);
    }
}

/// Appends the starts of the lines that begin after a line ending within the range.
fn line_starts(text: &str, range: Range<usize>, starts: &mut Vec<usize>) {
    let bytes = text.as_bytes();
    let within = bytes.get(range.clone()).unwrap_or_default();
    for at in memchr::memchr2_iter(b'\n', b'\r', within) {
        let at = range.start + at;
        let joined = bytes.get(at) == Some(&b'\r') && bytes.get(at + 1) == Some(&b'\n');
        if !joined {
            starts.push(at + 1);
        }
    }
}

/// Byte within a line; too far goes to the end, inside a character to its start.
fn column_to_byte(line: &str, column: usize, encoding: Encoding) -> usize {
    if encoding == Encoding::Utf8 {
        let mut byte = column.min(line.len());
        while !line.is_char_boundary(byte) {
            byte -= 1;
        }
        return byte;
    }
    let mut units = 0;
    for (byte, char) in line.char_indices() {
        units += if encoding == Encoding::Utf16 { char.len_utf16() } else { 1 };
        if units > column {
            return byte;
        }
    }
    line.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use air_syntax::{LineCol, LineIndex};

    fn position(line: u32, character: u32) -> lsp::Position {
        lsp::Position { line, character }
    }

    fn change(range: Option<(u32, u32, u32, u32)>, text: &str) -> lsp::TextDocumentContentChangeEvent {
        let range = range.map(|(a, b, c, d)| lsp::Range::new(position(a, b), position(c, d)));
        lsp::TextDocumentContentChangeEvent { range, range_length: None, text: text.to_owned() }
    }

    #[test]
    fn columns_in_three_units() {
        let buffer = TextBuffer::new("ab\n\"é😀x\"\r\nend".to_owned());
        for (encoding, columns) in [
            (Encoding::Utf8, [(1, 4), (2, 4), (3, 6), (5, 6), (7, 10)]),
            (Encoding::Utf16, [(1, 4), (2, 6), (3, 6), (4, 10), (5, 11)]),
            (Encoding::Utf32, [(1, 4), (2, 6), (3, 10), (4, 11), (5, 12)]),
        ] {
            for (column, byte) in columns {
                assert_eq!(buffer.offset(position(1, column), encoding), byte, "{encoding:?} {column}");
            }
        }
        assert_eq!(buffer.offset(position(1, 999), Encoding::Utf16), 12, "before the line ending");
        assert_eq!(buffer.offset(position(9, 0), Encoding::Utf16), 17, "after the last line");
        assert_eq!(buffer.offset(position(u32::MAX, u32::MAX), Encoding::Utf16), 17);
    }

    #[test]
    fn reversed_ranges_and_full_changes() {
        let mut buffer = TextBuffer::new("(null)".to_owned());
        buffer.apply(change(Some((0, 5, 0, 1)), "never"), Encoding::Utf8);
        assert_eq!(buffer.text, "(never)");
        buffer.apply(change(None, "a\nb"), Encoding::Utf8);
        assert_eq!(buffer.starts, [0, 2]);
    }

    /// Every edit keeps the starts equal to those of the whole text.
    #[test]
    fn spliced_starts_equal_fresh_ones() {
        let pieces = ["", "\n", "\r", "\r\n", "ab", "é😀\n\n", "\n\r", "x\ry\r\nz\n"];
        let mut state = 7_u64;
        let mut random = move |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below
        };
        let mut buffer = TextBuffer::new(String::new());
        for step in 0..20_000_u32 {
            let end = buffer.text.len() + 1;
            let (mut a, mut b) = (random(end), random(end));
            if a > b {
                std::mem::swap(&mut a, &mut b);
            }
            b = b.min(a + random(12));
            while !buffer.text.is_char_boundary(a) {
                a -= 1;
            }
            while !buffer.text.is_char_boundary(b) {
                b += 1;
            }
            buffer.replace(a..b, pieces[random(pieces.len())]);
            assert_eq!(buffer.starts, TextBuffer::new(buffer.text.clone()).starts, "step {step}");
            // Both ways of finding an offset agree, on good positions and bad ones.
            let (line, column) = (random(buffer.starts.len() + 1) as u32, random(8) as u32);
            for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
                let offset = LineIndex::new(&buffer.text).offset(LineCol { line, col: column }, encoding);
                assert_eq!(
                    buffer.offset(position(line, column), encoding),
                    usize::from(offset),
                    "step {step}"
                );
            }
        }
    }
}
