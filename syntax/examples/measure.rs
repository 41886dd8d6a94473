//! Does one stage of the front end on a file, some times over: `measure STAGE REPEATS FILE`.
//!
//! For callgrind: the difference between two repeats and one is the cost of the stage alone.
//! Stages: `lex`; `tree`, whose trees are kept; `drop`, which is `tree` and dropping them; `lines`.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [stage, repeats, file] = arguments.as_slice() else {
        eprintln!("usage: measure lex|tree|drop|lines REPEATS FILE");
        return ExitCode::from(2);
    };
    let (Ok(repeats), Ok(text)) = (repeats.parse::<usize>(), std::fs::read_to_string(file)) else {
        eprintln!("measure: cannot read {file}, or {repeats} is not a number");
        return ExitCode::from(2);
    };
    let mut seen = 0;
    for _ in 0..repeats {
        seen += match stage.as_str() {
            "lex" => air_syntax::lexer::lex(&text).len(),
            "tree" => {
                let parse = air_syntax::parse(&text);
                let errors = parse.errors().len();
                std::mem::forget(parse);
                errors
            }
            "drop" => air_syntax::parse(&text).errors().len(),
            "lines" => air_syntax::LineIndex::new(&text).line_count() as usize,
            _ => return ExitCode::from(2),
        };
    }
    println!("{seen}");
    ExitCode::SUCCESS
}
