//! Texts that are deep, long or odd, on a thread with the 2 MiB that tokio and the test runner give.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stderr
)]

use air_syntax::{MAX_DEPTH, Parse, SyntaxErrorKind, parse};

/// What the issue of deep trees is tried with; debug builds take a tenth, for the time it costs.
const MANY: usize = if cfg!(debug_assertions) { 100_000 } else { 1_000_000 };

fn on_small_stack(work: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(2 << 20).spawn(work).unwrap().join().unwrap();
}

/// Parses, walks, shares and drops; gives the number of findings and the first of them.
fn try_out(text: String, check: impl FnOnce(&Parse) + Send + 'static) {
    on_small_stack(move || {
        let parse = parse(&text);
        assert!(parse.text() == text, "the tree has lost text");
        assert!(parse.syntax().descendants_with_tokens().count() > 0);
        check(&parse);
        let shared = parse.green().clone();
        drop(parse);
        drop(shared);
    });
}

fn one_finding(parse: &Parse, kind: SyntaxErrorKind) {
    let kinds: Vec<_> = parse.errors().iter().map(|error| &error.kind).take(3).collect();
    assert_eq!(kinds, [&kind]);
}

#[test]
fn nested_seq_closed() {
    let text = format!("{}(null){}", "(seq ".repeat(MANY), " (null))".repeat(MANY));
    try_out(text, |parse| one_finding(parse, SyntaxErrorKind::TooDeep));
}

#[test]
fn nested_seq_unclosed() {
    try_out("(seq ".repeat(MANY), |parse| one_finding(parse, SyntaxErrorKind::TooDeep));
}

#[test]
fn nested_seq_on_lines_unclosed() {
    let text = (0..MANY / 100).map(|level| format!("{}(seq\n", " ".repeat(level % 300))).collect();
    try_out(text, |parse| assert!(!parse.ok()));
}

#[test]
fn opening_parens() {
    try_out("(".repeat(MANY), |parse| one_finding(parse, SyntaxErrorKind::SurplusOpenParen));
}

#[test]
fn closing_parens() {
    try_out(")".repeat(MANY), |parse| one_finding(parse, SyntaxErrorKind::SurplusCloseParen));
}

#[test]
fn opening_brackets() {
    try_out("[".repeat(MANY), |parse| one_finding(parse, SyntaxErrorKind::StrayText));
}

#[test]
fn opening_brackets_in_a_call() {
    try_out(format!("(call p (s f) {}", "[".repeat(MANY)), |parse| assert!(!parse.ok()));
}

#[test]
fn quotes() {
    try_out("\"".repeat(MANY + 1), |parse| assert!(!parse.ok()));
}

#[test]
fn words_that_never_end() {
    try_out("a(".repeat(MANY / 2), |parse| assert!(!parse.ok()));
    try_out("x[".repeat(MANY / 2), |parse| assert!(!parse.ok()));
    try_out("\"\n\"a\"".repeat(MANY / 4), |parse| assert!(!parse.ok()));
    try_out("seq\"".repeat(MANY / 4), |parse| assert!(!parse.ok()));
}

#[test]
fn empty_lists() {
    try_out("()".repeat(MANY / 2), |parse| assert!(!parse.ok()));
}

#[test]
fn a_mistake_on_every_line() {
    let text = "(seq\n (call p (s f) [] x\n foo $\n".repeat(MANY / 40);
    try_out(text, |parse| assert!(!parse.ok()));
}

#[test]
fn the_deepest_that_is_taken() {
    let nest = |levels: usize| format!("{}(null){}", "(new x ".repeat(levels - 1), ")".repeat(levels - 1));
    try_out(nest(MAX_DEPTH), |parse| assert!(parse.ok()));
    try_out(nest(MAX_DEPTH + 1), |parse| one_finding(parse, SyntaxErrorKind::TooDeep));
}

#[test]
fn what_follows_a_form_that_is_too_deep_keeps_its_shape() {
    let deep = format!("{}(null){}", "(new x ".repeat(MAX_DEPTH + 10), ")".repeat(MAX_DEPTH + 10));
    try_out(format!("(par {deep} (seq (null) (never)))"), |parse| {
        let kinds = parse.syntax().first_child().unwrap().children().map(|child| child.kind());
        assert_eq!(kinds.last(), Some(air_syntax::SyntaxKind::SEQ));
        one_finding(parse, SyntaxErrorKind::TooDeep);
    });
}

#[test]
fn ten_megabytes() {
    let size = if cfg!(debug_assertions) { 1 << 20 } else { 10 << 20 };
    let block = "(seq (call -relay- (\"op\" \"noop\") [x.$.y[0]! 1 []] $out) ";
    let blocks = size / block.len();
    let mut text = String::new();
    for _ in 0..blocks / 4096 {
        text.push_str("(par ");
        text.push_str(&block.repeat(4096));
        text.push_str("(null)");
        text.push_str(&")".repeat(4096));
        text.push('\n');
    }
    text.push_str("(null)");
    text.push_str(&")".repeat(blocks / 4096));
    try_out(text, |parse| assert!(parse.ok(), "{:?}", parse.errors().first()));
}
