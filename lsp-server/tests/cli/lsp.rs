//! `air lsp`: that it is the server, and how it ends; what it answers is tested in `tests/protocol`.

use std::io::{Read, Write};
use std::process::Stdio;

use crate::sandbox::Sandbox;

const INITIALIZE: &str = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}"#;
const SHUTDOWN: &str = r#"{"jsonrpc":"2.0","id":2,"method":"shutdown"}"#;
const EXIT: &str = r#"{"jsonrpc":"2.0","method":"exit"}"#;

/// What the server writes when it gets these messages, and its exit code.
fn session(args: &[&str], messages: &[&str]) -> (String, Option<i32>) {
    let sandbox = Sandbox::new(&[]);
    let mut command = sandbox.command(args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    for body in messages {
        write!(stdin, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
    }
    let mut out = String::new();
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    (out, child.wait().unwrap().code())
}

#[test]
fn a_session() {
    let (out, code) = session(&["lsp", "--stdio"], &[INITIALIZE, SHUTDOWN, EXIT]);
    assert!(out.contains("\"capabilities\""), "{out}");
    assert_eq!(code, Some(0));
}

/// As the protocol says.
#[test]
fn an_exit_without_shutdown_is_a_failure() {
    assert_eq!(session(&["lsp"], &[INITIALIZE, EXIT]).1, Some(1));
}

#[test]
fn usage() {
    let run = Sandbox::new(&[]).air("lsp --port 1234");
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("unexpected argument '--port'"), "{}", run.err);
}
