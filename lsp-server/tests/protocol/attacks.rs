//! Messages nobody should send: each is answered as the protocol says or logged, and the next one is served.

use std::path::Path;

use serde_json::{Value, json};

use crate::harness::Server;
use crate::readme;
use crate::sync::digest;

const URI: &str = "file:///attack.air";

fn session() -> Server {
    let capabilities = json!({
        "textDocument": { "diagnostic": {}, "codeAction": { "codeActionLiteralSupport": {} } },
        "workspace": { "workspaceFolders": true, "diagnostics": { "refreshSupport": true } },
    });
    let mut server = Server::session(capabilities);
    server.open(URI, "(seq (ap 1 x) (ap x $s))");
    server
}

/// Still there, and of one mind with the client.
fn alive(server: &mut Server) {
    server.open("file:///alive.air", "(null)");
    let document = json!({ "textDocument": { "uri": "file:///alive.air" } });
    assert_eq!(server.call("textDocument/diagnostic", document.clone())["items"], json!([]));
    server.notify("textDocument/didClose", document);
}

/// Takes whatever has been logged.
fn ignore_logs(server: &mut Server) {
    server.seen("window/logMessage");
}

fn text_is(server: &mut Server, text: &str) {
    let state = server.document(URI);
    assert_eq!((&state["length"], &state["digest"]), (&json!(text.len()), &json!(digest(text))), "{text:?}");
}

#[test]
fn nested_as_deep_as_can_be() {
    let mut server = session();
    for depth in [1_000, 1_000_000] {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let nested = format!("{}0{}", open.repeat(depth), close.repeat(depth));
            let body =
                format!(r#"{{"jsonrpc":"2.0","id":"deep","method":"textDocument/hover","params":{nested}}}"#);
            server.raw(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
            assert_eq!(server.answer_to(Value::Null).expect_err("no JSON that is read")["code"], -32700);
        }
    }
    alive(&mut server);
}

#[test]
fn lengths_that_lie() {
    let body = r#"{"jsonrpc":"2.0","id":"x","method":"unknown"}"#;
    for (length, extra) in [(body.len() - 5, ""), (5, ""), (body.len() + 7, "1234567"), (0, "")] {
        let mut server = session();
        server.raw(format!("Content-Length: {length}\r\n\r\n{body}{extra}").as_bytes());
        assert_eq!(server.answer_to(Value::Null).expect_err("no message")["code"], -32700, "{length}");
        let id = server.request("unknown", Value::Null);
        server.answer(id).expect_err("an error");
        // What was left of the body may have been told of as well.
        alive(&mut server);
        for _ in 0..2 {
            let id = server.request("unknown", Value::Null);
            server.answer(id).expect_err("an error");
        }
        server.forget(|message| message["id"].is_null() && message["error"]["code"] == -32700);
    }
}

#[test]
fn bodies_that_are_no_text() {
    let mut server = session();
    let mut body = br#"{"jsonrpc":"2.0","id":"x","method":"unknown","params":{"a":"..."}}"#.to_vec();
    let at = body.iter().position(|byte| *byte == b'.').unwrap();
    for bytes in [[0xff, 0xfe, 0xfd], [0xed, 0xa0, 0x80], [0xc0, 0x80, b'a'], [0, 1, 2]] {
        body[at..at + 3].copy_from_slice(&bytes);
        server.raw(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes());
        server.raw(&body);
        assert_eq!(server.answer_to(Value::Null).expect_err("no text")["code"], -32700, "{bytes:?}");
    }
    alive(&mut server);
}

#[test]
fn messages_of_strange_shapes() {
    let mut server = session();
    let request = json!({ "jsonrpc": "2.0", "id": "x", "method": "unknown" });
    for message in [
        json!([request, request]),
        json!([]),
        json!("initialize"),
        json!({ "jsonrpc": "2.0", "id": "x" }),
        json!({ "jsonrpc": "2.0", "id": {}, "method": "unknown" }),
        json!({ "jsonrpc": "2.0", "id": [1], "method": "unknown" }),
        json!({ "jsonrpc": "2.0", "id": "x", "method": 3 }),
        json!({ "jsonrpc": "1.0", "id": "x", "method": "unknown" }),
        json!({ "id": "x", "method": "unknown" }),
    ] {
        server.send(&message);
        assert_eq!(server.answer_to(Value::Null).expect_err("an error")["code"], -32600, "{message}");
    }
    for id in [json!(""), json!("é😀\u{0}"), json!("x".repeat(1 << 20)), json!(-1), json!(i64::MAX), json!(0)]
    {
        server.send(&json!({ "jsonrpc": "2.0", "id": id, "method": "unknown" }));
        assert_eq!(server.answer_to(id).expect_err("an error")["code"], -32601);
    }
    alive(&mut server);
}

/// Whatever its parameters are, a request has one answer.
#[test]
fn every_request_with_parameters_of_every_shape() {
    let mut server = session();
    let here = json!({ "uri": URI });
    let far = json!({ "line": u32::MAX, "character": u32::MAX });
    let shapes = [
        Value::Null,
        json!(3),
        json!("text"),
        json!([]),
        json!([{}, null]),
        json!({ "textDocument": null }),
        json!({ "textDocument": here, "position": null, "range": null, "positions": null, "query": null }),
        json!({ "textDocument": here, "position": { "line": -1, "character": 0 } }),
        json!({ "textDocument": here, "position": { "line": 1.5, "character": 1e300 } }),
        json!({ "textDocument": here, "position": { "line": 4_294_967_296_u64, "character": 0 }, "positions": [far] }),
        json!({
            "textDocument": here, "position": far, "positions": [far, far], "range": { "start": far, "end": far },
            "ranges": [{ "start": far, "end": far }], "ch": "\u{0}", "newName": "\u{0}", "query": "\u{0}",
            "options": { "tabSize": u32::MAX, "insertSpaces": true }, "context": { "diagnostics": [], "includeDeclaration": true },
            "previousResultId": "\u{0}", "previousResultIds": [], "uri": "air-view:x.air?%00", "item": { "name": "x" },
            "title": "x", "label": "x", "data": { "uri": URI, "version": -5 },
        }),
    ];
    for method in readme::requests() {
        for params in &shapes {
            let id = server.request(&method, params.clone());
            if let Err(error) = server.answer(id) {
                let code = error["code"].as_i64().unwrap();
                assert!([-32600, -32602, -32801, -32803].contains(&code), "{method} {params}: {error}");
            }
        }
    }
    ignore_logs(&mut server);
    alive(&mut server);
}

#[test]
fn every_command_with_arguments_of_every_shape() {
    let mut server = Server::start();
    // Without lenses that can be refreshed, outcomes would be messages.
    let can = json!({ "refreshSupport": true });
    let capabilities = json!({
        "textDocument": { "diagnostic": {} }, "workspace": { "diagnostics": can, "codeLens": can },
    });
    let result = server.initialize(json!({ "capabilities": capabilities }));
    let commands = result["capabilities"]["executeCommandProvider"]["commands"].as_array().unwrap().clone();
    assert!(commands.len() > 15, "{commands:?}");
    server.notify("initialized", json!({}));
    server.open(URI, "(seq (ap 1 x) (ap x $s))");
    let many: Vec<_> = (0..10_000).collect();
    for command in commands {
        for arguments in [
            Value::Null,
            json!({}),
            json!("x"),
            json!([]),
            json!([null]),
            json!([3]),
            json!(["x"]),
            json!([[]]),
            json!([{}]),
            json!([{ "uri": 3 }]),
            json!([{ "uri": "no uri" }]),
            json!([{ "uri": "file:///nowhere.air" }]),
            json!([{ "uri": URI, "position": null }]),
            json!([{ "uri": URI, "position": { "line": -1, "character": "x" }, "version": "x" }]),
            json!([{ "uri": URI, "sample": "x", "case": 3, "annotations": [] }]),
            json!([{ "uri": URI, "sample": true, "case": "\u{0}" }]),
            json!(many),
        ] {
            let params = json!({ "command": command, "arguments": arguments });
            let id = server.request("workspace/executeCommand", params);
            if let Err(error) = server.answer(id) {
                let code = error["code"].as_i64().unwrap();
                assert!([-32600, -32602, -32801, -32803].contains(&code), "{command} {arguments}: {error}");
            }
        }
    }
    for params in [json!({}), json!({ "command": 3 }), json!({ "command": "no.such" }), json!([])] {
        assert_eq!(server.refused("workspace/executeCommand", params), -32602);
    }
    ignore_logs(&mut server);
    alive(&mut server);
}

/// An edit that is not taken would leave a wrong text behind.
#[test]
fn versions_and_positions_that_are_no_numbers_of_the_protocol() {
    let mut server = session();
    let change = |server: &mut Server, version: Value, change: Value| {
        let document = json!({ "uri": URI, "version": version });
        server.notify(
            "textDocument/didChange",
            json!({ "textDocument": document, "contentChanges": [change] }),
        );
    };
    for (version, text) in [
        (Value::Null, "(null)"),
        (json!(3.0), "(never)"),
        (json!("seven"), "(null) "),
        (json!(9_999_999_999_u64), "(never) "),
        (json!(1e300), "(null)"),
        (json!(-1e300), ""),
    ] {
        change(&mut server, version, json!({ "text": text }));
        text_is(&mut server, text);
    }
    assert_eq!(server.document(URI)["version"], i32::MIN);
    let place = |line: Value, character: Value| json!({ "line": line, "character": character });
    let whole =
        json!({ "start": place(json!(-7), json!(-1.5)), "end": place(json!(1e300), json!(u64::MAX)) });
    change(&mut server, json!(i32::MAX), json!({ "range": whole, "text": "; é😀" }));
    text_is(&mut server, "; é😀");
    ignore_logs(&mut server);
    // Without a text there is nothing to be taken.
    change(&mut server, json!(i32::MAX), json!({ "range": whole }));
    let logged = server.notification("window/logMessage");
    assert!(logged["message"].as_str().unwrap().contains("didChange ignored"), "{logged}");
}

/// JavaScript can send half of a character.
#[test]
fn halves_of_surrogate_pairs() {
    let mut server = session();
    let mut send = |version: u32, change: &str| {
        let body = format!(
            r#"{{"jsonrpc":"2.0","method":"textDocument/didChange","params":{{"textDocument":{{"uri":"{URI}","version":{version}}},"contentChanges":[{change}]}}}}"#
        );
        server.raw(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    };
    send(2, r#"{"text":"; \ud83d| \ud83d\ude00"}"#);
    // In UTF-16 both count one.
    let at = |column: u32| format!(r#"{{"line":0,"character":{column}}}"#);
    send(3, &format!(r#"{{"range":{{"start":{},"end":{}}},"text":"\ude00"}}"#, at(3), at(4)));
    text_is(&mut server, "; \u{fffd}\u{fffd} 😀");
}

#[test]
fn uris_of_all_kinds() {
    let mut server = session();
    let long = format!("file:///{}.air", "a/".repeat(500_000));
    for uri in [
        "file:///%00.air",
        "file:///%FF%FE.air",
        "file:///..%2F..%2Fetc%2Fpasswd",
        "file:///etc/passwd",
        "file://host/share/x.air",
        "file:///",
        "file:///dev/zero",
        "FILE:///A.air",
        "untitled:é😀",
        "x:",
        "air-view:x.air?file%3A%2F%2F%2Fattack.air",
        &long,
    ] {
        server.open(uri, "(call x (\"s\" \"f\") [])");
        let document = json!({ "textDocument": { "uri": uri } });
        let name = uri.get(..40).unwrap_or(uri);
        let items = server.call("textDocument/diagnostic", document.clone())["items"].take();
        assert_eq!(items.as_array().map(Vec::len), Some(1), "{name}");
        server.call("textDocument/codeLens", document.clone());
        let run = json!({ "command": "air.run", "arguments": [{ "uri": uri }] });
        let id = server.request("workspace/executeCommand", run);
        let _ = server.answer(id);
        server.notify("textDocument/didClose", document);
    }
    ignore_logs(&mut server);
    alive(&mut server);
}

/// Names that break a script are refused, however long.
#[test]
fn new_names_that_are_none() {
    let mut server = session();
    let at = json!({ "line": 0, "character": 11 });
    let long = "y".repeat(1 << 20);
    for name in ["", " ", "a b", "x)", "\u{0}", "\n", "\"", "$", "%ttl%", "seq", "é\u{301}(", &long] {
        let params = json!({ "textDocument": { "uri": URI }, "position": at, "newName": name });
        let id = server.request("textDocument/rename", params);
        match server.answer(id) {
            Ok(edit) => assert_eq!(name, long, "{edit}"),
            Err(error) => assert!([-32602, -32803].contains(&error["code"].as_i64().unwrap()), "{error}"),
        }
    }
    alive(&mut server);
}

/// Thousands of findings, and thousands of questions about all of them at once.
#[test]
fn actions_for_everything_again_and_again() {
    let mut server = session();
    let calls: Vec<_> = (0..4096).map(|number| format!("(call p{number} (\"s\" \"f\") [])")).collect();
    let mut text = calls;
    while text.len() > 1 {
        text = text.chunks(2).map(|pair| format!("(seq {})", pair.join("\n"))).collect();
    }
    server.change(URI, 2, json!([{ "text": text.concat() }]));
    let whole =
        json!({ "start": { "line": 0, "character": 0 }, "end": { "line": u32::MAX, "character": 0 } });
    let asked: Vec<_> = (0..300)
        .map(|_| {
            let context = json!({ "diagnostics": [], "only": ["quickfix"] });
            let params = json!({ "textDocument": { "uri": URI }, "range": whole, "context": context });
            server.request("textDocument/codeAction", params)
        })
        .collect();
    for id in asked {
        let actions = server.answer(id).unwrap();
        assert!((1..=200).contains(&actions.as_array().unwrap().len()));
    }
    let items =
        server.call("textDocument/diagnostic", json!({ "textDocument": { "uri": URI } }))["items"].take();
    assert_eq!(items.as_array().unwrap().len(), 1001);
}

#[test]
fn settings_of_all_shapes() {
    let mut server = session();
    let mut deep = json!({});
    for _ in 0..100 {
        deep = json!({ "air": deep });
    }
    for settings in [
        Value::Null,
        json!(3),
        json!([]),
        json!("air"),
        json!({ "air": 3 }),
        json!({ "air": [] }),
        json!({ "air": { "format": 3, "levels": [], "run": "x" } }),
        json!({ "air": { "format": { "indent-width": -1, "compact": "é".repeat(100_000) } } }),
        json!({ "air": { "levels": { "unused-variable": "shout", "no-such": "allow", "V001": "allow" } } }),
        json!({ "air": { "run": { "memory": -1, "time": 1e300, "on-save": [] } } }),
        deep,
    ] {
        server.notify("workspace/didChangeConfiguration", json!({ "settings": settings }));
    }
    alive(&mut server);
    let told = server.seen("window/logMessage");
    for part in ["format.indent-width", "format.compact", "levels", "run.memory", "run.time", "run.on-save"] {
        assert!(told.iter().any(|told| told["message"].as_str().unwrap().contains(part)), "{part}: {told:?}");
    }
}

/// Asks for everything that looks at files.
fn look_everywhere(server: &mut Server, uri: &str) -> usize {
    let document = json!({ "textDocument": { "uri": uri } });
    server.call("textDocument/codeLens", document);
    let context = json!({ "includeDeclaration": true });
    let params = json!({ "textDocument": { "uri": uri }, "position": { "line": 0, "character": 7 }, "context": context });
    server.call("textDocument/references", params);
    server.call("workspace/diagnostic", json!({ "previousResultIds": [] }));
    let run = json!({ "command": "air.run", "arguments": [{ "uri": uri }] });
    let id = server.request("workspace/executeCommand", run);
    let _ = server.answer(id);
    let symbols = server.call("workspace/symbol", json!({ "query": "" }));
    symbols.as_array().map_or(0, Vec::len)
}

fn in_folder(folder: &Path) -> Server {
    let mut server = Server::start();
    let uri = format!("file://{}", folder.display());
    server.initialize(json!({
        "capabilities": { "textDocument": { "diagnostic": {} }, "workspace": { "diagnostics": { "refreshSupport": true } } },
        "workspaceFolders": [{ "uri": uri, "name": "x" }],
    }));
    server.notify("initialized", json!({}));
    server
}

/// Nothing in a folder holds the server: not a pipe that nobody writes to, not a device without end.
#[cfg(unix)]
#[test]
fn a_workspace_of_traps() {
    use std::os::unix::fs::symlink;

    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let pipe = |name: &str| {
        assert!(std::process::Command::new("mkfifo").arg(at(name)).status().unwrap().success());
    };
    std::fs::create_dir(at("inner")).unwrap();
    std::fs::create_dir(at("folder.air")).unwrap();
    std::fs::create_dir(at("air.toml")).unwrap();
    std::fs::write(at("good.air"), "(call \"peer\" (\"srv\" \"fn\") [])").unwrap();
    std::fs::write(at("inner/other.air"), "(call \"peer\" (\"srv\" \"gn\") [])").unwrap();
    std::fs::write(at("bytes.air"), b"(null) \xff\xfe").unwrap();
    std::fs::write(at("large.air"), vec![b' '; 9 << 20]).unwrap();
    symlink(folder.path(), at("inner/loop")).unwrap();
    symlink(at("nowhere"), at("broken.air")).unwrap();
    symlink("/dev/zero", at("zero.air")).unwrap();
    for name in ["pipe.air", "good.sample.json", ".air.toml", ".editorconfig"] {
        pipe(name);
    }
    let uri = format!("file://{}", at("good.air").display());
    let mut server = in_folder(folder.path());
    server.open(&uri, "(call \"peer\" (\"srv\" \"fn\") [])");
    let found = look_everywhere(&mut server, &uri);
    assert!(found >= 4, "{found} symbols");
    // Said of a file that is not open.
    let pipe_uri = format!("file://{}", at("pipe.air").display());
    server.call(
        "textDocument/hover",
        json!({ "textDocument": { "uri": pipe_uri }, "position": { "line": 0, "character": 0 } }),
    );
    // Somebody puts a pipe where the walk would read what to leave out.
    pipe("inner/.gitignore");
    let found = look_everywhere(&mut server, &uri);
    assert!(found >= 3, "{found} symbols");
    ignore_logs(&mut server);
    alive(&mut server);
}

#[test]
fn a_workspace_that_vanishes() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("root");
    for number in 0..40 {
        let inner = root.join(format!("d{number}"));
        std::fs::create_dir_all(&inner).unwrap();
        for number in 0..25 {
            std::fs::write(inner.join(format!("{number}.air")), "(call \"p\" (\"s\" \"f\") [])").unwrap();
        }
    }
    let mut server = in_folder(&root);
    let asked: Vec<_> = (0..3).map(|_| server.request("workspace/symbol", json!({ "query": "" }))).collect();
    std::fs::remove_dir_all(&root).unwrap();
    for id in asked {
        server.answer(id).unwrap();
    }
    let left = server.call("workspace/symbol", json!({ "query": "" }));
    assert!(left.as_array().is_none_or(Vec::is_empty), "{left}");
    for uri in ["file:///nowhere", "untitled:x", "file:///%00"] {
        let folder = json!([{ "uri": uri, "name": "" }]);
        let event = json!({ "added": folder, "removed": folder });
        server.notify("workspace/didChangeWorkspaceFolders", json!({ "event": event }));
    }
    let changes: Vec<_> =
        (0..10_000).map(|number| json!({ "uri": format!("file:///{number}.air"), "type": 1 })).collect();
    server.notify("workspace/didChangeWatchedFiles", json!({ "changes": changes }));
    ignore_logs(&mut server);
    alive(&mut server);
}

/// Nobody is left to be told anything.
#[test]
fn output_that_is_closed() {
    use std::io::Write;
    use std::process::{Command, Stdio};

    let mut server = Command::new(env!("CARGO_BIN_EXE_air-lsp"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    drop(server.stdout.take());
    let mut input = server.stdin.take().unwrap();
    let body = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}"#;
    write!(input, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
    let until = std::time::Instant::now() + crate::harness::LIMIT;
    let status = loop {
        if let Some(status) = server.try_wait().unwrap() {
            break status;
        }
        assert!(std::time::Instant::now() < until, "it goes on for nobody");
        std::thread::sleep(std::time::Duration::from_millis(5));
    };
    assert_eq!(status.code(), Some(1), "and its input was open");
    drop(input);
}
