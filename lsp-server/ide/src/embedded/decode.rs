//! From a literal to the text that it stands for, with a map of both.

use std::collections::HashMap;
use std::ops::Range;

use super::literal::{Braces, Form, Literal, at};
use super::map::Map;

/// Longer holes of `format!` are none: values in braces are names with an instruction how to print them.
const MAX_BRACE_BYTES: usize = 80;

/// The text of a literal.
#[derive(Debug, Clone)]
pub(crate) struct Decoded {
    /// With a word in place of each hole, without white space around, and without the indentation of the literal.
    pub text: String,
    pub map: Map,
    /// In order.
    pub holes: Vec<HolePlace>,
    /// What each line after the first begins with, in the host.
    pub indent: String,
    /// Where lines begin that have less indentation than they share.
    pub short_lines: Vec<usize>,
    /// Whether a line of the program ends inside.
    pub over_lines: bool,
    /// Whether an escaped line end is left out: a new layout would not know where to.
    pub joined: bool,
}

/// A part of a script that the program fills in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HolePlace {
    /// The word in its place.
    pub script: Range<usize>,
    /// In the host, with `${` and `}`.
    pub host: Range<usize>,
    /// Equal for holes with the same text.
    pub number: usize,
}

/// Decodes; `filler` says what stands for a hole, by its index and by the number of its text. `None` if an escape is not
/// one.
pub(crate) fn decode(
    text: &str,
    literal: &Literal,
    filler: &dyn Fn(usize, usize) -> String,
) -> Option<Decoded> {
    let indent = indent(text, literal);
    let mut decoder = Decoder {
        text,
        bytes: text.as_bytes().get(..literal.inside.end)?,
        literal,
        at: literal.inside.start,
        next_hole: 0,
        string: false,
        comment: false,
        numbers: HashMap::new(),
        out: Decoded {
            text: String::new(),
            map: Map::default(),
            holes: Vec::new(),
            indent,
            short_lines: Vec::new(),
            over_lines: false,
            joined: false,
        },
    };
    // In a block, the first line is indented as the others.
    if matches!(literal.form, Form::Fence { .. }) {
        decoder.skip_indent();
    }
    while decoder.at < literal.inside.end {
        decoder.piece(filler)?;
    }
    Some(trimmed(decoder.out))
}

/// Without white space around.
fn trimmed(mut decoded: Decoded) -> Decoded {
    let start = decoded.text.len() - decoded.text.trim_start().len();
    let end = decoded.text.trim_end().len().max(start);
    decoded.map.cut(&(start..end));
    decoded.holes.retain_mut(|hole| {
        let inside = hole.script.start >= start && hole.script.end <= end;
        hole.script = hole.script.start.saturating_sub(start)..hole.script.end.saturating_sub(start);
        inside
    });
    decoded.short_lines.retain(|line| (start + 1..end).contains(line));
    decoded.short_lines.iter_mut().for_each(|line| *line -= start);
    decoded.text.truncate(end);
    decoded.text.drain(..start);
    decoded
}

/// The white space that the lines of a script share: that before its first line, or, when that follows the quote, before
/// a closing bracket on the last line or before the line of the quote.
fn indent(text: &str, literal: &Literal) -> String {
    match &literal.form {
        Form::JsQuoted(_) => return String::new(),
        Form::Fence { prefix, .. } => return prefix.clone(),
        _ => {}
    }
    let inside = text.get(literal.inside.clone()).unwrap_or_default();
    let first = inside.len() - inside.trim_start().len();
    let lead = inside.get(..first).unwrap_or_default();
    let white = |line: &str| line.get(..line.len() - line.trim_start().len()).unwrap_or_default().to_owned();
    if let Some(line) = lead.rfind('\n') {
        return lead.get(line + 1..).unwrap_or_default().to_owned();
    }
    let last = inside.trim_end().rsplit_once('\n').map(|(_, last)| last);
    if let Some(last) = last.filter(|last| last.trim_start().starts_with(')')) {
        return white(last);
    }
    let before = text.get(..literal.inside.start).unwrap_or_default();
    white(before.rsplit_once('\n').map_or(before, |(_, line)| line))
}

struct Decoder<'t> {
    text: &'t str,
    /// Up to the literal's end.
    bytes: &'t [u8],
    literal: &'t Literal,
    at: usize,
    next_hole: usize,
    /// Whether a string of AIR is open.
    string: bool,
    /// Whether a comment of AIR is open.
    comment: bool,
    numbers: HashMap<&'t str, usize>,
    out: Decoded,
}

impl Decoder<'_> {
    fn piece(&mut self, filler: &dyn Fn(usize, usize) -> String) -> Option<()> {
        if let Some(hole) = self.literal.holes.get(self.next_hole).filter(|hole| hole.start == self.at) {
            self.next_hole += 1;
            self.hole(hole.clone(), filler);
            return Some(());
        }
        let escapes = match self.literal.form {
            Form::JsTemplate { raw } => !raw,
            Form::JsQuoted(_) | Form::RustPlain => true,
            Form::RustRaw(_) | Form::Fence { .. } => false,
        };
        match at(self.bytes, self.at) {
            b'\\' if escapes => {
                let (length, char) = match self.literal.form {
                    Form::RustPlain => rust_escape(self.bytes, self.at)?,
                    _ => js_escape(self.bytes, self.at, self.text)?,
                };
                self.out.joined |= char.is_none();
                let end = self.at + length;
                self.emit(char.map(String::from).unwrap_or_default().as_str(), end, false);
            }
            brace @ (b'{' | b'}')
                if self.literal.braces == Braces::Format && at(self.bytes, self.at + 1) == brace =>
            {
                self.emit(if brace == b'{' { "{" } else { "}" }, self.at + 2, false);
            }
            b'{' if self.literal.braces != Braces::Plain => match self.brace() {
                Some(end) => self.hole(self.at..end, filler),
                None => self.emit("{", self.at + 1, true),
            },
            b'\n' => {
                self.out.over_lines = true;
                self.emit("\n", self.at + 1, true);
                if !self.string {
                    self.skip_indent();
                }
            }
            _ => {
                let char = self.text.get(self.at..)?.chars().next()?;
                let end = self.at + char.len_utf8();
                self.emit(char.encode_utf8(&mut [0; 4]), end, true);
            }
        }
        Some(())
    }

    /// Adds a piece of the script, and keeps track of its strings and comments.
    fn emit(&mut self, piece: &str, host_end: usize, same: bool) {
        let start = self.out.text.len();
        self.out.text += piece;
        if !piece.is_empty() {
            self.out.map.push(start..self.out.text.len(), self.at..host_end, same);
        }
        match piece {
            "\"" if !self.comment => self.string = !self.string,
            ";" if !self.string => self.comment = true,
            "\n" => self.comment = false,
            _ => {}
        }
        self.at = host_end;
    }

    fn hole(&mut self, host: Range<usize>, filler: &dyn Fn(usize, usize) -> String) {
        let written = self.text.get(host.clone()).unwrap_or_default();
        let fresh = self.numbers.len();
        let number = *self.numbers.entry(written).or_insert(fresh);
        let start = self.out.text.len();
        self.out.text += &filler(self.out.holes.len(), number);
        let script = start..self.out.text.len();
        self.out.map.push(script.clone(), host.clone(), false);
        self.at = host.end;
        self.out.holes.push(HolePlace { script, host, number });
    }

    /// Where `{name}` or `{{name}}` ends.
    fn brace(&self) -> Option<usize> {
        let rest = self.bytes.get(self.at..)?;
        let rest = rest.get(..MAX_BRACE_BYTES.min(rest.len()))?;
        let doubled = at(rest, 1) == b'{';
        let (open, closing): (usize, &[u8]) = if doubled { (2, b"}}") } else { (1, b"}") };
        let end = memchr::memmem::find(rest.get(open..)?, closing)? + open;
        let name = rest.get(open..end)?;
        let printable = |byte: &u8| byte.is_ascii_alphanumeric() || b" _.:?#$<>^+*-[]".contains(byte);
        name.iter().all(printable).then_some(self.at + end + closing.len())
    }

    /// Leaves out what a line has of the indentation of all.
    fn skip_indent(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let skipped =
            rest.iter().zip(self.out.indent.bytes()).take_while(|(one, other)| **one == *other).count();
        self.at += skipped;
        if skipped < self.out.indent.len() {
            self.out.short_lines.push(self.out.text.len());
        }
    }
}

/// How long an escape of JavaScript is, and what it stands for.
fn js_escape(bytes: &[u8], start: usize, text: &str) -> Option<(usize, Option<char>)> {
    let next = text.get(start + 1..bytes.len())?.chars().next()?;
    Some(match next {
        'n' => (2, Some('\n')),
        't' => (2, Some('\t')),
        'r' => (2, Some('\r')),
        'b' => (2, Some('\u{8}')),
        'f' => (2, Some('\u{c}')),
        'v' => (2, Some('\u{b}')),
        '0' if !at(bytes, start + 2).is_ascii_digit() => (2, Some('\0')),
        '\r' if at(bytes, start + 2) == b'\n' => (3, None),
        '\n' | '\r' | '\u{2028}' | '\u{2029}' => (1 + next.len_utf8(), None),
        'x' => (4, char::from_u32(hex(bytes.get(start + 2..start + 4)?)?)),
        'u' if at(bytes, start + 2) == b'{' => braced(bytes, start)?,
        'u' => {
            let unit = hex(bytes.get(start + 2..start + 6)?)?;
            match (unit, low_surrogate(bytes, start + 6)) {
                (0xD800..0xDC00, Some(low)) => {
                    (12, char::from_u32(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)))
                }
                _ => (6, Some(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER))),
            }
        }
        '0'..='9' => return None,
        other => (1 + other.len_utf8(), Some(other)),
    })
}

/// How long an escape of Rust is, and what it stands for. After an escaped line end, white space is left out.
fn rust_escape(bytes: &[u8], start: usize) -> Option<(usize, Option<char>)> {
    Some(match at(bytes, start + 1) {
        b'n' => (2, Some('\n')),
        b'r' => (2, Some('\r')),
        b't' => (2, Some('\t')),
        b'0' => (2, Some('\0')),
        byte @ (b'\\' | b'\'' | b'"') => (2, Some(char::from(byte))),
        b'x' => (4, Some(char::from_u32(hex(bytes.get(start + 2..start + 4)?)?).filter(char::is_ascii)?)),
        b'u' if at(bytes, start + 2) == b'{' => braced(bytes, start)?,
        b'\n' | b'\r' => {
            let rest = bytes.get(start + 1..)?;
            let white = rest.iter().take_while(|byte| matches!(**byte, b' ' | b'\t' | b'\r' | b'\n')).count();
            (1 + white, None)
        }
        _ => return None,
    })
}

/// `\u{…}`
fn braced(bytes: &[u8], start: usize) -> Option<(usize, Option<char>)> {
    // Rust lets digits be grouped by `_`.
    let digits: Vec<u8> =
        bytes.get(start + 3..)?.iter().copied().take(16).take_while(|byte| *byte != b'}').collect();
    let end = start + 3 + digits.len();
    let plain: Vec<u8> = digits.into_iter().filter(|byte| *byte != b'_').collect();
    (at(bytes, end) == b'}').then_some(())?;
    Some((end + 1 - start, Some(char::from_u32(hex(&plain)?)?)))
}

fn low_surrogate(bytes: &[u8], start: usize) -> Option<u32> {
    let escape = bytes.get(start..start + 6)?.strip_prefix(b"\\u")?;
    hex(escape).filter(|unit| (0xDC00..0xE000).contains(unit))
}

fn hex(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}
