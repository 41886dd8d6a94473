//! Every refactoring and structural edit that is offered at places of real scripts: applied, the script parses as
//! well as before and AquaVM's verdict is no worse. `AIR_POSITIONS=20` for a long run, `AIR_SEED` for other places.

#![allow(clippy::unwrap_used, clippy::string_slice, clippy::print_stdout)]

#[path = "support/corpus.rs"]
#[allow(dead_code)]
mod corpus;

use std::collections::BTreeMap;

use air_semantics::Analysis;
use air_semantics::fix_all::apply;
use air_semantics::format::FormatOptions;
use air_semantics::refactor::{Change, Keeps, offers};
use air_semantics::structural;
use air_syntax::{SyntaxKind, TextRange, TextSize, lexer};

/// xorshift64*.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % limit.max(1)
    }
}

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).ok().and_then(|it| it.parse().ok()).unwrap_or(default)
}

fn comments(text: &str) -> Vec<&str> {
    let tokens = lexer::lex(text);
    let mut start = 0;
    let mut found = Vec::new();
    for (kind, end) in tokens.kinds.iter().zip(&tokens.ends) {
        if *kind == SyntaxKind::COMMENT {
            found.push(text[start..*end as usize].trim_end());
        }
        start = *end as usize;
    }
    found.sort_unstable();
    found
}

/// Applies a change and holds it to the rules; the new text.
fn applied(what: &str, before: &Analysis, change: &Change) -> String {
    let text = &*before.text;
    assert!(!change.edits.is_empty(), "{what}: no edit");
    assert!(change.edits.is_sorted_by(|one, next| one.range.end() <= next.range.start()), "{what}: order");
    for edit in &change.edits {
        let (start, end) = (usize::from(edit.range.start()), usize::from(edit.range.end()));
        assert!(text.is_char_boundary(start) && text.is_char_boundary(end), "{what}: boundaries");
    }
    let new = apply(text, &change.edits);
    assert!(new.is_char_boundary(change.caret.into()), "{what}: caret");
    let after = Analysis::new(new.as_str());
    assert!(after.parse.errors().len() <= before.parse.errors().len(), "{what}: syntax\n{new}");
    assert!(after.accepted() || !before.accepted(), "{what}: verdict\n{new}");
    new
}

#[test]
fn offered_is_as_good() {
    let positions = number("AIR_POSITIONS", 6) as usize;
    let mut random = Random(number("AIR_SEED", 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let scripts = corpus::scripts();
    for script in &scripts {
        let before = Analysis::new(script.text.as_str());
        let text = &*before.text;
        for _ in 0..positions {
            let at = text.floor_char_boundary(random.below(text.len() + 1));
            let place = TextSize::new(at as u32);
            for offer in offers(&before, TextRange::empty(place)) {
                let what = format!("{} at {at} of {}", offer.refactoring.name, script.name);
                let change = offer.change(&before, &FormatOptions::default());
                let new = applied(&what, &before, &change);
                if offer.refactoring.keeps == Keeps::Meaning && offer.refactoring.name != "generate-given" {
                    assert!(comments(text) == comments(&new), "{what}: comments\n{new}");
                }
                *counts.entry(offer.refactoring.name).or_default() += 1;
            }
            for command in structural::offers(&before, place) {
                let what = format!("{} at {at} of {}", command.name, script.name);
                let change = command.run(&before, place, &FormatOptions::default()).unwrap();
                applied(&what, &before, &change);
                *counts.entry(command.name).or_default() += 1;
            }
        }
    }
    println!("{} scripts, {} places each: {counts:?}", scripts.len(), positions);
    if !scripts.is_empty() {
        assert!(counts.len() >= 20, "kinds of actions: {counts:?}");
    }
}
