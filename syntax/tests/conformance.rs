//! Our verdicts against AquaVM's, on the shared conformance data. Skipped, and said so, where that data is absent.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stderr
)]

use std::path::PathBuf;

use air_syntax::lexer::{reference_name, reference_tokens};
use air_syntax::parse;

fn shared(file: &str) -> Option<String> {
    let root = std::env::var_os("AIR_SHARED")
        .map(PathBuf::from)
        .unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"));
    let path = root.join(file);
    match std::fs::read_to_string(&path) {
        Ok(text) => Some(text),
        Err(_) => {
            eprintln!("SKIPPED: {} is not here; set AIR_SHARED to the shared data", path.display());
            None
        }
    }
}

fn lines(file: &str) -> Vec<serde_json::Value> {
    let text = shared(file).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn tokens_are_the_reference_lexers() {
    let mut wrong = Vec::new();
    for case in lines("corpus/static/tokens.jsonl") {
        let (tokens, error) = reference_tokens(case["air"].as_str().unwrap());
        let tokens: Vec<_> = tokens
            .iter()
            .map(|(kind, start, end)| serde_json::json!([reference_name(*kind), start, end]))
            .collect();
        let expected = &case["error"];
        let same_error = match &error {
            None => expected.is_null(),
            Some(error) => {
                expected["start"] == error.start
                    && expected["end"] == error.end
                    && (error.code() == "lex-lens"
                        || expected["message"] == error.reference_message().as_ref())
            }
        };
        if case["tokens"] != serde_json::Value::from(tokens) || !same_error {
            wrong.push(format!("{} {:?} {expected}", case["air"], error));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn verdicts_on_the_static_cases() {
    let mut wrong = Vec::new();
    for case in lines("corpus/static/cases.jsonl") {
        let rejected = case["errors"].as_array().unwrap().iter().any(|error| {
            let code = error["code"].as_str().unwrap();
            code == "syntax" || code.starts_with("lex-")
        });
        let parse = parse(case["air"].as_str().unwrap());
        if parse.ok() == rejected {
            wrong.push(format!("{} {} {:?}", case["id"], case["air"], parse.errors()));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn verdicts_on_scripts_from_the_wild() {
    let mut wrong = Vec::new();
    for case in lines("corpus/air/index.jsonl") {
        let file = case["file"].as_str().unwrap();
        let Some(text) = shared(&format!("corpus/air/{file}")) else { continue };
        let parse = parse(&text);
        assert_eq!(parse.syntax().text().to_string(), text, "{file}");
        let classes: Vec<&str> = case["reject"]
            .as_array()
            .map_or(Vec::new(), |list| list.iter().filter_map(|class| class.as_str()).collect());
        let broken = classes.contains(&"lexer") || classes.contains(&"syntax");
        if parse.ok() == broken {
            wrong.push(format!("{file} {classes:?} {:?}", parse.errors().first()));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_kills_the_reference_parses_here() {
    for case in lines("corpus/static/reference-crashes.jsonl") {
        let parse = parse(case["air"].as_str().unwrap());
        assert!(parse.ok(), "{} {:?}", case["air"], parse.errors());
    }
}
