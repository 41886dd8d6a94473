//! Evidence about brackets: how many are missing or surplus in the whole text, and what the indentation says.
//!
//! Only looked at when the text is broken: a valid one pays for counting its parentheses and nothing else.

use crate::SyntaxKind;
use crate::lexer::Tokens;

/// What is known about the brackets of a broken text.
#[derive(Debug, Default)]
pub(super) struct Layout {
    in_use: bool,
    /// `)` still missing; surplus ones if negative.
    parens: i64,
    /// `]` still missing; surplus ones if negative.
    brackets: i64,
    /// There were surplus `)` at some time.
    had_surplus: bool,
    /// Whether children stand further right than their parents, mostly.
    reliable: bool,
    line: u32,
    indent: u32,
    /// The first token of the line, if it was not passed yet.
    first: usize,
}

/// Whether there are as many `(` as `)`.
pub(super) fn balanced(tokens: &Tokens) -> bool {
    // Sums of up to 64 fit into a byte, which lets the compiler take many kinds at once.
    let sum = |kinds: &[SyntaxKind]| {
        kinds.iter().fold(0i8, |sum, kind| {
            sum + (*kind == SyntaxKind::L_PAREN) as i8 - (*kind == SyntaxKind::R_PAREN) as i8
        })
    };
    tokens.kinds.chunks(64).map(|kinds| i64::from(sum(kinds))).sum::<i64>() == 0
}

impl Layout {
    #[inline]
    pub(super) fn in_use(&self) -> bool {
        self.in_use
    }

    /// Counts brackets and judges the indentation; one pass over the tokens. `indented` more lists than they show are
    /// known to stand further right than their parents.
    pub(super) fn survey(&mut self, text: &str, tokens: &Tokens, indented: usize) {
        self.in_use = true;
        let mut open: Vec<(u32, u32)> = Vec::new();
        let (mut inside, mut outside) = (indented, 0usize);
        let mut walk = Layout::default();
        for (token, kind) in tokens.kinds.iter().enumerate() {
            match kind {
                SyntaxKind::L_PAREN => {
                    self.parens += 1;
                    if walk.first == token
                        && let Some((line, indent)) = open.last()
                        && *line != walk.line
                    {
                        if walk.indent > *indent {
                            inside += 1;
                        } else {
                            outside += 1;
                        }
                    }
                    open.push((walk.line, walk.indent));
                }
                SyntaxKind::R_PAREN => {
                    self.parens -= 1;
                    open.pop();
                }
                SyntaxKind::L_BRACKET => self.brackets += 1,
                SyntaxKind::R_BRACKET => self.brackets -= 1,
                SyntaxKind::WHITESPACE => walk.pass_whitespace(text, tokens, token),
                _ => {}
            }
        }
        self.reliable = inside > outside;
        self.had_surplus = self.parens < 0;
    }

    /// Keeps track of lines; `token` is white space.
    pub(super) fn pass_whitespace(&mut self, text: &str, tokens: &Tokens, token: usize) {
        let (start, end) = (tokens.start(token) as usize, tokens.end(token) as usize);
        let space = text.get(start..end).unwrap_or_default();
        if let Some(newline) = memchr::memrchr(b'\n', space.as_bytes()) {
            self.line += 1;
            self.indent = (space.len() - newline - 1) as u32;
            self.first = token + 1;
        } else if self.first == token {
            // Spaces at the very start of the text.
            self.indent += space.len() as u32;
            self.first = token + 1;
        }
    }

    /// The current line's number and its indentation in bytes.
    pub(super) fn line(&self) -> (u32, u32) {
        (self.line, self.indent)
    }

    /// The column of that token, if it is the next one, starts its line, and columns can be trusted.
    pub(super) fn column_if_first(&self, token: usize) -> Option<u32> {
        (self.reliable && self.first == token).then_some(self.indent)
    }

    /// Whether columns can be trusted.
    pub(super) fn is_reliable(&self) -> bool {
        self.reliable
    }

    /// `)` that the text lacks.
    pub(super) fn missing_parens(&self) -> usize {
        usize::try_from(self.parens).unwrap_or(0)
    }

    /// `)` that the text has too many.
    pub(super) fn surplus_parens(&self) -> usize {
        usize::try_from(-self.parens).unwrap_or(0)
    }

    /// Whether there were surplus `)` at some time, or more were supplied than were missing.
    pub(super) fn had_surplus(&self) -> bool {
        self.had_surplus
    }

    /// `]` that the text lacks.
    pub(super) fn missing_brackets(&self) -> usize {
        usize::try_from(self.brackets).unwrap_or(0)
    }

    /// `]` that the text has too many.
    pub(super) fn surplus_brackets(&self) -> usize {
        usize::try_from(-self.brackets).unwrap_or(0)
    }

    /// That many missing `)` are accounted for.
    pub(super) fn supplied_parens(&mut self, count: usize) {
        self.parens -= count as i64;
        self.had_surplus |= self.parens < 0;
    }

    /// A surplus `)` or a missing `(` is accounted for.
    pub(super) fn dropped_paren(&mut self) {
        self.parens += 1;
    }

    /// A missing `]` is accounted for.
    pub(super) fn supplied_bracket(&mut self) {
        self.brackets -= 1;
    }

    /// A surplus `]` or a missing `[` is accounted for.
    pub(super) fn dropped_bracket(&mut self) {
        self.brackets += 1;
    }
}
