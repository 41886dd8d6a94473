//! `air check --fix`: applies the fixes that keep the meaning, until there are none.

use air_semantics::Analysis;
use air_semantics::diagnostic::{Diagnostic, Fix, Severity};

use super::report::{Fixed, Span};
use crate::config::Levels;

/// Most rounds: a fix may make room for another one, but not for ever.
const ROUNDS: usize = 32;

/// A script after mending.
pub struct Mended {
    /// Its analysis.
    pub analysis: Analysis,
    /// What was done; empty if the text is the old one.
    pub fixed: Vec<Fixed>,
}

/// Mends a script. What configuration allows is left alone. A round that makes things worse
/// (a script rejected that was accepted, or more errors) is not taken.
pub fn mend(mut analysis: Analysis, levels: &Levels) -> Mended {
    let mut fixed = Vec::new();
    for _ in 0..ROUNDS {
        let mut diagnostics = analysis.diagnostics().to_vec();
        levels.apply(&mut diagnostics);
        let chosen = choose(&diagnostics);
        if chosen.is_empty() {
            break;
        }
        let text = apply(&analysis.text, chosen.iter().map(|(_, fix)| *fix));
        let next = Analysis::new(text);
        let worse = errors(&next) > errors(&analysis) || (analysis.accepted() && !next.accepted());
        if worse {
            break;
        }
        for (diagnostic, fix) in chosen {
            let span = Span::new(analysis.line_index(), diagnostic.range);
            fixed.push(Fixed {
                code: diagnostic.code.as_str().to_owned(),
                name: diagnostic.code.name().to_owned(),
                title: fix.title.clone(),
                line: span.line,
                column: span.column,
            });
        }
        analysis = next;
    }
    Mended { analysis, fixed }
}

/// The first safe fix of each diagnostic, leaving out those that touch an earlier one; in text
/// order.
fn choose(diagnostics: &[Diagnostic]) -> Vec<(&Diagnostic, &Fix)> {
    let safe = |diagnostic: &'_ Diagnostic| {
        diagnostic.fixes.iter().position(|fix| fix.safe && !fix.edits.is_empty())
    };
    let mut all: Vec<_> = diagnostics
        .iter()
        .filter_map(|diagnostic| Some((diagnostic, diagnostic.fixes.get(safe(diagnostic)?)?)))
        .collect();
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

fn apply<'f>(text: &str, fixes: impl Iterator<Item = &'f Fix>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for edit in fixes.flat_map(|fix| &fix.edits) {
        let (start, end) = (usize::from(edit.range.start()), usize::from(edit.range.end()));
        out += text.get(done..start).unwrap_or_default();
        out += &edit.new_text;
        done = end.max(done);
    }
    out + text.get(done..).unwrap_or_default()
}

fn errors(analysis: &Analysis) -> usize {
    analysis.diagnostics().iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count()
}

#[cfg(test)]
mod tests {
    use air_semantics::codes::Code;
    use air_semantics::diagnostic::TextEdit;
    use air_syntax::TextRange;

    use super::*;

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
        let chosen = choose(&all);
        assert_eq!(apply("abcdefgж", chosen.iter().map(|(_, fix)| *fix)), "AbCdEfgж");
    }
}
