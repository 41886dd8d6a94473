//! The work that is measured, ours and the reference's.

use std::hint::black_box;
use std::path::Path;

use air_semantics::Analysis;
use air_semantics::format::{FormatOptions, format};

/// One piece of work, from the text on.
pub struct Body {
    pub name: &'static str,
    pub run: fn(&str),
}

/// In the order of the report.
pub const BODIES: [Body; 7] = [
    Body { name: "lexer", run: lexer },
    Body { name: "reference lexer", run: reference_lexer },
    Body { name: "tree, kept", run: tree_kept },
    Body { name: "tree", run: tree },
    Body { name: "check", run: check },
    Body { name: "reference parse", run: reference_parse },
    Body { name: "format", run: format_text },
];

/// Does the work so many times; `read` alone does nothing with the text.
pub fn run(name: &str, file: &Path, times: &str) -> Result<bool, String> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let times: usize = times.parse().map_err(|_| format!("not a number: {times}"))?;
    let Some(body) = BODIES.iter().find(|body| body.name == name) else {
        return if name == "hold" { hold(&text) } else { Err(format!("nothing is called {name}")) };
    };
    for _ in 0..times {
        (body.run)(black_box(&text));
    }
    Ok(true)
}

/// Peak of memory with and without the tree and the HIR of a text, in bytes.
fn hold(text: &str) -> Result<bool, String> {
    let shared: std::sync::Arc<str> = text.into();
    let before = crate::measure::peak()?;
    let analysis = Analysis::new(shared);
    black_box(analysis.hir());
    println!("{} {}", before, crate::measure::peak()?);
    Ok(true)
}

fn lexer(text: &str) {
    black_box(air_syntax::lexer::lex(text));
}

fn reference_lexer(text: &str) {
    assert!(air_parser::AIRLexer::new(text).all(|token| black_box(token).is_ok()));
}

fn tree(text: &str) {
    assert!(black_box(air_syntax::parse(text)).ok());
}

/// Without letting go of the tree, as long as an editor holds it.
fn tree_kept(text: &str) {
    let parse = air_syntax::parse(text);
    assert!(parse.ok());
    std::mem::forget(black_box(parse));
}

/// Tree, HIR, names and all diagnostics.
fn check(text: &str) {
    let analysis = Analysis::new(text);
    black_box(analysis.diagnostics());
    assert!(analysis.accepted());
}

/// Not lossless; with the validator.
fn reference_parse(text: &str) {
    assert!(black_box(air_parser::parse(text)).is_ok());
}

/// From text to text, its own check included.
fn format_text(text: &str) {
    let parse = air_syntax::parse(text);
    assert!(black_box(format(&parse, text, &FormatOptions::default())).is_ok());
}
