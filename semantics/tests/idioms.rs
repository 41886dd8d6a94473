//! Idioms over the corpus of real scripts.
//!
//! The shared data is looked for at `AIR_SHARED`, or `../shared` beside the workspace.

#![allow(clippy::string_slice)]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use air_semantics::hir::Hir;
use air_semantics::idioms::{Certainty, Idiom, IdiomKind, PayloadNode, recognise};

fn hir(text: &str) -> Hir {
    air_semantics::Analysis::new(text).hir().clone()
}

fn shared(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("AIR_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    let path = root.join(path);
    if path.exists() {
        return Some(path);
    }
    println!("SKIPPED: no {} (set AIR_SHARED to the shared data)", path.display());
    None
}

struct Script {
    name: String,
    text: String,
    /// Generated with relay, generated without, older; none for scripts by hand.
    group: Option<&'static str>,
}

fn corpus() -> Vec<Script> {
    let Some(root) = shared("corpus/air") else { return Vec::new() };
    let index = std::fs::read_to_string(root.join("index.jsonl")).unwrap();
    let script = |line: &str| {
        let entry: serde_json::Value = serde_json::from_str(line).unwrap();
        let name = entry["file"].as_str().unwrap().to_owned();
        let compiled = entry["author"] == "aqua-compiler";
        let group = match entry["variant"].as_str() {
            Some("default") => "default",
            Some("bare") => "bare",
            _ => "older",
        };
        let text = std::fs::read_to_string(root.join(&name)).unwrap();
        Script { name, text, group: compiled.then_some(group) }
    };
    index.lines().map(script).collect()
}

#[test]
fn counts_on_the_corpus() {
    let mut table: BTreeMap<IdiomKind, [(u32, u32); 3]> = BTreeMap::new();
    let mut levels: BTreeMap<IdiomKind, [u32; 3]> = BTreeMap::new();
    for script in corpus() {
        let Some(group) = script.group else { continue };
        let column = ["default", "bare", "older"].iter().position(|name| *name == group).unwrap();
        let mut here: BTreeMap<IdiomKind, u32> = BTreeMap::new();
        for idiom in recognise(&hir(&script.text)) {
            *here.entry(idiom.kind).or_default() += 1;
            let level = match idiom.certainty {
                Certainty::Certain => 0,
                Certainty::Likely => 1,
                Certainty::Hint => 2,
            };
            levels.entry(idiom.kind).or_default()[level] += 1;
        }
        for (kind, count) in here {
            let cell = &mut table.entry(kind).or_default()[column];
            cell.0 += 1;
            cell.1 += count;
        }
    }
    if table.is_empty() {
        return;
    }
    let mut shown = String::new();
    for &kind in IdiomKind::ALL {
        let row = table.get(&kind).copied().unwrap_or_default();
        let files: u32 = row.iter().map(|cell| cell.0).sum();
        let all: u32 = row.iter().map(|cell| cell.1).sum();
        let [certain, likely, _] = levels.get(&kind).copied().unwrap_or_default();
        let cell = |(files, count): (u32, u32)| format!("{files}/{count}");
        writeln!(
            shown,
            "{:<18} {:>9} {:>9} {:>9} {:>9}  {certain:>5} {likely:>5}",
            kind.name(),
            cell(row[0]),
            cell(row[1]),
            cell(row[2]),
            format!("{files}/{all}")
        )
        .unwrap();
    }
    println!("{shown}");
}

fn check(name: &str, hir: &Hir, idioms: &[Idiom]) {
    for (index, idiom) in idioms.iter().enumerate() {
        let inside = |range: air_syntax::TextRange| {
            hir.text.get(usize::from(range.start())..usize::from(range.end())).is_some()
        };
        assert!(inside(idiom.range), "{name}: {idiom:?}");
        assert!(hir.instr(idiom.root).is_some());
        assert!(idiom.part_of.is_none_or(|outer| (outer as usize) < index), "{name}: {idiom:?}");
        for payload in &idiom.payloads {
            assert!(inside(payload.range) && idiom.range.contains_range(payload.range), "{name}: {idiom:?}");
            let range = match payload.node {
                PayloadNode::Instr(id) => hir.instr(id).unwrap().range,
                PayloadNode::Operand(id) => hir.operands[id.0 as usize].range,
            };
            assert_eq!(range, payload.range);
        }
        for &carrier in &idiom.carriers {
            assert!(idiom.range.contains_range(hir.instr(carrier).unwrap().range), "{name}: {idiom:?}");
        }
    }
}

#[test]
fn ranges_and_links_of_the_corpus_are_sound() {
    for script in corpus() {
        let hir = hir(&script.text);
        check(&script.name, &hir, &recognise(&hir));
    }
}
