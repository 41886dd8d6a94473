//! Texts cut to what a reader takes in at once; `…` stands for the rest.

use std::borrow::Cow;

/// A value in one line: from so many bytes on, further elements are only counted.
pub(crate) const MAX_LINE_BYTES: usize = 72;
/// A string inside of a value in one line, in characters.
pub(crate) const MAX_STRING_CHARS: usize = 40;
/// An error beside the source, in characters.
pub(crate) const MAX_NOTE_CHARS: usize = 200;
/// An error's message in a report, in bytes.
pub(crate) const MAX_MESSAGE_BYTES: usize = 4096;

/// The text, or its first `max_chars` characters and `…`.
///
/// ```
/// assert_eq!(air_simulation::shorten("peers", 5), "peers");
/// assert_eq!(air_simulation::shorten("peers", 4), "peer…");
/// ```
pub fn shorten(text: &str, max_chars: usize) -> Cow<'_, str> {
    match text.char_indices().nth(max_chars) {
        Some((end, _)) => cut_at(text, end),
        None => Cow::Borrowed(text),
    }
}

/// The text, or as many characters as fit into `max_bytes` and `…`.
pub(crate) fn shorten_bytes(text: &str, max_bytes: usize) -> Cow<'_, str> {
    if text.len() <= max_bytes {
        Cow::Borrowed(text)
    } else {
        cut_at(text, text.floor_char_boundary(max_bytes))
    }
}

fn cut_at(text: &str, end: usize) -> Cow<'_, str> {
    Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cut_between_characters() {
        assert_eq!(shorten("жж", 1), "ж…");
        assert_eq!(shorten("", 0), "");
        assert_eq!(shorten_bytes("жж", 3), "ж…");
        assert_eq!(shorten_bytes("жж", 4), "жж");
        assert_eq!(shorten_bytes("ж", 1), "…");
    }
}
