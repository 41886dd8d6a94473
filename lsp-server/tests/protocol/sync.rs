//! Text stays in step: encodings, edits, order.

use serde_json::{Value, json};

use crate::harness::Server;

const URI: &str = "file:///a.air";

/// FNV-1a, as `air/document` tells it.
pub(crate) fn digest(text: &str) -> String {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    format!("{hash:016x}")
}

fn pulling(encodings: Value) -> Server {
    Server::session(
        json!({ "textDocument": { "diagnostic": {} }, "workspace": { "diagnostics": { "refreshSupport": true } }, "general": { "positionEncodings": encodings } }),
    )
}

fn expect_text(server: &mut Server, version: i64, text: &str) {
    let state = server.document(URI);
    assert_eq!(state["version"], version);
    assert_eq!(state["length"], text.len(), "expected {text:?}");
    assert_eq!(state["digest"], digest(text), "expected {text:?}");
}

fn edit(line: u32, start: u32, end_line: u32, end: u32, text: &str) -> Value {
    json!({
        "range": { "start": { "line": line, "character": start }, "end": { "line": end_line, "character": end } },
        "text": text,
    })
}

const LINES: &str = "; é😀 first\r\n(call \"ü😀\" (\"s\" \"f\") [x])\n; last 𝄞";

#[test]
fn edits_in_utf_16() {
    let mut server = pulling(json!(["utf-16"]));
    server.open(URI, LINES);
    // Between the characters of the second line: the literal is at 6, its emoji at 8 and 9.
    server.change(URI, 2, json!([edit(1, 8, 1, 10, "Q")]));
    expect_text(&mut server, 2, "; é😀 first\r\n(call \"üQ\" (\"s\" \"f\") [x])\n; last 𝄞");
    server.change(URI, 3, json!([edit(0, 3, 0, 5, ""), edit(2, 7, 2, 9, "end")]));
    expect_text(&mut server, 3, "; é first\r\n(call \"üQ\" (\"s\" \"f\") [x])\n; last end");
}

#[test]
fn edits_in_utf_8_and_utf_32() {
    let mut server = pulling(json!(["utf-16", "utf-8"]));
    server.open(URI, LINES);
    server.change(URI, 2, json!([edit(1, 9, 1, 13, "Q")]));
    expect_text(&mut server, 2, "; é😀 first\r\n(call \"üQ\" (\"s\" \"f\") [x])\n; last 𝄞");
    let mut server = pulling(json!(["utf-32"]));
    server.open(URI, LINES);
    server.change(URI, 2, json!([edit(1, 8, 1, 9, "Q")]));
    expect_text(&mut server, 2, "; é😀 first\r\n(call \"üQ\" (\"s\" \"f\") [x])\n; last 𝄞");
}

#[test]
fn columns_inside_characters_and_ranges_outside_the_text() {
    let mut server = pulling(json!(["utf-16"]));
    server.open(URI, "a😀b\nc");
    // Inside the surrogate pair: its start.
    server.change(URI, 2, json!([edit(0, 2, 0, 2, "|")]));
    expect_text(&mut server, 2, "a|😀b\nc");
    // Behind the line, behind the text, reversed.
    server.change(URI, 3, json!([edit(0, 99, 0, 100, "!")]));
    expect_text(&mut server, 3, "a|😀b!\nc");
    server.change(URI, 4, json!([edit(7, 0, u32::MAX, u32::MAX, "?")]));
    expect_text(&mut server, 4, "a|😀b!\nc?");
    server.change(URI, 5, json!([edit(1, 1, 1, 0, "d")]));
    expect_text(&mut server, 5, "a|😀b!\nd?");
}

#[test]
fn line_endings_of_all_kinds() {
    let mut server = pulling(json!(["utf-8"]));
    server.open(URI, "a\rb\r\nc\nd");
    server.change(URI, 2, json!([edit(1, 0, 1, 1, "B"), edit(2, 0, 2, 1, "C"), edit(3, 0, 3, 1, "D")]));
    expect_text(&mut server, 2, "a\rB\r\nC\nD");
    // A line feed typed between makes two lines out of one ending.
    server.change(URI, 3, json!([edit(1, 1, 2, 0, "\r")]));
    server.change(URI, 4, json!([edit(2, 0, 2, 0, "x")]));
    expect_text(&mut server, 4, "a\rB\rxC\nD");
}

#[test]
fn nonsense_is_logged_and_ignored() {
    let mut server = pulling(json!(["utf-8"]));
    let logged = |server: &mut Server, part: &str| {
        let message = server.notification("window/logMessage");
        assert!(message["message"].as_str().unwrap().contains(part), "{message}");
    };
    server.change(URI, 2, json!([{ "text": "x" }]));
    logged(&mut server, "not open");
    server.notify("textDocument/didClose", json!({ "textDocument": { "uri": URI } }));
    logged(&mut server, "not open");
    server.open(URI, "(null)");
    server.change(URI, 5, json!([{ "text": "x" }]));
    // The same version again is odd, but what the client sends is what it has.
    server.change(URI, 5, json!([{ "text": "(never)" }]));
    expect_text(&mut server, 5, "(never)");
    server.open(URI, "(again)");
    logged(&mut server, "was opened twice");
    expect_text(&mut server, 1, "(again)");
    server.notify("textDocument/didClose", json!({ "textDocument": { "uri": URI } }));
    assert_eq!(server.document(URI), Value::Null);
    server.notify("textDocument/didSave", json!({ "textDocument": { "uri": URI } }));
}

/// Whatever the number, the client has made the edit, and nothing of the text before is shown as if it were of the new one.
#[test]
fn no_edit_is_lost_for_its_version() {
    let later = json!({
        "codeActionLiteralSupport": {}, "dataSupport": true, "resolveSupport": { "properties": ["edit"] },
    });
    let mut server = Server::session(json!({
        "textDocument": { "diagnostic": {}, "codeAction": later },
        "workspace": { "diagnostics": { "refreshSupport": true } },
    }));
    let here = json!({ "textDocument": { "uri": URI } });
    let whole = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 9 } });
    server.open(URI, "(ap 1 x)");
    let huge = i64::from(i32::MAX);
    for (number, version) in [5, 4, 4, 0, -7, huge, huge, huge + 9, 1, 1].into_iter().enumerate() {
        let run = json!({ "command": "air.run", "arguments": [{ "uri": URI }] });
        server.call("workspace/executeCommand", run);
        assert_eq!(server.hints(URI).len(), 1);
        let mut asked = here.clone();
        asked["range"] = whole.clone();
        asked["context"] = json!({ "diagnostics": [], "only": ["refactor"] });
        let actions = server.call("textDocument/codeAction", asked);
        let resolve = |server: &mut Server| {
            let id = server.request("codeAction/resolve", actions[0].clone());
            server.answer(id)
        };
        assert!(resolve(&mut server).is_ok());

        let text = format!("(ap {number} y{number})");
        server.change(URI, version, json!([{ "text": text }]));
        expect_text(&mut server, version.min(huge), &text);
        assert_eq!(server.hints(URI), Vec::<String>::new(), "values of the text before, version {version}");
        assert_eq!(resolve(&mut server).unwrap_err()["code"], -32801, "version {version}");
    }
    // Without a number at all.
    let change = json!({ "textDocument": { "uri": URI }, "contentChanges": [{ "text": "(null)" }] });
    server.notify("textDocument/didChange", change);
    expect_text(&mut server, 1, "(null)");
}

#[test]
fn any_uri_is_a_name() {
    let mut server = pulling(json!(["utf-8"]));
    for uri in ["untitled:Untitled-1", "file:///c%3A/%C3%A4/a%20b.air", "vscode-remote://host/a.air", "air:x"]
    {
        server.open(uri, "(null)");
        assert_eq!(server.document(uri)["length"], 6, "{uri}");
    }
}

/// A thousand edits and requests, none waiting for another: each answer must be about the text
/// between the edits it was sent between, and the end must be as if opened anew.
#[test]
fn a_thousand_interleaved_edits_and_requests() {
    let mut server = pulling(json!(["utf-16"]));
    let mut text =
        String::from("(seq\n (call \"ü😀\" (\"s\" \"f\") [] x)\n (par\n  (null)\n  (null)\n )\n)\n");
    server.open(URI, &text);
    let mut random = Random(42);
    let mut expected = Vec::new();
    let mut features = Vec::new();
    let pieces =
        ["(null)", "\n", "é", "😀", "", " ", "(", ")", "\"", "x.$.a!", "; c\n", "\r\n", "(seq (null)", "$s"];
    for version in 2..1002 {
        let (from, to) = random.range(&text);
        let piece = pieces[random.below(pieces.len())];
        let change =
            json!({ "range": { "start": position(&text, from), "end": position(&text, to) }, "text": piece });
        text.replace_range(from..to, piece);
        server.change(URI, version, json!([change]));
        let state = server.request("air/document", json!({ "textDocument": { "uri": URI } }));
        expected.push((state, version, text.len(), digest(&text)));
        if version % 3 == 0 {
            let method = [
                "textDocument/documentSymbol",
                "textDocument/semanticTokens/full",
                "textDocument/foldingRange",
            ];
            let method = method[random.below(3)];
            features.push(server.request(method, json!({ "textDocument": { "uri": URI } })));
        }
        if version % 50 == 0 {
            server.notify("$/cancelRequest", json!({ "id": features.last() }));
        }
    }
    for (id, version, length, digest) in expected {
        let state = server.answer(id).unwrap();
        assert_eq!(
            (&state["version"], &state["length"], &state["digest"]),
            (&json!(version), &json!(length), &json!(digest))
        );
    }
    for id in features {
        if let Err(error) = server.answer(id) {
            assert!([-32801, -32800].contains(&error["code"].as_i64().unwrap()), "{error}");
        }
    }
    let fresh = "file:///fresh.air";
    server.open(fresh, &text);
    for method in [
        "textDocument/semanticTokens/full",
        "textDocument/documentSymbol",
        "textDocument/foldingRange",
        "textDocument/diagnostic",
        "air/view",
    ] {
        let mut edited = server.call(method, json!({ "textDocument": { "uri": URI } }));
        let mut opened = server.call(method, json!({ "textDocument": { "uri": fresh } }));
        for result in [&mut edited, &mut opened] {
            // What names the document or its version differs, of course.
            if let Some(object) = result.as_object_mut() {
                object.remove("version");
            }
        }
        let named = edited.to_string().replace(URI, fresh);
        assert_eq!(named, opened.to_string(), "{method}");
    }
}

/// A small generator, so that a failure can be repeated.
pub(crate) struct Random(pub u64);

impl Random {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    /// A short range on character boundaries.
    pub(crate) fn range(&mut self, text: &str) -> (usize, usize) {
        let mut from = self.below(text.len() + 1);
        let mut to = (from + self.below(8)).min(text.len());
        while !text.is_char_boundary(from) {
            from -= 1;
        }
        while !text.is_char_boundary(to) {
            to += 1;
        }
        // A position between carriage return and line feed cannot be said in the protocol.
        let between = |at: usize| text[..at].ends_with('\r') && text[at..].starts_with('\n');
        if between(from) {
            from -= 1;
        }
        if between(to) {
            to += 1;
        }
        (from, to)
    }
}

/// Position in UTF-16, computed the slow way.
pub(crate) fn position(text: &str, offset: usize) -> Value {
    let before = text[..offset].replace("\r\n", "\n").replace('\r', "\n");
    let line = before.matches('\n').count();
    let column = before.rsplit('\n').next().unwrap().encode_utf16().count();
    json!({ "line": line, "character": column })
}
