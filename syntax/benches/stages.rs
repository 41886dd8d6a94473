//! Wall time of the stages of the front end: `cargo bench -p air-syntax`.

#![allow(missing_docs)]

use divan::counter::BytesCount;
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

/// A script in the compiler's layout, of about that many bytes.
fn script(bytes: usize) -> String {
    let groups = bytes / (64 * 150) + 1;
    let mut out = String::new();
    for group in 0..groups {
        out.push_str("(par\n");
        for block in 0..64 {
            let pad = " ".repeat(block % 24);
            out.push_str(&format!(
                "{pad}(seq\n\
                 {pad} (xor\n\
                 {pad}  (call -relay- (\"op\" \"noop\") [ret-{group}.$.[0].id \"x\" []] $out)\n\
                 {pad}  (fail :error:)\n\
                 {pad} )\n"
            ));
        }
        out.push_str("(null)\n");
        out.push_str(&")\n".repeat(64));
    }
    out.push_str("(null)\n");
    out.push_str(&")\n".repeat(groups));
    out
}

const SIZES: [usize; 2] = [100_000, 1_000_000];

#[divan::bench(args = SIZES)]
fn lex(bencher: Bencher<'_, '_>, bytes: usize) {
    let text = script(bytes);
    bencher.counter(BytesCount::new(text.len())).bench(|| air_syntax::lexer::lex(black_box(&text)).len());
}

#[divan::bench(args = SIZES)]
fn parse(bencher: Bencher<'_, '_>, bytes: usize) {
    let text = script(bytes);
    assert!(air_syntax::parse(&text).ok());
    bencher.counter(BytesCount::new(text.len())).bench(|| air_syntax::parse(black_box(&text)));
}

#[divan::bench(args = SIZES)]
fn line_index(bencher: Bencher<'_, '_>, bytes: usize) {
    let text = script(bytes);
    bencher.counter(BytesCount::new(text.len())).bench(|| air_syntax::LineIndex::new(black_box(&text)));
}
