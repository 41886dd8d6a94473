//! Damaged configurations, sample data and messages of clients: whatever comes, there is an answer and no panic. See
//! `tests/src/fuzz.rs`.

// Tests fail loudly; the rules for libraries are for libraries.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::string_slice, clippy::print_stdout)]

use std::path::PathBuf;

use air_service::Service;
use air_service::config::read;
use air_service::host::memory::MemoryHost;
use air_simulation::report::{Limits, Report};
use air_simulation::run::{RunRequest, run_json};
use air_simulation::sample::from_json;
use serde_json::{Value, json};

#[allow(dead_code, unreachable_pub, missing_docs, reason = "shared by tests of several crates")]
#[path = "../../../tests/src/fuzz.rs"]
mod fuzz;

const CONFIGURATION: &str = r#"[format]
indent-width = 2
compact = true
line-ending = "crlf"
[levels]
unused-allow = "hint"
L004 = "error"
hints = "allow"
[check]
output-format = "concise"
[beautify]
indent-step = 4
patterns = true
[hints]
closing = false
[run]
memory = 64
time = 5000
make-up = true
values = "auto"
[peers]
relay = "12D3KooWMhVpgfQxBLkQkJed8VFNvgN4iE6MD7xCybb1ZYWW2Gtz"
[files]
max-size = 67108864
"#;

#[test]
fn configurations() {
    let words = [
        "[",
        "]",
        "[[",
        "]]",
        "=",
        "\"",
        "'''",
        "\"\"\"",
        "\n",
        "#",
        "{",
        "}",
        ",",
        ".",
        "true",
        "1979-05-27",
        "[levels]\n",
        "[peers]\n",
        "L001",
        "unused-allow",
        "\"error\"",
        "format",
        "indent-width = 9",
        "max-size = 0",
        "inf",
        "nan",
        "0x",
        "\\u0000",
    ];
    fuzz::fuzz("air.toml", 4_000, &[CONFIGURATION.as_bytes().to_vec()], &words, |input| {
        let text = String::from_utf8_lossy(input);
        if let Err(problems) = read::parse(&text) {
            assert!(!problems.is_empty());
            let lines = text.lines().count() + 1;
            for problem in problems {
                assert!(!problem.message.is_empty() && problem.line <= lines, "{problem:?}");
            }
        }
    });
}

fn samples() -> Vec<Vec<u8>> {
    let mut seeds =
        fuzz::seeds(&[fuzz::shared("corpus/exec"), PathBuf::from("../../tests/scripts")], ".json", 300);
    seeds.retain(|seed| seed.len() < 2_900);
    seeds.push(
        br#"{"init_peer": "@init", "peers": ["@init", "@a"], "particle": {"timestamp": 5, "ttl": 7},
        "services": [{"peer": "@a", "service": "s", "function": "f", "answer": {"ok": [1, {"b": null}]}},
          {"function": "g", "answer": {"seq": [{"err": [1, "no"]}, {"echo": 0}]}}, {"answer": {"by_arg": [0, {"1": {"ok": 1}}]}}],
        "given": {"x": 1, "y": [1, 2]}, "expect": {"outcome": "completed", "response": [1], "calls": [{"peer": "@a"}], "values": {"x": 1}},
        "cases": [{"name": "one", "given": {"x": 2}, "expect": {"error": 10000}}, {"name": "two"}]}"#
            .to_vec(),
    );
    seeds
}

/// Read, and run with a script that asks for much of it.
#[test]
fn sample_data() {
    let words = [
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\"",
        "null",
        "true",
        "\"ok\"",
        "\"err\"",
        "\"echo\"",
        "\"seq\"",
        "\"by_arg\"",
        "\"given\"",
        "\"cases\"",
        "\"peers\"",
        "\"@a\"",
        "\"services\"",
        "\"answer\"",
        "\"particle\"",
        "\"ttl\"",
        "\"expect\"",
        "//",
        "/*",
        "*/",
        "\\ud800",
        "\\",
        "\"call_result_size_limit\": 1",
        "\"any_peer\": true",
        "\"unit\"",
        "\"tetraplet\"",
    ];
    let script = "(seq (call \"@a\" (\"s\" \"f\") [x] y) (seq (call \"@a\" (\"s\" \"g\") [y y.$.[0]] $z) (fold $z i (seq (call %init_peer_id% (\"s\" \"g\") [i]) (next i)))))";
    let limits = Limits { max_steps: 20, max_instructions: 2_000, ..Limits::default() };
    fuzz::fuzz("sample data", 2_500, &samples(), &words, |input| {
        let text = String::from_utf8_lossy(input).into_owned();
        let (sample, problems) = from_json(&text);
        for problem in &problems {
            assert!(text.get(problem.range.clone()).is_some() && !problem.message.is_empty(), "{problem:?}");
        }
        for (case, range) in &sample.cases {
            assert!(text.get(range.clone()).is_some(), "{case:?}");
        }
        let case = sample.cases.first().map(|(case, _)| case.name.clone()).filter(|_| input.len() % 2 == 1);
        let air = sample.air.clone().filter(|air| air.len() < 500).unwrap_or_else(|| script.to_owned());
        let request = RunRequest { text: air, sample: Some(text), case, limits, ..RunRequest::default() };
        let answer = run_json(&serde_json::to_vec(&request).unwrap());
        let answer = std::str::from_utf8(&answer).unwrap();
        let refused = answer.starts_with("{\"error\"");
        assert!(refused || Report::from_json(answer).is_ok(), "{answer}");
        assert!(problems.is_empty() || refused, "{problems:?}");
    });
}

/// A session's messages, one a line, with one of them damaged, or lost, or said twice.
#[test]
fn messages_of_clients() {
    let words = [
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\"",
        "null",
        "\"id\"",
        "\"method\"",
        "\"params\"",
        "\"textDocument/didOpen\"",
        "\"textDocument/didChange\"",
        "\"textDocument/hover\"",
        "\"textDocument/rename\"",
        "\"workspace/executeCommand\"",
        "\"air.run\"",
        "\"air/view\"",
        "\"$/cancelRequest\"",
        "\"shutdown\"",
        "\"exit\"",
        "\"initialize\"",
        "\"file:///w/s.air\"",
        "\"file:///\"",
        "\"untitled:1\"",
        "\"range\"",
        "\"position\"",
        "\"line\"",
        "\"character\"",
        "\"version\"",
        "\"(seq (null)\"",
        "\"workspaceFolders\"",
        "\"result\"",
        "\"error\"",
    ];
    let seeds: Vec<Vec<u8>> = session().iter().map(|message| message.to_string().into_bytes()).collect();
    // Where the damage falls into a session goes on from target to target.
    let turn = std::cell::Cell::new(0_usize);
    fuzz::fuzz("messages", 250, &seeds, &words, |input| {
        let memory = MemoryHost::default();
        memory.files.write("/w/other.air", "(call \"@a\" (\"s\" \"f\") [] x)");
        memory.files.write("/w/air.toml", "[levels]\nL001 = \"allow\"\n");
        let mut service = Service::new(memory.host());
        let place = turn.replace(turn.get() + 1) % (session().len() + 1);
        let mut asked = 0;
        for (index, message) in session().iter().enumerate() {
            if index == place {
                send(&mut service, &memory, &String::from_utf8_lossy(input));
            }
            asked += usize::from(message.get("id").is_some());
            send(&mut service, &memory, &message.to_string());
        }
        let said = send(&mut service, &memory, &json!({ "jsonrpc": "2.0", "id": 9999, "method": "air/document", "params": { "textDocument": { "uri": "file:///w/s.air" } } }).to_string());
        let ended = service.exit_code().is_some();
        assert!(ended || said.iter().any(|message| message["id"] == 9999), "it still answers: {said:?}");
        assert!(asked > 10);
    });
}

fn send(service: &mut Service, memory: &MemoryHost, text: &str) -> Vec<Value> {
    if service.exit_code().is_some() {
        return Vec::new();
    }
    service.receive(text);
    let mut told = Vec::new();
    loop {
        service.idle();
        if !memory.jobs.step(|event| told.push(event)) {
            break;
        }
        told.drain(..).for_each(|event| service.handle(event));
    }
    let mut said = Vec::new();
    while let Some(message) = service.outbox().pop() {
        let message: Value = serde_json::from_str(&message.into_text()).expect("JSON");
        // A panic of a job is caught and answered so.
        assert_ne!(message["error"]["code"], -32603, "{message}");
        said.push(message);
    }
    said
}

fn session() -> Vec<Value> {
    let uri = "file:///w/s.air";
    let script = "(seq\n (call \"@a\" (\"s\" \"f\") [] x)\n (fold x.$.a i (par (call i (\"s\" \"g\") [x 1]) (next i))))\n";
    let request = |id: i64, method: &str, more: Value| {
        let mut params = json!({ "textDocument": { "uri": uri } });
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params })
    };
    let here = json!({ "line": 1, "character": 26 });
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 2, "character": 5 } });
    let at = json!({ "position": here });
    let change = json!([{ "range": { "start": here, "end": here }, "text": " " }]);
    vec![
        json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {
            "capabilities": { "textDocument": { "publishDiagnostics": {} }, "workspace": { "applyEdit": true } },
            "workspaceFolders": [{ "uri": "file:///w", "name": "w" }] } }),
        json!({ "jsonrpc": "2.0", "method": "initialized", "params": {} }),
        json!({ "jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {
            "textDocument": { "uri": uri, "languageId": "air", "version": 1, "text": script } } }),
        request(1, "textDocument/hover", at.clone()),
        request(2, "textDocument/completion", at.clone()),
        request(3, "textDocument/codeAction", json!({ "range": range, "context": { "diagnostics": [] } })),
        request(4, "textDocument/rename", json!({ "position": here, "newName": "y" })),
        request(5, "textDocument/semanticTokens/full", json!({})),
        request(6, "textDocument/formatting", json!({ "options": { "tabSize": 1, "insertSpaces": true } })),
        request(7, "textDocument/selectionRange", json!({ "positions": [here] })),
        request(8, "textDocument/inlayHint", json!({ "range": range })),
        json!({ "jsonrpc": "2.0", "method": "textDocument/didChange", "params": {
            "textDocument": { "uri": uri, "version": 2 }, "contentChanges": change } }),
        request(9, "textDocument/diagnostic", json!({})),
        json!({ "jsonrpc": "2.0", "id": 10, "method": "workspace/executeCommand", "params": {
            "command": "air.raise", "arguments": [{ "uri": uri, "position": here }] } }),
        json!({ "jsonrpc": "2.0", "id": 11, "method": "workspace/symbol", "params": { "query": "x" } }),
        json!({ "jsonrpc": "2.0", "method": "workspace/didChangeConfiguration", "params": { "settings": { "air": { "hints": { "closing": false } } } } }),
        json!({ "jsonrpc": "2.0", "method": "$/cancelRequest", "params": { "id": 9 } }),
        request(12, "air/view", json!({})),
    ]
}
