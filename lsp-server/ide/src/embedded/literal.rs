//! Literals of a host language, as its scanner finds them: where their text is, and how it is written.

use std::ops::Range;

/// A literal that may hold a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Literal {
    /// Bytes between the delimiters.
    pub inside: Range<usize>,
    /// How the text is written.
    pub form: Form,
    /// Whether the program says that it is AIR.
    pub tagged: bool,
    /// Whether `{name}` in it is filled in.
    pub braces: Braces,
    /// `${…}` of a template, in order.
    pub holes: Vec<Range<usize>>,
}

/// How a literal is written, which decides what its escapes mean and what an edit has to escape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Form {
    /// `'…'` or `"…"` of JavaScript: on one line, with escapes.
    JsQuoted(u8),
    /// `` `…` ``, with escapes unless the tag is `String.raw`.
    JsTemplate {
        /// Whether a backslash is a character as any other.
        raw: bool,
    },
    /// `"…"` of Rust: over lines, with escapes.
    RustPlain,
    /// `r#"…"#` with that many `#`.
    RustRaw(usize),
    /// Lines between fences of that many of that character; each line begins with the prefix of the first fence.
    Fence {
        /// A backtick or a tilde.
        mark: u8,
        /// How many of them at least end the fence.
        length: usize,
        /// White space and `>` before the fence.
        prefix: String,
    },
}

/// Whether braces in a literal are for values that the program fills in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Braces {
    /// A brace is a brace.
    Plain,
    /// `{name}` is a value, `{{` a brace: the text of `format!`.
    Format,
    /// `{name}` and `{{name}}` may be replaced somewhere else.
    Perhaps,
}

/// The byte at a place; 0 after the end, which no scanner looks for.
pub(crate) fn at(bytes: &[u8], index: usize) -> u8 {
    bytes.get(index).copied().unwrap_or(0)
}

/// Whether a byte can be part of a name of a host language; all bytes of characters outside of ASCII can.
pub(crate) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

/// Whether a comment says that the literal after it is AIR: `air`, `@air`, `language=AIR`.
pub(crate) fn is_tag(comment: &str) -> bool {
    let word = comment.trim().trim_start_matches('@');
    let word = word.strip_prefix("language=").unwrap_or(word);
    word.eq_ignore_ascii_case("air")
}
