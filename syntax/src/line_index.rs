//! Byte offsets to lines and columns and back, in the three encodings editors speak.
//!
//! - Lines end at `\n`, `\r\n` and a lone `\r`, as the Language Server Protocol has it. (AquaVM knows `\n` only, and
//!   only for comments.) Lines and columns count from 0.
//! - Bad positions are clamped, never refused: a column after the line's end is the line's end, a line after the
//!   last one is the end of the text, a place inside of a character or between `\r` and `\n` is the place before it.
//! - Building is one pass; a question costs two binary searches, however long the line.

use rowan::{TextRange, TextSize};

/// Where the lines of one text are.
///
/// ```
/// use air_syntax::{Encoding, LineCol, LineIndex};
/// let index = LineIndex::new("(ap \"🦀\" x)\n");
/// assert_eq!(index.line_col(9.into(), Encoding::Utf16), LineCol { line: 0, col: 7 });
/// assert_eq!(index.offset(LineCol { line: 0, col: 7 }, Encoding::Utf16), 9.into());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineIndex {
    lines: Vec<Line>,
    wide: Vec<Wide>,
    len: u32,
}

/// Line and column, both from 0; what a column counts depends on the [`Encoding`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct LineCol {
    /// Line, from 0.
    pub line: u32,
    /// Column, in code units of the encoding.
    pub col: u32,
}

/// The unit of columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Encoding {
    /// Columns are bytes.
    Utf8,
    /// Columns are UTF-16 code units, the protocol's default.
    #[default]
    Utf16,
    /// Columns are characters (Unicode scalar values).
    Utf32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Line {
    start: u32,
    /// Without the line ending.
    end: u32,
}

/// A character of several bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Wide {
    start: u32,
    len: u32,
    /// By how much bytes are ahead of UTF-16 units before it, from the start of the text.
    ahead16: u32,
    /// The same for characters.
    ahead32: u32,
}

impl Wide {
    fn ahead(&self, encoding: Encoding) -> u32 {
        match encoding {
            Encoding::Utf8 => 0,
            Encoding::Utf16 => self.ahead16,
            Encoding::Utf32 => self.ahead32,
        }
    }

    fn units(&self, encoding: Encoding) -> u32 {
        match encoding {
            Encoding::Utf8 => self.len,
            Encoding::Utf16 => self.len.div_ceil(3).min(2),
            Encoding::Utf32 => 1,
        }
    }
}

impl LineIndex {
    /// Reads a text. All offsets above 4 GiB count as one.
    pub fn new(text: &str) -> LineIndex {
        let mut lines = Vec::new();
        let start = read_lines(text, 0, &mut lines);
        lines.push(Line { start: small(start), end: small(text.len()) });
        let mut wide = Vec::new();
        read_wide(text, 0, &mut wide);
        LineIndex { lines, wide, len: small(text.len()) }
    }

    /// The index of the text that an edit makes of this one's: `removed` in offsets of the text before, and the length
    /// of what took its place. The same as [`LineIndex::new`] of `text`, but only lines around the edit are read.
    pub fn after(&self, text: &str, removed: TextRange, inserted: TextSize) -> LineIndex {
        let (from, to) = (u32::from(removed.start()), u32::from(removed.end()));
        let inserted_end = from + u32::from(inserted);
        if text.len() != (self.len - (to - from)) as usize + usize::from(inserted) {
            return LineIndex::new(text);
        }
        let moved = |offset: u32| offset - to + inserted_end;

        // A line feed may join or leave a carriage return before the edit. One after it still ends its line.
        let first = self.lines.partition_point(|line| line.start <= from).saturating_sub(2);
        let next = self.lines.partition_point(|line| line.start <= to);
        let mut lines = Vec::with_capacity(self.lines.len() + 8);
        lines.extend_from_slice(self.lines.get(..first).unwrap_or_default());
        let start = self.lines.get(first).map_or(0, |line| line.start as usize);
        let rest = self.lines.get(next..).unwrap_or_default();
        let end = rest.first().map_or(text.len(), |line| moved(line.start) as usize);
        let last = read_lines(text.get(..end).unwrap_or_default(), start, &mut lines);
        if rest.is_empty() {
            lines.push(Line { start: small(last), end: small(text.len()) });
        }
        lines.extend(rest.iter().map(|line| Line { start: moved(line.start), end: moved(line.end) }));

        let before = self.wide.partition_point(|wide| wide.start < from);
        let after = self.wide.partition_point(|wide| wide.start < to);
        let mut wide = self.wide.get(..before).unwrap_or_default().to_vec();
        let fresh = text.get(..inserted_end as usize).unwrap_or_default();
        read_wide(fresh, from as usize, &mut wide);
        if let Some(old) = self.wide.get(after) {
            let (ahead16, ahead32) = ahead_after(wide.last());
            let (old16, old32) = (old.ahead16, old.ahead32);
            wide.extend(self.wide.get(after..).unwrap_or_default().iter().map(|wide| Wide {
                start: moved(wide.start),
                len: wide.len,
                ahead16: wide.ahead16 - old16 + ahead16,
                ahead32: wide.ahead32 - old32 + ahead32,
            }));
        }
        LineIndex { lines, wide, len: small(text.len()) }
    }

    /// How many lines there are; a text that ends in a line feed has an empty last one.
    pub fn line_count(&self) -> u32 {
        self.lines.len() as u32
    }

    /// Length of the text in bytes.
    pub fn len(&self) -> TextSize {
        self.len.into()
    }

    /// Whether the text is empty.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// A line without its line ending; `None` after the last one.
    pub fn line_range(&self, line: u32) -> Option<TextRange> {
        self.lines.get(line as usize).map(|line| TextRange::new(line.start.into(), line.end.into()))
    }

    /// Line and column of an offset.
    pub fn line_col(&self, offset: TextSize, encoding: Encoding) -> LineCol {
        let offset = u32::from(offset).min(self.len);
        let number = self.lines.partition_point(|line| line.start <= offset).saturating_sub(1);
        let Some(line) = self.lines.get(number) else { return LineCol::default() };
        let mut offset = offset.min(line.end);
        if let Some(wide) = self.last_wide_before(offset)
            && offset < wide.start + wide.len
        {
            offset = wide.start;
        }
        let ahead = self.ahead_at(offset, encoding) - self.ahead_at(line.start, encoding);
        LineCol { line: number as u32, col: offset - line.start - ahead }
    }

    /// Offset of a line and column.
    pub fn offset(&self, position: LineCol, encoding: Encoding) -> TextSize {
        let Some(line) = self.lines.get(position.line as usize) else { return self.len.into() };
        let before = self.ahead_at(line.start, encoding);
        let first = self.wide.partition_point(|wide| wide.start < line.start);
        let here = self.wide.get(first..).unwrap_or_default();
        let column_of = |wide: &Wide| wide.start - line.start - (wide.ahead(encoding) - before);
        let passed = here.partition_point(|wide| wide.start < line.end && column_of(wide) < position.col);
        let offset = match passed.checked_sub(1).and_then(|last| here.get(last)) {
            None => line.start.saturating_add(position.col),
            Some(last) => {
                let over = position.col - column_of(last);
                match over.checked_sub(last.units(encoding)) {
                    None => last.start,
                    Some(more) => (last.start + last.len).saturating_add(more),
                }
            }
        };
        offset.min(line.end).into()
    }

    fn last_wide_before(&self, offset: u32) -> Option<&Wide> {
        let passed = self.wide.partition_point(|wide| wide.start < offset);
        self.wide.get(passed.checked_sub(1)?)
    }

    /// By how much bytes are ahead of units at an offset on a character boundary.
    fn ahead_at(&self, offset: u32, encoding: Encoding) -> u32 {
        self.last_wide_before(offset).map_or(0, |wide| wide.ahead(encoding) + wide.len - wide.units(encoding))
    }
}

/// Appends the lines that end in a text from an offset on; returns where the one after them starts.
fn read_lines(text: &str, from: usize, lines: &mut Vec<Line>) -> usize {
    let bytes = text.as_bytes();
    let mut start = from;
    for end in memchr::memchr2_iter(b'\n', b'\r', bytes.get(from..).unwrap_or_default()) {
        let end = from + end;
        if end < start {
            // The line feed of a `\r\n` that ended the line already.
            continue;
        }
        lines.push(Line { start: small(start), end: small(end) });
        let pair = bytes.get(end..end + 2) == Some(b"\r\n");
        start = end + if pair { 2 } else { 1 };
    }
    start
}

/// Appends the characters of several bytes in a text from an offset on.
fn read_wide(text: &str, from: usize, wide: &mut Vec<Wide>) {
    let text = text.get(from..).unwrap_or_default();
    if text.is_ascii() {
        return;
    }
    let (mut ahead16, mut ahead32) = ahead_after(wide.last());
    for (start, c) in text.char_indices().filter(|(_, c)| !c.is_ascii()) {
        let len = c.len_utf8() as u32;
        wide.push(Wide { start: small(from + start), len, ahead16, ahead32 });
        ahead16 += len - c.len_utf16() as u32;
        ahead32 += len - 1;
    }
}

/// By how much bytes are ahead of UTF-16 units and of characters after a character.
fn ahead_after(wide: Option<&Wide>) -> (u32, u32) {
    wide.map_or((0, 0), |wide| {
        let units = |encoding| wide.ahead(encoding) + wide.len - wide.units(encoding);
        (units(Encoding::Utf16), units(Encoding::Utf32))
    })
}

fn small(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

#[cfg(test)]
#[allow(clippy::string_slice)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL: [Encoding; 3] = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32];

    fn at(text: &str, line: u32, col: u32, encoding: Encoding) -> u32 {
        LineIndex::new(text).offset(LineCol { line, col }, encoding).into()
    }

    #[test]
    fn bad_positions_are_clamped() {
        let text = "aé🦀b\nx";
        assert_eq!(at(text, 0, 99, Encoding::Utf16), 8);
        assert_eq!(at(text, 0, u32::MAX, Encoding::Utf8), 8);
        assert_eq!(at(text, 9, 0, Encoding::Utf16), 10);
        assert_eq!(at(text, 0, 3, Encoding::Utf16), 3, "between surrogates");
        assert_eq!(at(text, 0, 2, Encoding::Utf8), 1, "inside of é");
        assert_eq!(at(text, 0, 5, Encoding::Utf8), 3, "inside of the crab");
        let index = LineIndex::new(text);
        assert_eq!(index.line_col(5.into(), Encoding::Utf32), LineCol { line: 0, col: 2 });
        assert_eq!(index.line_col(99.into(), Encoding::Utf8), LineCol { line: 1, col: 1 });
    }

    #[test]
    fn three_sorts_of_line_ends() {
        let index = LineIndex::new("a\r\nb\rc\n");
        assert_eq!(index.line_count(), 4);
        let starts: Vec<u32> = (0..4).map(|line| at("a\r\nb\rc\n", line, 0, Encoding::Utf8)).collect();
        assert_eq!(starts, [0, 3, 5, 7]);
        assert_eq!(
            index.line_col(2.into(), Encoding::Utf8),
            LineCol { line: 0, col: 1 },
            "between \\r and \\n"
        );
        assert_eq!(index.line_range(1), Some(TextRange::new(3.into(), 4.into())));
        assert_eq!(index.line_range(4), None);
    }

    #[test]
    fn the_empty_text_has_one_line() {
        let index = LineIndex::new("");
        assert_eq!(index.line_count(), 1);
        assert_eq!(index.line_col(0.into(), Encoding::Utf16), LineCol::default());
        assert_eq!(at("", 3, 3, Encoding::Utf16), 0);
    }

    /// Slow and plain.
    fn model(text: &str, offset: usize, encoding: Encoding) -> LineCol {
        let (mut line, mut start) = (0, 0);
        let bytes = text.as_bytes();
        for at in 0..offset {
            let pair = bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
            if bytes[at] == b'\n' || (bytes[at] == b'\r' && !pair) {
                line += 1;
                start = at + 1;
            }
        }
        let column = match encoding {
            Encoding::Utf8 => offset - start,
            Encoding::Utf16 => text[start..offset].encode_utf16().count(),
            Encoding::Utf32 => text[start..offset].chars().count(),
        };
        LineCol { line, col: column as u32 }
    }

    proptest! {
        #[test]
        fn an_edited_text(text in "[a\\n\\ré🦀€]{0,20}", piece in "[a\\n\\ré🦀]{0,4}", one in 0..21_usize, other in 0..21_usize) {
            let at = |chars: usize| text.char_indices().nth(chars).map_or(text.len(), |(at, _)| at);
            let (from, to) = (at(one.min(other)), at(one.max(other)));
            let mut edited = text.clone();
            edited.replace_range(from..to, &piece);
            let removed = TextRange::new((from as u32).into(), (to as u32).into());
            let after = LineIndex::new(&text).after(&edited, removed, TextSize::of(piece.as_str()));
            prop_assert_eq!(after, LineIndex::new(&edited));
        }

        #[test]
        fn there_and_back(text in "[a\\n\\ré🦀€x]{0,40}") {
            let index = LineIndex::new(&text);
            for encoding in ALL {
                for (offset, _) in text.char_indices().chain([(text.len(), ' ')]) {
                    let inside_pair = text[..offset].ends_with('\r') && text[offset..].starts_with('\n');
                    if inside_pair {
                        continue;
                    }
                    let position = index.line_col((offset as u32).into(), encoding);
                    prop_assert_eq!(position, model(&text, offset, encoding));
                    prop_assert_eq!(usize::from(index.offset(position, encoding)), offset);
                }
            }
        }

        #[test]
        fn any_position_is_a_boundary_of_the_text(
            text in "[a\\n\\ré🦀€x]{0,20}", line in 0u32..6, col in 0u32..40, at in 0u32..120,
        ) {
            let index = LineIndex::new(&text);
            for encoding in ALL {
                let offset = usize::from(index.offset(LineCol { line, col }, encoding));
                prop_assert!(text.is_char_boundary(offset));
                prop_assert!(index.line_col(at.into(), encoding).line < index.line_count());
            }
        }
    }
}
