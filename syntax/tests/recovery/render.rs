//! A broken script with its findings drawn under it.

use air_syntax::{SyntaxKind, SyntaxNode, TextRange, parse};
use expect_test::Expect;

/// Compares what [`render`] draws; and no text is lost.
pub(crate) fn check(text: &str, expect: Expect) {
    let parse = parse(text);
    assert_eq!(parse.text(), text);
    assert!(!parse.ok());
    expect.assert_eq(&render(text));
}

/// The script's lines; below each `^^^` under findings that start in it (`^` where a range is empty, `>` where it
/// goes on in the next line), `---` under related places; then the instructions of the tree, `!` for ERROR.
pub(crate) fn render(text: &str) -> String {
    let parse = parse(text);
    let mut marks: Vec<(TextRange, char, String)> = Vec::new();
    for error in parse.errors() {
        marks.push((error.range, '^', error.message()));
        for (range, note) in &error.related {
            marks.push((*range, '-', note.to_string()));
        }
    }
    let mut out = String::new();
    let mut start = 0;
    for line in text.split('\n') {
        out.push_str(line);
        out.push('\n');
        for (range, sign, message) in &marks {
            let (from, to) = (usize::from(range.start()), usize::from(range.end()));
            if !(start..=start + line.len()).contains(&from) {
                continue;
            }
            let visible = to.min(start + line.len());
            let width = text[from..visible].chars().count().max(1);
            out.push_str(&" ".repeat(text[start..from].chars().count()));
            out.push_str(&sign.to_string().repeat(width));
            if to > visible {
                out.push('>');
            }
            out.push(' ');
            out.push_str(message);
            out.push('\n');
        }
        start += line.len() + 1;
    }
    out.push_str("= ");
    out.push_str(&shape(&parse.syntax()));
    out.push('\n');
    out
}

/// Instructions in their order: `seq(call null)`.
pub(crate) fn shape(node: &SyntaxNode) -> String {
    let parts: Vec<String> = node
        .children()
        .filter(|child| child.kind() != SyntaxKind::FUNCTION_REF)
        .filter_map(|child| {
            let inner = shape(&child);
            let name = match child.kind() {
                SyntaxKind::ERROR => "!".to_owned(),
                SyntaxKind::CANON_INSTR => "canon".to_owned(),
                SyntaxKind::UNKNOWN_INSTR => "unknown".to_owned(),
                kind if kind.is_instruction() => format!("{kind:?}").to_lowercase(),
                _ => return (!inner.is_empty()).then_some(inner),
            };
            Some(if inner.is_empty() { name } else { format!("{name}({inner})") })
        })
        .collect();
    parts.join(" ")
}
