//! Runs one stage over a file, to be timed or counted: `measure_stage STAGE FILE [TIMES]`.
//!
//! Stages: `tree`, `hir` (tree and lowering), `names` (these and resolution), `check` (tree, HIR, all
//! diagnostics), `reference` (AquaVM played through); on the HIR alone: `view`, `named-view` (idioms
//! and comments), `idioms`. Instructions per byte are the difference of two
//! counts under `valgrind --tool=callgrind`, for one and for two times, over the bytes of the file.

#![allow(clippy::print_stdout)]

use std::hint::black_box;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use air_analysis::beautify::{BeautifyOptions, beautify};
use air_analysis::{Analysis, idioms};
use air_semantics::hir::Hir;
use air_semantics::reference;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, stage, file, times @ ..] = arguments.as_slice() else {
        println!("usage: measure_stage tree|hir|names|check|reference|view|named-view|idioms FILE [TIMES]");
        return ExitCode::from(2);
    };
    let text: Arc<str> = match std::fs::read_to_string(file) {
        Ok(text) => text.into(),
        Err(error) => {
            println!("{file}: {error}");
            return ExitCode::from(2);
        }
    };
    let times = times.first().and_then(|times| times.parse().ok()).unwrap_or(1);
    let hir = Analysis::new(text.clone());
    hir.hir();
    for _ in 0..times {
        let start = Instant::now();
        let found = match stage.as_str() {
            "tree" => air_syntax::parse(&text).errors().len(),
            "hir" => Analysis::new(text.clone()).hir().instrs.len(),
            "names" => Analysis::new(text.clone()).resolution().occurrences.len(),
            "check" => Analysis::new(text.clone()).diagnostics().len(),
            "view" => view(hir.hir(), false),
            "named-view" => view(hir.hir(), true),
            "idioms" => idioms::recognise(hir.hir()).len(),
            _ => reference::errors(&text, &Default::default()).len(),
        };
        println!("{stage}: {} ms, {}", start.elapsed().as_secs_f64() * 1e3, black_box(found));
    }
    ExitCode::SUCCESS
}

/// Bytes of the view.
fn view(hir: &Hir, idioms: bool) -> usize {
    let options = BeautifyOptions { idioms, comments: idioms, ..BeautifyOptions::default() };
    beautify(hir, &options).map_or(0, |view| view.text.len())
}
