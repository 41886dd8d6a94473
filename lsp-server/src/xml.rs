//! Text inside of XML.

use std::borrow::Cow;

/// A text for elements and attributes. Line feeds stay, as references; `replacement` stands for the other control
/// characters and for what XML 1.0 cannot hold.
pub fn escape<'t>(text: &'t str, replacement: &str) -> Cow<'t, str> {
    let special = |c: char| matches!(c, '&' | '<' | '>' | '"' | '\u{fffe}' | '\u{ffff}') || c.is_control();
    if !text.contains(special) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            c if special(c) => out.push_str(replacement),
            c => out.push(c),
        }
    }
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_characters() {
        assert_eq!(escape("plain ж", "?"), "plain ж");
        assert_eq!(escape("a<b>\"&\n\u{1b}\u{ffff}", "?"), "a&lt;b&gt;&quot;&amp;&#10;??");
    }
}
