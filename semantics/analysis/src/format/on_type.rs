//! Formatting while typing. Must not fight structural editing: it changes spaces only, and none
//! outside of the closed form or the started line.

use air_syntax::{Parse, SyntaxKind, TextRange, TextSize, lexer};
use memchr::memrchr;
use rowan::{GreenNodeData, NodeOrToken};

use super::layout::{Layout, column};
use super::regions::{Sound, Switch};
use super::{FormatOptions, edits};
use crate::diagnostic::TextEdit;

/// Lays out the form whose closing parenthesis ends at `offset`.
pub(super) fn closed(parse: &Parse, text: &str, offset: TextSize, options: &FormatOptions) -> Vec<TextEdit> {
    let Some((node, start)) = form_closed_at(parse.green(), offset) else {
        return Vec::new();
    };
    if !Sound::below(node) || must_stay(parse, text, start) {
        return Vec::new();
    }
    let old = text.get(start..offset.into()).unwrap_or_default();
    let Ok(new) = Layout::new(text, options).form(node, start) else {
        return Vec::new();
    };
    let mut edits =
        edits::changed_gaps(old, &new, |gap, spaces| edits::edit(old, gap, spaces)).unwrap_or_default();
    for edit in &mut edits {
        edit.range += TextSize::new(start as u32);
    }
    edits
}

/// The outermost instruction that starts at `start`, laid out where it stands.
pub(super) fn form(
    parse: &Parse,
    text: &str,
    start: TextSize,
    options: &FormatOptions,
) -> Option<(TextRange, String)> {
    let node = instruction_at(parse.green(), start)?;
    if !Sound::below(node) || must_stay(parse, text, start.into()) {
        return None;
    }
    let new = Layout::new(text, options).form(node, start.into()).ok()?;
    Some((TextRange::at(start, node.text_len()), new))
}

/// The outermost instruction that starts at an offset.
fn instruction_at(root: &GreenNodeData, offset: TextSize) -> Option<&GreenNodeData> {
    let (mut node, mut start) = (root, TextSize::new(0));
    loop {
        let mut inner = None;
        let mut at = start;
        for child in node.children() {
            let (end, child) = match child {
                NodeOrToken::Token(token) => (at + token.text_len(), None),
                NodeOrToken::Node(child) => (at + child.text_len(), Some(child)),
            };
            if end > offset {
                inner = child;
                break;
            }
            at = end;
        }
        (node, start) = (inner?, at);
        if start == offset && SyntaxKind::from_green(node.kind()).is_instruction() {
            return Some(node);
        }
    }
}

/// Indents the line that starts before `offset`.
pub(super) fn new_line(text: &str, offset: TextSize, options: &FormatOptions) -> Vec<TextEdit> {
    let indent = || -> Option<TextEdit> {
        let before = text.get(..offset.into())?;
        let line = memrchr(b'\n', before.as_bytes())? + 1;
        let rest = text.get(line..)?;
        let next = rest.trim_start_matches([' ', '\t']);
        let end = text.len() - next.len();
        if end < offset.into() {
            return None;
        }

        let mut open = Vec::new();
        let mut off = false;
        let mut start = 0;
        let tokens = lexer::lex(text.get(..line)?);
        for (kind, end) in tokens.kinds.iter().zip(&tokens.ends) {
            match kind {
                SyntaxKind::L_PAREN | SyntaxKind::L_BRACKET => open.push(start),
                SyntaxKind::R_PAREN | SyntaxKind::R_BRACKET => {
                    open.pop();
                }
                // The new line is part of a string.
                SyntaxKind::UNCLOSED_STRING => return None,
                SyntaxKind::COMMENT => off = switched(off, text, start, *end as usize),
                _ => {}
            }
            start = *end as usize;
        }
        if off {
            return None;
        }

        let mut indent = String::new();
        if let Some(innermost) = open.last() {
            // Relative to the line of the innermost bracket, wherever that stands.
            let line = memrchr(b'\n', text.as_bytes().get(..*innermost)?).map_or(0, |at| at + 1);
            let first = open.partition_point(|bracket| *bracket < line);
            let closes = next.starts_with([')', ']']);
            let levels = open.len() - first - usize::from(closes);
            indent = column(text.get(..*open.get(first)?)?);
            indent.extend(std::iter::repeat_n(' ', levels * options.step()));
        }
        let old = rest.get(..end - line)?;
        (old != indent).then(|| edits::edit(text, (line, end), &indent))
    };
    indent().into_iter().collect()
}

/// The list that the parenthesis before `offset` closes, and where it starts.
fn form_closed_at(root: &GreenNodeData, offset: TextSize) -> Option<(&GreenNodeData, usize)> {
    let (mut node, mut node_start) = (root, TextSize::new(0));
    'down: loop {
        let mut start = node_start;
        for child in node.children() {
            match child {
                NodeOrToken::Token(token) => {
                    start += token.text_len();
                    if start >= offset {
                        let closes =
                            start == offset && SyntaxKind::from_green(token.kind()) == SyntaxKind::R_PAREN;
                        let list = SyntaxKind::from_green(node.kind()) != SyntaxKind::SCRIPT;
                        return (closes && list).then_some((node, node_start.into()));
                    }
                }
                NodeOrToken::Node(child) => {
                    if start + child.text_len() >= offset {
                        (node, node_start) = (child, start);
                        continue 'down;
                    }
                    start += child.text_len();
                }
            }
        }
        return None;
    }
}

/// Whether `at` lies after `fmt off`, or after a quote without partner: the lexer's guess of where
/// such a string ends may depend on lines.
fn must_stay(parse: &Parse, text: &str, at: usize) -> bool {
    if parse.errors().is_empty() && !text.contains("air:") {
        return false;
    }
    let tokens = lexer::lex(text);
    let (mut off, mut start) = (false, 0);
    for (kind, end) in tokens.kinds.iter().zip(&tokens.ends) {
        let end = *end as usize;
        if end > at {
            break;
        }
        match kind {
            SyntaxKind::COMMENT => off = switched(off, text, start, end),
            SyntaxKind::UNCLOSED_STRING => return true,
            _ => {}
        }
        start = end;
    }
    off
}

fn switched(off: bool, text: &str, start: usize, end: usize) -> bool {
    match Switch::of(text.get(start..end).unwrap_or_default()) {
        Some(switch) => switch == Switch::Off,
        None => off,
    }
}

#[cfg(test)]
#[allow(clippy::string_slice)]
mod tests {
    use expect_test::{Expect, expect};

    use super::super::format_on_type;
    use super::*;

    /// The character before `$0` was typed, the editor may have indented since; shows the text afterwards, with the cursor.
    fn check(marked: &str, expect: Expect) {
        let at = marked.find("$0").unwrap();
        let text = marked.replace("$0", "");
        let typed = text[..at].chars().rev().find(|char| *char != ' ').unwrap();
        let parse = air_syntax::parse(&text);
        let edits = format_on_type(&parse, &text, TextSize::new(at as u32), typed, &FormatOptions::default());
        let mut cursor = at;
        for edit in edits.iter().rev() {
            let range = std::ops::Range::<usize>::from(edit.range);
            if range.start <= at {
                cursor = cursor.max(range.end) + edit.new_text.len() - range.len();
            }
        }
        let mut text = air_semantics::text_edit::apply(&text, &edits);
        text.insert_str(cursor, "$0");
        expect.assert_eq(&text);
    }

    #[test]
    fn a_bracket_lays_out_the_form_it_closes() {
        check(
            "(seq   (null)\n    (par  (null)(null))$0\n   (null  ))",
            expect![[r#"
                (seq   (null)
                    (par
                     (null)
                     (null)
                    )$0
                   (null  ))"#]],
        );
        check("(call p ( \"s\"  \"f\" )$0  [  ] x )", expect![[r#"(call p ("s" "f")$0  [  ] x )"#]]);
    }

    #[test]
    fn a_bracket_in_a_broken_script() {
        check(
            "(seq (foo\n (call  p (\"s\" \"f\")  [])$0",
            expect![[r#"
            (seq (foo
             (call p ("s" "f") [])$0"#]],
        );
    }

    #[test]
    fn a_bracket_that_closes_nothing_sound() {
        check("(foo  bar)$0", expect!["(foo  bar)$0"]);
        check("(null  ) )$0", expect!["(null  ) )$0"]);
        check("(call p (\"s\" \"f  )$0", expect![[r#"(call p ("s" "f  )$0"#]]);
        check("; (null  )$0", expect!["; (null  )$0"]);
        check(
            "; air: fmt off\n(null  )$0",
            expect![[r#"
            ; air: fmt off
            (null  )$0"#]],
        );
    }

    #[test]
    fn a_new_line_is_indented() {
        check(
            "(seq\n$0",
            expect![[r#"
            (seq
             $0"#]],
        );
        check(
            "(seq\n    (par\n$0\n",
            expect![[r#"
            (seq
                (par
                 $0
        "#]],
        );
        // After a sibling, before a bracket, after everything.
        check(
            "(seq\n (null)\n      $0  (null)\n)",
            expect![[r#"
            (seq
             (null)
             $0(null)
            )"#]],
        );
        check(
            "(seq\n (null)\n (null)\n$0 )",
            expect![[r#"
            (seq
             (null)
             (null)
            $0)"#]],
        );
        check(
            "(null)\n$0   ",
            expect![[r#"
            (null)
            $0"#]],
        );
    }

    #[test]
    fn a_new_line_within_operands() {
        check(
            "(seq\n (call p (\"s\" \"f\") [a\n$0b] x)",
            expect![[r#"
            (seq
             (call p ("s" "f") [a
               $0b] x)"#]],
        );
        check(
            "(new $s\n\t(call p (\"s\" \"f\")\n$0",
            expect![[r#"
            (new $s
            	(call p ("s" "f")
            	 $0"#]],
        );
    }

    #[test]
    fn a_new_line_in_a_string_or_behind_fmt_off_stays() {
        check(
            "(call p (\"s\n$0 \" \"f\") [])",
            expect![[r#"
            (call p ("s
            $0 " "f") [])"#]],
        );
        check(
            "(seq ; air: fmt off\n$0",
            expect![[r#"
            (seq ; air: fmt off
            $0"#]],
        );
    }

    #[test]
    fn other_characters_do_nothing() {
        check("(seq  ($0", expect!["(seq  ($0"]);
    }
}
