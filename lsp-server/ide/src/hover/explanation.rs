//! What a hover answers, and the phrases that its texts share.

use crate::markdown::code;
use air_analysis::Analysis;
use air_semantics::resolve::BindingId;
use air_syntax::{Encoding, LineCol, TextRange, TextSize};

use crate::names::Step;

/// The answer for a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The text that it is about.
    pub range: TextRange,
    /// The explanation, in Markdown.
    pub markdown: String,
    /// What it is about, for a caller that knows more of it than the script says.
    pub subject: Subject,
}

/// What an explanation is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// All of a variable's value.
    Variable(BindingId),
    /// What the steps of a lens take out of a variable.
    Part(BindingId, Vec<Step>),
    /// A peer, by its id.
    Peer(String),
    /// `%init_peer_id%`
    InitPeer,
    /// The code of a failure, or what it is compared with.
    ErrorCode(i64),
    /// Nothing that is known outside of the script.
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
    let shown: Vec<_> = names.into_iter().map(code).collect();
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
