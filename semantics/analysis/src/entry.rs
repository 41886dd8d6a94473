//! A row of the table of diagnostics, with its page. The table is [`crate::codes`]; lints have their rows in their files.

use crate::diagnostic::{Origin, Severity};

/// A row of the table of diagnostics.
pub(crate) struct Entry {
    /// `V001`
    pub(crate) id: &'static str,
    /// Kebab-case; reads well after "allow".
    pub(crate) name: &'static str,
    pub(crate) origin: Origin,
    pub(crate) severity: Severity,
    pub(crate) page: Page,
}

/// The documentation of a diagnostic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// One line, no full stop.
    pub summary: &'static str,
    /// When it is reported.
    pub what: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// A script that gets it.
    pub example: &'static str,
    /// How to fix it.
    pub fix: &'static str,
    /// The example, fixed.
    pub fixed: &'static str,
}

/// A text of a page that is written over several lines: they are joined by spaces. Empty lines between
/// paragraphs stay.
macro_rules! prose {
    ($text:literal) => {{
        const JOINED: [u8; $text.len()] = crate::entry::join_lines($text);
        match std::str::from_utf8(&JOINED) {
            Ok(text) => text,
            Err(_) => $text,
        }
    }};
}
pub(crate) use prose;

/// Turns each line's end that stands alone into a space. `N` is the text's length.
pub(crate) const fn join_lines<const N: usize>(text: &str) -> [u8; N] {
    let mut joined = [0; N];
    let (mut from, mut to): (&[u8], &mut [u8]) = (text.as_bytes(), &mut joined);
    let mut before = b'\n';
    while let ([byte, from_rest @ ..], [place, to_rest @ ..]) = (from, to) {
        let alone = *byte == b'\n' && before != b'\n' && !matches!(from_rest, [b'\n', ..]);
        *place = if alone { b' ' } else { *byte };
        (before, from, to) = (*byte, from_rest, to_rest);
    }
    joined
}
