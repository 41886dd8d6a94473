//! Formats a file some times over, for callgrind: instructions a byte are the difference between two
//! runs with one repeat more, over the size of the file.
//!
//! `cargo run --release -p air-analysis --example format_cost -- FILE REPEATS [lex|parse]`; without a part, all of it.

use std::hint::black_box;

use air_analysis::format::{FormatOptions, format};

fn main() -> std::io::Result<()> {
    let mut args = std::env::args().skip(1);
    let text = std::fs::read_to_string(args.next().unwrap_or_default())?;
    let repeats: usize = args.next().and_then(|repeats| repeats.parse().ok()).unwrap_or(1);
    let part = args.next().unwrap_or_default();
    let start = std::time::Instant::now();
    for _ in 0..repeats {
        match part.as_str() {
            "lex" => drop(black_box(air_syntax::lexer::lex(black_box(&text)))),
            "parse" => drop(black_box(air_syntax::parse(black_box(&text)))),
            _ => {
                let parse = air_syntax::parse(black_box(&text));
                drop(black_box(format(&parse, &text, &FormatOptions::default())));
            }
        }
    }
    let each = start.elapsed().as_secs_f64() / repeats as f64;
    let mut out = std::io::stdout().lock();
    use std::io::Write;
    writeln!(
        out,
        "{} bytes, {:.2} ms each, {:.0} MB/s",
        text.len(),
        each * 1e3,
        text.len() as f64 / each / 1e6
    )
}
