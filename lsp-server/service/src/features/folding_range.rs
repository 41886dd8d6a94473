//! Folding: what `air_ide::folding_range` finds, in the lines that the client folds.

use air_ide::folding_range::{Fold, FoldKind, folds};

use crate::lsp;
use crate::snapshot::Snapshot;

/// `textDocument/foldingRange`. Works on tokens, so that broken scripts fold as well.
pub(crate) fn fold(
    snapshot: &Snapshot,
    _: lsp::FoldingRangeParams,
) -> lsp::Result<Option<Vec<lsp::FoldingRange>>> {
    let found = folds(snapshot.analysis(), snapshot.client.collapsed_text);
    let mut folds: Vec<_> = found.into_iter().filter_map(|fold| converted(snapshot, fold)).collect();
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

/// `None` if nothing is left of it in whole lines.
fn converted(snapshot: &Snapshot, fold: Fold) -> Option<lsp::FoldingRange> {
    let lsp::Range { start, end } = snapshot.range(fold.range);
    if fold.kind == FoldKind::Comment {
        return Some(lsp::FoldingRange {
            start_line: start.line,
            start_character: None,
            end_line: end.line,
            end_character: None,
            kind: Some(lsp::FoldingRangeKind::Comment),
            collapsed_text: None,
        });
    }
    let mut end_line = end.line;
    if snapshot.client.line_folding_only {
        let before = snapshot.document.text.get(..fold.range.end().into()).unwrap_or_default();
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
        collapsed_text: fold.label,
    })
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
