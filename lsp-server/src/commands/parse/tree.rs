//! The concrete tree as text, a line a node or token.

use air_syntax::{SyntaxElement, SyntaxKind, SyntaxNode};
use rowan::WalkEvent;

use crate::cli::output::{ERROR, FAINT, GOOD, NOTE, Output, STRONG};

/// Deeper levels are not indented further: the output of a deep script stays linear in its size.
const MAX_INDENT_LEVELS: usize = 24;
/// Characters of a token that are shown.
const MAX_TOKEN_CHARS: usize = 80;

/// Writes the tree; whitespace only with `blanks`.
pub(super) fn write(root: &SyntaxNode, blanks: bool, output: &mut Output) {
    let mut depth = 0usize;
    for event in root.preorder_with_tokens() {
        match event {
            WalkEvent::Enter(element) => {
                if blanks || element.kind() != SyntaxKind::WHITESPACE {
                    line(&element, depth, output);
                }
                depth += 1;
            }
            WalkEvent::Leave(_) => depth = depth.saturating_sub(1),
        }
    }
}

fn line(element: &SyntaxElement, depth: usize, output: &mut Output) {
    let indent = "  ".repeat(depth.min(MAX_INDENT_LEVELS));
    let deeper = if depth > MAX_INDENT_LEVELS { format!("[level {depth}] ") } else { String::new() };
    let kind = element.kind();
    let style = match kind {
        SyntaxKind::ERROR
        | SyntaxKind::UNKNOWN_INSTR
        | SyntaxKind::BAD_WORD
        | SyntaxKind::UNCLOSED_STRING => ERROR,
        kind if kind.is_instruction() => STRONG,
        kind if kind.is_trivia() => FAINT,
        _ => NOTE,
    };
    let kind = output.paint(style, format_args!("{kind:?}")).to_string();
    let range = element.text_range();
    let range = output
        .paint(FAINT, format_args!("{}..{}", u32::from(range.start()), u32::from(range.end())))
        .to_string();
    match element {
        SyntaxElement::Node(_) => output.line(format_args!("{indent}{deeper}{kind} {range}")),
        SyntaxElement::Token(token) => {
            let text = output.paint(GOOD, quoted(token.text())).to_string();
            output.line(format_args!("{indent}{deeper}{kind} {range} {text}"));
        }
    }
}

/// The text in quotes with control characters escaped, cut when it is long.
fn quoted(text: &str) -> String {
    match text.char_indices().nth(MAX_TOKEN_CHARS) {
        None => format!("{text:?}"),
        Some((cut, _)) => format!("{:?}… {} bytes", text.get(..cut).unwrap_or_default(), text.len()),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn long_tokens_are_cut() {
        assert_eq!(super::quoted("a\n\u{1b}\"ж"), r#""a\n\u{1b}\"ж""#);
        let long = super::quoted(&"ж".repeat(100));
        assert!(long.ends_with("ж\"… 200 bytes") && long.chars().count() < 100, "{long}");
    }
}
