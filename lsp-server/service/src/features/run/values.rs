//! Values of the last run, beside what they were given to: as inlay hints, or as diagnostics where hints that came
//! with the run would not be seen.

use air_ide::names::instr_at;
use air_simulation::report::{Role, Span, Values};
use air_syntax::{TextRange, TextSize};

use super::hover::markdown;
use crate::config::RunValues;
use crate::features::markup::Word;
use crate::snapshot::Snapshot;

/// Longest label; the rest is in the tooltip.
const MAX_LABEL_CHARS: usize = 48;

/// Values that a label lists.
const MAX_VALUES_LISTED: usize = 3;

/// More places with values slow an editor down; hover has all of them.
const MAX_LISTED: usize = 1000;

/// Hints in a range, unless the values are diagnostics.
pub(crate) fn hints(snapshot: &Snapshot, range: TextRange) -> Vec<Word> {
    let Some(run) = snapshot.document.run() else { return Vec::new() };
    let Ok(report) = &run.result else { return Vec::new() };
    // Who never says that it requests hints does so only on someone's demand, and gets what it demanded.
    if as_diagnostics(snapshot) && (snapshot.client.hints || setting(snapshot) == RunValues::Diagnostics) {
        return Vec::new();
    }
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
    shown(&report.values).filter_map(hint).collect()
}

/// Texts for diagnostics, each with its place, if the values are not inlay hints. Each names its variable: an editor
/// shows it at the end of the line, or in a list.
pub(super) fn listed(snapshot: &Snapshot, values: &[Values]) -> Vec<(Span, String)> {
    if !as_diagnostics(snapshot) {
        return Vec::new();
    }
    let texts = shown(values).map(|values| (values.range, format!("{} {}", values.name, label(values))));
    texts.take(MAX_LISTED).collect()
}

/// Arguments are left out: their variables have the values.
fn shown(values: &[Values]) -> impl Iterator<Item = &Values> {
    values.iter().filter(|values| values.role != Role::Argument && values.count > 0)
}

/// Whether hints would not do: an editor that cannot be asked to request them again keeps those from before the run.
fn as_diagnostics(snapshot: &Snapshot) -> bool {
    match setting(snapshot) {
        RunValues::Auto => !snapshot.client.hint_refresh,
        RunValues::Hints => false,
        RunValues::Diagnostics => true,
    }
}

fn setting(snapshot: &Snapshot) -> RunValues {
    snapshot.document.settings.run().values.unwrap_or_default()
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
    use serde_json::{Value, json};

    use super::*;
    use crate::features::fixture::{open, open_as, uri};
    use crate::features::run::command::run;
    use crate::features::run::diagnostics::of_run;
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

    /// Whether hints show the values, and what diagnostics say of them.
    fn shown_in(inlay_hint: Value, refresh: Value, setting: &str) -> (bool, Vec<String>) {
        let capabilities =
            json!({ "textDocument": { "inlayHint": inlay_hint }, "workspace": { "inlayHint": refresh } });
        let text = "(ap 1 x)";
        let snapshot = open_as(text, capabilities, json!({ "run": { "values": setting } }));
        run(&snapshot, RunParams::of(uri())).unwrap();
        let all = TextRange::up_to(TextSize::of(text));
        (
            !hints(&snapshot, all).is_empty(),
            of_run(&snapshot).into_iter().map(|found| found.message).collect(),
        )
    }

    #[test]
    fn where_they_are_seen() {
        let (yes, no) = (json!({ "refreshSupport": true }), json!({ "refreshSupport": false }));
        let listed = vec!["x = 1".to_owned()];
        assert_eq!(shown_in(json!({}), yes.clone(), "auto"), (true, vec![]));
        assert_eq!(shown_in(json!({}), no.clone(), "auto"), (false, listed.clone()));
        assert_eq!(shown_in(json!({}), Value::Null, "auto"), (false, listed.clone()));
        // A plugin that requests hints when it needs them.
        assert_eq!(shown_in(Value::Null, Value::Null, "auto"), (true, listed.clone()));
        assert_eq!(shown_in(json!({}), no, "hints"), (true, vec![]));
        assert_eq!(shown_in(json!({}), yes, "diagnostics"), (false, listed));
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
