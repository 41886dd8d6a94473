//! Time grows with the text: every request of the server on every shape of text, in processor time of this thread, at
//! sizes that grow until the times tell. `--nocapture` prints the table of exponents.

// Tests fail loudly; the rules for libraries are for libraries.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::string_slice, clippy::print_stdout)]

use std::collections::BTreeSet;
use std::time::Duration;

use air_service::Service;
use air_service::host::memory::MemoryHost;
use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};

#[allow(dead_code, unreachable_pub, missing_docs, reason = "shared by tests of several crates")]
#[path = "../../../tests/src/growth.rs"]
mod growth;
#[allow(dead_code, unreachable_pub, missing_docs, reason = "shared by tests of several crates")]
#[path = "../../../tests/src/shapes.rs"]
mod shapes;

use growth::{Growth, STEP};
use shapes::{SHAPES, Shape, shape};

const URI: &str = "file:///w/script.air";
/// The first size, in bytes; two more are always measured.
const SMALLEST: usize = 1 << 10;
/// The largest one that is tried where times are too short to tell.
const LARGEST: usize = 256 << 10;

/// What may grow faster, with the reason.
const ALLOWED: &[(&str, &str, &str)] = &[];

/// Requests that this test does not send, with the reason.
const ELSEWHERE: &[(&str, &str)] = &[
    ("air/test/panic", "breaks the service on purpose"),
    ("air/test/sleep", "waits on purpose"),
    (
        "workspace/diagnostic",
        "is held back until something changes; the same work as textDocument/diagnostic",
    ),
];

fn cpu() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap()
}

/// Of a message with all that comes of it.
#[derive(Clone, Copy)]
struct Cost {
    time: Duration,
    /// Bytes that the service says.
    answer: usize,
}

/// A session with one script that is open.
struct Session {
    memory: MemoryHost,
    service: Service,
    last_id: i64,
    version: i64,
}

impl Session {
    fn new() -> Session {
        let memory = MemoryHost::default();
        let service = Service::new(memory.host());
        let mut session = Session { memory, service, last_id: 0, version: 1 };
        let capabilities = json!({
            "textDocument": {
                "diagnostic": {},
                "completion": { "completionItem": { "resolveSupport": { "properties": ["documentation"] } } },
                "codeAction": {
                    "codeActionLiteralSupport": { "codeActionKind": { "valueSet": [] } },
                    "resolveSupport": { "properties": ["edit"] },
                    "dataSupport": true,
                },
                "hover": { "contentFormat": ["markdown"] },
            },
            "workspace": { "diagnostics": { "refreshSupport": true }, "workspaceEdit": { "documentChanges": true } },
            "general": { "positionEncodings": ["utf-16"] },
        });
        let folders = json!([{ "uri": "file:///w", "name": "w" }]);
        session.call("initialize", json!({ "workspaceFolders": folders, "capabilities": capabilities }));
        session.notify("initialized", json!({}));
        session
    }

    /// Gives a message to the service and does all that comes of it: what is said, and what it cost.
    fn send(&mut self, message: &Value) -> (Vec<String>, Cost) {
        let text = message.to_string();
        let begun = cpu();
        self.service.receive(&text);
        let mut told = Vec::new();
        loop {
            self.service.idle();
            if !self.memory.jobs.step(|event| told.push(event)) {
                break;
            }
            told.drain(..).for_each(|event| self.service.handle(event));
        }
        let mut said = Vec::new();
        while let Some(message) = self.service.outbox().pop() {
            said.push(message.into_text());
        }
        let cost = Cost { time: cpu() - begun, answer: said.iter().map(String::len).sum() };
        (said, cost)
    }

    fn notify(&mut self, method: &str, params: Value) -> Cost {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params })).1
    }

    /// The answer; `null` for an error, which some shapes deserve.
    fn call(&mut self, method: &str, params: Value) -> (Value, Cost) {
        self.last_id += 1;
        let id = self.last_id;
        let (said, time) =
            self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        let answers = said.iter().map(|message| serde_json::from_str::<Value>(message).unwrap());
        let mut answers = answers.filter(|message| message["id"] == id && message.get("method").is_none());
        let answer = answers.next().unwrap_or_else(|| panic!("{method} has no answer"));
        (answer["result"].clone(), time)
    }

    fn change(&mut self, start: &Value, text: &str) -> Cost {
        self.version += 1;
        let document = json!({ "uri": URI, "version": self.version });
        let change = json!([{ "range": { "start": start, "end": start }, "text": text }]);
        self.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": change }))
    }
}

/// Where a name stands in the middle of the text, as a position, and the end of the text.
fn places(text: &str) -> (Value, Value) {
    let middle = text.floor_char_boundary(text.len() / 2);
    let name = text[middle..].find(|letter: char| letter.is_ascii_lowercase()).unwrap_or(0);
    let position = |offset: usize| {
        let before = &text[..offset];
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        json!({ "line": before.matches('\n').count(), "character": before[line..].encode_utf16().count() })
    };
    (position(middle + name), position(text.len()))
}

/// Sends everything to a server that has this text open; `only` what is of interest.
fn measure(
    shape: &Shape,
    bytes: usize,
    only: Option<&BTreeSet<String>>,
    growth: &mut Growth,
) -> BTreeSet<String> {
    let text = shape.sized(bytes, air_syntax::MAX_DEPTH - 2);
    let (here, end) = places(&text);
    let mut session = Session::new();
    let mut sent = BTreeSet::new();
    let size = text.len();
    let mut note = |what: &str, Cost { time, answer }: Cost| {
        sent.insert(what.to_owned());
        growth.note(&(what.to_owned(), shape.name), size, answer, time);
    };
    let document = json!({ "uri": URI, "languageId": "air", "version": 1, "text": text });
    note("textDocument/didOpen", session.notify("textDocument/didOpen", json!({ "textDocument": document })));

    let start = json!({ "line": 0, "character": 0 });
    let whole = json!({ "start": start, "end": end });
    let point = json!({ "start": here, "end": here });
    let options = json!({ "tabSize": 1, "insertSpaces": true });
    let with = |more: Value| {
        let mut params = json!({ "textDocument": { "uri": URI } });
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        params
    };
    let at = with(json!({ "position": here }));
    let wanted = |method: &str| only.is_none_or(|only| only.contains(method));

    // What others ask for anew comes first, so that each pays for itself only.
    let diagnostics = session.call("textDocument/diagnostic", with(json!({})));
    note("textDocument/diagnostic", diagnostics.1);
    let near: Vec<Value> = diagnostics.0["items"].as_array().into_iter().flatten().take(3).cloned().collect();
    let plain: &[(&str, Value)] = &[
        ("textDocument/declaration", at.clone()),
        ("textDocument/definition", at.clone()),
        ("textDocument/implementation", at.clone()),
        ("textDocument/documentHighlight", at.clone()),
        ("textDocument/documentSymbol", with(json!({}))),
        ("textDocument/foldingRange", with(json!({}))),
        ("textDocument/hover", at.clone()),
        ("textDocument/inlayHint", with(json!({ "range": whole }))),
        ("textDocument/linkedEditingRange", at.clone()),
        ("textDocument/prepareRename", at.clone()),
        (
            "textDocument/references",
            with(json!({ "position": here, "context": { "includeDeclaration": true } })),
        ),
        ("textDocument/rename", with(json!({ "position": here, "newName": "another" }))),
        ("textDocument/selectionRange", with(json!({ "positions": [here] }))),
        ("textDocument/semanticTokens/range", with(json!({ "range": whole }))),
        ("textDocument/signatureHelp", at.clone()),
        ("textDocument/formatting", with(json!({ "options": options }))),
        ("textDocument/rangeFormatting", with(json!({ "range": whole, "options": options }))),
        ("textDocument/rangesFormatting", with(json!({ "ranges": [point, whole], "options": options }))),
        ("textDocument/onTypeFormatting", with(json!({ "position": here, "ch": ")", "options": options }))),
        ("workspace/symbol", json!({ "query": "x" })),
        (
            "workspace/willRenameFiles",
            json!({ "files": [{ "oldUri": URI, "newUri": "file:///w/other.air" }] }),
        ),
        ("textDocument/codeLens", with(json!({}))),
        ("air/view", with(json!({ "options": { "idioms": true, "comments": true } }))),
        ("workspace/textDocumentContent", json!({ "uri": "air-view:s.air?file%3A%2F%2F%2Fw%2Fscript.air" })),
        ("air/document", with(json!({}))),
    ];
    for (method, params) in plain {
        if wanted(method) {
            note(method, session.call(method, params.clone()).1);
        }
    }
    // Those with a second half.
    let actions = with(json!({ "range": whole, "context": { "diagnostics": near } }));
    for (first, params, second) in [
        ("textDocument/codeAction", actions, "codeAction/resolve"),
        ("textDocument/completion", at.clone(), "completionItem/resolve"),
    ] {
        if wanted(first) || wanted(second) {
            let (answer, time) = session.call(first, params);
            note(first, time);
            let items = answer.get("items").unwrap_or(&answer).as_array().cloned().unwrap_or_default();
            if let Some(item) = items.iter().find(|item| item.get("data").is_some()) {
                note(second, session.call(second, item.clone()).1);
            }
        }
    }
    if wanted("textDocument/prepareCallHierarchy") {
        let (answer, time) = session.call("textDocument/prepareCallHierarchy", at.clone());
        note("textDocument/prepareCallHierarchy", time);
        for method in ["callHierarchy/incomingCalls", "callHierarchy/outgoingCalls"] {
            if let Some(item) = answer.get(0) {
                note(method, session.call(method, json!({ "item": item })).1);
            }
        }
    }
    for command in STRUCTURAL {
        if wanted(command) {
            let arguments = json!([{ "uri": URI, "position": here }]);
            let params = json!({ "command": command, "arguments": arguments });
            note(command, session.call("workspace/executeCommand", params).1);
        }
    }
    let (tokens, time) = session.call("textDocument/semanticTokens/full", with(json!({})));
    note("textDocument/semanticTokens/full", time);
    // Typing in the middle, with what editors ask for then.
    for typed in ["(", "x", " "] {
        note("textDocument/didChange", session.change(&here, typed));
        note(
            "textDocument/diagnostic after a keystroke",
            session.call("textDocument/diagnostic", with(json!({}))).1,
        );
    }
    if wanted("textDocument/semanticTokens/full/delta") {
        let params = with(json!({ "previousResultId": tokens["resultId"] }));
        note(
            "textDocument/semanticTokens/full/delta",
            session.call("textDocument/semanticTokens/full/delta", params).1,
        );
    }
    sent
}

const STRUCTURAL: [&str; 11] = [
    "air.slurpForward",
    "air.slurpBackward",
    "air.barfForward",
    "air.barfBackward",
    "air.raise",
    "air.splice",
    "air.dragForward",
    "air.dragBackward",
    "air.kill",
    "air.jumpToClosingBracket",
    "air.jumpToOpeningBracket",
];

#[test]
fn time_grows_with_the_text() {
    // A debug build's own stack frames are large, and editors' threads have more, too.
    let thread = std::thread::Builder::new().stack_size(8 << 20).spawn(suite).unwrap();
    thread.join().unwrap();
}

fn suite() {
    let mut growth = Growth::new(Duration::from_micros(400));
    let mut sent = BTreeSet::new();
    for shape in &SHAPES {
        for bytes in [SMALLEST, SMALLEST * STEP, SMALLEST * STEP * STEP] {
            sent.extend(measure(shape, bytes, None, &mut growth));
        }
    }
    // What may grow too fast is asked again: larger until its time tells, and once more where it does.
    let mut bytes = SMALLEST * STEP * STEP;
    while bytes <= LARGEST && !growth.suspects().is_empty() {
        let mut again: std::collections::BTreeMap<&str, BTreeSet<String>> = Default::default();
        let guilty: BTreeSet<_> = growth.guilty().into_iter().map(|(what, _)| what).collect();
        for what in growth.suspects().into_iter().filter(|what| !guilty.contains(what)) {
            again.entry(what.1).or_default().insert(what.0);
        }
        bytes *= STEP;
        for (name, only) in &again {
            measure(&shape(name), bytes, Some(only), &mut growth);
        }
    }
    for ((what, name), _) in growth.guilty() {
        let only = BTreeSet::from([what]);
        let mut bytes = SMALLEST * STEP;
        while bytes <= LARGEST * STEP {
            if growth.has(&only, name, shape(name).sized(bytes, air_syntax::MAX_DEPTH - 2).len()) {
                measure(&shape(name), bytes, Some(&only), &mut growth);
            }
            bytes *= STEP;
        }
    }
    println!("{}", growth.table());
    let allowed =
        |what: &growth::What| ALLOWED.iter().any(|(done, shape, _)| *done == what.0 && *shape == what.1);
    let wrong = growth.wrong(allowed);
    assert!(wrong.is_empty(), "grows faster than the text:\n{wrong}");
    let routes = include_str!("../src/routes.rs");
    let methods = routes.split('"').skip(1).step_by(2).filter(|word| {
        word.contains('/')
            && !word.starts_with('/')
            && word.chars().all(|letter| letter.is_ascii_alphabetic() || letter == '/')
    });
    let missing: Vec<&str> = methods
        .filter(|method| !sent.contains(*method) && ELSEWHERE.iter().all(|(known, _)| known != method))
        .collect();
    assert!(missing.is_empty(), "never sent: {missing:?}");
}
