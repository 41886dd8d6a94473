//! How often one wrong bracket in a real script gives one finding and leaves every instruction in its place.
//! Skipped, and said so, where the shared scripts are absent.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, clippy::print_stderr)]

use std::path::{Path, PathBuf};

use air_syntax::{Parse, SyntaxKind, parse};

/// Every instruction with the kind of its parent.
fn instructions(parse: &Parse) -> Vec<(SyntaxKind, Option<SyntaxKind>)> {
    let nodes = parse.syntax().descendants();
    nodes
        .filter(|node| node.kind().is_instruction())
        .map(|node| (node.kind(), node.parent().map(|parent| parent.kind())))
        .collect()
}

fn scripts(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            scripts(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "air") {
            found.push(path);
        }
    }
}

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

#[derive(Default)]
struct Tally {
    tried: usize,
    one_finding: usize,
    same_shape: usize,
}

#[test]
fn one_wrong_bracket_in_a_real_script() {
    let root = std::env::var_os("AIR_SHARED")
        .map(PathBuf::from)
        .unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"));
    let mut files = Vec::new();
    scripts(&root.join("corpus/air"), &mut files);
    if files.is_empty() {
        eprintln!("SKIPPED: {} has no scripts; set AIR_SHARED to the shared data", root.display());
        return;
    }

    let mut dice = Dice(12_345);
    let names =
        ["`(` lost", "`)` lost", "`(` doubled", "`)` doubled", "`[` or `]` lost", "`[` or `]` doubled"];
    let mut tallies: [Tally; 6] = Default::default();
    for file in files {
        let Ok(text) = std::fs::read_to_string(file) else { continue };
        let valid = parse(&text);
        // Brackets in the annotations of comments are no brackets.
        if !valid.ok() || text.len() > 20_000 || text.contains(';') {
            continue;
        }
        let shape = instructions(&valid);
        let brackets: Vec<_> = text.char_indices().filter(|(_, c)| "()[]".contains(*c)).collect();
        for _ in 0..3 {
            let (at, bracket) = brackets[dice.below(brackets.len())];
            let doubled = dice.below(3) == 0;
            let rest = if doubled { &text[at..] } else { &text[at + 1..] };
            let double = if doubled { &text[at..at + 1] } else { "" };
            let broken = parse(&format!("{}{double}{rest}", &text[..at]));
            let class = match (bracket, doubled) {
                ('(', false) => 0,
                (')', false) => 1,
                ('(', true) => 2,
                (')', true) => 3,
                (_, false) => 4,
                (_, true) => 5,
            };
            let tally = &mut tallies[class];
            tally.tried += 1;
            tally.one_finding += usize::from(broken.errors().len() == 1);
            tally.same_shape += usize::from(instructions(&broken) == shape);
        }
    }
    for (name, tally) in names.iter().zip(&tallies) {
        eprintln!(
            "{name}: {} times, one finding {}, same instructions {}",
            tally.tried, tally.one_finding, tally.same_shape
        );
    }
    for (name, tally) in names.iter().zip(&tallies) {
        assert!(tally.one_finding * 100 >= tally.tried * 93, "{name}: too many findings");
        assert!(tally.same_shape * 100 >= tally.tried * 98, "{name}: too many trees out of shape");
    }
}
