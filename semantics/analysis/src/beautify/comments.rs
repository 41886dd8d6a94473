//! The comments of a source, and which of them follow an instruction on its line.

use air_syntax::{SyntaxKind, TextRange, TextSize, lexer};

/// A comment, from its `;` to its last character that is not a space.
#[derive(Debug, Clone, Copy)]
pub(super) struct Comment {
    pub(super) range: TextRange,
}

/// All comments of a text, in order.
pub(super) fn collect(text: &str) -> Vec<Comment> {
    let tokens = lexer::lex(text);
    let mut start = 0;
    let mut comments = Vec::new();
    for (&kind, &end) in tokens.kinds.iter().zip(&tokens.ends) {
        if kind == SyntaxKind::COMMENT {
            let body = text.get(start as usize..end as usize).unwrap_or_default().trim_end();
            let range = TextRange::at(TextSize::from(start), TextSize::of(body));
            comments.push(Comment { range });
        }
        start = end;
    }
    comments
}

impl Comment {
    /// Whether nothing but spaces and closing brackets stand between `end` and the comment, on one
    /// line: it then speaks of what ends there.
    pub(super) fn follows(&self, text: &str, end: TextSize) -> bool {
        let between = text.as_bytes().get(usize::from(end)..usize::from(self.range.start()));
        between.is_some_and(|bytes| bytes.iter().all(|byte| matches!(byte, b' ' | b'\t' | b')')))
    }
}
