//! Tokens as two columns: kinds and ends.

use crate::SyntaxKind;

/// Tokens of a text, in two columns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tokens {
    /// Kind of each token; words with a lens are one `…_LENS` token.
    pub kinds: Vec<SyntaxKind>,
    /// One after the last byte of each token; the next one starts there.
    pub ends: Vec<u32>,
    /// Tokens (ascending) that lack a space after them: `seq` in `seq(null)`, `x` in `x;c`.
    pub glued: Vec<u32>,
}

impl Tokens {
    /// The number of tokens.
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

    pub(crate) fn push(&mut self, kind: SyntaxKind, end: usize) {
        self.kinds.push(kind);
        self.ends.push(end as u32);
    }
}
