//! Folding: every bracket pair over several lines, and runs of comment lines.

use air_analysis::idioms::Certainty;
use air_syntax::{SyntaxKind, TextRange, TextSize, lexer};

use crate::lsp;
use crate::snapshot::Snapshot;

/// `textDocument/foldingRange`. Works on tokens, so that broken scripts fold as well.
pub(crate) fn fold(
    snapshot: &Snapshot,
    _: lsp::FoldingRangeParams,
) -> lsp::Result<Option<Vec<lsp::FoldingRange>>> {
    let mut folds = bracket_folds(snapshot);
    folds.extend(comment_folds(snapshot));
    snapshot.check_cancelled()?;
    folds.sort_by_key(|fold| (fold.start_line, std::cmp::Reverse(fold.end_line)));
    if snapshot.client.line_folding_only {
        // One fold a line: the outermost.
        folds.dedup_by_key(|fold| fold.start_line);
    }
    if let Some(limit) = snapshot.client.folding_limit.filter(|limit| *limit < folds.len()) {
        // The largest are the useful ones.
        folds.sort_by_key(|fold| std::cmp::Reverse(fold.end_line - fold.start_line));
        folds.truncate(limit);
        folds.sort_by_key(|fold| fold.start_line);
    }
    Ok(Some(folds))
}

/// A bracket pair: what is between them folds.
fn bracket_folds(snapshot: &Snapshot) -> Vec<lsp::FoldingRange> {
    let text = &*snapshot.document.text;
    let labels = labels(snapshot);
    let tokens = lexer::lex(text);
    let mut folds = Vec::new();
    let mut open = Vec::new();
    for (index, kind) in tokens.kinds.iter().enumerate() {
        match kind {
            SyntaxKind::L_PAREN | SyntaxKind::L_BRACKET => open.push(tokens.start(index)),
            SyntaxKind::R_PAREN | SyntaxKind::R_BRACKET => {
                let Some(start) = open.pop() else { continue };
                let inside = TextRange::new(TextSize::new(start + 1), TextSize::new(tokens.start(index)));
                let label = labels
                    .binary_search_by_key(&start, |(start, _)| *start)
                    .ok()
                    .and_then(|at| labels.get(at))
                    .map(|(_, label)| label.clone());
                folds.extend(fold_between(snapshot, inside, label));
            }
            _ => {}
        }
    }
    folds
}

fn fold_between(snapshot: &Snapshot, inside: TextRange, label: Option<String>) -> Option<lsp::FoldingRange> {
    let lsp::Range { start, end } = snapshot.range(inside);
    let mut end_line = end.line;
    if snapshot.client.line_folding_only {
        let before = snapshot.document.text.get(..inside.end().into()).unwrap_or_default();
        let alone = before.trim_end_matches([' ', '\t']).ends_with('\n');
        // A bracket on a line of its own stays in sight.
        end_line -= u32::from(alone && end_line > start.line);
    }
    (end_line > start.line).then(|| lsp::FoldingRange {
        start_line: start.line,
        start_character: Some(start.character),
        end_line,
        end_character: (end_line == end.line).then_some(end.character),
        kind: None,
        collapsed_text: label,
    })
}

/// Labels of the compiler's idioms by the start of the form that they stand for.
fn labels(snapshot: &Snapshot) -> Vec<(u32, String)> {
    if !snapshot.client.collapsed_text {
        return Vec::new();
    }
    let hir = snapshot.analysis().hir();
    let idioms = snapshot.analysis().idioms().iter().filter(|idiom| idiom.certainty >= Certainty::Likely);
    let starts =
        idioms.filter_map(|idiom| Some((hir.instr(idiom.root)?.range.start().into(), idiom.label.clone())));
    let mut labels: Vec<_> = starts.collect();
    labels.sort_by_key(|(start, _)| *start);
    labels.dedup_by_key(|(start, _)| *start);
    labels
}

/// Two or more lines with nothing but a comment.
fn comment_folds(snapshot: &Snapshot) -> Vec<lsp::FoldingRange> {
    let mut folds = Vec::new();
    // First byte of the first and of the last comment line of a run.
    let mut run: Option<(usize, usize)> = None;
    let mut start = 0;
    for line in snapshot.document.text.split_inclusive('\n').chain([""]) {
        if line.trim_start().starts_with(';') {
            run = Some((run.map_or(start, |(first, _)| first), start));
        } else if let Some((first, last)) = run.take().filter(|(first, last)| first < last) {
            let line_of = |byte: usize| snapshot.position(TextSize::try_from(byte).unwrap_or_default()).line;
            folds.push(lsp::FoldingRange {
                start_line: line_of(first),
                start_character: None,
                end_line: line_of(last),
                end_character: None,
                kind: Some(lsp::FoldingRangeKind::Comment),
                collapsed_text: None,
            });
        }
        start += line.len();
    }
    folds
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;
    use crate::features::fixture::{open, open_as, uri};

    fn check(snapshot: &Snapshot, expected: Expect) {
        let params = serde_json::from_value(json!({ "textDocument": { "uri": uri() } })).unwrap();
        let folds = fold(snapshot, params).unwrap().unwrap();
        let mut shown = String::new();
        for (number, line) in snapshot.document.text.lines().enumerate() {
            shown += line;
            for fold in folds.iter().filter(|fold| fold.start_line as usize == number) {
                let kind = if fold.kind.is_some() { " comment" } else { "" };
                let label = fold.collapsed_text.as_ref().map_or(String::new(), |label| format!(" {label}"));
                shown += &format!("   <- to {}{kind}{label}", fold.end_line);
            }
            shown += "\n";
        }
        expected.assert_eq(&shown);
    }

    const SCRIPT: &str =
        "; one\n; two\n(seq\n (call \"p\" (\"s\" \"f\") [\n  x\n  y])\n (par (null)\n  (null)))\n; three\n(";

    #[test]
    fn whole_lines() {
        check(
            &open(SCRIPT),
            expect![[r#"
            ; one   <- to 1 comment
            ; two
            (seq   <- to 7
             (call "p" ("s" "f") [   <- to 5
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
    fn characters() {
        check(
            &open_as(SCRIPT, json!({}), json!({})),
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
    fn a_limit_keeps_the_largest() {
        let limited =
            json!({ "textDocument": { "foldingRange": { "rangeLimit": 1, "lineFoldingOnly": true } } });
        check(
            &open_as(SCRIPT, limited, json!({})),
            expect![[r#"
            ; one
            ; two
            (seq   <- to 7
             (call "p" ("s" "f") [
              x
              y])
             (par (null)
              (null)))
            ; three
            (
        "#]],
        );
    }

    #[test]
    fn idioms_are_named() {
        check(
            &open(
                "(new $-ephemeral-stream-\n (new #-ephemeral-canon-\n  (canon -relay- $-ephemeral-stream- #-ephemeral-canon-)\n )\n)\n",
            ),
            expect![[r#"
                (new $-ephemeral-stream-   <- to 3 hop -relay-
                 (new #-ephemeral-canon-   <- to 2
                  (canon -relay- $-ephemeral-stream- #-ephemeral-canon-)
                 )
                )
            "#]],
        );
    }
}
