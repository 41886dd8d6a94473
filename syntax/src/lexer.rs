//! Text to tokens, lossless: every byte is in exactly one token.
//!
//! Brackets, white space, strings and comments come from a table of bytes, plain ASCII words from generated code; a word
//! is plain when white space, `)`, `]` or the end follows. Everything else takes an exact and slower path.
//!
//! Broken texts are cut where a person would cut them, not where AquaVM does; [`reference_tokens`] is AquaVM's view.
//! A text has a broken token here, or a missing space, if and only if AquaVM's lexer refuses it:
//!
//! - a word ends before `(` and `;`, and a keyword before `"` and `[`, which AquaVM swallows and then refuses:
//!   [`Tokens::glued`] lists such places;
//! - a string without closing quote ends before the first bracket on its line, or at the line's end;
//! - when a word has a quote in it, which no word may have, the string that it sticks to is taken for one that lost its
//!   closing quote, if it goes over lines, has a bracket in it, or has nothing in it: `"f) [] x)⏎(call "p"`, `""f"`.

mod error;
mod reference;
mod scan;
mod tokens;
mod word;

pub use error::{LexError, LexErrorKind};
pub use reference::{RefToken, reference_name, reference_stretch, reference_tokens};
pub use tokens::Tokens;
pub(crate) use word::KEYWORDS;

/// Cuts a text into tokens. Texts of 4 GiB and more are cut off there; `parse` reports them.
///
/// ```
/// use air_syntax::{SyntaxKind, lexer};
/// let tokens = lexer::lex("(ap x.$.id $ids)");
/// let words = tokens.kinds.iter().filter(|kind| !kind.is_trivia());
/// assert!(words.eq(&[
///     SyntaxKind::L_PAREN,
///     SyntaxKind::AP_KW,
///     SyntaxKind::SCALAR_LENS,
///     SyntaxKind::STREAM,
///     SyntaxKind::R_PAREN,
/// ]));
/// assert_eq!((tokens.start(2), tokens.end(2)), (3, 4));
/// ```
pub fn lex(text: &str) -> Tokens {
    scan::lex(text)
}

/// Appends the tokens that begin in a stretch of a text; `start` has to be where a token starts, and comes after the
/// tokens that are there. Returns where the last one ends, which may be after `end`.
pub(crate) fn lex_stretch(text: &str, start: u32, end: u32, tokens: &mut Tokens) -> u32 {
    scan::lex_stretch(text, start as usize..end as usize, tokens) as u32
}

/// Why AquaVM's lexer refuses this word or string; `None` if it takes it.
pub fn word_error(word: &str) -> Option<LexError> {
    if let Some(rest) = word.strip_prefix('"') {
        let unclosed = !rest.contains('"');
        return unclosed.then(|| LexError::new(LexErrorKind::UnclosedString, 0, word.len()));
    }
    word::classify(word).err()
}
