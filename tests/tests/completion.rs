//! Completion is measured on scripts that people and compilers wrote: a word is taken away, some letters are typed, the
//! first item is accepted. `cargo run -p air-tests --bin completion_rates -- --notes 9 FOLDER` shows what is missed.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

use air_architecture::tree::root;
use air_tests::completion_rates::Wanted::{Function, Keyword, NewName, Service, Variable};
use air_tests::completion_rates::{Rates, Sample, Wanted, measure_folder};
use air_tests::shared::shared;

/// Fewer accepted items than this leave a script without a new error, in per cent: too few.
const VALID: f64 = 99.5;

/// For a kind of word and letters: how often it must be among the first three, in per cent.
type Limits = [(Wanted, [f64; 3])];

fn check(rates: &Rates, limits: &Limits) {
    println!("{}", rates.table());
    let all = rates.sum(|_, _| true);
    assert!(all.accepted > 0, "nothing was measured");
    let errors = rates.notes.iter().filter(|note| note.error.is_some());
    assert!(all.valid() >= VALID, "{:.2} % without an error: {:#?}", all.valid(), errors.collect::<Vec<_>>());
    for (wanted, least) in limits {
        for (letters, least) in least.iter().enumerate() {
            let count = rates.counts.get(&(*wanted, letters)).unwrap();
            assert!(
                count.rate() >= *least,
                "{wanted:?}, {letters} letters: {:.1} % < {least} %",
                count.rate()
            );
        }
    }
}

/// All words of the scripts in `tests/completion`.
#[test]
fn of_our_own_scripts() {
    let sample = Sample { seed: 1, places: usize::MAX, every: 1, workspace: false };
    let rates = measure_folder(&root().join("tests/completion"), sample);
    assert_eq!(rates.scripts, 3);
    check(&rates, &[(Keyword, [97.0; 3]), (Variable, [90.0; 3]), (NewName, [80.0; 3])]);
}

/// A sample of real scripts, another than the one by which the order was chosen.
#[test]
fn of_real_scripts() {
    let Some(folder) = shared("corpus/air") else { return };
    let sample = Sample { seed: 7, places: 2, every: 3, workspace: false };
    let limits = [
        (Keyword, [97.0; 3]),
        (Variable, [90.0; 3]),
        (NewName, [80.0, 82.0, 84.0]),
        (Function, [70.0, 83.0, 83.0]),
        (Service, [75.0, 88.0, 88.0]),
    ];
    check(&measure_folder(&folder, sample), &limits);
}

/// With the other scripts of the folder, as an editor knows them.
#[test]
fn of_real_scripts_beside_others() {
    let Some(folder) = shared("corpus/air") else { return };
    let sample = Sample { seed: 7, places: 2, every: 6, workspace: true };
    check(&measure_folder(&folder, sample), &[(Function, [75.0, 85.0, 85.0]), (Service, [80.0, 90.0, 90.0])]);
}
