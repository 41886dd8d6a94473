//! Replacements in a text.

use air_syntax::{TextRange, TextSize};

/// Replaces a range by a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextEdit {
    /// What is replaced, in bytes; empty for an insertion.
    pub range: TextRange,
    /// What stands there afterwards.
    pub new_text: String,
}

/// The text after edits that are disjoint and in text order.
pub fn apply(text: &str, edits: &[TextEdit]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for edit in edits {
        let (start, end) = (usize::from(edit.range.start()), usize::from(edit.range.end()));
        out += text.get(done..start).unwrap_or_default();
        out += &edit.new_text;
        done = end.max(done);
    }
    out + text.get(done..).unwrap_or_default()
}

/// The edit that turns the text `old`, which begins at `start`, into `new`, without what both share at their ends. It
/// divides neither a character nor CR LF.
pub fn trimmed(old: &str, start: TextSize, new: &str) -> TextEdit {
    let shorter = old.len().min(new.len());
    let prefix = old.bytes().zip(new.bytes()).take_while(|(a, b)| a == b).count();
    let mut prefix = old.floor_char_boundary(prefix).min(new.floor_char_boundary(prefix));
    let suffix =
        old.bytes().rev().zip(new.bytes().rev()).take(shorter - prefix).take_while(|(a, b)| a == b).count();
    let mut suffix = suffix;
    // Neither inside of a character nor between CR and LF.
    while !old.is_char_boundary(old.len() - suffix) || !new.is_char_boundary(new.len() - suffix) {
        suffix -= 1;
    }
    if old.as_bytes().get(..prefix).is_some_and(|head| head.ends_with(b"\r")) {
        prefix -= 1;
    }
    if old.get(old.len() - suffix..).is_some_and(|tail| tail.starts_with('\n')) {
        suffix -= 1;
    }
    let size = |at: usize| TextSize::new(at as u32);
    TextEdit {
        range: TextRange::new(start + size(prefix), start + size(old.len() - suffix)),
        new_text: new.get(prefix..new.len() - suffix).unwrap_or_default().to_owned(),
    }
}
