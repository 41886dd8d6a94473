//! Prints a large script of the kind the Aqua compiler writes: `generate BYTES [SEED]`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |index: usize| arguments.get(index).map(|text| text.parse::<u64>());
    match (number(0), number(1).unwrap_or(Ok(1)), arguments.len()) {
        (Some(Ok(bytes)), Ok(seed), 1 | 2) => {
            print!("{}", air_tests::synthetic::script(bytes as usize, seed));
            ExitCode::SUCCESS
        }
        _ => {
            eprintln!("usage: generate BYTES [SEED]");
            ExitCode::from(2)
        }
    }
}
