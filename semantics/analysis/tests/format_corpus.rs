//! The layout of real scripts, where the shared corpus is present.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, clippy::print_stdout)]

use std::io::Write;
use std::path::{Path, PathBuf};

use air_analysis::format::{FormatOptions, edits, format};
use air_semantics::text_edit::apply;
use air_syntax::{SyntaxKind, lexer};

/// Scripts of the corpus with their entries in its index.
fn corpus() -> Option<Vec<(serde_json::Value, String)>> {
    let shared = std::env::var_os("AIR_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let folder = shared.join("corpus/air");
    let Ok(index) = std::fs::read_to_string(folder.join("index.jsonl")) else {
        // Past the capture of the test harness.
        let _ = writeln!(std::io::stderr(), "skipped: no corpus in {} (set AIR_SHARED)", folder.display());
        return None;
    };
    let entries = index.lines().map(|line| {
        let entry: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = std::fs::read_to_string(folder.join(entry["file"].as_str().unwrap())).unwrap();
        (entry, text)
    });
    Some(entries.collect())
}

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

#[test]
fn real_scripts_keep_tokens_and_comments() {
    let Some(corpus) = corpus() else { return };
    for (entry, text) in &corpus {
        for (indent_width, compact) in [(1, false), (4, false), (1, true)] {
            let options = FormatOptions { indent_width, compact, ..FormatOptions::default() };
            let once = format(&air_syntax::parse(text), text, &options).unwrap().text;
            assert!(items(&once) == items(text), "tokens of {}", entry["file"]);
            let twice = format(&air_syntax::parse(&once), &once, &options).unwrap();
            assert!(!twice.changed, "{} is not settled", entry["file"]);
            assert!(apply(text, &edits(text, &once)) == once, "edits of {}", entry["file"]);
        }
    }
    println!("{} scripts", corpus.len());
}

/// The compiler writes two spaces before the result of a canon.
fn canon_with_one_blank(line: &str) -> String {
    let instruction = line.trim_start();
    let indent = line.len() - instruction.len();
    match instruction.starts_with("(canon ") {
        true => line[..indent].to_owned() + &instruction.replacen("  ", " ", 1),
        false => line.to_owned(),
    }
}

#[test]
fn scripts_of_the_compiler_stay() {
    let Some(corpus) = corpus() else { return };
    let (mut same, mut canon) = (0, 0);
    for (entry, text) in &corpus {
        let edited_by_hand = entry["file"].as_str().unwrap().contains("canon_guided_topology.L55");
        if entry["author"] != "aqua-compiler" || entry["parses_0_12_0"] != true || edited_by_hand {
            continue;
        }
        let formatted = format(&air_syntax::parse(text), text, &FormatOptions::default()).unwrap();
        let expected: String = text.lines().map(|line| canon_with_one_blank(line) + "\n").collect();
        assert_eq!(formatted.text, expected, "{}", entry["file"]);
        if formatted.changed { canon += 1 } else { same += 1 }
    }
    println!("{same} unchanged, {canon} but for the space in canon");
    assert!(same + canon > 500);
}
