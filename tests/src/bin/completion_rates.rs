//! How good completion is on real scripts: `completion_rates [--seed N] [--places N] [--every N] [--notes N] [--workspace] FOLDER`.
//!
//! From each valid script `--places` words of each kind are taken away (2); `--notes` prints so many places of each
//! kind where the first item made an error or the right one was not among the first three; with `--workspace` the names in
//! the other scripts of a script's folder are known. Times are those of this build:
//! `cargo run --release -p air-tests --bin completion_rates -- FOLDER`. The exit code is 2 without scripts.

use std::path::PathBuf;
use std::process::ExitCode;

use air_tests::completion_rates::{Sample, Wanted, measure_folder};

fn main() -> ExitCode {
    let mut sample = Sample { seed: 1, places: 2, every: 1, workspace: false };
    let (mut notes, mut folder) = (0, None);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut number = || arguments.next().and_then(|it| it.parse::<u64>().ok());
        match argument.as_str() {
            "--workspace" => sample.workspace = true,
            "--seed" => sample.seed = number().unwrap_or(1),
            "--places" => sample.places = number().unwrap_or(2) as usize,
            "--every" => sample.every = number().unwrap_or(1) as usize,
            "--notes" => notes = number().unwrap_or(20) as usize,
            _ => folder = Some(PathBuf::from(argument)),
        }
    }
    let Some(folder) = folder.filter(|it| it.is_dir()) else {
        eprintln!(
            "usage: completion_rates [--seed N] [--places N] [--every N] [--notes N] [--workspace] FOLDER"
        );
        return ExitCode::from(2);
    };
    let rates = measure_folder(&folder, sample);
    for wanted in Wanted::ALL {
        for bad in [true, false] {
            let those = rates.notes.iter().filter(|it| it.wanted == wanted && it.error.is_some() == bad);
            for note in those.take(notes) {
                let error = note.error.as_deref().unwrap_or("not found");
                println!("{wanted:?} {} letters, {error}\n    {}", note.letters, note.about);
            }
        }
    }
    print!("{}", rates.table());
    if rates.scripts == 0 { ExitCode::from(2) } else { ExitCode::SUCCESS }
}
