//! Characters that change how a text looks and cannot be seen themselves.

use std::borrow::Cow;

/// What it is called, if a reader cannot see it: marks and overrides of direction, and characters without width. Letters
/// of some scripts and emoji are joined by two of the latter, so those count between ASCII only; see [`find`].
///
/// ```
/// assert_eq!(air_syntax::invisible::name('\u{202e}'), Some("right-to-left override"));
/// assert_eq!(air_syntax::invisible::name('é'), None);
/// ```
pub fn name(char: char) -> Option<&'static str> {
    Some(match char {
        '\u{ad}' => "soft hyphen",
        '\u{34f}' => "combining grapheme joiner",
        '\u{61c}' => "Arabic letter mark",
        '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' => "Hangul filler",
        '\u{180e}' => "Mongolian vowel separator",
        '\u{200b}' => "zero width space",
        '\u{200c}' => "zero width non-joiner",
        '\u{200d}' => "zero width joiner",
        '\u{200e}' => "left-to-right mark",
        '\u{200f}' => "right-to-left mark",
        '\u{202a}' => "left-to-right embedding",
        '\u{202b}' => "right-to-left embedding",
        '\u{202c}' => "pop directional formatting",
        '\u{202d}' => "left-to-right override",
        '\u{202e}' => "right-to-left override",
        '\u{2060}' => "word joiner",
        '\u{2061}'..='\u{2064}' => "invisible operator",
        '\u{2066}' => "left-to-right isolate",
        '\u{2067}' => "right-to-left isolate",
        '\u{2068}' => "first strong isolate",
        '\u{2069}' => "pop directional isolate",
        '\u{feff}' => "byte order mark",
        '\u{e0000}'..='\u{e007f}' => "tag character",
        _ => return None,
    })
}

/// The invisible characters of a text with their offsets in bytes. Text of ASCII alone costs next to nothing.
pub fn find(text: &str) -> impl Iterator<Item = (usize, char)> {
    let looked_at = if text.is_ascii() { "" } else { text };
    let mut before = ' ';
    looked_at.char_indices().filter(move |(_, char)| {
        let joins = matches!(char, '\u{200c}' | '\u{200d}') && !before.is_ascii();
        before = *char;
        name(*char).is_some() && !joins
    })
}

/// The text with its control characters as pictures and its invisible ones as escapes; line breaks and tabs stay.
///
/// ```
/// assert_eq!(air_syntax::invisible::shown("\u{202e}a\u{7}\n"), "\\u{202e}a␇\n");
/// ```
pub fn shown(text: &str) -> Cow<'_, str> {
    let stays = |char| matches!(char, '\n' | '\r' | '\t');
    let mut hidden = find(text).map(|(at, _)| at).peekable();
    if hidden.peek().is_none() && !text.chars().any(|char| char.is_control() && !stays(char)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for (at, char) in text.char_indices() {
        match char {
            char if stays(char) => out.push(char),
            '\u{0}'..='\u{1f}' => out.push(char::from_u32(0x2400 + char as u32).unwrap_or('\u{fffd}')),
            '\u{7f}' => out.push('\u{2421}'),
            char if char.is_control() => out.push('\u{fffd}'),
            char if hidden.next_if_eq(&at).is_some() => out.extend(char.escape_unicode()),
            char => out.push(char),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<usize> {
        find(text).map(|(at, _)| at).collect()
    }

    #[test]
    fn only_what_cannot_be_seen() {
        assert_eq!(found("(null) ; \u{202e}evil\u{202c}"), [9, 16]);
        assert_eq!(found("é ж 🦀 e\u{301}"), Vec::<usize>::new());
        assert_eq!(found("a\u{200d}b"), [1]);
        // A family, and a word of Persian.
        assert_eq!(found("👩\u{200d}👧 می\u{200c}خواهم"), Vec::<usize>::new());
    }
}
