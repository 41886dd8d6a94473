//! Formatting of ranges: the whole layout, of which only the edits near the ranges are kept.
//!
//! Every edit of a layout touches spaces between two tokens, so that any choice of them gives a text
//! with the same tokens; this one gives whole instructions.

use air_syntax::{Parse, SyntaxKind, TextRange, TextSize};
use rowan::NodeOrToken;

use super::{FormatOptions, edits, format};
use crate::diagnostic::TextEdit;

/// The edits of [`format()`](super::format()) that concern the ranges.
pub(super) fn format_ranges(
    parse: &Parse,
    text: &str,
    ranges: &[TextRange],
    options: &FormatOptions,
) -> Vec<TextEdit> {
    let Ok(formatted) = format(parse, text, options) else {
        return Vec::new();
    };
    if !formatted.changed {
        return Vec::new();
    }
    let mut spans: Vec<Span> = ranges.iter().map(|range| Span::of(parse, text, *range)).collect();
    spans.sort_by_key(|span| span.start);
    let mut spans = spans.into_iter().peekable();
    let mut reach = Span { start: 0, end: 0 };
    let kept = edits::changed_gaps(text, &formatted.text, |gap, spaces| {
        while let Some(span) = spans.next_if(|span| span.start <= gap.1) {
            if span.end > reach.end {
                reach = span;
            }
        }
        reach.has(gap.1, text.len()).then(|| edits::edit(text, gap, spaces))
    });
    kept.unwrap_or_default().into_iter().flatten().collect()
}

/// Where tokens and comments must start for the spaces before them to be laid out.
struct Span {
    start: usize,
    end: usize,
}

impl Span {
    fn of(parse: &Parse, text: &str, range: TextRange) -> Self {
        let len = TextSize::of(text);
        let range = TextRange::new(range.start().min(len), range.end().min(len));
        let (start, end) = (range.start().into(), range.end().into());
        match cover(parse, range) {
            Some(cover) => {
                Span { start: usize::from(cover.start()).min(start), end: usize::from(cover.end()).max(end) }
            }
            None if range.is_empty() => Span { start, end },
            // Only spaces and comments: also those before what follows.
            None => {
                let rest = text.get(end..).unwrap_or_default().trim_start();
                Span { start, end: text.len() - rest.len() + 1 }
            }
        }
    }

    fn has(&self, at: usize, len: usize) -> bool {
        self.start <= at && (at < self.end || at == len && self.end >= len)
    }
}

/// From the first to the last instruction that the range touches, in the innermost node that has
/// them all; `None` if it touches spaces and comments only.
fn cover(parse: &Parse, mut range: TextRange) -> Option<TextRange> {
    let touches = |start: TextSize, end: TextSize, range: TextRange| {
        let empty = range.is_empty() && start <= range.start() && range.start() < end;
        empty || start < range.end() && range.start() < end
    };
    let mut found = None;
    let (mut node, mut node_start) = (&**parse.green(), TextSize::new(0));
    loop {
        let mut inner = None;
        let mut several = false;
        let mut bounds: Option<TextRange> = None;
        let mut offset = node_start;
        for child in node.children() {
            let (start, end) = match child {
                NodeOrToken::Node(node) => (offset, offset + node.text_len()),
                NodeOrToken::Token(token) => (offset, offset + token.text_len()),
            };
            offset = end;
            if SyntaxKind::from_green(child.kind()).is_trivia() || !touches(start, end, range) {
                continue;
            }
            match child {
                NodeOrToken::Node(node) if SyntaxKind::from_green(node.kind()).is_instruction() => {
                    several |= bounds.is_some();
                    inner = Some((node, start));
                    let here = TextRange::new(start, end);
                    bounds = Some(bounds.map_or(here, |bounds| bounds.cover(here)));
                }
                // The head or a bracket: the whole instruction. What lies broken between instructions
                // of a script is not laid out anyway.
                _ if SyntaxKind::from_green(node.kind()) != SyntaxKind::SCRIPT => return found,
                _ => several = true,
            }
        }
        let bounds = bounds?;
        found = Some(bounds);
        match inner {
            Some((child, start)) if !several => {
                range = range.intersect(bounds).unwrap_or(bounds);
                (node, node_start) = (child, start);
            }
            _ => return found,
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    /// Formats what lies between the two `$0`.
    fn check(marked: &str, expect: Expect) {
        let start = marked.find("$0").unwrap();
        let end = marked.rfind("$0").unwrap() - if marked.matches("$0").count() == 2 { 2 } else { 0 };
        let text = marked.replace("$0", "");
        let range = TextRange::new(TextSize::new(start as u32), TextSize::new(end as u32));
        let edits = format_ranges(&air_syntax::parse(&text), &text, &[range], &FormatOptions::default());
        expect.assert_eq(&air_semantics::text_edit::apply(&text, &edits));
    }

    #[test]
    fn the_smallest_instruction_around_a_cursor() {
        check(
            "(seq\n    (call  p$0  (\"s\"  \"f\") [])\n    (null  ))",
            expect![[r#"
                (seq
                    (call  p  ("s"  "f") [])
                    (null  ))"#]],
        );
    }

    #[test]
    fn a_head_stands_for_the_whole_instruction() {
        check(
            "(seq\n    (par$0\n  (null  )  (null ))\n    (null  ))",
            expect![[r#"
                (seq
                    (par
                  (null  )  (null ))
                    (null  ))"#]],
        );
    }

    #[test]
    fn neighbours_that_the_range_touches() {
        check(
            "(seq\n  (null  )\n   (seq   (nu$0ll )\n  (next$0  x)  )  )",
            expect![[r#"
                (seq
                  (null  )
                   (seq
                  (null)
                  (next x)  )  )"#]],
        );
    }

    #[test]
    fn selected_lines_reach_to_the_next_line_but_not_into_it() {
        check(
            "(seq\n$0    (null  )\n$0    (null  ))",
            expect![[r#"
                (seq
                 (null)
                    (null  ))"#]],
        );
    }

    #[test]
    fn blanks_alone() {
        check(
            "(seq\n (null)$0\n\n\n$0\n (null  )\n)",
            expect![[r#"
                (seq
                 (null)

                 (null  )
                )"#]],
        );
        check("(seq (null)$0 (null))", expect!["(seq (null) (null))"]);
    }

    #[test]
    fn ranges_outside_of_the_text() {
        let text = "(seq (null) (null))";
        let range = TextRange::new(TextSize::new(10), TextSize::new(1_000));
        let edits = format_ranges(&air_syntax::parse(text), text, &[range], &FormatOptions::default());
        assert!(!edits.is_empty());
    }
}
