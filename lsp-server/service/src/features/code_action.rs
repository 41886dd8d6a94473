//! Code actions: what the diagnostics under the cursor know how to mend, and refactorings.

use air_analysis::diagnostic::{Diagnostic, Fix, TextEdit};
use air_analysis::fix_all;

use super::refactor;

use crate::lsp;
use crate::snapshot::Snapshot;

/// Kinds that the server offers.
pub(crate) const KINDS: &[&str] =
    &["quickfix", "refactor.extract", "refactor.inline", "refactor.rewrite", FIX_ALL, super::sample::KIND];

const FIX_ALL: &str = "source.fixAll.air";

/// Findings whose fixes are offered at once: who selects all of a large script reads no longer list.
const MENDED: usize = 100;

/// `textDocument/codeAction`.
pub(crate) fn code_actions(
    snapshot: &Snapshot,
    params: lsp::CodeActionParams,
) -> lsp::Result<Option<lsp::CodeActionResponse>> {
    if !snapshot.client.code_action_literals {
        return Ok(None);
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
    let mut actions = Vec::new();

    if wanted("quickfix") {
        let place = snapshot.text_range(params.range);
        let touched = findings.filter(|finding| finding.range.intersect(place).is_some());
        for finding in touched.filter(|finding| !finding.fixes.is_empty()).take(MENDED) {
            let single = finding.fixes.len() == 1;
            actions.extend(finding.fixes.iter().map(|fix| quick_fix(snapshot, finding, fix, single)));
        }
    }
    snapshot.check_cancelled()?;
    actions.extend(refactor::actions(snapshot, params.range, &wanted)?);
    // Never unasked: editors list it among the actions of every line otherwise.
    if params.context.only.is_some() && wanted(FIX_ALL) {
        actions.extend(fix_all_action(snapshot));
    }
    if params.context.only.is_some() && wanted(super::sample::KIND) {
        actions.extend(super::sample::actions(snapshot));
    }
    Ok(Some(actions.into_iter().map(lsp::CodeActionOrCommand::CodeAction).collect()))
}

fn quick_fix(snapshot: &Snapshot, finding: &Diagnostic, fix: &Fix, single: bool) -> lsp::CodeAction {
    let edits = fix.edits.iter().map(|edit| snapshot.text_edit(edit.clone())).collect();
    lsp::CodeAction {
        title: fix.title.to_string(),
        kind: Some(lsp::CodeActionKind::QUICKFIX),
        diagnostics: snapshot.diagnostic(finding).map(|diagnostic| vec![diagnostic]),
        edit: Some(snapshot.workspace_edit(edits)),
        is_preferred: (snapshot.client.preferred_actions && single && fix.safe).then_some(true),
        ..Default::default()
    }
}

/// All safe fixes, as `air check --fix` makes them.
fn fix_all(snapshot: &Snapshot) -> Vec<TextEdit> {
    let settings = &snapshot.document.settings;
    let listed = |found: &mut Vec<Diagnostic>| {
        found.retain(|finding| settings.severity(finding.code, finding.severity).is_some());
    };
    let fixed = fix_all::fix_all(snapshot.analysis(), listed, |_, _, _| ());
    fixed.edits(&snapshot.document.text)
}

/// All safe fixes as one action, for those who ask for that kind.
fn fix_all_action(snapshot: &Snapshot) -> Option<lsp::CodeAction> {
    let action = lsp::CodeAction {
        title: "Apply all safe fixes".to_owned(),
        kind: Some(lsp::CodeActionKind::from(FIX_ALL.to_owned())),
        ..Default::default()
    };
    let edits = fix_all(snapshot);
    if edits.is_empty() {
        return None;
    }
    let edits = edits.into_iter().map(|edit| snapshot.text_edit(edit)).collect();
    Some(lsp::CodeAction { edit: Some(snapshot.workspace_edit(edits)), ..action })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::features::fixture::{cursor, edited, open_as, uri};

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
        assert_eq!(offered(MISSPELT, json!(["source.fixAll"])), [], "a guess is no safe fix");
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
}
