//! Values of the last run, beside what they were given to.

use air_ide::names::instr_at;
use air_simulation::report::{Role, Values};
use air_syntax::{TextRange, TextSize};

use super::hover::markdown;
use crate::features::markup::Word;
use crate::snapshot::Snapshot;

/// Longest label; the rest is in the tooltip.
const MAX_LABEL_CHARS: usize = 48;

/// Values that a label lists.
const MAX_VALUES_LISTED: usize = 3;

/// Hints in a range. Arguments have none: their variables have.
pub(crate) fn hints(snapshot: &Snapshot, range: TextRange) -> Vec<Word> {
    let Some(run) = snapshot.document.run() else { return Vec::new() };
    let Ok(report) = &run.result else { return Vec::new() };
    let places = report.values.iter().filter(|values| values.role != Role::Argument && values.count > 0);
    let hint = |values: &Values| {
        let at = TextSize::from(values.range.end);
        range.contains_inclusive(at).then(|| Word {
            at,
            text: label(values),
            padding: (true, false),
            tooltip: markdown(values),
            target: written_by(snapshot, at),
        })
    };
    places.filter_map(hint).collect()
}

/// The keyword of the instruction whose operand ends there: the call that made the value.
fn written_by(snapshot: &Snapshot, at: TextSize) -> Option<TextRange> {
    let hir = snapshot.analysis().hir();
    let instr = hir.instr(instr_at(hir, at)?)?;
    Some(instr.keyword)
}

/// `= 1, 2, 3 ×3`; values that were made up have a mark of their own.
fn label(values: &Values) -> String {
    let mark = if values.values.iter().any(|value| value.made_up) { "≈" } else { "=" };
    let mut listed: Vec<&str> = values.values.iter().map(|value| &*value.value.short).collect();
    listed.dedup();
    let more = if listed.len() > MAX_VALUES_LISTED { ", …" } else { "" };
    listed.truncate(MAX_VALUES_LISTED);
    let mut text = format!("{mark} {}{more}", listed.join(", "));
    if text.chars().count() > MAX_LABEL_CHARS {
        text = text.chars().take(MAX_LABEL_CHARS - 1).chain(['…']).collect();
    }
    if values.count > 1 {
        text += &format!(" ×{}", values.count);
    }
    text
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::features::fixture::{open, uri};
    use crate::features::run::command::run;
    use crate::results::RunParams;

    /// The script with hints where an editor shows them.
    fn check(text: &str, expected: Expect) {
        let snapshot = open(text);
        run(&snapshot, RunParams::of(uri())).unwrap();
        let all = TextRange::up_to(TextSize::of(text));
        let mut shown = text.to_owned();
        let mut hints = hints(&snapshot, all);
        hints.sort_by_key(|hint| hint.at);
        for hint in hints.into_iter().rev() {
            shown.insert_str(hint.at.into(), &format!("⟨{}⟩", hint.text));
        }
        expected.assert_eq(&shown);
    }

    #[test]
    fn outputs_streams_and_iterations() {
        check(
            "(seq\n (seq\n  (call %init_peer_id% (\"json\" \"parse\") [\"[1,2,3]\"] xs)\n  (fold xs x\n   (seq (ap x $s) (next x))))\n (canon %init_peer_id% $s #s))",
            expect![[r#"
                (seq
                 (seq
                  (call %init_peer_id% ("json" "parse") ["[1,2,3]"] xs⟨= [1, 2, 3]⟩)
                  (fold xs x⟨= 1, 2, 3 ×3⟩
                   (seq (ap x $s⟨= 1, 2, 3 ×3⟩) (next x))))
                 (canon %init_peer_id% $s #s⟨= [1, 2, 3]⟩))"#]],
        );
    }

    #[test]
    fn only_what_is_looked_at() {
        let text = "(seq\n (ap 1 x)\n (ap 2 y))";
        let snapshot = open(text);
        run(&snapshot, RunParams::of(uri())).unwrap();
        let line = TextRange::new(TextSize::from(5), TextSize::from(15));
        assert_eq!(hints(&snapshot, line).len(), 1);
    }
}
