//! The self-check: a layout may only be handed out if it has the tokens and comments of the text.
//!
//! Equal sequences imply equal meaning, because the grammar never looks at spaces or comments, and what
//! the lexer refuses is among what is compared (broken tokens, missing spaces): both texts are accepted
//! or rejected together, and accepted ones give the same tree but for trivia. Spaces at the end of a
//! comment do not count.

use std::ops::Range;

use air_syntax::{Parse, SyntaxKind, TextSize, lexer};
use rowan::NodeOrToken;

use super::edits::{changed_gaps, has_one_text};

/// Where in `old`, the text of the tree, the tokens and comments of both texts start to differ.
pub(super) fn first_difference(parse: &Parse, old: &str, new: &str) -> Option<TextSize> {
    if parse.green().text_len() != TextSize::of(old) {
        return Some(TextSize::new(0));
    }
    if !parse.errors().is_empty() {
        return first_difference_of_texts(old, new);
    }
    // The tree has the lexer's tokens of the old text already, and none that it refuses.
    let new_tokens = lexer::lex(new);
    if !new_tokens.glued.is_empty() {
        return Some(TextSize::new(0));
    }
    let mut tokens = new_tokens.kinds.iter().zip(&new_tokens.ends);
    let mut start = 0;
    let mut next = || loop {
        let (kind, end) = tokens.next()?;
        let range = start..*end as usize;
        start = range.end;
        if *kind != SyntaxKind::WHITESPACE {
            return Some((*kind, range));
        }
    };
    let mut offset = TextSize::new(0);
    let mut stack = vec![parse.green().children()];
    while let Some(children) = stack.last_mut() {
        match children.next() {
            Some(NodeOrToken::Token(token)) => {
                let kind = SyntaxKind::from_green(token.kind());
                if kind != SyntaxKind::WHITESPACE {
                    let same = next().is_some_and(|(new_kind, range)| {
                        new_kind == kind && (has_one_text(kind) || same_text(kind, token.text(), new, range))
                    });
                    if !same {
                        return Some(offset);
                    }
                }
                offset += token.text_len();
            }
            // One word for the lexer; its kind follows from its text.
            Some(NodeOrToken::Node(node)) if SyntaxKind::from_green(node.kind()) == SyntaxKind::LENSED => {
                let end = offset + node.text_len();
                let word = old.as_bytes().get(offset.into()..end.into());
                if next().is_none_or(|(_, range)| new.as_bytes().get(range) != word) {
                    return Some(offset);
                }
                offset = end;
            }
            Some(NodeOrToken::Node(node)) => stack.push(node.children()),
            None => {
                stack.pop();
            }
        }
    }
    next().map(|_| offset)
}

/// Whether a token is the same in the new text; spaces at the end of a comment do not count.
#[inline]
fn same_text(kind: SyntaxKind, old: &str, new: &str, range: Range<usize>) -> bool {
    match kind {
        SyntaxKind::COMMENT => new.get(range).is_some_and(|new| new.trim_end() == old.trim_end()),
        _ => new.as_bytes().get(range) == Some(old.as_bytes()),
    }
}

/// The same for texts without a tree.
pub(super) fn first_difference_of_texts(old: &str, new: &str) -> Option<TextSize> {
    changed_gaps(old, new, |_, _| ()).err()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn difference(old: &str, new: &str) -> Option<u32> {
        let at = first_difference(&air_syntax::parse(old), old, new);
        assert_eq!(at.is_none(), first_difference_of_texts(old, new).is_none(), "{old:?} {new:?}");
        at.map(u32::from)
    }

    #[test]
    fn blanks_do_not_count() {
        assert_eq!(difference("(seq (null)(null))", "(seq\n (null)\n (null)\n)\n"), None);
        assert_eq!(difference("(null) ; c \r\n", "(null) ;x\n"), Some(7));
        assert_eq!(difference("(null) ; c \r\n", "(null) ; c\n"), None);
        assert_eq!(difference("(ap x.$.y[0]! [ ])", "(ap x.$.y[0]! [])"), None);
    }

    #[test]
    fn everything_else_does() {
        let old = "(seq (call p (\"s\" \"f\") [x.$.y 1] $z) ; ok\n (null))";
        assert_eq!(difference(old, old), None);
        for (from, to, at) in [
            ("seq", "par", 1),
            ("\"f\"", "\"f \"", 18),
            ("x.$.y", "x.$.z", 24),
            (" 1", " 2", 30),
            ("$z", "z", 33),
            ("; ok", "; ko", 37),
            ("; ok\n", "", 37),
            ("(null)", "", 43),
            ("(null)", "(null) (null)", 49),
            ("(null))", "(null)", 49),
        ] {
            assert_eq!(difference(old, &old.replacen(from, to, 1)), Some(at), "{from} to {to}");
        }
        // A comment that swallows what follows.
        assert_eq!(difference("(seq ; c\n (null))", "(seq ; c (null))"), Some(5));
    }

    #[test]
    fn broken_texts_too() {
        // A space that was missing must stay missing: without it AquaVM refuses the script.
        assert!(difference("(seq(null) (null))", "(seq (null) (null))").is_some());
        assert!(difference("(null);c (", "(null) ;c (").is_none());
        assert!(difference("(seq (null) (null)", "(seq (null) (null))").is_some());
    }

    #[test]
    fn trees_of_other_texts() {
        let parse = air_syntax::parse("(null)");
        assert_eq!(first_difference(&parse, "(null) ", "(null)"), Some(TextSize::new(0)));
    }
}
