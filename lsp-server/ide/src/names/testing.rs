//! `$0` in, marks under the lines out.

use std::fmt::Write;
use std::ops::Range;

use air_analysis::Analysis;
use air_syntax::{TextRange, TextSize};

/// Takes the `$0` out.
pub(super) fn cursor(text: &str) -> (Analysis, TextSize) {
    let offset = text.find("$0").unwrap();
    (Analysis::new(text.replacen("$0", "", 1)), (offset as u32).into())
}

/// The text's lines with marks below; one letter a place.
pub(super) fn marked(text: &str, places: impl IntoIterator<Item = (TextRange, char)>) -> String {
    let mut marks = vec![b' '; text.len()];
    for (range, mark) in places {
        marks[Range::<usize>::from(range)].fill(mark as u8);
    }
    let mut shown = String::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let below = std::str::from_utf8(&marks[start..start + line.trim_end().len()]).unwrap();
        let _ = writeln!(shown, "| {}\n{}", line.trim_end(), format!("| {below}").trim_end());
        start += line.len();
    }
    shown
}
