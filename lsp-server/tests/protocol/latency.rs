//! How fast. The limits here only catch what is badly wrong on a busy machine; real figures:
//! `cargo run --release -p air-tests --bin typing`.

use std::time::{Duration, Instant};

use crate::large_script::script;
use serde_json::{Value, json};

use crate::harness::Server;

const URI: &str = "file:///large.air";

fn pulling() -> Server {
    Server::session(json!({
        "textDocument": { "diagnostic": {} },
        "workspace": { "diagnostics": { "refreshSupport": true } },
        "general": { "positionEncodings": ["utf-8"] },
    }))
}

fn diagnostics(server: &mut Server) -> Value {
    server.call("textDocument/diagnostic", json!({ "textDocument": { "uri": URI } }))
}

#[test]
fn a_large_script_answers_soon() {
    let mut server = pulling();
    let text = script(1 << 20);
    server.open(URI, &text);
    let report = diagnostics(&mut server);
    let errors = report["items"].as_array().unwrap().iter().filter(|item| item["severity"] == 1);
    assert_eq!(errors.count(), 0, "the generated script is a good one");
    for method in [
        "textDocument/documentSymbol",
        "textDocument/semanticTokens/full",
        "textDocument/foldingRange",
        "textDocument/formatting",
        "air/view",
    ] {
        let begun = Instant::now();
        let options = json!({ "tabSize": 1, "insertSpaces": true });
        let params = match method {
            "textDocument/formatting" => json!({ "textDocument": { "uri": URI }, "options": options }),
            _ => json!({ "textDocument": { "uri": URI } }),
        };
        assert!(!server.call(method, params).is_null());
        assert!(begun.elapsed() < Duration::from_secs(10), "{method}: {:?}", begun.elapsed());
    }
}

/// Replace all: thousands of small edits in one message.
#[test]
fn thousands_of_edits_in_one_message() {
    let mut server = pulling();
    let text = script(1 << 20);
    server.open(URI, &text);
    let lines = u32::try_from(text.lines().count()).unwrap();
    let edits: Vec<_> = (0..3_000_u32)
        .map(|number| {
            let line = (number * 7919) % lines;
            let place = json!({ "line": line, "character": 0 });
            json!({ "range": { "start": place, "end": place }, "text": " " })
        })
        .collect();
    let begun = Instant::now();
    server.change(URI, 2, json!(edits));
    assert_eq!(server.document(URI)["length"], text.len() + 3_000);
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}

#[test]
fn one_endless_line() {
    let mut server = Server::session(
        json!({ "textDocument": { "diagnostic": {} }, "workspace": { "diagnostics": { "refreshSupport": true } } }),
    );
    let text = "(seq (null) ".repeat(3000) + &"(call \"é😀\" (\"s\" \"f\") [x] y) ".repeat(10_000);
    server.open(URI, &text);
    let begun = Instant::now();
    for method in
        ["textDocument/diagnostic", "textDocument/semanticTokens/full", "textDocument/documentSymbol"]
    {
        server.call(method, json!({ "textDocument": { "uri": URI } }));
    }
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

/// Peak resident memory in MiB.
pub(crate) fn peak(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse::<u64>().ok()).unwrap_or_default()
        / 1024
}
