//! Clients that ask for too much.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::{LIMIT, Server};
use crate::latency::peak;

const URI: &str = "file:///hostile.air";

fn pulling() -> Server {
    Server::session(
        json!({ "textDocument": { "diagnostic": {} }, "workspace": { "diagnostics": { "refreshSupport": true } } }),
    )
}

fn alive(server: &mut Server) {
    server.open("file:///alive.air", "(null)");
    let report =
        server.call("textDocument/diagnostic", json!({ "textDocument": { "uri": "file:///alive.air" } }));
    assert_eq!(report["items"], json!([]));
    server.notify("textDocument/didClose", json!({ "textDocument": { "uri": "file:///alive.air" } }));
}

/// It is kept, since the client may well go on to edit it, but nobody analyses it.
#[test]
fn a_document_of_a_hundred_megabytes() {
    let mut server = pulling();
    let text = "(null) ".repeat((100 << 20) / 7);
    server.open(URI, &text);
    assert_eq!(server.document(URI)["length"], text.len());
    let report = server.call("textDocument/diagnostic", json!({ "textDocument": { "uri": URI } }));
    let message = report["items"][0]["message"].as_str().unwrap();
    assert!(message.contains("at most 32 MiB"), "{message}");
    server.change(URI, 2, json!([{ "text": "(null)" }]));
    let report = server.call("textDocument/diagnostic", json!({ "textDocument": { "uri": URI } }));
    assert_eq!(report["items"], json!([]));
}

/// Longer than the limit: skipped without being kept.
#[test]
fn a_message_beyond_the_limit() {
    let mut server = pulling();
    let length = 200 << 20;
    server.raw(format!("Content-Length: {length}\r\n\r\n").as_bytes());
    let piece = vec![b'x'; 1 << 20];
    for _ in 0..200 {
        server.raw(&piece);
    }
    let error = server.answer_to(Value::Null).expect_err("no message");
    assert!(error["message"].as_str().unwrap().contains("was skipped"), "{error}");
    alive(&mut server);
    assert!(peak(server.id()) < 60, "{} MiB", peak(server.id()));
}

#[test]
fn a_thousand_open_documents() {
    let mut server = pulling();
    let uri = |number: usize| format!("file:///many/{number}.air");
    let text =
        |number: usize| format!("(seq (call \"p{number}\" (\"s\" \"f\") [] x) (ap x $s))\n").repeat(20);
    for number in 0..1000 {
        server.open(&uri(number), &text(number));
    }
    let asked: Vec<_> = (0..1000)
        .map(|number| {
            server.request("textDocument/documentSymbol", json!({ "textDocument": { "uri": uri(number) } }))
        })
        .collect();
    for id in asked {
        assert!(!server.answer(id).unwrap().is_null());
    }
    let full = peak(server.id());
    assert!(full < 250, "{full} MiB");
    for round in 0..3 {
        for number in 0..1000 {
            server.change(&uri(number), 2 + round, json!([{ "text": "(null)" }]));
        }
    }
    for number in 0..1000 {
        assert_eq!(server.document(&uri(number))["length"], 6);
        server.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri(number) } }));
    }
    alive(&mut server);
}

/// Ten thousand edits, looked at now and then, and as much memory as after a thousand.
#[test]
fn ten_thousand_edits_leave_nothing_behind() {
    let mut server = pulling();
    let text = crate::large_script::script(100_000);
    server.open(URI, &text);
    let line = text.lines().count() / 2;
    let mut after_a_thousand = 0;
    for edit in 0..10_000 {
        let insert = edit % 2 == 0;
        let (start, end) = (json!({ "line": line, "character": 0 }), json!({ "line": line, "character": 1 }));
        let end = if insert { start.clone() } else { end };
        let new = if insert { " " } else { "" };
        server.change(URI, 2 + edit, json!([{ "range": { "start": start, "end": end }, "text": new }]));
        if edit % 10 == 0 {
            server.call("textDocument/diagnostic", json!({ "textDocument": { "uri": URI } }));
        }
        if edit == 1_000 {
            after_a_thousand = resident(server.id());
        }
    }
    let report = server.call("textDocument/diagnostic", json!({ "textDocument": { "uri": URI } }));
    let errors = report["items"].as_array().unwrap().iter().filter(|item| item["severity"] == 1);
    assert_eq!(errors.count(), 0, "{report}");
    assert_eq!(server.document(URI)["length"], text.len());
    let grown = resident(server.id());
    assert!(grown < after_a_thousand * 11 / 10 + 2048, "{after_a_thousand} kB, then {grown} kB");
}

/// Resident memory in kB.
fn resident(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Asked and taken back ten thousand times, in any order.
#[test]
fn cancellations_of_what_is_not_there_and_of_what_is() {
    let mut server = pulling();
    server.open(URI, "(null)");
    let begun = Instant::now();
    let mut asked = Vec::new();
    for number in 0..10_000_i64 {
        server.notify("$/cancelRequest", json!({ "id": number * 7919 % 20_000 }));
        if number % 10 == 0 {
            asked
                .push(server.request("textDocument/foldingRange", json!({ "textDocument": { "uri": URI } })));
        }
    }
    for id in asked {
        match server.answer(id) {
            Ok(ranges) => assert_eq!(ranges, json!([])),
            Err(error) => assert_eq!(error["code"], -32800),
        }
    }
    assert!(begun.elapsed() < LIMIT);
    alive(&mut server);
}

/// The editor's way of last resort.
#[cfg(unix)]
#[test]
fn terminated_in_the_middle() {
    let mut server = pulling();
    server.open(URI, "(null)");
    server.request("air/test/sleep", json!({ "textDocument": { "uri": URI }, "ms": 20_000 }));
    alive(&mut server);
    let begun = Instant::now();
    let id = server.id().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    let status = server.wait_for_end();
    assert!(!status.success());
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}
