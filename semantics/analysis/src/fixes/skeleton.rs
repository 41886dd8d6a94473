//! A list with its inner instructions cut short, so that what would make it right can be tried on a short text.

use air_syntax::lexer::lex;
use air_syntax::{SyntaxKind, TextRange, TextSize, parse};

/// Longer lists have no skeleton, once cut short.
const MAX_BYTES: usize = 2000;

/// How far the end of a list is looked for.
const MAX_BYTES_OF_LIST: usize = 1 << 20;

/// The tokens of a list without comments, each with its place; inner instructions are `(null)`.
pub(super) struct Skeleton<'t> {
    tokens: Vec<(TextRange, &'t str)>,
    /// The range of the list.
    pub(super) range: TextRange,
    /// How many lists stand directly in it, and how many words.
    pub(super) lists: usize,
    pub(super) words: usize,
}

impl<'t> Skeleton<'t> {
    /// That of the list whose `(` is at `open`; `None` if it does not end, or is too long.
    pub(super) fn of(text: &'t str, open: usize) -> Option<Skeleton<'t>> {
        let rest = text.get(open..)?;
        let mut near = rest.len().min(MAX_BYTES_OF_LIST);
        while !rest.is_char_boundary(near) {
            near -= 1;
        }
        let lexed = lex(rest.get(..near)?);
        let mut tokens: Vec<(TextRange, &str)> = Vec::new();
        let mut bytes = 0;
        let (mut lists, mut words) = (0, 0);
        // Open brackets; for the inner instruction that is left out, how many were open before it.
        let (mut depth, mut left_out) = (0_usize, None);
        let mut solid = (0..lexed.len()).filter(|it| !lexed.kinds.get(*it).is_some_and(|it| it.is_trivia()));
        let mut next = solid.next();
        while let Some(index) = next {
            next = solid.next();
            let kind = *lexed.kinds.get(index)?;
            let (start, end) = (lexed.start(index), lexed.end(index));
            let range = TextRange::new(start.into(), end.into()) + TextSize::new(open as u32);
            let word = rest.get(start as usize..end as usize)?;
            let opens = matches!(kind, SyntaxKind::L_PAREN | SyntaxKind::L_BRACKET);
            let closes = matches!(kind, SyntaxKind::R_PAREN | SyntaxKind::R_BRACKET);
            if opens {
                lists += usize::from(depth == 1);
                let instruction = next.and_then(|it| lexed.kinds.get(it)).is_some_and(|it| it.is_keyword());
                if depth > 0 && left_out.is_none() && kind == SyntaxKind::L_PAREN && instruction {
                    left_out = Some(depth);
                    tokens.push((range, "(null)"));
                    bytes += 7;
                }
                depth += 1;
            } else if closes {
                depth = depth.checked_sub(1)?;
            } else {
                words += usize::from(depth == 1);
            }
            match left_out {
                Some(before) if closes && depth == before => left_out = None,
                Some(_) => {}
                None => {
                    tokens.push((range, word));
                    bytes += word.len() + 1;
                }
            }
            if bytes > MAX_BYTES {
                return None;
            }
            if depth == 0 {
                let range = TextRange::new(TextSize::new(open as u32), range.end());
                return Some(Skeleton { tokens, range, lists, words });
            }
        }
        None
    }

    /// How many errors it has with another text in place of the tokens of a range; an empty one at the end of a
    /// token inserts after it.
    pub(super) fn errors_with(&self, place: TextRange, new: &str) -> usize {
        parse(&self.with(place, new)).errors().len()
    }

    pub(super) fn errors(&self) -> usize {
        self.errors_with(TextRange::default(), "")
    }

    fn with(&self, place: TextRange, new: &str) -> String {
        let mut text = String::new();
        let mut pending = Some(new);
        for (range, token) in &self.tokens {
            if !place.is_empty() && place.contains_range(*range) {
                text.extend(pending.take().map(|new| format!("{new} ")));
                continue;
            }
            text.push_str(token);
            text.push(' ');
            if place.is_empty() && range.end() == place.start() {
                text.extend(pending.take().map(|new| format!("{new} ")));
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inner_instructions_are_cut_short() {
        let text = "x (seq (call a (\"s\" \"f\") [1 2]) ; why\n (seq ((null) (null)) [1]) y) z";
        let skeleton = Skeleton::of(text, 2).unwrap();
        assert_eq!(skeleton.with(TextRange::default(), ""), "( seq (null) (null) y ) ");
        assert_eq!(&text[skeleton.range], &text[2..text.len() - 2]);
        assert_eq!((skeleton.lists, skeleton.words), (2, 2));
        let y = TextRange::at((text.rfind('y').unwrap() as u32).into(), 1.into());
        assert_eq!(skeleton.errors_with(y, ""), 0);
        assert_eq!(skeleton.errors(), 1);
        let after = TextRange::empty(TextRange::at(2.into(), 1.into()).end());
        assert_eq!(skeleton.with(after, "par"), "( par seq (null) (null) y ) ");
    }

    #[test]
    fn a_list_without_an_end_has_none() {
        assert!(Skeleton::of("(seq (null)", 0).is_none());
        assert!(Skeleton::of(&format!("(seq {})", "x ".repeat(2000)), 0).is_none());
    }
}
