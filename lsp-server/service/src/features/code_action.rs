//! Code actions: fixes of the diagnostics under the cursor, and refactorings.

use air_analysis::diagnostic::Diagnostic;
use air_analysis::format::FormatOptions;
use air_ide::code_action::{Action, ActionKind, fix_everything, is_old_at, migrate, quick_fixes};

use super::refactor;
use crate::lsp;
use crate::snapshot::Snapshot;

/// Kinds that the server offers.
pub(crate) const KINDS: &[&str] = &[
    ActionKind::QuickFix.name(),
    ActionKind::Extract.name(),
    ActionKind::Inline.name(),
    ActionKind::Rewrite.name(),
    ActionKind::FixAll.name(),
    ActionKind::Migrate.name(),
    super::sample::KIND,
];

/// `textDocument/codeAction`.
pub(crate) fn code_actions(
    snapshot: &Snapshot,
    params: lsp::CodeActionParams,
) -> lsp::Result<Option<lsp::CodeActionResponse>> {
    if !snapshot.client.code_action_literals {
        return Ok(None);
    }
    if snapshot.document.is_host() {
        return super::embedded::code_actions(snapshot, params);
    }
    let wanted = |kind: &str| {
        params.context.only.as_ref().is_none_or(|only| {
            only.iter().any(|only| {
                only.as_str().is_empty()
                    || kind == only.as_str()
                    || kind.strip_prefix(only.as_str()).is_some_and(|rest| rest.starts_with('.'))
            })
        })
    };
    let settings = &snapshot.document.settings;
    let shown = |finding: &&Diagnostic| settings.severity(finding.code, finding.severity).is_some();
    let findings = snapshot.findings()?.iter().filter(shown);
    let options = settings.format(&snapshot.document.text);
    let listed = |found: &mut Vec<Diagnostic>| found.retain(|finding| shown(&finding));
    let unasked = params.context.trigger_kind == Some(lsp::CodeActionTriggerKind::AUTOMATIC);
    let mut actions = Vec::new();
    if wanted(ActionKind::QuickFix.name()) {
        let range = snapshot.text_range(params.range);
        // It tries all fixes of the script: too much for each move of the cursor.
        let old = !unasked && is_old_at(snapshot.analysis(), findings.clone(), range);
        let mut fixes: Vec<_> = quick_fixes(findings, range).collect();
        tell_apart(snapshot, &mut fixes);
        actions.extend(fixes.iter().map(|action| with_edits(snapshot, action, &options)));
        snapshot.check_cancelled()?;
        if old {
            let action = migrate(snapshot.analysis(), ActionKind::QuickFix, listed);
            actions.extend(action.map(|action| with_edits(snapshot, &action, &options)));
        }
    }
    snapshot.check_cancelled()?;
    // An editor that asks by itself, at every move of the cursor, would show its light bulb everywhere.
    if !unasked || params.context.only.is_some() {
        actions.extend(refactor::actions(snapshot, params.range, &|kind| wanted(kind.name()), &options)?);
    }
    // Never unasked: editors list it among the actions of every line otherwise.
    if params.context.only.is_some() && wanted(ActionKind::FixAll.name()) {
        let action = fix_everything(snapshot.analysis(), listed);
        actions.extend(action.map(|action| with_edits(snapshot, &action, &options)));
    }
    if params.context.only.is_some() && wanted(ActionKind::Migrate.name()) {
        let action = migrate(snapshot.analysis(), ActionKind::Migrate, listed);
        actions.extend(action.map(|action| with_edits(snapshot, &action, &options)));
    }
    if params.context.only.is_some() && wanted(super::sample::KIND) {
        actions.extend(super::sample::actions(snapshot));
    }
    Ok(Some(actions.into_iter().map(lsp::CodeActionOrCommand::CodeAction).collect()))
}

/// Adds the place to titles that several fixes have: a menu shows nothing else of them.
fn tell_apart(snapshot: &Snapshot, fixes: &mut [Action<'_>]) {
    let mut places = Vec::new();
    for fix in fixes.iter() {
        let twins = |other: &&Action<'_>| other.title == fix.title;
        let start = fix.finding.map(|finding| snapshot.range(finding.range).start);
        places.push(start.filter(|_| fixes.iter().filter(twins).count() > 1));
    }
    let lines: Vec<_> = places.iter().map(|place| place.map(|place| place.line)).collect();
    let one_line = |line| lines.iter().filter(|other| **other == Some(line)).count() > 1;
    for (fix, place) in fixes.iter_mut().zip(places) {
        let Some(place) = place else { continue };
        fix.title += &format!(" (line {}", place.line + 1);
        if one_line(place.line) {
            fix.title += &format!(", column {}", place.character + 1);
        }
        fix.title += ")";
    }
}

fn with_edits(snapshot: &Snapshot, action: &Action<'_>, options: &FormatOptions) -> lsp::CodeAction {
    lsp::CodeAction {
        edit: Some(refactor::edit(snapshot, action, options)),
        ..refactor::converted(snapshot, action)
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::{Value, json};

    use super::*;
    use crate::features::fixture::{cursor, edited, open, open_as, uri};

    fn offered(marked: &str, only: Value) -> Vec<(String, String)> {
        let (snapshot, position) = cursor(marked);
        let params = json!({
            "textDocument": { "uri": uri() },
            "range": { "start": position, "end": position },
            "context": { "diagnostics": [], "only": only },
        });
        let actions = code_actions(&snapshot, serde_json::from_value(params).unwrap()).unwrap().unwrap();
        let applied = actions.into_iter().map(|action| {
            let lsp::CodeActionOrCommand::CodeAction(action) = action else { panic!("no command") };
            let edit = serde_json::to_value(action.edit.unwrap()).unwrap();
            assert_eq!(edit["documentChanges"][0]["textDocument"]["version"], 7);
            let edits = serde_json::from_value(edit["documentChanges"][0]["edits"].clone()).unwrap();
            (action.title, edited(&snapshot, edits))
        });
        applied.collect()
    }

    #[test]
    fn all_at_once() {
        let script = "(Seq$0 (NULL) (Seq (ap 1 result) (ap resul x)))";
        let found = offered(script, json!(["source.fixAll"]));
        let expected = "(seq (null) (seq (ap 1 result) (ap resul x)))";
        assert_eq!(found, [("Apply all safe fixes".to_owned(), expected.to_owned())]);
        assert!(offered(script, json!(null)).iter().all(|(title, _)| !title.contains("all safe")), "unasked");
    }

    const MISSPELT: &str = "(seq (call %init_peer_id% (\"s\" \"f\") [] result) (ap resul$0 x))";

    #[test]
    fn a_misspelt_name() {
        let (title, text) = &offered(MISSPELT, json!(null))[0];
        assert_eq!(title, "replace by `result`");
        assert_eq!(text, &MISSPELT.replace("resul$0", "result"));
    }

    #[test]
    fn only_what_was_asked_for() {
        assert_eq!(offered(MISSPELT, json!(["refactor.inline"])), []);
        assert_ne!(offered(MISSPELT, json!(["quickfix"])), []);
        assert_ne!(offered(MISSPELT, json!([""])), [], "the empty kind is all kinds");
        assert_eq!(
            offered(&MISSPELT.replacen("$0", "", 1).replacen("call", "ca$0ll", 1), json!(["quickfix"])),
            [],
            "elsewhere"
        );
        assert_eq!(offered(MISSPELT, json!(["source.fixAll"])), [], "a guess is not a safe fix");
    }

    #[test]
    fn titles_differ() {
        let titles = |text: &str| -> Vec<String> {
            let snapshot = open(text);
            let end = snapshot.position(u32::try_from(text.len()).unwrap().into());
            let params = json!({
                "textDocument": { "uri": uri() },
                "range": { "start": { "line": 0, "character": 0 }, "end": end },
                "context": { "diagnostics": [], "only": ["quickfix"] },
            });
            let actions = code_actions(&snapshot, serde_json::from_value(params).unwrap()).unwrap().unwrap();
            let title = |action| match action {
                lsp::CodeActionOrCommand::CodeAction(action) => action.title,
                lsp::CodeActionOrCommand::Command(command) => command.title,
            };
            actions.into_iter().map(title).collect()
        };
        expect![[r#"
            remove this `ap` (line 1)
            remove this `ap` (line 2, column 13)
            remove this `ap` (line 2, column 22)"#]]
        .assert_eq(&titles("(seq (ap 1 x)\n (seq (ap 2 y) (ap 3 z)))").join("\n"));
        expect!["remove the output `x`"]
            .assert_eq(&titles("(seq (call \"p\" (\"s\" \"f\") [] x)\n (null))").join("\n"));
    }

    #[test]
    fn clients_that_know_commands_only_get_none() {
        let snapshot = open_as("(sqe (null) (null))", json!({}), json!({}));
        let params = json!({
            "textDocument": { "uri": uri() },
            "range": { "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 9 } },
            "context": { "diagnostics": [] },
        });
        assert_eq!(code_actions(&snapshot, serde_json::from_value(params).unwrap()).unwrap(), None);
    }

    /// A light bulb on every line says nothing: only fixes come unasked.
    #[test]
    fn refactorings_are_offered_on_request_only() {
        let (snapshot, position) = cursor("(seq$0 (ap x y) (null))");
        let offered = |position: lsp::Position, context: Value| {
            let range = json!({ "start": position, "end": position });
            let params = json!({ "textDocument": { "uri": uri() }, "range": range, "context": context });
            let actions = code_actions(&snapshot, serde_json::from_value(params).unwrap()).unwrap().unwrap();
            actions.len()
        };
        let at_error = lsp::Position::new(0, 9);
        assert_eq!(offered(position, json!({ "diagnostics": [], "triggerKind": 2 })), 0);
        assert!(offered(at_error, json!({ "diagnostics": [], "triggerKind": 2 })) > 0, "a fix of `x`");
        assert!(offered(position, json!({ "diagnostics": [], "triggerKind": 1 })) > 3);
        let rewrites = json!({ "diagnostics": [], "triggerKind": 2, "only": ["refactor.rewrite"] });
        assert!(offered(position, rewrites) > 3);
    }

    #[test]
    fn scripts_of_older_air() {
        let old = "(seq (null) (se$0q (null) (null) (null)))";
        let new = "(seq (null) (seq (null) (seq (null) (null))))".to_owned();
        let found = offered(old, json!(["source.migrate.air"]));
        assert_eq!(found, [("Bring to today's AIR".to_owned(), new.clone())]);
        let at_finding = "(seq (null) (seq (null) (null) $0(null)))";
        let found = offered(at_finding, json!(["quickfix"]));
        assert_eq!(found.last(), Some(&("Bring to today's AIR".to_owned(), new)));
        assert_eq!(offered("(se$0q (null) (null))", json!(["source.migrate.air"])), []);
    }
}
