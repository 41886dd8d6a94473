//! The canonical layout: one way to write a script, that of the Aqua compiler.
//!
//! Nine rules:
//!
//! 1. **Shape.** An instruction opens with its head and operands on one line. Each child
//!    instruction stands on a line of its own, one level deeper. The closing bracket of an
//!    instruction with children stands alone, below its opening bracket.
//! 2. **Indent.** One space per level; [`FormatOptions::indent_width`] takes 1 to 8.
//! 3. **Leaves.** `call`, `ap`, `canon`, `fail`, `null`, `never` and `next` take one line, however
//!    wide: arguments are never wrapped.
//! 4. **Spaces.** One between two tokens; none after an opening or before a closing bracket; the
//!    empty list is `[]`.
//! 5. **Heads.** The operands of `new`, `match`, `mismatch` and `fold` stay on the head line; the
//!    last instruction of a `fold` is its second child.
//! 6. **Comments** keep their text and their place among the tokens, so that none changes its
//!    owner. What trails stays on the line it ended, after one space; what has a line of its own
//!    keeps one, indented as an instruction there would be. Since a comment takes the rest of its
//!    line, the token after it starts a new line, one level deeper than the innermost open
//!    bracket; if that token is a closing bracket, below its opener's level.
//! 7. **Blank lines.** Runs shrink to one, and stay only between instructions and comments: none at
//!    the top, after an opening line, before an operand or before a closing bracket.
//! 8. **Bytes.** No tabs, no spaces at the end of a line, line feeds, one newline at the end.
//!    Words, numbers and strings (line breaks inside included) stay byte for byte.
//! 9. **Broken scripts.** An instruction is laid out if its brackets close, and the heads in it are
//!    known: a missing, wrong or surplus operand does not hinder. All other instructions, and what is
//!    around them, stay byte for byte; sound ones inside are laid out relative to the column where they
//!    open.
//!
//! `; air: fmt off` keeps everything after its line byte for byte up to `; air: fmt on` or the end.
//! [`FormatOptions::compact`] puts closing brackets at the end of the line before (`))`); a first
//! child still starts a new line.
//!
//! Columns stop growing at [`MAX_INDENT`]: canonical text is quadratic in the depth by nature, and
//! hostile scripts must not use that.
//!
//! Nothing is ever returned unchecked: tokens and comments of the result are compared with those of
//! the text by the lexer ([`FormatError::TokensChanged`]).

mod check;
mod edits;
mod layout;
mod on_type;
mod range;
mod regions;

use std::fmt;

use air_syntax::{Parse, SyntaxKind, TextRange, TextSize};

use crate::diagnostic::TextEdit;
use layout::Layout;

/// Widest indentation in columns; what lies deeper stands there too.
pub const MAX_INDENT: usize = 1024;

/// What a user can choose about the layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FormatOptions {
    /// Spaces per level; values outside 1 to 8 count as the nearest of them.
    pub indent_width: u8,
    /// Closing brackets at the end of the line before.
    pub compact: bool,
    /// What ends a line that the formatter breaks.
    pub line_ending: LineEnding,
}

/// What ends a line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum LineEnding {
    /// Line feed.
    #[default]
    Lf,
    /// Carriage return and line feed.
    Crlf,
}

/// A text in its layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formatted {
    /// All of the text, also where nothing changed.
    pub text: String,
    /// Whether it differs from what was given.
    pub changed: bool,
}

/// Why nothing was laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormatError {
    /// The result would not have the same tokens and comments: a defect of the formatter, or a tree
    /// of another text. Nothing must be written.
    TokensChanged {
        /// Where in the text given they start to differ.
        at: TextSize,
    },
    /// The result would be absurdly larger than the text.
    TooLarge {
        /// Bytes allowed.
        limit: usize,
    },
}

/// Lays out the whole text that `parse` came from.
///
/// ```
/// use air_analysis::format::{FormatOptions, format};
///
/// let text = "(seq (null) ; first\n(null))";
/// let formatted = format(&air_syntax::parse(text), text, &FormatOptions::default()).unwrap();
/// assert_eq!(formatted.text, "(seq\n (null) ; first\n (null)\n)\n");
/// ```
pub fn format(parse: &Parse, text: &str, options: &FormatOptions) -> Result<Formatted, FormatError> {
    let unchanged = || Ok(Formatted { text: text.to_owned(), changed: false });
    let Some(mut laid_out) = Layout::new(text, options).script(parse)? else {
        return unchanged();
    };
    if !parse.errors().is_empty() {
        match settle(parse, laid_out, options)? {
            Some(settled) if settled != text => laid_out = settled,
            _ => return unchanged(),
        }
    }
    match check::first_difference(parse, text, &laid_out) {
        Some(at) => Err(FormatError::TokensChanged { at }),
        None => Ok(Formatted { text: laid_out, changed: true }),
    }
}

/// Lays out again until nothing changes; `None` if that takes too long.
///
/// The parser heeds indentation when it guesses where a missing bracket belongs, so that a new layout of
/// a broken script can show other sound instructions. Hardly ever is a second round needed.
fn settle(parse: &Parse, mut text: String, options: &FormatOptions) -> Result<Option<String>, FormatError> {
    const MAX_ROUNDS: usize = 4;
    let kind = SyntaxKind::from_green(parse.green().kind());
    for _ in 0..MAX_ROUNDS {
        match Layout::new(&text, options).script(&air_syntax::parse_as(kind, &text))? {
            Some(again) => text = again,
            None => return Ok(Some(text)),
        }
    }
    Ok(None)
}

/// Lays out the instructions that the range touches: whole instructions, as few as possible.
///
/// They land where [`format()`] puts them, so that formatting a script piece by piece ends in the same
/// text. Edits replace runs of spaces only, are disjoint and in text order; none if [`format()`] fails.
pub fn format_range(parse: &Parse, text: &str, range: TextRange, options: &FormatOptions) -> Vec<TextEdit> {
    range::format_ranges(parse, text, &[range], options)
}

/// [`format_range`] for several ranges at once.
pub fn format_ranges(
    parse: &Parse,
    text: &str,
    ranges: &[TextRange],
    options: &FormatOptions,
) -> Vec<TextEdit> {
    range::format_ranges(parse, text, ranges, options)
}

/// Lays out after a typed `)` or newline; `offset` is just after it.
///
/// A bracket lays out the form that it closes, from its opening bracket on, in the column where that
/// stands. A newline indents the line that it started. Only spaces change, and none outside of
/// that form or line.
pub fn format_on_type(
    parse: &Parse,
    text: &str,
    offset: TextSize,
    typed: char,
    options: &FormatOptions,
) -> Vec<TextEdit> {
    match typed {
        ')' => on_type::closed(parse, text, offset, options),
        '\n' => on_type::new_line(text, offset, options),
        _ => Vec::new(),
    }
}

/// The instruction that starts at an offset and how it is laid out in the column where it stands; `None` if
/// there is none, or it must stay as it is.
pub fn format_form(
    parse: &Parse,
    text: &str,
    start: TextSize,
    options: &FormatOptions,
) -> Option<(TextRange, String)> {
    on_type::form(parse, text, start, options)
}

/// Spaces as wide as the last line of a text: the indentation of what stands after it.
pub fn column(text: &str) -> String {
    layout::column(text)
}

/// The edits that make `new` out of `old`, where both have the same tokens and comments: one for each
/// run of spaces that differs. Texts that are not such a pair get one edit for everything.
pub fn edits(old: &str, new: &str) -> Vec<TextEdit> {
    edits::edits(old, new)
}

impl Default for FormatOptions {
    fn default() -> Self {
        FormatOptions { indent_width: 1, compact: false, line_ending: LineEnding::Lf }
    }
}

impl FormatOptions {
    /// Columns a level.
    fn step(&self) -> usize {
        usize::from(self.indent_width.clamp(1, 8))
    }
}

impl LineEnding {
    /// That of the first line.
    pub fn of(text: &str) -> Self {
        match memchr::memchr(b'\n', text.as_bytes()).and_then(|at| text.get(..at)) {
            Some(line) if line.ends_with('\r') => LineEnding::Crlf,
            _ => LineEnding::Lf,
        }
    }

    /// Its bytes.
    pub fn as_str(self) -> &'static str {
        match self {
            LineEnding::Lf => "\n",
            LineEnding::Crlf => "\r\n",
        }
    }
}

impl FormatError {
    /// Stable name of the failure.
    pub fn code(&self) -> &'static str {
        match self {
            FormatError::TokensChanged { .. } => "format-tokens-changed",
            FormatError::TooLarge { .. } => "format-too-large",
        }
    }
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FormatError::TokensChanged { at } => write!(
                f,
                "the new layout would change the script at byte {}; this is a defect of the formatter, \
                 please report it with the script. Nothing was changed",
                u32::from(*at)
            ),
            FormatError::TooLarge { limit } => write!(
                f,
                "the new layout would exceed {} MiB, because the script nests so deeply. \
                 Nothing was changed",
                limit >> 20
            ),
        }
    }
}

impl std::error::Error for FormatError {}
