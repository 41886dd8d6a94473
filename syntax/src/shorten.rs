//! Long texts cut for a line of a report, a hint or a hover.

use std::borrow::Cow;

/// The text, or its first `max_chars` characters and `…`. Counts characters, so that no script of the world is cut in
/// half a letter's bytes; combining marks count on their own.
///
/// ```
/// use air_syntax::shorten::shorten;
/// assert_eq!(shorten("relay", 5), "relay");
/// assert_eq!(shorten("-relay-", 5), "-rela…");
/// ```
pub fn shorten(text: &str, max_chars: usize) -> Cow<'_, str> {
    match text.char_indices().nth(max_chars) {
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_texts_are_borrowed_as_they_are() {
        for text in ["", "a", "жжж", "🦀🦀🦀"] {
            assert!(matches!(shorten(text, 3), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(shorten("abcd", 3), "abc…");
        assert_eq!(shorten("жжжж", 3), "жжж…");
        assert_eq!(shorten("🦀🦀", 1), "🦀…");
        assert_eq!(shorten("ab", 0), "…");
    }
}
