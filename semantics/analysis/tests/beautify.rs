//! The beautified view against what AquaVM's beautifier writes, and over the whole corpus.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    clippy::print_stdout
)]

#[allow(dead_code)]
#[path = "support/corpus.rs"]
mod corpus;

use air_analysis::beautify::{BeautifyError, BeautifyOptions, View, beautify};
use air_semantics::hir::Hir;
use air_syntax::TextSize;

fn hir(text: &str) -> Hir {
    air_analysis::Analysis::new(text).hir().clone()
}

#[test]
fn reference_views_byte_for_byte() {
    let Some(path) = corpus::shared("corpus/static/beautify.jsonl") else { return };
    let cases = corpus::lines(&path);
    let mut wrong = Vec::new();
    for case in &cases {
        let options = BeautifyOptions {
            indent_step: case["indent"].as_u64().unwrap() as usize,
            patterns: case["patterns"].as_bool().unwrap(),
            ..BeautifyOptions::default()
        };
        let air = case["air"].as_str().unwrap();
        let view = beautify(&hir(air), &options).unwrap();
        if view.text != case["output"].as_str().unwrap() {
            wrong.push(format!(
                "{}: {air}\n--- ours\n{}--- reference\n{}",
                case["id"], view.text, case["output"]
            ));
        }
    }
    println!("beautify.jsonl: {}/{}", cases.len() - wrong.len(), cases.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn all_options() -> Vec<BeautifyOptions> {
    let mut all = Vec::new();
    for bits in 0..8 {
        let (patterns, comments, idioms) = (bits & 1 > 0, bits & 2 > 0, bits & 4 > 0);
        all.push(BeautifyOptions { indent_step: 2, patterns, comments, idioms });
    }
    all
}

#[test]
fn maps_of_the_corpus_are_sound() {
    for corpus::Script { name, text, .. } in corpus::scripts() {
        let hir = hir(&text);
        for options in all_options() {
            let view = beautify(&hir, &options).unwrap();
            check_map(&name, &text, &view);
        }
    }
}

/// What the map promises.
fn check_map(name: &str, source: &str, view: &View) {
    let mut end = TextSize::from(0);
    let mut before = TextSize::from(0);
    for line in &view.map.lines {
        assert_eq!(line.view.start(), end, "{name}: lines leave no gap");
        end = line.view.end();
        assert!(before <= line.source.start(), "{name}: lines follow the source: {line:?}");
        before = line.source.start();
        assert!(
            source.get(usize::from(line.source.start())..usize::from(line.source.end())).is_some(),
            "{name}"
        );
        assert!(view.text[line.view].ends_with('\n'), "{name}");
        let spans = view.map.spans_of(line);
        if spans.first().is_none_or(|span| span.view.start() > line.view.start()) {
            assert_eq!(view.map.view_to_source(line.view.start()), line.source.start(), "{name}");
        }
        let mut at = line.view.start();
        for span in spans {
            assert!(at <= span.view.start() && span.view.end() <= line.view.end(), "{name}: {span:?}");
            at = span.view.end();
            // Within a span both ways lead to each other's start.
            assert_eq!(view.map.view_to_source(span.view.start()), span.source.start(), "{name}");
            let back = view.map.source_to_view(span.source.start());
            assert_eq!(view.map.view_to_source(back), span.source.start(), "{name}: {span:?}");
        }
    }
    assert_eq!(end, TextSize::of(&*view.text), "{name}: lines cover the view");
}

#[test]
fn comments_are_all_kept() {
    for corpus::Script { name, text, .. } in corpus::scripts() {
        let options = BeautifyOptions { comments: true, ..BeautifyOptions::default() };
        let view = beautify(&hir(&text), &options).unwrap();
        let tokens = air_syntax::lexer::lex(&text);
        let mut start = 0;
        let mut rest = view.text.as_str();
        for (kind, &end) in tokens.kinds.iter().zip(&tokens.ends) {
            if *kind == air_syntax::SyntaxKind::COMMENT {
                let comment = text[start as usize..end as usize].trim_end();
                let at = rest.find(comment).unwrap_or_else(|| panic!("{name}: lost {comment}"));
                rest = &rest[at + comment.len()..];
            }
            start = end;
        }
    }
}

#[test]
fn views_of_deep_scripts_end_in_a_clear_error() {
    let (depth, height) = (8000, 14);
    let wide = (0..height).fold("(null)".to_owned(), |half, _| format!("(seq {half} {half})"));
    let hir = hir(&format!("{}{wide}{}", "(new $s ".repeat(depth), ")".repeat(depth)));
    let error = beautify(&hir, &BeautifyOptions::default()).unwrap_err();
    assert_eq!(error, BeautifyError::TooLarge { limit: 256 << 20 });
    let flat = BeautifyOptions { indent_step: 0, ..BeautifyOptions::default() };
    assert!(beautify(&hir, &flat).is_ok());
}
