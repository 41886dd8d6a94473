//! Applies all fixes of a kind, until there are none.

use air_semantics::text_edit::{apply, trimmed};

use crate::Analysis;
use crate::diagnostic::{Diagnostic, Fix, Origin, Severity, TextEdit};
use crate::fixes::dialect::is_of_old_dialect;

/// A fix may make room for another one, but not for ever.
const MAX_ROUNDS: usize = 32;

/// How many fixes are tried one by one when all at once made things worse.
const MAX_SINGLES: usize = 8;

/// Which fixes are applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Extent {
    /// Those that keep the meaning.
    Safe,
    /// Besides them those that bring a script of an older AIR to today's.
    Dialect,
    /// All: the first fix of each finding.
    All,
}

impl Extent {
    /// Whether it takes that fix of that finding.
    fn takes(self, text: &str, diagnostic: &Diagnostic, fix: &Fix) -> bool {
        let taken = match self {
            Extent::Safe => fix.safe,
            Extent::Dialect => is_of_old_dialect(text, diagnostic, fix),
            // Advice is often a matter of taste.
            Extent::All => fix.safe || diagnostic.code.origin() != Origin::Lint,
        };
        taken && !fix.edits.is_empty()
    }
}

/// A script after fixing.
#[derive(Debug)]
pub struct FixedAll {
    /// Its analysis, if it is another script than before.
    pub after: Option<Analysis>,
    /// What was done, round by round: edits of the text before it, disjoint and in text order. Empty if there
    /// was nothing to do.
    pub rounds: Vec<Vec<TextEdit>>,
}

impl FixedAll {
    /// The edits that lead from the text before to the last one.
    pub fn edits(&self, before: &str) -> Vec<TextEdit> {
        match self.rounds.as_slice() {
            [] => Vec::new(),
            [only] => only.clone(),
            _ => self.after.iter().map(|it| trimmed(before, 0.into(), &it.text)).collect(),
        }
    }
}

/// Applies the first fix in `extent` of each finding that `listed` lets through. A round that makes things worse (a script
/// rejected that was accepted, or more errors) is not taken; then fixes that are not safe are tried one by one. `done`
/// is called for each fix.
///
/// `listed` gets all findings of a round, and takes out or changes what configuration says.
///
/// ```
/// use air_analysis::Analysis;
/// use air_analysis::fix_all::{Extent, fix_all};
///
/// let before = Analysis::new("(Null)");
/// let mut titles = Vec::new();
/// let fixed = fix_all(&before, Extent::Safe, |_| {}, |_, _, fix| titles.push(fix.title.clone()));
/// assert_eq!(titles, ["replace by `null`"]);
/// assert_eq!(&*fixed.after.unwrap().text, "(null)");
/// ```
pub fn fix_all(
    before: &Analysis,
    extent: Extent,
    listed: impl Fn(&mut Vec<Diagnostic>),
    mut done: impl FnMut(&Analysis, &Diagnostic, &Fix),
) -> FixedAll {
    let mut rounds = Vec::new();
    let mut after: Option<Analysis> = None;
    while rounds.len() < MAX_ROUNDS {
        let analysis = after.as_ref().unwrap_or(before);
        let mut diagnostics = analysis.diagnostics().to_vec();
        listed(&mut diagnostics);
        let chosen = choose(&analysis.text, &diagnostics, extent);
        if chosen.is_empty() {
            break;
        }
        let Some((chosen, edits, next)) = better(analysis, chosen, extent) else { break };
        for (diagnostic, fix) in chosen {
            done(analysis, diagnostic, fix);
        }
        rounds.push(edits);
        after = Some(next);
    }
    FixedAll { after, rounds }
}

type Chosen<'a> = Vec<(&'a Diagnostic, &'a Fix)>;

/// All fixes at once, if the script is not worse after them; else the first that helps by itself.
fn better<'a>(
    analysis: &Analysis,
    chosen: Chosen<'a>,
    extent: Extent,
) -> Option<(Chosen<'a>, Vec<TextEdit>, Analysis)> {
    let after = |chosen: &Chosen<'a>| {
        let edits: Vec<TextEdit> = chosen.iter().flat_map(|(_, fix)| fix.edits.iter().cloned()).collect();
        let next = Analysis::after(analysis, apply(&analysis.text, &edits));
        (edits, next)
    };
    let (edits, next) = after(&chosen);
    let before = errors(analysis);
    // What changes the meaning has to be worth it; who asks for today's AIR asks for its idioms too.
    let harmless = |(found, fix): &(&Diagnostic, &Fix)| fix.safe || found.severity != Severity::Error;
    if errors(&next) < before || chosen.iter().all(harmless) && errors(&next) == before {
        return Some((chosen, edits, next));
    }
    if extent == Extent::Safe {
        return None;
    }
    chosen.into_iter().take(MAX_SINGLES).find_map(|single| {
        let chosen = vec![single];
        let (edits, next) = after(&chosen);
        (errors(&next) < before).then_some((chosen, edits, next))
    })
}

/// The first fix in `extent` of each diagnostic, leaving out those that touch an earlier one; in text order.
fn choose<'a>(text: &str, diagnostics: &'a [Diagnostic], extent: Extent) -> Chosen<'a> {
    let first = |diagnostic: &'a Diagnostic| {
        let mut fixes = diagnostic.fixes.iter();
        Some((diagnostic, fixes.find(|fix| extent.takes(text, diagnostic, fix))?))
    };
    let mut all: Vec<_> = diagnostics.iter().filter_map(first).collect();
    let start = |fix: &Fix| fix.edits.first().map(|edit| edit.range.start());
    all.sort_by_key(|(_, fix)| start(fix));
    let mut end = None;
    all.retain(|(_, fix)| {
        // Two insertions at one place would depend on their order.
        let free = end.is_none_or(|end| start(fix).is_some_and(|start| start > end));
        if free {
            end = fix.edits.last().map(|edit| edit.range.end()).max(end);
        }
        free
    });
    all
}

/// Syntax errors and all errors: names are judged only where the syntax is right, so that the last syntax error to go
/// may bring errors of names to light.
fn errors(analysis: &Analysis) -> (usize, usize) {
    let errors = |origin: Option<Origin>| {
        let all = analysis.diagnostics().iter().filter(|it| it.severity == Severity::Error);
        all.filter(|it| origin.is_none_or(|origin| it.code.origin() == origin)).count()
    };
    (errors(Some(Origin::Syntax)), errors(None))
}

#[cfg(test)]
mod tests {
    use air_syntax::TextRange;

    use super::*;
    use crate::code::Code;

    fn diagnostic(edits: &[(u32, u32, &str)], safe: bool) -> Diagnostic {
        let code = Code::ALL[0];
        let edit = |&(start, end, new): &(u32, u32, &str)| TextEdit {
            range: TextRange::new(start.into(), end.into()),
            new_text: new.to_owned(),
        };
        Diagnostic {
            code,
            severity: code.severity(),
            message: String::new(),
            range: TextRange::default(),
            related: vec![],
            reference: None,
            fixes: vec![Fix { title: "x".into(), safe, edits: edits.iter().map(edit).collect() }],
        }
    }

    #[test]
    fn overlapping_fixes_wait_for_the_next_round() {
        let all = [
            diagnostic(&[(4, 5, "E")], true),
            diagnostic(&[(0, 1, "A"), (2, 3, "C")], true),
            diagnostic(&[(2, 4, "?")], true),
            diagnostic(&[(6, 7, "no")], false),
            diagnostic(&[(5, 5, "?")], true),
        ];
        let edits: Vec<_> =
            choose("", &all, Extent::Safe).iter().flat_map(|(_, fix)| fix.edits.iter().cloned()).collect();
        assert_eq!(apply("abcdefgж", &edits), "AbCdEfgж");
    }

    fn fixed(text: &str, extent: Extent) -> String {
        let before = Analysis::new(text);
        let fixed = fix_all(&before, extent, |_| (), |_, _, _| ());
        fixed.after.as_ref().unwrap_or(&before).text.to_string()
    }

    #[test]
    fn what_changes_the_meaning_is_for_those_who_ask() {
        let text = r#"(seq (ap 1 $all) (call ${relay} ("s" "f") [$all, 1]))"#;
        let safe = r#"(seq (ap 1 $all) (call ${relay} ("s" "f") [$all 1]))"#;
        assert_eq!(fixed(text, Extent::Safe), safe);
        let all = "; air: given relay\n(seq (ap 1 $all) (seq (canon relay $all #all) (call relay (\"s\" \"f\") [#all 1])))";
        assert_eq!(fixed(text, Extent::All), all);
    }

    #[test]
    fn scripts_of_an_older_air() {
        let old = "(seq (call %init_peer_id% (\"s\" \"f\") [] x)\n (call %init_peer_id% (\"s\" \"g\") [x.$.[\"a\"]!] $all)\n (ap $all.$.[0]! y)\n (call %init_peer_id% (\"op\" \"identity\") []))";
        let today = "(seq (call %init_peer_id% (\"s\" \"f\") [] x)\n (seq (call %init_peer_id% (\"s\" \"g\") [x.$.a] $all)\n (seq (seq (canon %init_peer_id% $all #all) (ap #all.$.[0] y))\n (new $-hop- (new #-hopc- (canon %init_peer_id% $-hop- #-hopc-))))))";
        assert_eq!(fixed(old, Extent::Dialect), today);
        // A misspelt name is of no dialect.
        assert_eq!(fixed("(Seq (null) (null) (null))", Extent::Dialect), "(Seq (null) (null) (null))");
    }

    #[test]
    fn rounds_until_nothing_is_left() {
        let count = std::cell::Cell::new(0);
        let text = "(Seq (NULL) (Seq (null) (null)))";
        let before = Analysis::new(text);
        let fixed = fix_all(&before, Extent::Safe, |_| (), |_, _, _| count.set(count.get() + 1));
        let after = fixed.after.as_ref().unwrap();
        assert_eq!(&*after.text, "(seq (null) (seq (null) (null)))");
        assert!(after.accepted());
        assert_eq!(count.get(), 3);
        assert_eq!(apply(text, &fixed.edits(text)), &*after.text);
        let fixed = fix_all(&before, Extent::Safe, Vec::clear, |_, _, _| ());
        assert!(fixed.after.is_none() && fixed.edits(text).is_empty(), "what is not listed is left alone");
    }
}
