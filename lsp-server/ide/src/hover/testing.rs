//! `$0` in, what a hover says out.

use air_analysis::Analysis;
use expect_test::Expect;

use super::explain;

/// What is said at `$0`, and of which text.
pub(super) fn check(marked: &str, expected: Expect) {
    let offset = marked.find("$0").unwrap();
    let analysis = Analysis::new(marked.replacen("$0", "", 1));
    let shown = match explain(&analysis, (offset as u32).into()) {
        Some(found) => format!("{:?}\n{}", analysis.hir().text_at(found.range), found.markdown),
        None => "nothing\n".to_owned(),
    };
    expected.assert_eq(&shown);
}
