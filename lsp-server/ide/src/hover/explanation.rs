//! What a hover answers, and the phrases that its texts share.

use air_analysis::Analysis;
use air_semantics::resolve::BindingId;
use air_syntax::{Encoding, LineCol, TextRange, TextSize};

use crate::names::Step;

/// A text about a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// What it is about.
    pub range: TextRange,
    /// Markdown.
    pub markdown: String,
    /// The same for those who know more of it than a script can say.
    pub subject: Subject,
}

/// What an explanation is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A variable.
    Variable(BindingId),
    /// What a lens takes out of a variable.
    Part(BindingId, Vec<Step>),
    /// A peer, by its id.
    Peer(String),
    /// `%init_peer_id%`
    InitPeer,
    /// A number that a failure has or is compared with.
    ErrorCode(i64),
    /// Nothing that has a name outside.
    Other,
}

/// The line of an offset, from 1.
pub(super) fn line(analysis: &Analysis, offset: TextSize) -> u32 {
    let LineCol { line, .. } = analysis.line_index().line_col(offset, Encoding::Utf8);
    line + 1
}

pub(super) fn times(count: usize, what: &str) -> String {
    match count {
        0 => format!("never {what}"),
        1 => format!("{what} once"),
        count => format!("{what} {count} times"),
    }
}

/// Begins with a capital letter.
pub(super) fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Names as code, with commas.
pub(super) fn list<'t>(names: impl IntoIterator<Item = &'t str>) -> String {
    let shown: Vec<_> = names.into_iter().map(|name| format!("`{name}`")).collect();
    shown.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases() {
        assert_eq!(times(0, "read"), "never read");
        assert_eq!(times(1, "Called"), "Called once");
        assert_eq!(times(3, "read"), "read 3 times");
        assert_eq!(sentence("élan"), "Élan");
        assert_eq!(sentence(""), "");
        assert_eq!(list(["a", "b"]), "`a`, `b`");
        assert_eq!(line(&Analysis::new("(seq\n (null)\n (null)\n)"), 7.into()), 2);
    }
}
