//! Clients that do not listen.

use std::io::{BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{LIMIT, read_message};

fn start() -> Child {
    Command::new(env!("CARGO_BIN_EXE_air-lsp"))
        .env("AIR_LOG", "debug")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn frame(message: &Value) -> Vec<u8> {
    let body = message.to_string();
    format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

fn request(id: i64, method: &str, params: Value) -> Vec<u8> {
    frame(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }))
}

/// The pipe of standard error fills up and nobody empties it.
#[test]
fn nobody_reads_standard_error() {
    let mut server = start();
    let mut input = server.stdin.take().unwrap();
    input.write_all(&request(1, "initialize", json!({ "capabilities": {} }))).unwrap();
    for number in 0..5000 {
        let params = json!({ "textDocument": { "uri": format!("file:///{number}.air") } });
        let close = json!({ "jsonrpc": "2.0", "method": "textDocument/didClose", "params": params });
        input.write_all(&frame(&close)).unwrap();
    }
    input.write_all(&request(2, "shutdown", Value::Null)).unwrap();
    input.write_all(&frame(&json!({ "jsonrpc": "2.0", "method": "exit" }))).unwrap();
    let (done, ended) = channel();
    let mut output = server.stdout.take().unwrap();
    std::thread::spawn(move || {
        let mut all = Vec::new();
        output.read_to_end(&mut all).unwrap();
        done.send(all).unwrap();
    });
    let all = ended.recv_timeout(LIMIT).expect("the server goes on and ends");
    assert!(String::from_utf8_lossy(&all).contains("\"id\":2"));
    assert_eq!(server.wait().unwrap().code(), Some(0));
}

/// Answers wait until they are read, more of them than any pipe holds; edits go on meanwhile.
#[test]
fn answers_are_read_late() {
    let mut server = start();
    let mut input = server.stdin.take().unwrap();
    let mut errors = server.stderr.take().unwrap();
    std::thread::spawn(move || std::io::copy(&mut errors, &mut std::io::sink()));
    input.write_all(&request(0, "initialize", json!({ "capabilities": {} }))).unwrap();
    let document = json!({ "uri": "file:///a.air", "languageId": "air", "version": 1, "text": "(call x (\"\" \"\") [])" });
    let open =
        json!({ "jsonrpc": "2.0", "method": "textDocument/didOpen", "params": { "textDocument": document } });
    input.write_all(&frame(&open)).unwrap();
    for number in 1..=6000 {
        let document = json!({ "uri": "file:///a.air", "version": number + 1 });
        let change =
            json!({ "textDocument": document, "contentChanges": [{ "text": "(call y (\"\" \"\") [])" }] });
        let change = json!({ "jsonrpc": "2.0", "method": "textDocument/didChange", "params": change });
        input.write_all(&frame(&change)).unwrap();
        let params = json!({ "textDocument": { "uri": "file:///a.air" } });
        input.write_all(&request(number, "air/document", params)).unwrap();
    }
    std::thread::sleep(Duration::from_millis(200));
    let mut output = BufReader::new(server.stdout.take().unwrap());
    let mut answered = 0;
    let mut published = 0;
    while answered <= 6000 {
        let message = read_message(&mut output).expect("a message");
        match message["id"].as_i64() {
            Some(id) if id > 0 => assert_eq!(message["result"]["version"], id + 1),
            Some(_) => {}
            None => published += 1,
        }
        answered += i64::from(message["id"].is_i64());
    }
    assert!(published < 3000, "publications that nobody read are replaced: {published}");
    drop(input);
    assert_eq!(server.wait().unwrap().code(), Some(1));
}
