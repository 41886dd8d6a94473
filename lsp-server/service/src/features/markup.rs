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
}

/// Markdown, or the same as plain text for clients that show nothing else.
pub(crate) fn markup(snapshot: &Snapshot, markdown: String) -> lsp::MarkupContent {
    if snapshot.client.markdown {
        return lsp::MarkupContent { kind: lsp::MarkupKind::Markdown, value: markdown };
    }
    let lines = markdown.lines().filter(|line| !line.starts_with("```"));
    let plain: Vec<_> = lines.map(|line| line.replace("**", "").replace('`', "")).collect();
    lsp::MarkupContent { kind: lsp::MarkupKind::PlainText, value: plain.join("\n") }
}
