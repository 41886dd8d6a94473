//! Code actions: what fixes, refactorings and structural edits can do at a place of a script.

use air_analysis::Analysis;
use air_analysis::diagnostic::{Diagnostic, TextEdit};
use air_analysis::fix_all::{Extent, fix_all};
use air_analysis::fixes::dialect::is_of_old_dialect;
use air_analysis::format::FormatOptions;
use air_syntax::TextRange;

use crate::{refactor, structural};

/// Findings whose fixes are offered at once: who selects all of a large script does not read a longer list.
const MAX_FINDINGS_FIXED: usize = 100;

/// What kind of change an action is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActionKind {
    /// Ends one finding.
    QuickFix,
    /// A refactoring that gives something a name of its own.
    Extract,
    /// A refactoring after which a name is gone.
    Inline,
    /// Another refactoring, or a structural edit.
    Rewrite,
    /// All safe fixes of the script at once.
    FixAll,
    /// A script of an older AIR brought to today's.
    Migrate,
}

impl ActionKind {
    /// Its name in the protocol, where `a.b` is a kind of `a`.
    pub const fn name(self) -> &'static str {
        match self {
            ActionKind::QuickFix => "quickfix",
            ActionKind::Extract => "refactor.extract",
            ActionKind::Inline => "refactor.inline",
            ActionKind::Rewrite => "refactor.rewrite",
            ActionKind::FixAll => "source.fixAll.air",
            ActionKind::Migrate => "source.migrate.air",
        }
    }
}

impl From<refactor::Kind> for ActionKind {
    fn from(kind: refactor::Kind) -> ActionKind {
        match kind {
            refactor::Kind::Extract => ActionKind::Extract,
            refactor::Kind::Inline => ActionKind::Inline,
            refactor::Kind::Rewrite => ActionKind::Rewrite,
        }
    }
}

/// Something that can be done.
#[derive(Debug)]
pub struct Action<'a> {
    /// Where it is listed.
    pub kind: ActionKind,
    /// An imperative that says what changes.
    pub title: String,
    /// The only fix of a finding, and a safe one.
    pub preferred: bool,
    /// The finding that it ends.
    pub finding: Option<&'a Diagnostic>,
    /// Of a refactoring or a structural edit: the name by which [`edits_of`] finds it again.
    pub name: Option<&'static str>,
    offer: Offer<'a>,
}

/// Where its edits come from.
#[derive(Debug)]
enum Offer<'a> {
    Fix(&'a [TextEdit]),
    Fixes(Vec<TextEdit>),
    Refactoring(refactor::Offer),
    Structural(structural::CommandOffer),
}

impl Action<'_> {
    /// Its edits of the script that it was offered for, disjoint and in text order; laid out now, which takes its time.
    pub fn edits(&self, analysis: &Analysis, options: &FormatOptions) -> Vec<TextEdit> {
        match &self.offer {
            Offer::Fix(edits) => edits.to_vec(),
            Offer::Fixes(edits) => edits.clone(),
            Offer::Refactoring(offer) => offer.change(analysis, options).edits,
            Offer::Structural(offer) => offer.change(analysis, options).edits,
        }
    }
}

/// Fixes of those findings that touch a range.
pub fn quick_fixes<'a>(
    findings: impl IntoIterator<Item = &'a Diagnostic>,
    range: TextRange,
) -> impl Iterator<Item = Action<'a>> {
    let touched = findings.into_iter().filter(move |finding| finding.range.intersect(range).is_some());
    let fixable = touched.filter(|finding| !finding.fixes.is_empty()).take(MAX_FINDINGS_FIXED);
    fixable.flat_map(|finding| {
        let single = finding.fixes.len() == 1;
        finding.fixes.iter().map(move |fix| Action {
            kind: ActionKind::QuickFix,
            title: fix.title.to_string(),
            preferred: single && fix.safe,
            finding: Some(finding),
            name: None,
            offer: Offer::Fix(&fix.edits),
        })
    })
}

/// Refactorings of the wanted kinds and, where nothing is selected, structural edits; `None` once `stop` says so.
pub fn refactorings(
    analysis: &Analysis,
    range: TextRange,
    wanted: &dyn Fn(ActionKind) -> bool,
    stop: &dyn Fn() -> bool,
) -> Option<Vec<Action<'static>>> {
    let mut actions = Vec::new();
    for refactoring in refactor::REFACTORINGS.iter().filter(|refactoring| wanted(refactoring.kind.into())) {
        actions.extend(refactoring.offers(analysis, range).into_iter().map(|offer| Action {
            kind: refactoring.kind.into(),
            title: offer.title.clone(),
            preferred: false,
            finding: None,
            name: Some(refactoring.name),
            offer: Offer::Refactoring(offer),
        }));
        if stop() {
            return None;
        }
    }
    if wanted(ActionKind::Rewrite) && range.is_empty() {
        actions.extend(structural::offers(analysis, range.start()).into_iter().map(|offer| Action {
            kind: ActionKind::Rewrite,
            title: offer.command.title.to_owned(),
            preferred: false,
            finding: None,
            name: Some(offer.command.name),
            offer: Offer::Structural(offer),
        }));
    }
    Some(actions)
}

/// The edits of a refactoring or structural edit that was offered for that range under that name and title.
pub fn edits_of(
    analysis: &Analysis,
    range: TextRange,
    (name, title): (&str, &str),
    options: &FormatOptions,
) -> Option<Vec<TextEdit>> {
    let refactoring = refactor::REFACTORINGS.iter().find(|refactoring| refactoring.name == name);
    let change = match refactoring {
        Some(refactoring) => {
            let mut offers = refactoring.offers(analysis, range).into_iter();
            offers.find(|offer| offer.title == title)?.change(analysis, options)
        }
        None => structural::find(name)?.run(analysis, range.start(), options)?,
    };
    Some(change.edits)
}

/// All safe fixes as one action; `listed` takes out findings that are switched off. `None` if there is nothing to fix.
pub fn fix_everything(analysis: &Analysis, listed: impl Fn(&mut Vec<Diagnostic>)) -> Option<Action<'static>> {
    let edits = fix_all(analysis, Extent::Safe, listed, |_, _, _| ()).edits(&analysis.text);
    (!edits.is_empty()).then(|| Action {
        kind: ActionKind::FixAll,
        title: "Apply all safe fixes".to_owned(),
        preferred: false,
        finding: None,
        name: None,
        offer: Offer::Fixes(edits),
    })
}

/// Fixes of all forms of older AIR as one action of that kind; `None` if there are none.
pub fn migrate(
    analysis: &Analysis,
    kind: ActionKind,
    listed: impl Fn(&mut Vec<Diagnostic>),
) -> Option<Action<'static>> {
    let edits = fix_all(analysis, Extent::Dialect, listed, |_, _, _| ()).edits(&analysis.text);
    (!edits.is_empty()).then(|| Action {
        kind,
        title: "Bring to today's AIR".to_owned(),
        preferred: false,
        finding: None,
        name: None,
        offer: Offer::Fixes(edits),
    })
}

/// Whether a fix of a form of older AIR is offered at a place.
pub fn is_old_at<'a>(
    analysis: &Analysis,
    findings: impl IntoIterator<Item = &'a Diagnostic>,
    range: TextRange,
) -> bool {
    let mut touched = findings.into_iter().filter(|finding| finding.range.intersect(range).is_some());
    touched.any(|found| found.fixes.iter().any(|fix| is_of_old_dialect(&analysis.text, found, fix)))
}

#[cfg(test)]
mod tests {
    use air_semantics::text_edit::apply;
    use expect_test::{Expect, expect};

    use super::*;
    use crate::testing::cursor;

    /// Each action of a kind at `$0`, with the script after it.
    fn check(marked: &str, kind: ActionKind, expected: Expect) {
        let (analysis, offset) = cursor(marked);
        let range = TextRange::empty(offset);
        let options = FormatOptions::default();
        let found: Vec<_> = match kind {
            ActionKind::QuickFix => quick_fixes(analysis.diagnostics(), range).collect(),
            ActionKind::FixAll => fix_everything(&analysis, |_| ()).into_iter().collect(),
            _ => refactorings(&analysis, range, &|offered| offered == kind, &|| false).unwrap(),
        };
        let mut shown = String::new();
        for action in found {
            assert_eq!(action.kind, kind);
            let edits = action.edits(&analysis, &options);
            if let Some(name) = action.name {
                let again = edits_of(&analysis, range, (name, &action.title), &options);
                assert_eq!(again.as_ref(), Some(&edits), "{name}");
            }
            let preferred = if action.preferred { " (preferred)" } else { "" };
            let finding = action.finding.map_or(String::new(), |finding| format!(" for {:?}", finding.code));
            shown += &format!("# {}{preferred}{finding}\n{}\n", action.title, apply(&analysis.text, &edits));
        }
        expected.assert_eq(&shown);
    }

    const MISSPELT: &str = "(seq (call %init_peer_id% (\"s\" \"f\") [] result) (ap resul$0 x))";

    #[test]
    fn fixes_of_what_is_touched() {
        check(
            MISSPELT,
            ActionKind::QuickFix,
            expect![[r##"
            # replace by `result` for UndefinedVariable
            (seq (call %init_peer_id% ("s" "f") [] result) (ap result x))
            # declare `resul` as given by the host for UndefinedVariable
            ; air: given resul
            (seq (call %init_peer_id% ("s" "f") [] result) (ap resul x))
        "##]],
        );
        let elsewhere = MISSPELT.replacen("$0", "", 1).replacen("call", "ca$0ll", 1);
        check(&elsewhere, ActionKind::QuickFix, expect![[""]]);
    }

    #[test]
    fn only_one_safe_fix_is_preferred() {
        check(
            "(Seq$0 (null) (null))",
            ActionKind::QuickFix,
            expect![[r#"
            # replace by `seq` (preferred) for KeywordCase
            (seq (null) (null))
        "#]],
        );
    }

    #[test]
    fn all_fixes_at_once() {
        check(
            "(Seq$0 (NULL) (Seq (ap 1 result) (ap resul x)))",
            ActionKind::FixAll,
            expect![[r#"
            # Apply all safe fixes
            (seq (null) (seq (ap 1 result) (ap resul x)))
        "#]],
        );
        check(MISSPELT, ActionKind::FixAll, expect![[""]]);
    }

    #[test]
    fn refactorings_by_kind() {
        let script = "(seq (ap 1 x) (call \"p\" (\"s\" \"f\") [\"$0yes\" x]))";
        check(
            script,
            ActionKind::Extract,
            expect![[r##"
            # Extract `"yes"` into `yes`
            (seq (ap 1 x) (seq
                           (ap "yes" yes)
                           (call "p" ("s" "f") [yes x])
                          ))
        "##]],
        );
        check(script, ActionKind::Inline, expect![[""]]);
        check(
            script,
            ActionKind::Rewrite,
            expect![[r##"
            # Wrap in `xor` with an error handler: its errors are reported to the initiator
            (seq (ap 1 x) (xor
                           (call "p" ("s" "f") ["yes" x])
                           (call %init_peer_id% ("errorHandlingSrv" "error") [:error: 0])
                          ))
            # Wrap in `seq`
            (seq (ap 1 x) (seq
                           (call "p" ("s" "f") ["yes" x])
                           (null)
                          ))
            # Wrap in `par`: what follows neither waits for the instruction nor sees its errors
            (seq (ap 1 x) (par
                           (call "p" ("s" "f") ["yes" x])
                           (null)
                          ))
            # Wrap in `xor`: its errors are caught and dropped
            (seq (ap 1 x) (xor
                           (call "p" ("s" "f") ["yes" x])
                           (null)
                          ))
            # Wrap in `new $stream`
            (seq (ap 1 x) (new $stream
                           (call "p" ("s" "f") ["yes" x])
                          ))
            # Replace `call` by `(null)`: it no longer runs
            (seq (ap 1 x) (null))
            # Barf: let go of the last form in the list
            (seq (ap 1 x) (call "p" ("s" "f") ["yes"] x))
            # Drag forward: the form changes places with the next one
            (seq (ap 1 x) (call "p" ("s" "f") [x "yes"]))
            # Kill: delete the form
            (seq (ap 1 x) (call "p" ("s" "f") [x]))
        "##]],
        );
    }

    #[test]
    fn given_up_when_told_so() {
        let (analysis, offset) = cursor("(null$0)");
        assert!(refactorings(&analysis, TextRange::empty(offset), &|_| true, &|| true).is_none());
    }
}
