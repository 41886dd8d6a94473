//! What holds for the layout of every text: generated scripts in random layouts, mutated ones, and
//! anything else.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice)]

use air_analysis::diagnostic::TextEdit;
use air_analysis::format::{
    FormatOptions, LineEnding, edits, format, format_on_type, format_range, format_ranges,
};
use air_semantics::hir::{Hir, Operand, OperandKind};
use air_syntax::{Parse, SyntaxKind, TextRange, TextSize, lexer};
use proptest::prelude::*;

/// Turns random bytes into decisions; zeros when they run out, so that scripts end.
struct Dice<'a>(&'a [u8]);

impl Dice<'_> {
    fn roll(&mut self, sides: u8) -> u8 {
        match self.0.split_first() {
            Some((first, rest)) => {
                self.0 = rest;
                first % sides
            }
            None => 0,
        }
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[usize::from(self.roll(of.len() as u8))]
    }
}

const PEERS: &[&str] = &["%init_peer_id%", "\"a b\"", "x", "x.$.y", "#cs.$.a.[0]", "#%m.$.[x]!", "\"\""];
const NAMES: &[&str] = &["\"op\"", "\"é\"", "x", "\"line\n  break ; ( \"", "#%m.length"];
const VALUES: &[&str] = &[
    "x",
    "\"a b\"",
    "%init_peer_id%",
    "#cs.$.a.[0]",
    "-1.5",
    "true",
    ":error:.$.x",
    "[]",
    "[ ]",
    "#cs",
    "\"line\n  break ; ( \"",
    "x.length",
    "%last_error%",
    "#%m.$.[x]!",
    "\"é\"",
    "007",
    "%ttl%",
    ":error:",
];
const OUTPUTS: &[&str] = &["out", "$s"];
const ITERABLES: &[&str] = &["x", "$s", "%m", "#cs", "[]", "x.$.y"];
const COMMENTS: &[&str] = &[
    "; c",
    ";; ok = {\"a\": 1}",
    ";",
    "; t \t",
    "; cr\r",
    "; ( [ \"",
    ";é\u{a0}",
    "; air: fmt off",
    "; air: fmt on",
];

/// A script without syntax errors as tokens.
fn tokens(dice: &mut Dice<'_>) -> Vec<&'static str> {
    /// What is still to be written, last first.
    enum Todo {
        Instruction(u8),
        Word(&'static str),
        OneOf(&'static [&'static str]),
        Values,
    }
    use Todo::*;
    let mut out = Vec::new();
    let mut todo = vec![Instruction(0)];
    while let Some(next) = todo.pop() {
        match next {
            Word(word) => out.push(word),
            OneOf(words) => out.push(dice.pick(words)),
            Values => (0..dice.roll(4)).for_each(|_| todo.push(OneOf(VALUES))),
            Instruction(depth) => {
                out.push("(");
                let (head, rest) = match dice.roll(if depth > 30 { 5 } else { 13 }) {
                    0 => ("null", vec![]),
                    1 => {
                        let mut call = vec![OneOf(PEERS), Word("("), OneOf(NAMES), OneOf(NAMES), Word(")")];
                        call.extend([Word("["), Values, Word("]")]);
                        call.extend((dice.roll(2) == 1).then_some(OneOf(OUTPUTS)));
                        ("call", call)
                    }
                    2 => ("ap", vec![OneOf(VALUES), OneOf(OUTPUTS)]),
                    3 => ("ap", vec![Word("("), Word("\"k\""), OneOf(VALUES), Word(")"), Word("%m")]),
                    4 => ("canon", vec![OneOf(PEERS), Word("$s"), Word("#s")]),
                    5 | 6 => ("seq", vec![Instruction(depth + 1), Instruction(depth + 1)]),
                    7 => ("xor", vec![Instruction(depth + 1), Instruction(depth + 1)]),
                    8 => ("new", vec![Word("$s"), Instruction(depth + 1)]),
                    9 => ("fold", vec![OneOf(ITERABLES), Word("x"), Instruction(depth + 1)]),
                    10 => {
                        let children = [Instruction(depth + 1), Instruction(depth + 1)];
                        ("fold", [OneOf(ITERABLES), Word("x")].into_iter().chain(children).collect())
                    }
                    11 => ("match", vec![OneOf(VALUES), OneOf(VALUES), Instruction(depth + 1)]),
                    _ => ("par", vec![Instruction(depth + 1), Instruction(depth + 1)]),
                };
                out.push(head);
                todo.push(Word(")"));
                todo.extend(rest.into_iter().rev());
            }
        }
    }
    out
}

/// The tokens in a random layout.
fn lay_out(tokens: &[&str], dice: &mut Dice<'_>) -> String {
    let mut out = String::new();
    let mut gap = |out: &mut String, behind_word: bool, before_word: bool| {
        let spaces = dice.pick(&["", " ", "\n", "  ", "\n\n", "\t", "\r\n", " \n \n\n  ", "\u{2003}", "\r"]);
        let spare = |needed: bool| if spaces.is_empty() && needed { " " } else { spaces };
        match dice.roll(6) {
            5 => {
                out.push_str(spare(behind_word));
                out.push_str(dice.pick(COMMENTS));
                out.push('\n');
            }
            4 => out.push_str(dice.pick(&["\n", "\n\n  ", "\r\n"])),
            _ => out.push_str(spare(behind_word && before_word)),
        }
    };
    let mut behind_word = false;
    for token in tokens {
        gap(&mut out, behind_word, !matches!(*token, ")" | "]"));
        out.push_str(token);
        behind_word = !matches!(*token, "(" | ")" | "[" | "]" | "[]" | "[ ]") && !token.ends_with('"');
    }
    gap(&mut out, behind_word, false);
    out
}

/// A mutated text: pieces cut out, doubled or strewn in.
fn mutate(text: &str, dice: &mut Dice<'_>) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..=dice.roll(3) {
        let at = |dice: &mut Dice<'_>, chars: &[char]| {
            let at = usize::from(dice.roll(255)) * 256 + usize::from(dice.roll(255));
            at % (chars.len() + 1)
        };
        let (from, to) = (at(dice, &chars), at(dice, &chars));
        match dice.roll(4) {
            0 => {
                chars.drain(from..(from + usize::from(dice.roll(9))).min(chars.len()));
            }
            1 => {
                let piece =
                    dice.pick(&["(", ")", "[", "]", "\"", ";", "\n", "(foo ", "\0", "\u{feff}", "x\"y"]);
                chars.splice(from..from, piece.chars());
            }
            2 => {
                let piece: Vec<char> = chars[from.min(to)..from.max(to)].iter().copied().take(40).collect();
                chars.splice(to..to, piece);
            }
            _ => chars.truncate(from.max(to)),
        }
    }
    chars.into_iter().collect()
}

fn script() -> impl Strategy<Value = String> {
    prop::collection::vec(any::<u8>(), 0..600).prop_map(|bytes| {
        let (tree, layout) = bytes.split_at(bytes.len() / 3);
        lay_out(&tokens(&mut Dice(tree)), &mut Dice(layout))
    })
}

fn broken() -> impl Strategy<Value = String> {
    (script(), prop::collection::vec(any::<u8>(), 0..20))
        .prop_map(|(text, bytes)| mutate(&text, &mut Dice(&bytes)))
}

fn options() -> impl Strategy<Value = FormatOptions> {
    (0..10u8, any::<bool>(), any::<bool>()).prop_map(|(indent_width, compact, crlf)| FormatOptions {
        indent_width,
        compact,
        line_ending: if crlf { LineEnding::Crlf } else { LineEnding::Lf },
    })
}

fn parse(text: &str) -> Parse {
    air_syntax::parse(text)
}

/// Tokens and comments, without the spaces that end a comment.
fn items(text: &str) -> Vec<(SyntaxKind, &str)> {
    let tokens = lexer::lex(text);
    let mut start = 0;
    let mut items = Vec::new();
    for (kind, end) in tokens.kinds.iter().zip(&tokens.ends) {
        let item = &text[start as usize..*end as usize];
        start = *end;
        match kind {
            SyntaxKind::WHITESPACE => {}
            SyntaxKind::COMMENT => items.push((*kind, item.trim_end())),
            _ => items.push((*kind, item)),
        }
    }
    items
}

/// The tree without spaces and comments.
fn shape(parse: &Parse) -> Vec<String> {
    let elements = parse.syntax().descendants_with_tokens();
    elements
        .filter(|element| !element.kind().is_trivia())
        .map(|element| match element.as_token() {
            Some(token) => format!("{:?} {}", token.kind(), token.text()),
            None => format!("{:?} {}", element.kind(), element.ancestors().count()),
        })
        .collect()
}

/// The HIR without its ranges.
fn meaning(parse: &Parse, text: &str) -> Vec<String> {
    let hir = air_semantics::hir::lower(parse, text.into());
    let instrs = hir.instrs.iter().map(|instr| {
        format!("{:?} {:?} {:?} {:?}", instr.kind, instr.parent, instr.operands, instr.children)
    });
    let operands = hir.operands.iter().map(|operand| {
        format!("{:?} {:?} {:?} {}", operand.role, operand.kind, operand.lens, word(&hir, operand))
    });
    let accessors = hir.accessors.iter().map(|step| format!("{:?} {}", step.kind, hir.text_at(step.range)));
    instrs.chain(operands).chain(accessors).chain(hir.names().map(str::to_owned)).collect()
}

/// Its text; `[ ]` may hold spaces.
fn word<'a>(hir: &'a Hir, operand: &Operand) -> &'a str {
    if operand.kind == OperandKind::EmptyArray { "[]" } else { hir.text_at(operand.range) }
}

fn patched(text: &str, edits: &[TextEdit]) -> String {
    let mut out = text.to_owned();
    let mut last = text.len();
    for edit in edits.iter().rev() {
        let range = std::ops::Range::<usize>::from(edit.range);
        assert!(range.end <= last, "edits overlap or are out of order");
        last = range.start;
        assert!(!out[range.clone()].contains(|c: char| !c.is_whitespace()), "more than spaces replaced");
        assert!(!edit.new_text.contains(|c: char| !c.is_whitespace()));
        assert_ne!(out[range.clone()], edit.new_text, "an edit without effect");
        let (before, after) = out.split_at(range.start);
        assert!(!(before.ends_with('\r') && after.starts_with('\n')), "between CR and LF");
        out.replace_range(range, &edit.new_text);
    }
    out
}

fn holds(text: &str, options: &FormatOptions) {
    let tree = parse(text);
    let once = format(&tree, text, options).unwrap();
    assert_eq!(items(&once.text), items(text), "tokens and comments");
    let tree_after = parse(&once.text);
    assert_eq!(tree_after.ok(), tree.ok(), "verdict");
    // The parser heeds indentation when it guesses where a missing bracket belongs.
    if tree.ok() {
        assert_eq!(shape(&tree_after), shape(&tree), "shape");
        assert_eq!(meaning(&tree_after, &once.text), meaning(&tree, text), "HIR");
    }
    let twice = format(&tree_after, &once.text, options).unwrap();
    assert_eq!(twice.text, once.text, "idempotent");
    assert_eq!(patched(text, &edits(text, &once.text)), once.text, "edits");

    let whole = TextRange::up_to(TextSize::of(text));
    assert_eq!(patched(text, &format_range(&tree, text, whole, options)), once.text, "whole range");
}

/// Cuts the text at `cuts` and formats what lies between, at once and one by one.
fn holds_in_pieces(text: &str, cuts: &[prop::sample::Index], options: &FormatOptions) {
    let tree = parse(text);
    let mut ends: Vec<usize> = cuts.iter().map(|cut| cut.index(text.len() + 1)).collect();
    ends.extend([0, text.len()]);
    ends.sort_unstable();
    let ranges: Vec<TextRange> = ends
        .windows(2)
        .map(|pair| TextRange::new(TextSize::new(pair[0] as u32), TextSize::new(pair[1] as u32)))
        .collect();
    let once = format(&tree, text, options).unwrap().text;
    assert_eq!(patched(text, &format_ranges(&tree, text, &ranges, options)), once, "all pieces at once");
    for range in ranges {
        let piece = patched(text, &format_range(&tree, text, range, options));
        assert_eq!(items(&piece), items(text), "a piece");
        if tree.ok() {
            assert_eq!(format(&parse(&piece), &piece, options).unwrap().text, once, "after a piece");
        }
    }
}

fn holds_while_typing(text: &str, options: &FormatOptions) {
    let tree = parse(text);
    for (at, typed) in text.char_indices().filter(|(_, char)| matches!(char, ')' | '\n')) {
        let offset = TextSize::new(at as u32 + 1);
        let edits = format_on_type(&tree, text, offset, typed, options);
        let after = patched(text, &edits);
        assert_eq!(items(&after), items(text), "typed {typed:?} at {at}");
        let (first, last) = match (edits.first(), edits.last()) {
            (Some(first), Some(last)) => (usize::from(first.range.start()), usize::from(last.range.end())),
            _ => continue,
        };
        match typed {
            ')' => {
                let form = tree
                    .syntax()
                    .descendants()
                    .find(|node| node.text_range().end() == offset && node.kind() != SyntaxKind::SCRIPT)
                    .unwrap();
                assert!(usize::from(form.text_range().start()) < first && last <= at, "outside of the form");
            }
            _ => {
                assert_eq!(edits.len(), 1);
                assert!(first > at && !text[at + 1..last].contains('\n'), "outside of the line");
            }
        }
        // Asked again, nothing is left to do.
        if typed == '\n' {
            assert_eq!(format_on_type(&parse(&after), &after, offset, typed, options), []);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn generated_scripts(text in script(), options in options()) {
        prop_assert!(parse(&text).ok());
        holds(&text, &options);
    }

    #[test]
    fn mutated_scripts(text in broken(), options in options()) {
        holds(&text, &options);
    }

    #[test]
    fn any_text(text in any::<String>(), options in options()) {
        holds(&text, &options);
        holds_while_typing(&text, &options);
    }

    #[test]
    fn soup(words in prop::collection::vec(prop::sample::select(vec![
        "(", ")", "[", "]", " ", "\n", "\r\n", "\t", "seq", "call", "null", "x", "\"", ";", "(seq ", "(null)", "; air: fmt off\n", "\u{feff}",
    ]), 0..60), options in options()) {
        holds(&words.concat(), &options);
        holds_while_typing(&words.concat(), &options);
    }

    #[test]
    fn pieces(text in prop_oneof![script(), broken()], cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..5), options in options()) {
        let cuts: Vec<_> = cuts.into_iter().collect();
        holds_in_pieces(&text, &cuts, &options);
    }

    #[test]
    fn typing(text in prop_oneof![script(), broken()], options in options()) {
        holds_while_typing(&text, &options);
    }
}
