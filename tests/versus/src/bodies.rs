//! The work that is measured, ours and the reference's.

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use air_analysis::Analysis;
use air_analysis::format::{FormatOptions, format};

/// One piece of work, from the text on.
pub struct Body {
    pub name: &'static str,
    pub run: fn(&Arc<str>),
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
    let text: Arc<str> = text.into();
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

fn lexer(text: &Arc<str>) {
    black_box(air_syntax::lexer::lex(text));
}

fn reference_lexer(text: &Arc<str>) {
    assert!(air_parser::AIRLexer::new(text).all(|token| black_box(token).is_ok()));
}

fn tree(text: &Arc<str>) {
    assert!(black_box(air_syntax::parse(text)).ok());
}

/// Without letting go of the tree, as long as an editor holds it.
fn tree_kept(text: &Arc<str>) {
    let parse = air_syntax::parse(text);
    assert!(parse.ok());
    std::mem::forget(black_box(parse));
}

/// Tree, HIR, names and all diagnostics, of a text that somebody holds: the others do not copy it either.
fn check(text: &Arc<str>) {
    let analysis = Analysis::new(Arc::clone(text));
    black_box(analysis.diagnostics());
    assert!(analysis.accepted());
}

/// Not lossless; with the validator.
fn reference_parse(text: &Arc<str>) {
    assert!(black_box(air_parser::parse(text)).is_ok());
}

/// From text to text, its own check included.
fn format_text(text: &Arc<str>) {
    let parse = air_syntax::parse(text);
    assert!(black_box(format(&parse, text, &FormatOptions::default())).is_ok());
}
