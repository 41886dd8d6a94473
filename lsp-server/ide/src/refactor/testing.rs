//! `$0` in, each offered script out.

use std::fmt::Write;

use air_analysis::Analysis;
use air_analysis::format::FormatOptions;
use air_syntax::{TextRange, TextSize};
use expect_test::Expect;

use super::refactoring::Refactoring;

/// Offers at `$0`, or for what lies between two of them: titles, then scripts with `$0` for the new cursor.
pub(crate) fn check(refactoring: &'static Refactoring, marked: &str, expected: Expect) {
    let start = marked.find("$0").expect("a $0");
    let text = marked.replace("$0", "");
    let end = if marked.matches("$0").count() == 2 { marked.rfind("$0").unwrap_or(start) - 2 } else { start };
    let range = TextRange::new(TextSize::new(start as u32), TextSize::new(end as u32));
    let analysis = Analysis::new(text.as_str());
    let mut shown = String::new();
    for offer in refactoring.offers(&analysis, range) {
        let change = offer.change(&analysis, &FormatOptions::default());
        let mut after = air_semantics::text_edit::apply(&text, &change.edits);
        after.insert_str(change.caret.into(), "$0");
        let _ = writeln!(shown, "# {}\n{after}", offer.title);
    }
    if shown.is_empty() {
        shown.push_str("nothing\n");
    }
    expected.assert_eq(&shown);
}
