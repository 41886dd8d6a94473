//! How long people wait for the language server: `typing [--short] [[--wat] PROGRAM]`.
//!
//! Prints medians and 99th percentiles, and our goals. Without a program it is `air-lsp`, which is built as this
//! one is: `cargo run --release -p air-tests --bin typing`. With `--wat` it is a server for WebAssembly's text, such as
//! `wat_server`, with modules of the same sizes. The exit code is 1 when a goal is missed and nothing
//! else was wrong with the machine, 2 when the server refused something.

use std::path::PathBuf;
use std::process::ExitCode;

use air_tests::typing::{AFTER, AIR, FULL, Figures, KEYSTROKE, LATER, SHORT, WAT, measure};

struct Goal {
    name: &'static str,
    figure: fn(&Figures) -> f64,
    must: f64,
    stretch: f64,
}

const GOALS: [Goal; 9] = [
    Goal {
        name: "L1 start to initialize answer, ms",
        figure: |figures| figures.percentile(0, "start", 50),
        must: 5.0,
        stretch: 2.0,
    },
    Goal {
        name: "L2 keystroke to diagnostics, 100 kB, ms",
        figure: |figures| figures.percentile(100_000, KEYSTROKE, 50),
        must: 4.0,
        stretch: 1.5,
    },
    Goal {
        name: "L3 keystroke to diagnostics, 1 MB, ms",
        figure: |figures| figures.percentile(1_000_000, KEYSTROKE, 50),
        must: 25.0,
        stretch: 10.0,
    },
    Goal {
        name: "L4 format 100 kB, ms",
        figure: |figures| figures.percentile(100_000, "formatting", 50),
        must: 8.0,
        stretch: 4.0,
    },
    Goal {
        name: "L4 format 1 MB, ms",
        figure: |figures| figures.percentile(1_000_000, "formatting", 50),
        must: 80.0,
        stretch: 40.0,
    },
    Goal {
        name: "L5 peak memory, 1 MB typed in, MiB",
        figure: |figures| peak(figures, AFTER[0]),
        must: 60.0,
        stretch: 35.0,
    },
    Goal {
        name: "L5 peak memory, 1 MB, all requests at once, MiB",
        figure: |figures| peak(figures, AFTER[1]),
        must: 60.0,
        stretch: 35.0,
    },
    Goal {
        name: "code actions 100 kB, edits later, ms",
        figure: |figures| figures.percentile(100_000, LATER, 50),
        must: 5.0,
        stretch: 2.5,
    },
    Goal {
        name: "code actions 1 MB, edits later, ms",
        figure: |figures| figures.percentile(1_000_000, LATER, 50),
        must: 40.0,
        stretch: 20.0,
    },
];

fn peak(figures: &Figures, when: &'static str) -> f64 {
    figures.peak.get(&(1_000_000, when)).copied().unwrap_or(f64::NAN)
}

fn main() -> ExitCode {
    let (mut effort, mut language, mut program) = (FULL, AIR, None);
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--short" => effort = SHORT,
            "--wat" => language = WAT,
            "-h" | "--help" => {
                eprintln!("usage: typing [--short] [[--wat] PROGRAM]");
                return ExitCode::from(2);
            }
            _ => program = Some(PathBuf::from(argument)),
        }
    }
    let program = program.unwrap_or_else(air_tests::program::air_lsp);
    let figures = measure(&program, language, effort);
    print!("{}", figures.table());
    println!("\n{:<46} {:>8} {:>8} {:>8}", "goal", "figure", "must", "stretch");
    let mut met = true;
    for goal in &GOALS {
        let figure = (goal.figure)(&figures);
        if figure.is_nan() {
            continue;
        }
        let verdict = match figure {
            _ if figure <= goal.stretch => "stretch met",
            _ if figure <= goal.must => "met",
            _ => "OVER",
        };
        met &= figure <= goal.must;
        println!("{:<46} {figure:>8.2} {:>8.1} {:>8.1}  {verdict}", goal.name, goal.must, goal.stretch);
    }
    if !figures.errors.is_empty() {
        let mut errors = figures.errors;
        errors.sort();
        errors.dedup();
        eprintln!("refused: {errors:#?}");
        return ExitCode::from(2);
    }
    if met { ExitCode::SUCCESS } else { ExitCode::from(1) }
}
