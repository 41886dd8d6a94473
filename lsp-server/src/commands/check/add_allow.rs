//! `air check --add-allow`: writes directives that silence what a script has today, so that only what is new is reported.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use air_analysis::Analysis;
use air_analysis::codes::Code;
use air_analysis::diagnostic::{Diagnostic, Origin, TextEdit};
use air_analysis::format::LineEnding;
use air_semantics::directives::DirectiveKind;
use air_semantics::text_edit::apply;
use air_syntax::{TextRange, TextSize};

/// The text with directives, and how many findings they silence; `None` if there is nothing to silence.
///
/// A directive stands on a line of its own before the innermost instruction around the finding that begins a line. What
/// AquaVM rejects is never silenced, nor what directives themselves are blamed for.
pub(super) fn add_allow(analysis: &Analysis, diagnostics: &[Diagnostic]) -> Option<(String, usize)> {
    let places = Places::of(analysis);
    let mut wanted: BTreeMap<TextSize, BTreeSet<&'static str>> = BTreeMap::new();
    let mut silenced = 0;
    let mut found: Vec<&Diagnostic> = diagnostics.iter().filter(|found| can_be_allowed(found.code)).collect();
    found.sort_by_key(|found| found.range.start());
    for (diagnostic, start) in places.around(&found) {
        silenced += 1;
        wanted.entry(start).or_default().insert(diagnostic.code.name());
    }
    let end = LineEnding::of(&analysis.text).as_str();
    let edits: Vec<TextEdit> = wanted
        .into_iter()
        .map(|(start, names)| {
            let names = names.into_iter().collect::<Vec<_>>().join(", ");
            match places.present.get(&start) {
                Some(last) => insert(*last, format!(", {names}")),
                None => {
                    let line = line_start(&analysis.text, start);
                    let indent = analysis.text.get(line..start.into()).unwrap_or_default();
                    insert(TextSize::new(line as u32), format!("{indent}; air: allow({names}){end}"))
                }
            }
        })
        .collect();
    (!edits.is_empty()).then(|| (apply(&analysis.text, &edits), silenced))
}

fn can_be_allowed(code: Code) -> bool {
    let of_directives = [Code::UnusedAllow, Code::BadDirective, Code::UnusedGiven];
    code.origin() == Origin::Lint && !of_directives.contains(&code)
}

fn insert(at: TextSize, new_text: String) -> TextEdit {
    TextEdit { range: TextRange::empty(at), new_text }
}

fn line_start(text: &str, at: TextSize) -> usize {
    text.get(..at.into()).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1)
}

/// Where directives can stand.
struct Places {
    /// Instructions that begin their line, by their start; the outer one first.
    instrs: Vec<TextRange>,
    /// The end of the last name in a directive that an instruction has already, by the instruction's start.
    present: HashMap<TextSize, TextSize>,
}

impl Places {
    fn of(analysis: &Analysis) -> Places {
        let text = &analysis.text;
        let mut all: Vec<TextRange> = analysis.hir().instrs.iter().map(|instr| instr.range).collect();
        all.sort_by_key(|range| (range.start(), std::cmp::Reverse(range.end())));
        let mut present = HashMap::new();
        for directive in analysis.directives() {
            if let DirectiveKind::Allow(codes) = &directive.kind
                && let Some(last) = codes.last()
            {
                let next = all.partition_point(|range| range.start() < directive.comment.end());
                if let Some(instr) = all.get(next) {
                    present.insert(instr.start(), last.end());
                }
            }
        }
        let begins_line = |range: &TextRange| {
            let line = line_start(text, range.start());
            text.get(line..range.start().into()).is_some_and(|before| before.trim().is_empty())
        };
        all.retain(begins_line);
        Places { instrs: all, present }
    }

    /// For each finding, sorted by position, the start of the innermost instruction that can have a directive; findings
    /// outside of all are left out.
    fn around<'d>(&self, found: &[&'d Diagnostic]) -> Vec<(&'d Diagnostic, TextSize)> {
        let mut open: Vec<TextRange> = Vec::new();
        let mut instrs = self.instrs.iter().peekable();
        let mut pairs = Vec::new();
        for diagnostic in found {
            let at = diagnostic.range.start();
            while let Some(next) = instrs.next_if(|range| range.start() <= at) {
                open.push(*next);
            }
            while open.pop_if(|range| range.end() <= at).is_some() {}
            pairs.extend(open.last().map(|range| (*diagnostic, range.start())));
        }
        pairs
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(text: &str, expected: Expect) {
        let analysis = Analysis::new(text);
        let Some((new, count)) = add_allow(&analysis, analysis.diagnostics()) else {
            return expected.assert_eq("nothing");
        };
        expected.assert_eq(&format!("{count}\n{new}"));
        // What was counted is silent now.
        let after = Analysis::new(new);
        assert!(!after.diagnostics().iter().any(|found| can_be_allowed(found.code)));
    }

    #[test]
    fn before_the_innermost_instruction_that_begins_a_line() {
        check(
            "(seq\n (call %init_peer_id% (\"s\" \"f\") [] x)\n (seq (call %init_peer_id% (\"s\" \"g\") [] y) (null))\n)\n",
            expect![[r#"
                2
                (seq
                 ; air: allow(unused-variable)
                 (call %init_peer_id% ("s" "f") [] x)
                 ; air: allow(unused-variable)
                 (seq (call %init_peer_id% ("s" "g") [] y) (null))
                )
            "#]],
        );
    }

    #[test]
    fn names_join_a_directive_that_is_there() {
        check(
            "(seq\n  ; air: allow(L003)\n  (call %init_peer_id% (\"s\" \"f\") [] x)\n  (null))",
            expect![[r#"
                1
                (seq
                  ; air: allow(L003, unused-variable)
                  (call %init_peer_id% ("s" "f") [] x)
                  (null))"#]],
        );
    }

    #[test]
    fn errors_stay() {
        check("(call %init_peer_id% (\"s\" \"f\") [x])", expect!["nothing"]);
        check("(null)", expect!["nothing"]);
    }
}
