//! From start to end, and what a client may do wrong on the way.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::Server;

const SCRIPT: &str = "file:///a.air";

#[test]
fn initialize_tells_what_the_server_can() {
    let mut server = Server::start();
    let result = server.initialize(json!({ "processId": null, "rootUri": null, "capabilities": {} }));
    assert_eq!(result["serverInfo"]["name"], "air-lsp");
    assert_eq!(result["capabilities"]["positionEncoding"], "utf-16");
    assert_eq!(result["capabilities"]["textDocumentSync"]["change"], 2);
    assert_eq!(result["capabilities"]["documentRangeFormattingProvider"]["rangesSupport"], true);
    assert_eq!(result["capabilities"]["workspace"]["textDocumentContent"]["schemes"], json!(["air-view"]));
}

#[test]
fn a_strange_initialize_still_starts() {
    for params in
        [json!({}), json!({ "capabilities": [3], "processId": "x", "initializationOptions": 7 }), Value::Null]
    {
        let mut server = Server::start();
        server.initialize(params);
    }
}

#[test]
fn before_initialize() {
    let mut server = Server::start();
    let document = json!({ "textDocument": { "uri": SCRIPT } });
    assert_eq!(server.refused("textDocument/formatting", document.clone()), -32002);
    assert_eq!(server.refused("shutdown", Value::Null), -32002);
    server.open(SCRIPT, "(null)");
    server.initialize(json!({ "capabilities": {} }));
    assert_eq!(server.call("air/document", document), Value::Null, "what came too early was ignored");
}

#[test]
fn initialize_twice() {
    let mut server = Server::session(json!({}));
    assert_eq!(server.refused("initialize", json!({ "capabilities": {} })), -32600);
}

#[test]
fn after_shutdown() {
    let mut server = Server::session(json!({}));
    server.call("shutdown", Value::Null);
    assert_eq!(server.refused("textDocument/formatting", json!({})), -32600);
    assert_eq!(server.refused("shutdown", Value::Null), -32600);
    server.open(SCRIPT, "(null)");
    server.notify("exit", Value::Null);
    assert_eq!(server.wait_for_end().code(), Some(0));
}

#[test]
fn exit_without_shutdown() {
    let mut server = Server::session(json!({}));
    server.notify("exit", Value::Null);
    assert_eq!(server.wait_for_end().code(), Some(1));
    let mut server = Server::start();
    server.notify("exit", Value::Null);
    assert_eq!(server.wait_for_end().code(), Some(1), "before initialize");
}

#[test]
fn unknown_methods() {
    let mut server = Server::session(json!({}));
    assert_eq!(server.refused("textDocument/typeDefinition", json!({})), -32601);
    assert_eq!(server.refused("$/unknown", json!({})), -32601);
    server.notify("$/unknown", json!({}));
    server.notify("unknown", json!({}));
}

#[test]
fn end_of_input() {
    for initialized in [false, true] {
        let mut server = if initialized { Server::session(json!({})) } else { Server::start() };
        server.close_input();
        assert_eq!(server.wait_for_end().code(), Some(1));
    }
}

/// Scripts write requests into a pipe and read what comes out.
#[test]
fn end_of_input_leaves_time_for_answers() {
    let mut server = Server::session(json!({}));
    server.open(SCRIPT, "(null)");
    let published = server.notification("textDocument/publishDiagnostics");
    assert_eq!(published["diagnostics"], json!([]));
    let document = json!({ "uri": SCRIPT });
    let slow = server.request("air/test/sleep", json!({ "textDocument": document, "ms": 200 }));
    server.close_input();
    let slept = server.answer(slow).unwrap();
    assert!(slept.as_str().unwrap().parse::<u64>().unwrap() >= 200);
    assert_eq!(server.wait_for_end().code(), Some(1));
}

#[test]
#[cfg(target_os = "linux")]
fn the_parent_dies() {
    let mut parent = Command::new("sleep").arg("600").stdin(Stdio::null()).spawn().unwrap();
    let mut server = Server::start();
    server.initialize(json!({ "processId": parent.id(), "capabilities": {} }));
    server.notify("initialized", json!({}));
    std::thread::sleep(Duration::from_millis(50));
    assert_eq!(server.refused("nothing", Value::Null), -32601, "it lives while the parent does");
    parent.kill().unwrap();
    parent.wait().unwrap();
    let begun = Instant::now();
    assert_eq!(server.wait_for_end().code(), Some(1));
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[test]
#[cfg(target_os = "linux")]
fn the_parent_is_dead_already() {
    let mut parent = Command::new("true").spawn().unwrap();
    parent.wait().unwrap();
    let id = parent.id().to_string();
    let mut server = Server::start_with(&["--stdio", &format!("--clientProcessId={id}")]);
    server.initialize(json!({ "processId": null, "capabilities": {} }));
    assert_eq!(server.wait_for_end().code(), Some(1));
}

#[test]
fn nothing_to_do_costs_nothing() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let mut server = Server::session(json!({}));
    server.open(SCRIPT, "(null)");
    server.notification("textDocument/publishDiagnostics");
    std::thread::sleep(Duration::from_millis(100));
    let before = wake_ups(server.id());
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(wake_ups(server.id()), before, "context switches while nobody asked for anything");
}

/// Context switches of all threads.
fn wake_ups(process: u32) -> u64 {
    let threads = std::fs::read_dir(format!("/proc/{process}/task")).unwrap();
    let status =
        threads.map(|thread| std::fs::read_to_string(thread.unwrap().path().join("status")).unwrap());
    status
        .flat_map(|status| {
            let counts: Vec<u64> = status
                .lines()
                .filter(|line| line.contains("ctxt_switches"))
                .map(|line| line.split_whitespace().nth(1).unwrap().parse().unwrap())
                .collect();
            counts
        })
        .sum()
}

#[test]
fn version_and_help() {
    for (argument, expected) in [("--version", "air-lsp 0."), ("--help", "Language Server Protocol")] {
        let output = Command::new(env!("CARGO_BIN_EXE_air-lsp")).arg(argument).output().unwrap();
        assert!(output.status.success());
        assert!(String::from_utf8(output.stdout).unwrap().contains(expected), "{argument}");
    }
    let output = Command::new(env!("CARGO_BIN_EXE_air-lsp")).arg("--nonsense").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}
