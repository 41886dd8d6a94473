//! Two layouts of one script, token by token: the edits between them.

use air_syntax::lexer::{self, Tokens};
use air_syntax::{SyntaxKind, TextRange, TextSize};

use crate::diagnostic::TextEdit;

/// One edit a gap that differs.
pub(super) fn edits(old: &str, new: &str) -> Vec<TextEdit> {
    if old == new {
        return Vec::new();
    }
    let whole = TextRange::up_to(size(old.len()));
    changed_gaps(old, new, |gap, new_text| edit(old, gap, new_text))
        .unwrap_or_else(|_| vec![TextEdit { range: whole, new_text: new.to_owned() }])
}

/// What `keep` makes of every gap that differs, given its range in `old` and its new text; where in
/// `old` the tokens or comments differ, if they do.
pub(super) fn changed_gaps<T>(
    old_text: &str,
    new_text: &str,
    mut keep: impl FnMut((usize, usize), &str) -> T,
) -> Result<Vec<T>, TextSize> {
    let (old_tokens, new_tokens) = (lexer::lex(old_text), lexer::lex(new_text));
    let (mut old, mut new) = (Items::new(old_text, &old_tokens), Items::new(new_text, &new_tokens));
    let mut changed = Vec::new();
    let mut compare = |a: (usize, usize), b: (usize, usize)| {
        let new_blanks = new_text.get(b.0..b.1).unwrap_or_default();
        if old_text.get(a.0..a.1).unwrap_or_default() != new_blanks {
            changed.push(keep(a, new_blanks));
        }
    };
    loop {
        match (old.next(), new.next()) {
            (None, None) => break,
            (Some(a), Some(b)) if a.same(&b) => compare(a.gap, b.gap),
            (Some(a), _) => return Err(size(a.gap.1)),
            (None, Some(_)) => return Err(size(old.end)),
        }
    }
    compare((old.end, old_text.len()), (new.end, new_text.len()));
    if glued_items(&old_tokens) != glued_items(&new_tokens) {
        let first = old_tokens.glued.first().map_or(0, |token| old_tokens.start(*token as usize));
        return Err(TextSize::new(first));
    }
    Ok(changed)
}

/// Replaces a run of spaces, sparing what both share at its ends.
pub(super) fn edit(old: &str, gap: (usize, usize), new_text: &str) -> TextEdit {
    let old_text = old.get(gap.0..gap.1).unwrap_or_default();
    let (mut prefix, mut suffix) = (0, 0);
    // An edit that starts or ends between CR and LF has no position in an editor.
    let plain = |text: &str| text.bytes().all(|byte| matches!(byte, b' ' | b'\n' | b'\t'));
    if plain(old_text) && plain(new_text) {
        let shared = old_text.len().min(new_text.len());
        prefix = old_text.bytes().zip(new_text.bytes()).take_while(|(a, b)| a == b).count();
        suffix = old_text
            .bytes()
            .rev()
            .zip(new_text.bytes().rev())
            .take(shared - prefix)
            .take_while(|(a, b)| a == b)
            .count();
    }
    TextEdit {
        range: TextRange::new(size(gap.0 + prefix), size(gap.1 - suffix)),
        new_text: new_text.get(prefix..new_text.len() - suffix).unwrap_or_default().to_owned(),
    }
}

/// Tokens and comments of a text, each with the spaces before it.
struct Items<'a> {
    text: &'a str,
    tokens: std::iter::Zip<std::slice::Iter<'a, SyntaxKind>, std::slice::Iter<'a, u32>>,
    /// Where the next token of the lexer starts.
    start: usize,
    /// Where the last item ended; a comment ends before its trailing spaces.
    end: usize,
}

struct Item<'a> {
    kind: SyntaxKind,
    /// The spaces before it.
    gap: (usize, usize),
    text: &'a [u8],
}

impl Item<'_> {
    fn same(&self, other: &Self) -> bool {
        self.kind == other.kind && (has_one_text(self.kind) || self.text == other.text)
    }
}

impl<'a> Items<'a> {
    fn new(text: &'a str, tokens: &'a Tokens) -> Self {
        Items { text, tokens: tokens.kinds.iter().zip(&tokens.ends), start: 0, end: 0 }
    }

    fn next(&mut self) -> Option<Item<'a>> {
        loop {
            let (kind, end) = self.tokens.next()?;
            let (kind, start, end) = (*kind, self.start, *end as usize);
            self.start = end;
            if kind == SyntaxKind::WHITESPACE {
                continue;
            }
            let gap = (self.end, start);
            let mut text = self.text.as_bytes().get(start..end)?;
            if kind == SyntaxKind::COMMENT {
                text = self.text.get(start..end)?.trim_end().as_bytes();
            }
            self.end = start + text.len();
            return Some(Item { kind, gap, text });
        }
    }
}

/// Brackets and keywords.
pub(super) fn has_one_text(kind: SyntaxKind) -> bool {
    (SyntaxKind::L_PAREN..=SyntaxKind::MISMATCH_KW).contains(&kind)
}

/// Which items lack a space after them, counted without spaces.
fn glued_items(tokens: &Tokens) -> Vec<usize> {
    let mut glued = tokens.glued.iter().map(|token| *token as usize).peekable();
    let mut items = Vec::new();
    let mut item = 0;
    for (token, kind) in tokens.kinds.iter().enumerate() {
        if glued.peek().is_none() {
            break;
        }
        if glued.next_if_eq(&token).is_some() {
            items.push(item);
        }
        item += usize::from(*kind != SyntaxKind::WHITESPACE);
    }
    items
}

fn size(offset: usize) -> TextSize {
    TextSize::new(offset as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(old: &str, new: &str) -> Vec<(u32, u32, String)> {
        let shown = |edit: TextEdit| (edit.range.start().into(), edit.range.end().into(), edit.new_text);
        edits(old, new).into_iter().map(shown).collect()
    }

    #[test]
    fn one_edit_a_gap_sparing_what_is_shared() {
        let old = "(seq  (null)\n    (null))";
        let new = "(seq\n (null)\n (null)\n)\n";
        assert_eq!(
            shown(old, new),
            [(4, 5, "\n".into()), (14, 17, "".into()), (23, 23, "\n".into()), (24, 24, "\n".into())]
        );
        assert_eq!(shown(new, new), []);
    }

    #[test]
    fn never_between_cr_and_lf() {
        assert_eq!(shown("(null) ; c\r\n(null)", "(null) ; c\n(null)"), [(10, 12, "\n".into())]);
    }

    #[test]
    fn other_texts_are_replaced_whole() {
        assert_eq!(shown("(null)", "(never)"), [(0, 6, "(never)".into())]);
    }
}
