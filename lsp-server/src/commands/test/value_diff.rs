//! An expected value and what came instead: short ones in a sentence, long ones line by line.

use std::fmt::Write as _;
use std::time::Duration;

use air_interpreter::value::Value;
use similar::{ChangeTag, TextDiff};

/// Two values that together have more characters are shown as a diff.
const MAX_SENTENCE_CHARS: usize = 80;
/// For huge values that differ everywhere: then the diff is longer than need be.
const TIME_LIMIT: Duration = Duration::from_millis(500);
/// Lines around each change.
const CONTEXT_LINES: usize = 2;
/// A diff is cut after so many lines.
const MAX_LINES: usize = 60;

/// `expected 1, found 2`, or that with a diff of the pretty-printed values below.
pub(super) fn value_diff(wanted: &Value, found: &Value) -> String {
    let (one, other) = (wanted.to_json(), found.to_json());
    if one.len() + other.len() <= MAX_SENTENCE_CHARS {
        return format!("expected {one}, found {other}");
    }
    let (Some(one), Some(other)) = (pretty(&one), pretty(&other)) else {
        return format!("expected {one}, found {other}");
    };
    let diff = TextDiff::configure().timeout(TIME_LIMIT).diff_lines(one.as_str(), other.as_str());
    let mut out = "expected -, found +".to_owned();
    let mut lines = 0;
    for hunk in diff.unified_diff().context_radius(CONTEXT_LINES).iter_hunks() {
        for change in hunk.iter_changes() {
            lines += 1;
            if lines > MAX_LINES {
                continue;
            }
            let sign = match change.tag() {
                ChangeTag::Equal => ' ',
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
            };
            // Writing into a string does not fail.
            let _ = write!(out, "\n{sign} {}", change.value().trim_end_matches('\n'));
        }
    }
    if lines > MAX_LINES {
        let _ = write!(out, "\n… {} more lines, all of them with --json", lines - MAX_LINES);
    }
    out
}

/// The value over several lines; `None` if it is nested deeper than such printers go.
fn pretty(json: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(json).ok()?;
    serde_json::to_string_pretty(&value).ok().map(|text| text + "\n")
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn short_and_long() {
        let value = |text: &str| air_interpreter::json::parse(text).unwrap();
        assert_eq!(value_diff(&value("1"), &value("[2]")), "expected 1, found [2]");
        let long = |price: u32| {
            value(&format!(
                r#"{{"name": "a long name of a thing", "price": {price}, "tags": ["one", "two", "three"]}}"#
            ))
        };
        expect![[r#"
            expected -, found +
              {
                "name": "a long name of a thing",
            -   "price": 1,
            +   "price": 2,
                "tags": [
                  "one","#]]
        .assert_eq(&value_diff(&long(1), &long(2)));
        let many =
            |first: u32| Value::array((first..first + 100).map(|it| Value::unsigned(it.into())).collect());
        assert!(
            value_diff(&many(0), &many(1000)).ends_with("… 142 more lines, all of them with --json"),
            "{}",
            value_diff(&many(0), &many(1000))
        );
    }
}
