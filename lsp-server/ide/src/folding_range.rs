//! Folding: every bracket pair over several lines, and runs of comment lines.

use air_analysis::Analysis;
use air_analysis::idioms::Certainty;
use air_syntax::{SyntaxKind, TextRange, TextSize, lexer};

/// A piece of several lines that can be folded away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fold {
    /// What is between the brackets, without them; of comments, from the first line's start to the last one's end.
    pub range: TextRange,
    /// Of what.
    pub kind: FoldKind,
    /// What stands for it: the label of a compiler's idiom.
    pub label: Option<String>,
}

#[allow(missing_docs)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoldKind {
    Brackets,
    Comment,
}

/// The folds of a script: brackets in the order in which they close, then comments. They have labels only if those are
/// wanted, since idioms take their time. Works on tokens, so that broken scripts fold as well.
pub fn folds(analysis: &Analysis, labelled: bool) -> Vec<Fold> {
    let mut folds = bracket_folds(analysis, labelled);
    folds.extend(comment_folds(&analysis.text));
    folds
}

fn bracket_folds(analysis: &Analysis, labelled: bool) -> Vec<Fold> {
    let labels = if labelled { labels(analysis) } else { Vec::new() };
    let tokens = lexer::lex(&analysis.text);
    let mut folds = Vec::new();
    let mut open = Vec::new();
    let mut last_break = None;
    for (index, kind) in tokens.kinds.iter().enumerate() {
        match kind {
            SyntaxKind::L_PAREN | SyntaxKind::L_BRACKET => open.push(tokens.start(index)),
            SyntaxKind::R_PAREN | SyntaxKind::R_BRACKET => {
                let Some(start) = open.pop() else { continue };
                if last_break < Some(start) {
                    continue;
                }
                let range = TextRange::new(TextSize::new(start + 1), TextSize::new(tokens.start(index)));
                let label = labels
                    .binary_search_by_key(&start, |(start, _)| *start)
                    .ok()
                    .and_then(|at| labels.get(at))
                    .map(|(_, label)| label.clone());
                folds.push(Fold { range, kind: FoldKind::Brackets, label });
            }
            _ => {
                let start = tokens.start(index);
                let text = analysis.text.get(start as usize..tokens.end(index) as usize).unwrap_or_default();
                last_break = text.rfind(['\n', '\r']).map(|at| start + at as u32).or(last_break);
            }
        }
    }
    folds
}

/// Labels of the compiler's idioms by the start of the form that they stand for.
fn labels(analysis: &Analysis) -> Vec<(u32, String)> {
    let hir = analysis.hir();
    let idioms = analysis.idioms().iter().filter(|idiom| idiom.certainty >= Certainty::Likely);
    let starts =
        idioms.filter_map(|idiom| Some((hir.instr(idiom.root)?.range.start().into(), idiom.label.clone())));
    let mut labels: Vec<_> = starts.collect();
    labels.sort_by_key(|(start, _)| *start);
    labels.dedup_by_key(|(start, _)| *start);
    labels
}

/// Two or more lines with nothing but a comment.
fn comment_folds(text: &str) -> Vec<Fold> {
    let size = |bytes: usize| TextSize::try_from(bytes).unwrap_or_default();
    let mut folds = Vec::new();
    // The first comment line of a run, and the last one: where it starts and ends.
    let mut run: Option<(usize, (usize, usize))> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n').chain([""]) {
        if line.trim_start().starts_with(';') {
            let end = start + line.find(['\n', '\r']).unwrap_or(line.len());
            run = Some((run.map_or(start, |(first, _)| first), (start, end)));
        } else if let Some((first, (_, end))) = run.take().filter(|(first, (last, _))| first < last) {
            let range = TextRange::new(size(first), size(end));
            folds.push(Fold { range, kind: FoldKind::Comment, label: None });
        }
        start += line.len();
    }
    folds
}

#[cfg(test)]
mod tests {
    use air_syntax::Encoding;
    use expect_test::{Expect, expect};

    use super::*;

    /// Each line, and to which lines it folds.
    fn check(text: &str, expected: Expect) {
        let analysis = Analysis::new(text);
        let line = |offset| analysis.line_index().line_col(offset, Encoding::Utf8).line;
        let folds = folds(&analysis, true);
        let mut shown = String::new();
        for (number, text) in (0..).zip(text.lines()) {
            shown += text;
            for fold in folds.iter().filter(|fold| line(fold.range.start()) == number) {
                let kind = if fold.kind == FoldKind::Comment { " comment" } else { "" };
                let label = fold.label.as_ref().map_or(String::new(), |label| format!(" {label}"));
                shown += &format!("   <- to {}{kind}{label}", line(fold.range.end()));
            }
            shown += "\n";
        }
        expected.assert_eq(&shown);
    }

    #[test]
    fn brackets_and_comments() {
        check(
            "; one\n; two\n(seq\n (call \"p\" (\"s\" \"f\") [\n  x\n  y])\n (par (null)\n  (null)))\n; three\n(",
            expect![[r#"
                ; one   <- to 1 comment
                ; two
                (seq   <- to 7
                 (call "p" ("s" "f") [   <- to 5   <- to 5
                  x
                  y])
                 (par (null)   <- to 7
                  (null)))
                ; three
                (
            "#]],
        );
    }

    #[test]
    fn idioms_are_named() {
        let hop = "(new $-ephemeral-stream-\n (new #-ephemeral-canon-\n  (canon -relay- $-ephemeral-stream- #-ephemeral-canon-)\n )\n)\n";
        check(
            hop,
            expect![[r#"
            (new $-ephemeral-stream-   <- to 4 hop -relay-
             (new #-ephemeral-canon-   <- to 3
              (canon -relay- $-ephemeral-stream- #-ephemeral-canon-)
             )
            )
        "#]],
        );
        assert!(folds(&Analysis::new(hop), false).iter().all(|fold| fold.label.is_none()), "unasked");
    }

    #[test]
    fn a_comment_ends_with_its_last_line() {
        let text = "; one\r\n\t; two\r\n(null)";
        let [fold] = &folds(&Analysis::new(text), false)[..] else { panic!("one fold") };
        assert_eq!(&text[fold.range], "; one\r\n\t; two");
    }
}
