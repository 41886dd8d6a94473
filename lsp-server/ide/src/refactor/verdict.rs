//! Whether a change leaves a script as good as it was: what AquaVM accepts stays accepted, what is broken gets no
//! further error of any kind.
//!
//! Dozens of changes are drafted when a user opens a menu, so that none of them is made to an accepted script for this:
//! only the innermost instruction around a change is parsed and lowered again, and the rules look at it in the place of
//! the old one. What is said about a broken script can change anywhere, so that it is judged as a whole.

use air_analysis::{Analysis, Code};
use air_semantics::Script;
use air_semantics::hir::{Instr, InstrId, lower};
use air_semantics::validate::accepts;
use air_syntax::{Edit, MAX_DEPTH, Parse, TextRange, TextSize, errors, parse, reparse};
use rustc_hash::FxHashMap;

use super::draft::Draft;

/// Whether the script is as good with the draft.
pub(crate) fn as_good(analysis: &Analysis, draft: &Draft) -> bool {
    locally(analysis, draft).unwrap_or_else(|| wholly(analysis, draft))
}

/// Whether the draft changes anything.
pub(crate) fn changes(analysis: &Analysis, draft: &Draft) -> bool {
    analysis.hir().text_at(draft.region) != draft.text || !draft.elsewhere.is_empty()
}

/// The script with the draft, parsed.
pub(crate) fn reparsed(analysis: &Analysis, draft: &Draft, applied: &str) -> Parse {
    let all = draft.all();
    let inserted = applied.len() + usize::from(all.len()) - analysis.text.len();
    let edit = Edit { removed: all, inserted: TextSize::new(inserted as u32) };
    reparse(&analysis.parse, applied, edit)
}

fn wholly(analysis: &Analysis, draft: &Draft) -> bool {
    let (text, _) = draft.applied(&analysis.text);
    if analysis.accepted() {
        let after = Analysis::after(analysis, text);
        return after.accepted();
    }
    // A change that breaks the syntax further is known by counting, before anything is lowered.
    if errors(&text).len() > analysis.parse.errors().len() {
        return false;
    }
    let known = counted(analysis);
    let after = counted(&Script::after(analysis, text));
    after.iter().all(|(code, count)| known.get(code).is_some_and(|before| count <= before))
}

/// How often AquaVM would complain of each kind: the verdict alone would let a broken script get worse. Without lints
/// and fixes, since this is asked for each draft of a menu.
fn counted(script: &Script) -> FxHashMap<Code, usize> {
    let mut counts = FxHashMap::default();
    let syntax = script.parse.errors().iter().map(|error| Code::from(&error.kind));
    let rules = script.findings().iter().map(|finding| Code::from(finding.rule));
    for code in syntax.chain(rules) {
        *counts.entry(code).or_default() += 1;
    }
    counts
}

/// The same, judged by the innermost instruction around the draft that stays one; `None` where that is not enough.
fn locally(analysis: &Analysis, draft: &Draft) -> Option<bool> {
    // What is said about brackets rests on the whole text.
    if !analysis.parse.ok() || !analysis.accepted() {
        return None;
    }
    let hir = analysis.hir();
    let all = draft.all();
    // Children stand before their parents.
    let mut at = InstrId(hir.instrs.iter().position(|instr| instr.range.contains_range(all))? as u32);
    loop {
        let replaced = hir.instr(at)?;
        let old = hir.text_at(replaced.range);
        let new = draft.within(&analysis.text, replaced.range)?;
        // Directives are about more than what they stand in.
        if old.contains("air:") || new.contains("air:") {
            return None;
        }
        // Comments and spaces outside of the brackets are not part of it.
        let parsed = (new.starts_with('(') && new.ends_with(')')).then(|| parse(&new));
        match parsed.filter(Parse::ok) {
            Some(parsed) if parsed.depth() + around(analysis, replaced) > MAX_DEPTH => return None,
            Some(parsed) => {
                let instead = lower(&parsed, new.as_str().into());
                return Some(accepts(hir, analysis.given(), at, instead));
            }
            // Its brackets stay, and what is between them is wrong.
            None if replaced.range.start() < all.start() && all.end() < replaced.range.end() => {
                return Some(false);
            }
            None => at = replaced.parent?,
        }
    }
}

/// How many instructions are around one.
fn around(analysis: &Analysis, instr: &Instr) -> usize {
    let hir = analysis.hir();
    std::iter::successors(instr.parent, |id| hir.instr(*id)?.parent).count()
}

impl Draft {
    /// From the first to the last byte that it changes.
    fn all(&self) -> TextRange {
        self.elsewhere.iter().fold(self.region, |all, edit| all.cover(edit.range))
    }

    /// That part of the script with the draft; `None` if it does not hold all of it.
    fn within(&self, text: &str, part: TextRange) -> Option<String> {
        let moved = |range: TextRange| range.checked_sub(part.start());
        let mut own = self.clone();
        own.region = moved(own.region)?;
        for edit in &mut own.elsewhere {
            edit.range = moved(edit.range)?;
        }
        Some(own.applied(text.get(std::ops::Range::<usize>::from(part))?).0)
    }
}

#[cfg(test)]
mod tests {
    use air_analysis::diagnostic::TextEdit;

    use super::*;
    use crate::refactor::REFACTORINGS;
    use crate::refactor::context::Context;

    fn range(text: &str, part: &str) -> TextRange {
        TextRange::at(TextSize::new(text.find(part).unwrap() as u32), TextSize::of(part))
    }

    fn draft(text: &str, old: &str, new: &str) -> Draft {
        Draft::form("", range(text, old), new.to_owned(), 0)
    }

    #[test]
    fn a_look_at_what_changes_is_enough() {
        let text = "(seq (ap 1 x) (seq (ap x y) (null)))";
        let script = Analysis::new(text);
        let check = |old, new| {
            let draft = draft(text, old, new);
            let local = locally(&script, &draft);
            assert_eq!(local.unwrap_or(wholly(&script, &draft)), wholly(&script, &draft), "{old} -> {new}");
            local
        };
        assert_eq!(check("(ap x y)", "(par (ap x y) (null))"), Some(true));
        assert_eq!(check("(ap 1 x)", "(null)"), Some(false));
        assert_eq!(check("ap x", "ap z"), Some(false));
        assert_eq!(check("ap x", "ap 2"), Some(true));
        assert_eq!(check("(ap x y)", "(ap x y) (null)"), Some(false), "two of them");
        assert_eq!(check("(ap x y)", "(null) ; "), Some(false), "a comment that takes what follows");
        assert_eq!(check("(seq (ap x y) (null))", "(ap x y) ; what follows\n"), Some(true));
        assert_eq!(check(text, "(null) ; "), None);
        assert_eq!(check("(ap x y)", "; air: given z\n(ap z y)"), None);
    }

    #[test]
    fn words_elsewhere() {
        let text = "(seq (seq (ap 1 x) (ap 2 z)) (seq (ap x y) (null)))";
        let script = Analysis::new(text);
        let mut draft = draft(text, "ap 1 x", "ap 1 w");
        assert_eq!(locally(&script, &draft), Some(false));
        draft.elsewhere.push(TextEdit { range: range(text, "x y"), new_text: "w y".to_owned() });
        assert_eq!(locally(&script, &draft), Some(true));
        let applied = draft.applied(text).0;
        assert_eq!(reparsed(&script, &draft, &applied).green(), parse(&applied).green());
    }

    #[test]
    fn broken_scripts_get_no_worse() {
        let text = "(seq (ap 1 x) (nul))";
        let script = Analysis::new(text);
        for (old, new, good) in
            [("(ap 1 x)", "(ap 2 x)", true), ("(ap 1 x)", "(ap x)", false), ("nul", "null", true)]
        {
            assert_eq!(as_good(&script, &draft(text, old, new)), good, "{new}");
        }
    }

    #[test]
    fn no_rejected_script_gets_an_error_more() {
        let text = "(seq (ap 1 x) (seq (ap x y) (ap undefined z)))";
        let script = Analysis::new(text);
        assert!(!as_good(&script, &draft(text, "(ap 1 x)", "(null)")), "one undefined variable more");
        assert!(!as_good(&script, &draft(text, "(ap undefined z)", "(next z)")), "another error instead");
        assert!(as_good(&script, &draft(text, "(ap undefined z)", "(null)")));
        assert!(as_good(&script, &draft(text, "(ap x y)", "(par (ap x y) (null))")));
    }

    /// All drafts at all places of the examples: the short way and the long one agree.
    #[test]
    fn both_ways_agree() {
        let mut local = 0;
        for example in REFACTORINGS.iter().map(|refactoring| refactoring.example.replacen("$0", "", 1)) {
            let script = Analysis::new(example.as_str());
            for at in (0..example.len()).filter(|at| example.is_char_boundary(*at)) {
                let Some(context) = Context::new(&script, TextRange::empty(TextSize::new(at as u32))) else {
                    continue;
                };
                for draft in REFACTORINGS.iter().flat_map(|refactoring| (refactoring.offer)(&context)) {
                    if let Some(good) = locally(&script, &draft) {
                        assert_eq!(good, wholly(&script, &draft), "{draft:?}");
                        local += 1;
                    }
                }
            }
        }
        assert!(local > 500, "{local}");
    }
}
