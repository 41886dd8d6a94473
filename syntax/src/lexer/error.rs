//! Errors of single words and strings, with AquaVM's texts.

use std::borrow::Cow;
use std::fmt;
use std::num::IntErrorKind;

use crate::lens::{LensError, LensErrorKind};

/// Why AquaVM's lexer refuses a word or string, and the span it reports (`syntax/spec/language.md §1.8`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LexError {
    /// What is wrong.
    pub kind: LexErrorKind,
    /// First byte of the reference's span; many of its spans are empty.
    pub start: u32,
    /// One after the last byte.
    pub end: u32,
}

/// What can be wrong with a word or string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LexErrorKind {
    /// `"…` to the end of the text.
    UnclosedString,
    /// `$`, `#` or `%` alone.
    EmptyTaggedName,
    /// `#$`, `#%` alone, or with a lens.
    EmptyCanonName,
    /// A lens on a tagged name of one byte, `#c.length`: a quirk of AquaVM.
    ShortNameWithLens,
    /// `.5`, `.x`
    LeadingDot,
    /// `...`
    Ellipsis,
    /// A character that names do not have.
    BadChar(char),
    /// A character that lenses do not have.
    BadLensChar(char),
    /// A number followed by something else.
    BadNumberChar(char),
    /// Not an `i64`.
    Int(IntErrorKind),
    /// Not an `f64`.
    Float,
    /// More than 11 bytes.
    FloatTooLong,
    /// The lens after the name is wrong.
    Lens(LensError),
}

impl LexError {
    pub(crate) fn new(kind: LexErrorKind, start: usize, end: usize) -> LexError {
        LexError { kind, start: start as u32, end: end as u32 }
    }

    /// The same, `by` bytes further on.
    pub(crate) fn shifted(self, by: usize) -> LexError {
        LexError { kind: self.kind, start: self.start + by as u32, end: self.end + by as u32 }
    }

    /// AquaVM's text, except for grammar errors of lenses, whose debug dumps are only imitated.
    pub fn reference_message(&self) -> Cow<'static, str> {
        Cow::Borrowed(match &self.kind {
            LexErrorKind::UnclosedString => "this string literal has unclosed quote",
            LexErrorKind::EmptyTaggedName => "a tagged name should be non empty",
            LexErrorKind::EmptyCanonName | LexErrorKind::ShortNameWithLens => {
                "a canon name should be non empty"
            }
            LexErrorKind::LeadingDot | LexErrorKind::Ellipsis => {
                "leading dot without any symbols before - please write 0 if it's float or variable name if it's a lambda"
            }
            LexErrorKind::BadChar(_) => {
                "only alphanumeric, '_', and '-' characters are allowed in this position"
            }
            LexErrorKind::BadLensChar(_) => "invalid character in lambda",
            LexErrorKind::BadNumberChar(_) => "a digit could contain only digits or one dot",
            LexErrorKind::Int(IntErrorKind::PosOverflow) => "number too large to fit in target type",
            LexErrorKind::Int(IntErrorKind::NegOverflow) => "number too small to fit in target type",
            LexErrorKind::Int(_) => "invalid digit found in string",
            LexErrorKind::Float => "invalid float literal",
            LexErrorKind::FloatTooLong => "this float is too big, a float could contain less than 12 digits",
            LexErrorKind::Lens(error) => return lens_message(error),
        })
    }

    /// What is wrong, for people.
    pub fn message(&self) -> String {
        self.to_string()
    }

    /// Stable short name, as the conformance data has it: `lex-…`.
    pub fn code(&self) -> &'static str {
        match self.kind {
            LexErrorKind::UnclosedString => "lex-unclosed-string",
            LexErrorKind::EmptyTaggedName => "lex-empty-tagged-name",
            LexErrorKind::EmptyCanonName | LexErrorKind::ShortNameWithLens => "lex-empty-canon-name",
            LexErrorKind::LeadingDot | LexErrorKind::Ellipsis => "lex-leading-dot",
            LexErrorKind::BadChar(_) => "lex-bad-char",
            LexErrorKind::BadLensChar(_) => "lex-bad-lens-char",
            LexErrorKind::BadNumberChar(_) => "lex-bad-number-char",
            LexErrorKind::Int(_) => "lex-int",
            LexErrorKind::Float => "lex-float",
            LexErrorKind::FloatTooLong => "lex-float-too-long",
            LexErrorKind::Lens(_) => "lex-lens",
        }
    }

    /// The part of the word that is really wrong: never empty within a word, and the broken part of a lens.
    /// Offsets count from the start of the word, as those of the error do.
    pub fn precise_range(&self, word: &str) -> (usize, usize) {
        let (start, end) = (self.start as usize, self.end as usize);
        match &self.kind {
            LexErrorKind::Lens(error) if error.start < error.end => (start + error.start, start + error.end),
            LexErrorKind::BadChar(c) | LexErrorKind::BadLensChar(c) | LexErrorKind::BadNumberChar(c) => {
                (start, start + c.len_utf8())
            }
            LexErrorKind::EmptyCanonName
            | LexErrorKind::EmptyTaggedName
            | LexErrorKind::Ellipsis
            | LexErrorKind::ShortNameWithLens => (0, word.len()),
            _ if start < end => (start, end.min(word.len())),
            _ => (start, word.len().min(start + 1).max(start)),
        }
    }
}

fn lens_message(error: &LensError) -> Cow<'static, str> {
    let (start, end) = (error.start, error.end);
    match error.kind {
        LensErrorKind::Empty => "provided lambda expression doesn't contain any accessor".into(),
        LensErrorKind::IndexTooLarge => {
            format!("User {{ error: ParseIntError({start}, {end}, ParseIntError {{ kind: PosOverflow }}) }}")
                .into()
        }
        LensErrorKind::Form | LensErrorKind::BadChar(_) | LensErrorKind::QuotedName => {
            format!("User {{ error: UnexpectedSymbol({start}, {end}) }}").into()
        }
        _ => format!("[ErrorRecovery {{ error: UnrecognizedToken at {start}..{end}, dropped_tokens: [] }}]")
            .into(),
    }
}

impl fmt::Display for LexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            LexErrorKind::UnclosedString => f.write_str("unclosed string: the closing quote is missing"),
            LexErrorKind::EmptyTaggedName | LexErrorKind::EmptyCanonName => {
                f.write_str("a name is missing after the tag")
            }
            LexErrorKind::ShortNameWithLens => {
                f.write_str("AquaVM takes no lens on a tagged name of one letter: use a longer name")
            }
            LexErrorKind::LeadingDot => f.write_str(
                "the dot has nothing before it: write `0.5` for a number, `name.$.field` for a lens",
            ),
            LexErrorKind::Ellipsis | LexErrorKind::BadChar('…') => f.write_str(
                "dots stand for nothing in AIR: write what belongs here, or `(null)` to do nothing",
            ),
            LexErrorKind::BadChar('\u{FEFF}') => {
                f.write_str("the text starts with a byte order mark: save it as UTF-8 without one")
            }
            LexErrorKind::BadChar('"') => {
                f.write_str("a quote is not allowed in a name: a space or the quote before it is missing")
            }
            LexErrorKind::BadChar('[') => f.write_str("a lens starts with `.$.`: write `name.$.[0]`"),
            LexErrorKind::BadChar(',') => f.write_str("operands are separated by spaces, not by commas"),
            LexErrorKind::BadChar('“' | '”' | '„' | '«' | '»' | '‘' | '’' | '\'' | '`') => {
                f.write_str("strings stand in double quotes: `\"text\"`")
            }
            LexErrorKind::BadChar('/') => {
                f.write_str("`/` is not allowed in a name; a comment starts with `;`")
            }
            LexErrorKind::BadChar('%') => f.write_str(
                "`%` is not allowed within a name; special values are `%init_peer_id%`, `%last_error%`, `%timestamp%` and `%ttl%`",
            ),
            LexErrorKind::BadChar('{' | '}') => f.write_str(
                "braces are not allowed: instructions stand in parentheses, templates are to be filled in, and AIR has no objects",
            ),
            LexErrorKind::BadChar(c) => {
                write!(f, "`{}` is not allowed in a name: use letters, digits, `_` and `-`", c.escape_debug())
            }
            LexErrorKind::BadLensChar('!') => f.write_str("`!` is allowed only at the end of the whole lens"),
            LexErrorKind::BadLensChar(c) => write!(f, "`{}` is not allowed in a lens", c.escape_debug()),
            LexErrorKind::BadNumberChar(c) => write!(
                f,
                "`{}` is not allowed in a number: use digits and one dot; a name of digits takes no lens",
                c.escape_debug()
            ),
            LexErrorKind::Int(IntErrorKind::PosOverflow) => {
                f.write_str("the number is too large: at most 9223372036854775807")
            }
            LexErrorKind::Int(IntErrorKind::NegOverflow) => {
                f.write_str("the number is too small: at least -9223372036854775808")
            }
            LexErrorKind::Int(_) => {
                f.write_str("invalid integer: use a sign if needed and the digits 0 to 9")
            }
            LexErrorKind::Float => {
                f.write_str("invalid number: use a sign if needed, the digits 0 to 9 and one dot")
            }
            LexErrorKind::FloatTooLong => {
                f.write_str("the number is too long: a number with a dot has at most 11 characters")
            }
            LexErrorKind::Lens(error) => error.kind.fmt(f),
        }
    }
}
