//! What would change in a script, as a unified diff.

use std::time::Duration;

use similar::{ChangeTag, TextDiff};

use super::output::{FAINT, GOOD, Output, REMOVED, STRONG, visible};

/// For huge texts that differ everywhere: then the diff is longer than need be.
const TIME_LIMIT: Duration = Duration::from_secs(2);

/// Lines around each change.
const CONTEXT_LINES: usize = 3;

/// Prints a unified diff that `patch -p0` reads.
pub fn print(name: &str, old: &str, new: &str, output: &mut Output) {
    let name = visible(name);
    let diff = TextDiff::configure().timeout(TIME_LIMIT).diff_lines(old, new);
    output.line(output.paint(STRONG, format_args!("--- {name}")).to_string());
    output.line(output.paint(STRONG, format_args!("+++ {name}")).to_string());
    for hunk in diff.unified_diff().context_radius(CONTEXT_LINES).iter_hunks() {
        output.line(output.paint(FAINT, hunk.header()).to_string());
        for change in hunk.iter_changes() {
            let line = change.value();
            let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
            let line = output.shown(line);
            let painted = match change.tag() {
                ChangeTag::Equal => format!(" {line}"),
                ChangeTag::Delete => output.paint(REMOVED, format_args!("-{line}")).to_string(),
                ChangeTag::Insert => output.paint(GOOD, format_args!("+{line}")).to_string(),
            };
            output.text(&painted);
            output.text(end);
            if change.missing_newline() {
                output.text("\n\\ No newline at end of file\n");
            }
        }
    }
}
