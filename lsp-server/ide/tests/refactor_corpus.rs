//! Every refactoring and structural edit that is offered at places of real scripts: applied, the script parses as
//! well as before and AquaVM's verdict is no worse. `AIR_POSITIONS=20` for a long run, `AIR_SEED` for other places.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, clippy::print_stdout)]

#[path = "../../../semantics/analysis/tests/support/corpus.rs"]
#[allow(dead_code)]
mod corpus;

use std::collections::BTreeMap;

use air_analysis::Analysis;
use air_analysis::fix_all::{Extent, fix_all};
use air_analysis::format::{FormatOptions, format_on_type};
use air_ide::refactor::{Behaviour, Change, offers};
use air_ide::structural;
use air_semantics::text_edit::apply;
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
    // Time, bytes, offers.
    let mut slowest = (std::time::Duration::ZERO, 0, 0);
    let scripts = corpus::scripts();
    for script in &scripts {
        let before = Analysis::new(script.text.as_str());
        let text = &*before.text;
        for _ in 0..positions {
            let at = text.floor_char_boundary(random.below(text.len() + 1));
            let place = TextSize::new(at as u32);
            let start = std::time::Instant::now();
            let offered = offers(&before, TextRange::empty(place));
            slowest = slowest.max((start.elapsed(), text.len(), offered.len()));
            for offer in offered {
                let what = format!("{} at {at} of {}", offer.refactoring.name, script.name);
                let change = offer.change(&before, &FormatOptions::default());
                let new = applied(&what, &before, &change);
                if offer.refactoring.behaviour == Behaviour::Same
                    && offer.refactoring.name != "generate-given"
                {
                    assert!(comments(text) == comments(&new), "{what}: comments\n{new}");
                }
                *counts.entry(offer.refactoring.name).or_default() += 1;
            }
            for offer in structural::offers(&before, place) {
                let what = format!("{} at {at} of {}", offer.command.name, script.name);
                let change = offer.change(&before, &FormatOptions::default());
                let run = offer.command.run(&before, place, &FormatOptions::default());
                assert_eq!(run, Some(change.clone()), "{what}");
                applied(&what, &before, &change);
                *counts.entry(offer.command.name).or_default() += 1;
            }
        }
    }
    println!("{} scripts, {} places each: {counts:?}", scripts.len(), positions);
    println!("slowest: {slowest:?}");
    if !scripts.is_empty() {
        assert!(counts.len() >= 20, "kinds of actions: {counts:?}");
    }
}

/// Each fix of each finding in real scripts, and all safe ones at once.
#[test]
fn fixes_are_as_good() {
    let (mut fixes, mut safe) = (0, 0);
    for script in corpus::scripts() {
        let before = Analysis::new(script.text.as_str());
        // The same finding many times says nothing new.
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for finding in before.diagnostics() {
            let count = seen.entry(finding.code.as_str()).or_default();
            *count += 1;
            if *count > 5 {
                continue;
            }
            for fix in finding.fixes.iter().filter(|fix| !fix.edits.is_empty()) {
                let what = format!("{} `{}` of {}", finding.code.as_str(), fix.title, script.name);
                let change = Change { edits: fix.edits.clone(), caret: 0.into() };
                applied(&what, &before, &change);
                fixes += 1;
            }
        }
        let fixed = fix_all(&before, Extent::Safe, |_| (), |_, _, _| safe += 1);
        let edits = fixed.edits(&before.text);
        if let Some(after) = &fixed.after {
            let made = applied(
                &format!("all safe fixes of {}", script.name),
                &before,
                &Change { edits, caret: 0.into() },
            );
            assert!(made == *after.text, "{}", script.name);
            let left = after.diagnostics().iter().flat_map(|it| &it.fixes).filter(|fix| fix.safe).count();
            assert_eq!(left, 0, "{}: nothing safe is left", script.name);
        }
    }
    println!("{fixes} fixes, {safe} safe ones at once");
}

/// Deep, wide and full of names: what is offered comes in time.
#[test]
fn giants_are_no_trouble() {
    let deep = format!("{}(null){}", "(seq (null) ".repeat(2_000), ")".repeat(2_000));
    let deeper = format!("{}(null){}", "(seq (null) ".repeat(60_000), ")".repeat(60_000));
    let names: String = (1..20_000).map(|it| format!("text_{it} ")).collect();
    let names = format!("(call \"p\" (\"s\" \"text\") [\"a b\" {names}])");
    let streams: String = (0..20_000).map(|_| "(seq (ap 1 $s) ").collect();
    let streams = format!("(seq {streams}(null){} (ap 2 $s))", ")".repeat(20_000));
    for text in [deep, deeper, names, streams] {
        let analysis = Analysis::new(text.as_str());
        for at in [1, text.len() / 2, text.find("\"a b").unwrap_or(text.len() - 2)] {
            let start = std::time::Instant::now();
            let place = TextSize::new(at as u32);
            let count = offers(&analysis, TextRange::empty(place)).len();
            for command in structural::COMMANDS {
                command.run(&analysis, place, &FormatOptions::default());
            }
            structural::offers(&analysis, place);
            let took = start.elapsed();
            // Seconds on a loaded machine; what grew with the square of the text would take minutes.
            assert!(took.as_secs() < 30, "{count} offers at {at} of {} bytes took {took:?}", text.len());
        }
    }
}

/// Formatting while typing changes blanks only, and only in the form that was closed or on the line that was begun.
#[test]
fn typing_touches_nothing_else() {
    let positions = number("AIR_POSITIONS", 6) as usize;
    let mut random = Random(number("AIR_SEED", 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mut edited = 0;
    for script in corpus::scripts() {
        // Blanks in the wrong places, so that there is something to do.
        let text = script.text.replace("\n", " \n  ");
        let parse = air_syntax::parse(&text);
        for typed in [')', '\n'] {
            let places: Vec<usize> = text.match_indices(typed).map(|(at, _)| at + 1).collect();
            for _ in 0..positions.min(places.len()) {
                let at = places[random.below(places.len())];
                let place = TextSize::new(at as u32);
                let edits = format_on_type(&parse, &text, place, typed, &FormatOptions::default());
                let what = format!("{typed:?} at {at} of {}", script.name);
                let from = match typed {
                    ')' => opening(&text, at),
                    _ => text[..at].rfind('\n').map_or(0, |line| line + 1),
                };
                let to =
                    if typed == ')' { at } else { at + text[at..].len() - text[at..].trim_start().len() };
                for edit in &edits {
                    let (start, end) = (usize::from(edit.range.start()), usize::from(edit.range.end()));
                    assert!(from <= start && end <= to, "{what}: {edit:?} outside of {from}..{to}");
                    assert!(
                        text[start..end].trim().is_empty() && edit.new_text.trim().is_empty(),
                        "{what}: {edit:?}"
                    );
                }
                edited += usize::from(!edits.is_empty());
            }
        }
    }
    println!("{edited} times something to do");
}

/// Where the list begins that a bracket before `at` closes.
fn opening(text: &str, at: usize) -> usize {
    let tokens = lexer::lex(text);
    let mut open = Vec::new();
    let mut start = 0;
    for (kind, end) in tokens.kinds.iter().zip(&tokens.ends) {
        match kind {
            SyntaxKind::L_PAREN | SyntaxKind::L_BRACKET => open.push(start),
            SyntaxKind::R_PAREN | SyntaxKind::R_BRACKET => {
                let opened = open.pop().unwrap_or(start);
                if *end as usize == at {
                    return opened;
                }
            }
            _ => {}
        }
        start = *end as usize;
    }
    at
}
