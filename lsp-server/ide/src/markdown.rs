//! Text of a script inside of Markdown: whatever it holds, it stays text.

use std::borrow::Cow;

use air_syntax::invisible::shown;

/// A code span. Its marks are longer than any run of backticks in the text; line breaks, control and invisible characters
/// are shown as pictures or escapes, so that a span never ends before its text does.
///
/// ```
/// use air_ide::markdown::code;
/// assert_eq!(code("relay"), "`relay`");
/// assert_eq!(code("a`b"), "``a`b``");
/// assert_eq!(code("`"), "`` ` ``");
/// ```
pub fn code(text: &str) -> String {
    let text = on_one_line(text);
    let marks = "`".repeat(longest_run(&text) + 1);
    // One space on each side is taken off again when it is shown.
    let padded = text.starts_with('`') || text.ends_with('`') || text.trim().is_empty();
    let padding = if padded { " " } else { "" };
    format!("{marks}{padding}{text}{padding}{marks}")
}

/// A block of code in a language, which nothing in the text ends. Lines stay lines.
pub fn fence(language: &str, text: &str) -> String {
    let marks = "`".repeat((longest_run(text) + 1).max(3));
    let lines: Vec<_> = text.lines().map(shown).collect();
    format!("{marks}{language}\n{}\n{marks}", lines.join("\n"))
}

/// A text between words of ours, with backslashes before what Markdown would take for its own.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in on_one_line(text).chars() {
        if matches!(char, '\\' | '*' | '_' | '`' | '<' | '[' | '#' | '&' | '~') {
            out.push('\\');
        }
        out.push(char);
    }
    out
}

fn longest_run(text: &str) -> usize {
    text.split(|char| char != '`').map(str::len).max().unwrap_or_default()
}

fn on_one_line(text: &str) -> Cow<'_, str> {
    match text.contains(['\n', '\r']) {
        true => Cow::Owned(shown(&text.replace("\r\n", "⏎").replace(['\n', '\r'], "⏎")).into_owned()),
        false => shown(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_hold_their_text() {
        assert_eq!(code("p`![t](https://x/b.png)`"), "`` p`![t](https://x/b.png)` ``");
        assert_eq!(code("a``b\n# c"), "```a``b⏎# c```");
        assert_eq!(code(""), "`  `");
        assert_eq!(code("\u{202e}x\u{7}"), "`\\u{202e}x␇`");
    }

    #[test]
    fn nothing_ends_a_block() {
        assert_eq!(fence("air", "a\n```\n# b"), "````air\na\n```\n# b\n````");
        assert_eq!(fence("", "a"), "```\na\n```");
    }

    #[test]
    fn words_between_ours() {
        assert_eq!(escaped("#seen = [$a_b] <b>"), "\\#seen = \\[$a\\_b] \\<b>");
    }
}
