//! Text to tokens, lossless: every byte is in exactly one token.
//!
//! Brackets, blanks, strings and comments come from a table of bytes, plain ASCII words from generated code; a word
//! is plain when a blank, `)`, `]` or the end follows. Everything else takes an exact and slower path.
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
mod fast;
mod reference;
mod word;

pub use error::{LexError, LexErrorKind};
pub use reference::{RefToken, reference_name, reference_tokens};
pub(crate) use word::KEYWORDS;

use crate::SyntaxKind;

/// Tokens of a text, in two columns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tokens {
    /// Kind of each token; words with a lens are one `…_LENS` token.
    pub kinds: Vec<SyntaxKind>,
    /// One after the last byte of each token; the next one starts there.
    pub ends: Vec<u32>,
    /// Tokens (ascending) that lack a space behind them: `seq` in `seq(null)`, `x` in `x;c`.
    pub glued: Vec<u32>,
}

/// Cuts a text into tokens. Texts of 4 GiB and more are cut off there; `parse` reports them.
pub fn lex(text: &str) -> Tokens {
    fast::lex(text)
}

/// What AquaVM's lexer has against this word or string; `None` if nothing.
pub fn word_error(word: &str) -> Option<LexError> {
    if let Some(rest) = word.strip_prefix('"') {
        let unclosed = !rest.contains('"');
        return unclosed.then(|| LexError::new(LexErrorKind::UnclosedString, 0, word.len()));
    }
    word::classify(word).err()
}

impl Tokens {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.kinds.len()
    }

    /// Whether the text was empty.
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// First byte of a token.
    pub fn start(&self, token: usize) -> u32 {
        match token.checked_sub(1) {
            Some(before) => self.end(before),
            None => 0,
        }
    }

    /// One after the last byte of a token; the text's end for tokens that are not there.
    pub fn end(&self, token: usize) -> u32 {
        self.ends.get(token).or(self.ends.last()).copied().unwrap_or(0)
    }

    fn push(&mut self, kind: SyntaxKind, end: usize) {
        self.kinds.push(kind);
        self.ends.push(end as u32);
    }
}
