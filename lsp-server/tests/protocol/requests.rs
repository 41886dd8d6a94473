//! Requests that wait, fail, are cancelled or come too late.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::{PROCESS, Server};

const URI: &str = "file:///a.air";

/// A session that asks for diagnostics itself, with one open script.
fn session() -> Server {
    let mut server = Server::session(
        json!({ "textDocument": { "diagnostic": {} }, "workspace": { "diagnostics": { "refreshSupport": true } } }),
    );
    server.open(URI, "(null)");
    server
}

fn sleep(server: &mut Server, ms: u64) -> i64 {
    server.request("air/test/sleep", json!({ "textDocument": { "uri": URI }, "ms": ms }))
}

fn formatting(server: &mut Server) -> i64 {
    let options = json!({ "tabSize": 4, "insertSpaces": true });
    server.request("textDocument/formatting", json!({ "textDocument": { "uri": URI }, "options": options }))
}

#[test]
fn a_cancelled_request_ends_at_once() {
    let mut server = session();
    let begun = Instant::now();
    let id = sleep(&mut server, 20_000);
    server.notify("$/cancelRequest", json!({ "id": id }));
    assert_eq!(server.answer(id).expect_err("cancelled")["code"], -32800);
    assert!(begun.elapsed() < Duration::from_secs(5));
    // Ids may be strings and large numbers.
    for id in [json!("a"), json!(9_007_199_254_740_991_i64)] {
        let params = json!({ "textDocument": { "uri": URI }, "ms": 20_000 });
        server.send(&json!({ "jsonrpc": "2.0", "id": id, "method": "air/test/sleep", "params": params }));
        server.notify("$/cancelRequest", json!({ "id": id }));
        assert_eq!(server.answer_to(id).expect_err("cancelled")["code"], -32800);
    }
    // Unknown and answered ones change nothing.
    server.notify("$/cancelRequest", json!({ "id": id }));
    server.notify("$/cancelRequest", json!({ "id": "nobody" }));
}

/// The cancellation is heard while every worker is busy, and frees the workers.
#[test]
fn a_storm_of_cancellations() {
    let mut server = session();
    let begun = Instant::now();
    let ids: Vec<_> = (0..500).map(|_| sleep(&mut server, 10_000)).collect();
    for id in &ids {
        server.notify("$/cancelRequest", json!({ "id": id }));
    }
    for id in ids {
        assert_eq!(server.answer(id).expect_err("cancelled")["code"], -32800);
    }
    let id = sleep(&mut server, 0);
    server.answer(id).unwrap();
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}

/// Formatting has a thread of its own, the owner answers itself.
#[test]
fn busy_workers_hold_nobody_else() {
    if !PROCESS {
        return println!("SKIPPED: there are no other workers");
    }
    let mut server = session();
    let begun = Instant::now();
    let slow: Vec<_> = (0..16).map(|_| sleep(&mut server, 20_000)).collect();
    let format = formatting(&mut server);
    server.answer(format).unwrap();
    assert_eq!(server.document(URI)["version"], 1);
    assert!(begun.elapsed() < Duration::from_secs(5));
    for id in slow {
        server.notify("$/cancelRequest", json!({ "id": id }));
        server.answer(id).expect_err("cancelled");
    }
}

#[test]
fn a_panic_answers_one_request_and_nothing_else() {
    let mut server = session();
    server.expect_panics();
    for version in 2..20 {
        server.change(URI, version, json!([{ "text": "(null)" }]));
        let id = server.request("air/test/panic", json!({ "textDocument": { "uri": URI } }));
        let error = server.answer(id).expect_err("an error");
        assert_eq!(error["code"], -32603);
        let logged = server.notification("window/logMessage");
        let message = logged["message"].as_str().unwrap();
        assert!(message.contains("as the test asked") && message.contains("digest"), "{message}");
        assert!(!message.contains("(null)"), "the text stays private");
        // It would fail again, so it is not tried on the same text.
        let id = server.request("air/test/panic", json!({ "textDocument": { "uri": URI } }));
        let error = server.answer(id).expect_err("an error");
        assert!(error["message"].as_str().unwrap().contains("failed on this text before"), "{error}");
        assert!(server.seen("window/logMessage").is_empty());
    }
    let id = formatting(&mut server);
    server.answer(id).unwrap();
    // Standard error has it too.
    server.writes("as the test asked");
}

#[test]
fn results_for_an_older_text_are_not_sent() {
    let mut server = session();
    let panic = server.request("air/test/panic", json!({ "textDocument": { "uri": "file:///other.air" } }));
    assert_eq!(server.answer(panic).unwrap(), Value::Null, "not open: nothing to do");
    // All workers are busy, so this one is still waiting when the text changes.
    let slow: Vec<_> = (0..16).map(|_| sleep(&mut server, 20_000)).collect();
    let symbols = server.request("textDocument/documentSymbol", json!({ "textDocument": { "uri": URI } }));
    let diagnostics = server.request("textDocument/diagnostic", json!({ "textDocument": { "uri": URI } }));
    server.change(URI, 2, json!([{ "text": "(never)" }]));
    assert_eq!(server.answer(symbols).expect_err("too late")["code"], -32801);
    let error = server.answer(diagnostics).expect_err("too late");
    assert_eq!((&error["code"], &error["data"]["retriggerRequest"]), (&json!(-32802), &json!(true)));
    for id in slow {
        server.notify("$/cancelRequest", json!({ "id": id }));
        server.answer(id).expect_err("cancelled");
    }
}

#[test]
fn one_id_twice() {
    let mut server = session();
    let id = sleep(&mut server, 20_000);
    server.send(&json!({ "jsonrpc": "2.0", "id": id, "method": "air/document", "params": { "textDocument": { "uri": URI } } }));
    assert_eq!(server.answer(id).expect_err("an error")["code"], -32600);
    server.notify("$/cancelRequest", json!({ "id": id }));
    assert_eq!(server.answer(id).expect_err("cancelled")["code"], -32800);
    // Free again.
    server.send(&json!({ "jsonrpc": "2.0", "id": id, "method": "air/document", "params": { "textDocument": { "uri": URI } } }));
    assert_eq!(server.answer(id).unwrap()["version"], 1);
}

#[test]
fn long_work_shows_progress() {
    let mut server = session();
    let long = format!("(seq\n (null)\n (null)\n) ; {}", "x".repeat(2 << 20));
    server.change(URI, 2, json!([{ "text": long }]));
    let params = json!({ "textDocument": { "uri": URI }, "ms": 1, "workDoneToken": "token" });
    let id = server.request("air/test/sleep", params);
    let begin = server.notification("$/progress");
    assert_eq!((&begin["token"], &begin["value"]["kind"]), (&json!("token"), &json!("begin")));
    server.answer(id).unwrap();
    assert_eq!(server.notification("$/progress")["value"]["kind"], "end");
    // Short texts: not worth it.
    server.change(URI, 3, json!([{ "text": "(null)" }]));
    server.call("air/test/sleep", json!({ "textDocument": { "uri": URI }, "ms": 1, "workDoneToken": 4 }));
}

/// What an edit makes stale is neither finished nor sent, whether it was asked for or not.
#[test]
fn stale_diagnostics_are_given_up() {
    if !PROCESS {
        return println!("SKIPPED: nothing can come while a single thread works");
    }
    let uri = "file:///large.air";
    let text = crate::large_script::script(3 << 20);
    let params = json!({ "textDocument": { "uri": uri } });
    let start = json!({ "line": 0, "character": 0 });
    let blank = json!([{ "range": { "start": start, "end": start }, "text": " " }]);
    for pulls in [false, true] {
        let mut server = Server::start_saying(&[], "debug");
        let capabilities = match pulls {
            true => {
                json!({ "textDocument": { "diagnostic": {} }, "workspace": { "diagnostics": { "refreshSupport": true } } })
            }
            false => json!({}),
        };
        server.initialize(json!({ "capabilities": capabilities }));
        server.notify("initialized", json!({}));
        server.open(uri, &text);
        if pulls {
            let first = server.request("textDocument/diagnostic", params.clone());
            server.writes("debug: textDocument/diagnostic\n");
            server.change(uri, 2, blank.clone());
            let error = server.answer(first).expect_err("too late");
            assert_eq!((&error["code"], &error["data"]["retriggerRequest"]), (&json!(-32802), &json!(true)));
            server.writes("textDocument/diagnostic given up");
            assert_eq!(server.call("textDocument/diagnostic", params.clone())["kind"], "full");
        } else {
            for version in 2..5 {
                server.writes(&format!("version {} begun", version - 1));
                server.change(uri, version, blank.clone());
                server.writes(&format!("version {} given up", version - 1));
            }
            let published = server.notification("textDocument/publishDiagnostics");
            assert_eq!(published["version"], 4, "the newest, and no other before it");
        }
    }
}
