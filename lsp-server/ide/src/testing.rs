//! `$0` in, lines with carets under the ranges out.

use air_analysis::Analysis;
use air_syntax::{TextRange, TextSize};

/// Takes the `$0` out: the script, and where the `$0` was.
pub(crate) fn cursor(marked: &str) -> (Analysis, TextSize) {
    let offset = marked.find("$0").expect("a $0 for the cursor");
    (Analysis::new(marked.replacen("$0", "", 1)), TextSize::new(offset as u32))
}

/// The text's lines with carets under the ranges and a note after each; columns are bytes.
pub(crate) fn underlined<'n>(text: &str, marks: impl IntoIterator<Item = (TextRange, &'n str)>) -> String {
    let mut marks: Vec<_> = marks.into_iter().collect();
    marks.sort_by_key(|(range, _)| (range.start(), range.end()));
    let mut shown = String::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        shown += line.trim_end();
        shown += "\n";
        let end = start + line.len();
        for (range, note) in &marks {
            let (from, to) = (usize::from(range.start()), usize::from(range.end()).min(end));
            if (start..end).contains(&from) {
                shown += &format!("{}{} {note}\n", " ".repeat(from - start), "^".repeat((to - from).max(1)));
            }
        }
        start = end;
    }
    shown
}
