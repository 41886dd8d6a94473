//! `$0` in, `$0` out.

use air_analysis::Analysis;
use air_analysis::format::FormatOptions;
use air_syntax::TextSize;
use expect_test::Expect;

use super::command::Command;

/// Runs the command at `$0`; the new text with the new `$0`, and whether it would be offered.
pub(crate) fn check(structural: &'static Command, marked: &str, expected: Expect) {
    let offset = TextSize::new(marked.find("$0").expect("a $0") as u32);
    let text = marked.replacen("$0", "", 1);
    let analysis = Analysis::new(text.as_str());
    let shown = match structural.run(&analysis, offset, &FormatOptions::default()) {
        None => "nothing".to_owned(),
        Some(change) => {
            let mut after = air_semantics::text_edit::apply(&text, &change.edits);
            after.insert_str(change.caret.into(), "$0");
            let offered = structural.is_offered(&analysis, offset);
            if offered || change.edits.is_empty() { after } else { format!("{after}\nnot offered") }
        }
    };
    expected.assert_eq(&shown);
}
