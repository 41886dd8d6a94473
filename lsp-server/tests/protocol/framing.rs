//! Bytes that are no messages.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::Server;

fn alive(server: &mut Server) {
    assert_eq!(server.refused("unknown/method", Value::Null), -32601);
}

#[test]
fn garbage_is_answered_and_survived() {
    let mut server = Server::session(json!({}));
    for (bytes, code) in [
        (&b"hello\r\n\r\n"[..], -32700),
        (b"Content-Length: 5\r\n\r\n{\"a\":", -32700),
        (b"Content-Length: 2\r\n\r\n[]", -32600),
        (b"Content-Length: 2\r\n\r\n{}", -32600),
        (b"Content-Length: 2\r\n\r\n\xff\xff", -32700),
        (b"Content-Length: -1\r\n\r\n", -32700),
        (b"Content-Length: 99999999999999999999999999\r\n\r\n", -32700),
        (b"Content-Length: 2147483648\r\n\r\n", -32700),
        (b"Content-Type: text/plain\r\n\r\n", -32700),
    ] {
        server.raw(bytes);
        let error = server.answer_to(Value::Null).expect_err("an error");
        assert_eq!(error["code"], code, "{:?}", String::from_utf8_lossy(bytes));
        alive(&mut server);
    }
}

#[test]
fn unusual_headers_are_taken() {
    let mut server = Server::session(json!({}));
    let body = r#"{"jsonrpc":"2.0","id":"a","method":"unknown"}"#;
    for header in [
        format!("content-length: {}\r\n\r\n", body.len()),
        format!(
            "Content-Type: application/vscode-jsonrpc\r\nContent-Length:{}\r\nX-A: 1\r\n\r\n",
            body.len()
        ),
        format!("Content-Length: {}\n\n", body.len()),
    ] {
        server.raw(header.as_bytes());
        server.raw(body.as_bytes());
        assert_eq!(server.answer_to(json!("a")).expect_err("an error")["code"], -32601, "{header:?}");
    }
}

#[test]
fn a_message_in_small_pieces() {
    let mut server = Server::session(json!({}));
    let body = r#"{"jsonrpc":"2.0","id":7777,"method":"unknown"}"#;
    for byte in format!("Content-Length: {}\r\n\r\n{body}", body.len()).bytes() {
        server.raw(&[byte]);
        std::thread::sleep(Duration::from_micros(300));
    }
    server.answer(7777).expect_err("an error");
}

#[test]
fn strange_ids_and_answers() {
    let mut server = Server::session(json!({}));
    server.send(&json!({ "jsonrpc": "2.0", "id": null, "method": "unknown" }));
    assert_eq!(server.answer_to(Value::Null).expect_err("an error")["code"], -32601);
    server.send(&json!({ "jsonrpc": "2.0", "id": 1.5, "method": "unknown" }));
    assert_eq!(server.answer_to(Value::Null).expect_err("an error")["code"], -32600);
    // Answers to questions that the server never asked.
    server.send(&json!({ "jsonrpc": "2.0", "id": 12345, "result": null }));
    server.send(&json!({ "jsonrpc": "2.0", "id": "x", "error": { "code": 1, "message": "no" } }));
    alive(&mut server);
}

#[test]
fn wrong_parameters() {
    let mut server = Server::session(json!({}));
    for params in [
        Value::Null,
        json!([]),
        json!({ "textDocument": {} }),
        json!({ "textDocument": { "uri": 3 } }),
        json!({ "textDocument": { "uri": "no uri" } }),
    ] {
        assert_eq!(server.refused("textDocument/formatting", params), -32602);
    }
    server.open("file:///a.air", "(null)");
    server.notification("textDocument/publishDiagnostics");
    let params = json!({ "textDocument": { "uri": "file:///a.air" }, "positions": "all" });
    assert_eq!(server.refused("textDocument/selectionRange", params), -32602);
    server.notify("textDocument/didOpen", json!({ "textDocument": 3 }));
    let logged = server.notification("window/logMessage");
    assert!(logged["message"].as_str().unwrap().contains("didOpen ignored"), "{logged}");
}
