//! Words beside the text, before they become the protocol's.

use air_syntax::{TextRange, TextSize};

use crate::lsp;
use crate::snapshot::Snapshot;

/// What is said of a part of the text.
pub(crate) struct Section {
    /// What it is about.
    pub range: TextRange,
    /// Markdown.
    pub markdown: String,
}

/// A word to show between the text.
pub(crate) struct Word {
    /// Where.
    pub at: TextSize,
    /// What.
    pub text: String,
    /// A space before it, and after it.
    pub padding: (bool, bool),
    /// Markdown.
    pub tooltip: String,
    /// Where a click on it leads.
    pub target: Option<TextRange>,
}

/// Markdown, or the same as plain text for clients that show nothing else.
pub(crate) fn markup(snapshot: &Snapshot, markdown: String) -> lsp::MarkupContent {
    if snapshot.client.markdown {
        return lsp::MarkupContent { kind: lsp::MarkupKind::Markdown, value: markdown };
    }
    lsp::MarkupContent { kind: lsp::MarkupKind::PlainText, value: plain(&markdown) }
}

/// What a reader of rendered Markdown sees. Text in code is kept letter by letter; elsewhere marks go, an escaped
/// character stands for itself, and a link is its words, because its address is for a click.
fn plain(markdown: &str) -> String {
    let mut fence: Option<usize> = None;
    let mut lines: Vec<String> = Vec::new();
    for line in markdown.lines() {
        let marks = run(line);
        match fence {
            None if marks >= 3 => fence = Some(marks),
            None => lines.push(plain_line(line)),
            Some(opened) if marks >= opened && marks == line.trim_end().len() => fence = None,
            Some(_) => lines.push(line.to_owned()),
        }
    }
    lines.join("\n")
}

/// How many backticks a text begins with.
fn run(text: &str) -> usize {
    text.len() - text.trim_start_matches('`').len()
}

/// The code span that a text begins with, and what follows it.
fn code_span(text: &str) -> Option<(&str, &str)> {
    let marks = run(text);
    let inside = text.get(marks..)?;
    let mut from = 0;
    loop {
        let at = from + inside.get(from..)?.find('`')?;
        let closing = run(inside.get(at..)?);
        if closing == marks {
            let code = inside.get(..at)?;
            let padded = code.strip_prefix(' ').and_then(|code| code.strip_suffix(' '));
            // Spaces alone are text.
            let code = padded.filter(|_| !code.trim().is_empty()).unwrap_or(code);
            return Some((code, inside.get(at + closing..)?));
        }
        from = at + closing;
    }
}

fn plain_line(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(next) = rest.chars().next() {
        if let Some((code, after)) = code_span(rest).filter(|_| next == '`') {
            out.push_str(code);
            rest = after;
            continue;
        }
        let after = rest.get(next.len_utf8()..).unwrap_or_default();
        rest = after;
        match next {
            '\\' => {
                if let Some(escaped) = after.chars().next() {
                    out.push(escaped);
                    rest = after.get(escaped.len_utf8()..).unwrap_or_default();
                }
            }
            '*' if after.starts_with('*') => rest = after.get(1..).unwrap_or_default(),
            '[' if after.contains("](") => {}
            ']' if after.starts_with('(') => {
                rest = after.find(')').and_then(|end| after.get(end + 1..)).unwrap_or(after);
            }
            _ => out.push(next),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_what_markdown_shows() {
        let shown = plain(
            "**\\#seen = \\[\\$a\\_b\\]** — of `x_[0]**`\n\n```air\n(ap `**\\_ x)\n```\n\n- [More about `ap`](https://a/b#c), \\\\",
        );
        assert_eq!(shown, "#seen = [$a_b] — of x_[0]**\n\n(ap `**\\_ x)\n\n- More about ap, \\");
    }

    #[test]
    fn longer_marks_are_marks() {
        assert_eq!(plain("Peer ``a`b`` on `` ` ``, `"), "Peer a`b on `, `");
        assert_eq!(plain("````air\n```\n````\nb"), "```\nb");
    }

    #[test]
    fn brackets_that_are_no_link_stay() {
        assert_eq!(plain("a [b] c"), "a [b] c");
    }
}
