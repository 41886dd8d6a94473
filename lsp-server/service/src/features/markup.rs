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
    let mut fenced = false;
    let mut lines: Vec<String> = Vec::new();
    for line in markdown.lines() {
        if line.starts_with("```") {
            fenced = !fenced;
        } else if fenced {
            lines.push(line.to_owned());
        } else {
            lines.push(plain_line(line));
        }
    }
    lines.join("\n")
}

fn plain_line(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    let mut code = false;
    while let Some(next) = rest.chars().next() {
        let after = rest.get(next.len_utf8()..).unwrap_or_default();
        rest = after;
        match next {
            '`' => code = !code,
            _ if code => out.push(next),
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
    fn brackets_that_are_no_link_stay() {
        assert_eq!(plain("a [b] c"), "a [b] c");
    }
}
