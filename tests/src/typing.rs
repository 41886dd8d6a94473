//! What somebody who types waits for: the real server over its pipes, with large scripts.
//!
//! In the middle of a script, at its start and at its end an instruction is typed letter by letter and taken away
//! again; a closing bracket is deleted and put back. After each keystroke the diagnostics are asked for, and now
//! and then all that an editor asks for besides. Times are from writing the edit to the last byte of the answer.
//!
//! Memory is looked at three times: when only typing has been done, when everything has been asked, much of it at once,
//! and when a script has been run.
//!
//! A server for WebAssembly's text can be driven the same way, to see where we stand.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::session::Session;
use crate::wat;

/// What is typed in.
#[derive(Debug, Clone, Copy)]
pub struct Language {
    id: &'static str,
    uri: &'static str,
    /// A text of about that many bytes; lines that begin with `(call` are where to type.
    script: fn(usize) -> String,
    /// Broken until [`TYPED_END`] stands behind what it is typed in front of.
    typed: &'static str,
    /// A whole instruction.
    nothing: &'static str,
}

/// What `air-lsp` is for.
pub const AIR: Language = Language {
    id: "air",
    uri: "file:///typed.air",
    script: |bytes| crate::synthetic::script(bytes, 1),
    typed: "(seq (call relay (\"op\" \"noop\") [key.$.[0]] typed) ",
    nothing: "(null) ",
};

/// What `wat_server` is for: another language of brackets.
pub const WAT: Language = Language {
    id: "wat",
    uri: "file:///typed.wat",
    script: wat::module,
    typed: "(block (call $log (i32.add (local.get $a) (i32.const 7))) ",
    nothing: "(nop) ",
};

const TYPED_END: &str = ")";

impl Language {
    fn is_ours(self) -> bool {
        self.id == AIR.id
    }

    fn here(self) -> Value {
        json!({ "textDocument": { "uri": self.uri } })
    }

    fn document(self, text: &str) -> Value {
        json!({ "textDocument": { "uri": self.uri, "languageId": self.id, "version": 1, "text": text } })
    }
}

/// How much to measure.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// Sizes of the scripts in bytes.
    pub sizes: &'static [usize],
    /// How often the instruction is typed at each place.
    pub rounds: usize,
    /// Starts of the server.
    pub starts: usize,
    /// How often everything else is asked for.
    pub repeats: usize,
}

/// For figures.
pub const FULL: Effort = Effort { sizes: &[100_000, 1_000_000], rounds: 4, starts: 30, repeats: 20 };

/// For a gate.
pub const SHORT: Effort = Effort { sizes: &[100_000], rounds: 1, starts: 3, repeats: 4 };

/// Times by what was waited for, and other figures.
#[derive(Debug, Default)]
pub struct Figures {
    /// Keys begin with the size in bytes.
    pub times: BTreeMap<(usize, String), Vec<Duration>>,
    /// Peak of memory in MiB by size of the script that was open, and what had been done.
    pub peak: BTreeMap<(usize, &'static str), f64>,
    /// Answers that were errors.
    pub errors: Vec<String>,
}

/// The name of the main figure.
pub const KEYSTROKE: &str = "keystroke to diagnostics";

/// Code actions without their edits.
pub const LATER: &str = "codeAction, edits later";

/// When memory is looked at, in this order.
pub const AFTER: [&str; 3] = ["1 typing", "2 all requests", "3 a run"];

impl Figures {
    /// The share (0 to 100) of the times that lies below, in milliseconds.
    pub fn percentile(&self, size: usize, what: &str, share: usize) -> f64 {
        let mut all: Vec<Duration> = self
            .times
            .iter()
            .filter(|((of, name), _)| *of == size && name.starts_with(what))
            .flat_map(|(_, times)| times.iter().copied())
            .collect();
        percentile(&mut all, share)
    }

    fn note(&mut self, size: usize, what: impl Into<String>, time: Duration) {
        self.times.entry((size, what.into())).or_default().push(time);
    }

    /// For people: p50 and p99 of each.
    pub fn table(&self) -> String {
        let mut out = String::new();
        let mut of = usize::MAX;
        for ((size, what), times) in &self.times {
            if *size != of {
                let _ =
                    writeln!(out, "\n{:<46} {:>8} {:>8} {:>6}", title(*size), "p50, ms", "p99, ms", "times");
                of = *size;
            }
            let mut times = times.clone();
            let (p50, p99) = (percentile(&mut times, 50), percentile(&mut times, 99));
            let _ = writeln!(out, "{what:<46} {p50:>8.2} {p99:>8.2} {:>6}", times.len());
        }
        for ((size, when), peak) in &self.peak {
            let _ = writeln!(out, "peak memory, {}, {when}: {peak:.1} MiB", title(*size));
        }
        out
    }
}

fn title(size: usize) -> String {
    match size {
        0 => "no script".to_owned(),
        size if size >= 1_000_000 => format!("{} MB", size / 1_000_000),
        size => format!("{} kB", size / 1_000),
    }
}

fn percentile(times: &mut [Duration], share: usize) -> f64 {
    times.sort_unstable();
    let at = (times.len() * share / 100).min(times.len().saturating_sub(1));
    times.get(at).map_or(f64::NAN, |time| time.as_secs_f64() * 1e3)
}

/// Measures a server. What another one than ours does not answer is left out.
pub fn measure(program: &Path, language: Language, effort: Effort) -> Figures {
    let mut figures = Figures::default();
    for _ in 0..effort.starts {
        let session = start(program, false);
        // `initialized` follows at once; its time is that of a write.
        figures.note(0, "start to initialize answer", session.spawned.elapsed());
    }
    if language.is_ours() {
        sandbox(program, &mut figures);
    }
    for size in effort.sizes {
        one_size(program, language, *size, effort, &mut figures);
    }
    figures
}

/// The sandbox alone: nothing is open but a script of one word.
fn sandbox(program: &Path, figures: &mut Figures) {
    let mut session = start(program, false);
    let run = run_null(&mut session);
    session.answers(&[run]);
    figures.peak.insert((0, AFTER[2]), session.peak());
}

/// Runs `(null)`; the id of the request.
fn run_null(session: &mut Session) -> i64 {
    let uri = "file:///null.air";
    let document = json!({ "uri": uri, "languageId": "air", "version": 1, "text": "(null)" });
    session.notify("textDocument/didOpen", json!({ "textDocument": document }));
    session
        .request("workspace/executeCommand", json!({ "command": "air.run", "arguments": [{ "uri": uri }] }))
}

/// A server, and a client that may take the edits of code actions later.
fn start(program: &Path, later: bool) -> Session {
    let mut command = Command::new(program);
    command.env_remove("AIR_LOG");
    let mut action = json!({ "codeActionLiteralSupport": { "codeActionKind": { "valueSet": [] } } });
    if later {
        action["dataSupport"] = true.into();
        action["resolveSupport"] = json!({ "properties": ["edit"] });
    }
    Session::start(
        command,
        json!({
            "general": { "positionEncodings": ["utf-8", "utf-16"] },
            "textDocument": {
                "diagnostic": {},
                "semanticTokens": {
                    "requests": { "full": { "delta": true }, "range": true },
                    "tokenTypes": [], "tokenModifiers": [], "formats": ["relative"],
                },
                "hover": { "contentFormat": ["markdown"] },
                "completion": { "completionItem": { "snippetSupport": true } },
                "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
                "foldingRange": { "lineFoldingOnly": true },
                "codeAction": action,
                "inlayHint": {},
            },
            "workspace": { "workspaceEdit": { "documentChanges": true }, "diagnostics": { "refreshSupport": true } },
        }),
    )
}

/// A place to type at: the start of a line that begins an instruction.
#[derive(Clone, Copy)]
struct Place {
    line: usize,
    column: usize,
}

struct Open {
    session: Session,
    language: Language,
    version: i64,
    /// Of the semantic tokens that the client has.
    tokens: Value,
}

impl Open {
    fn edit(&mut self, line: usize, from: usize, to: usize, text: &str) -> Instant {
        self.version += 1;
        let change = json!({
            "textDocument": { "uri": self.language.uri, "version": self.version },
            "contentChanges": [{
                "range": { "start": { "line": line, "character": from }, "end": { "line": line, "character": to } },
                "text": text,
            }],
        });
        let begun = Instant::now();
        self.session.notify("textDocument/didChange", change);
        begun
    }
}

fn one_size(program: &Path, language: Language, size: usize, effort: Effort, figures: &mut Figures) {
    let text = (language.script)(size);
    let lines: Vec<&str> = text.lines().collect();
    let place = |from: usize| {
        let line = (from..lines.len()).find(|line| lines[*line].trim_start().starts_with("(call")).unwrap();
        Place { line, column: lines[line].find('(').unwrap() }
    };
    let last = (0..lines.len() - 8).rfind(|line| lines[*line].trim_start().starts_with("(call")).unwrap();
    let places = [("start", place(8)), ("middle", place(lines.len() / 2)), ("end", place(last))];

    let mut session = start(program, false);
    let begun = Instant::now();
    session.notify("textDocument/didOpen", language.document(&text));
    let answer = session.call("textDocument/diagnostic", language.here());
    figures.note(size, "open to diagnostics", answer.at - begun);
    let mut open = Open { session, language, version: 1, tokens: Value::Null };
    for (name, place) in places {
        type_there(&mut open, place, lines[place.line].len(), size, name, figures);
    }
    figures.peak.insert((size, AFTER[0]), open.session.peak());
    for _ in 0..effort.rounds {
        for (name, place) in places {
            let end = lines[place.line].len();
            type_there(&mut open, place, end, size, name, figures);
            // The last bracket of the line, or of the instruction, and back.
            for (from, to, text) in [(end - 1, end, ""), (end - 1, end - 1, &lines[place.line][end - 1..])] {
                keystroke(
                    &mut open,
                    place.line,
                    (from, to),
                    text,
                    size,
                    &format!("bracket at {name}"),
                    figures,
                );
            }
        }
        with_all_else(&mut open, places[1].1, size, figures);
    }
    rest(&mut open, places[1].1, size, effort.repeats, figures);
    figures.peak.insert((size, AFTER[1]), open.session.peak());
    if !language.is_ours() {
        return;
    }
    let run = run_null(&mut open.session);
    for (_, answer) in open.session.answers(&[run]) {
        settle(&mut open, "air.run", answer.result, figures);
    }
    figures.peak.insert((size, AFTER[2]), open.session.peak());
    later(program, &text, size, places[1].1, effort.repeats, figures);
}

/// Code actions for clients that take their edits later, as most do.
fn later(program: &Path, text: &str, size: usize, place: Place, repeats: usize, figures: &mut Figures) {
    let mut session = start(program, true);
    session.notify("textDocument/didOpen", AIR.document(text));
    let mut open = Open { session, language: AIR, version: 1, tokens: Value::Null };
    for round in 0..repeats {
        let (from, to, text) = if round % 2 == 0 { (0, 0, " ") } else { (0, 1, "") };
        open.edit(place.line, from, to, text);
        open.session.call("textDocument/diagnostic", open.language.here());
        let action = requests(AIR, place, &Value::Null)
            .into_iter()
            .find(|(method, ..)| method.ends_with("codeAction"));
        let Some((method, params, _)) = action else { return };
        let begun = Instant::now();
        let answer = open.session.call(method, params);
        figures.note(size, LATER, answer.at - begun);
        let Some(last) = answer.result.ok().and_then(|mut found| found.as_array_mut()?.pop()) else {
            continue;
        };
        let begun = Instant::now();
        let answer = open.session.call("codeAction/resolve", last);
        figures.note(size, "codeAction/resolve", answer.at - begun);
        settle(&mut open, "codeAction/resolve", answer.result, figures);
    }
}

fn type_there(open: &mut Open, place: Place, end: usize, size: usize, name: &str, figures: &mut Figures) {
    let (line, mut column) = (place.line, place.column);
    let what = format!("typing at {name}");
    let typed = open.language.typed;
    for letter in typed.chars() {
        keystroke(open, line, (column, column), letter.encode_utf8(&mut [0; 4]), size, &what, figures);
        column += 1;
    }
    let close = end + typed.len();
    keystroke(open, line, (close, close), TYPED_END, size, &what, figures);
    open.edit(line, close, close + TYPED_END.len(), "");
    open.edit(line, place.column, column, "");
}

fn keystroke(
    open: &mut Open,
    line: usize,
    (from, to): (usize, usize),
    text: &str,
    size: usize,
    what: &str,
    figures: &mut Figures,
) {
    let begun = open.edit(line, from, to, text);
    let answer = open.session.call("textDocument/diagnostic", open.language.here());
    if let Err(error) = answer.result {
        figures.errors.push(format!("{what}: {error}"));
    }
    figures.note(size, format!("{KEYSTROKE}, {what}"), answer.at - begun);
}

/// All that an editor sends after a keystroke at once: how long each takes then.
fn with_all_else(open: &mut Open, place: Place, size: usize, figures: &mut Figures) {
    let text = open.language.nothing;
    for number in 0..text.len() {
        let column = place.column + number;
        // Nobody types faster: the threads have come to rest.
        let begun = open.edit(place.line, column, column, &text[number..=number]);
        let asked: Vec<(i64, &str)> = requests(open.language, place, &open.tokens)
            .into_iter()
            .filter(|(_, _, always)| *always)
            .map(|(method, params, _)| (open.session.request(method, params), method))
            .collect();
        let ids: Vec<i64> = asked.iter().map(|(id, _)| *id).collect();
        for (id, answer) in open.session.answers(&ids) {
            let method = asked.iter().find(|(of, _)| *of == id).map_or("", |(_, method)| method);
            if open.language.is_ours() || answer.result.is_ok() {
                figures.note(size, format!("with all else: {}", short(method)), answer.at - begun);
            }
            settle(open, method, answer.result, figures);
        }
    }
    open.edit(place.line, place.column, place.column + text.len(), "");
}

/// Each request alone, on a version that has been checked.
fn rest(open: &mut Open, place: Place, size: usize, repeats: usize, figures: &mut Figures) {
    for number in 0..requests(open.language, place, &open.tokens).len() {
        for round in 0..repeats {
            // A new version each time, so that nothing is remembered.
            let (from, to, text) = if round % 2 == 0 { (0, 0, " ") } else { (0, 1, "") };
            open.edit(place.line, from, to, text);
            open.session.call("textDocument/diagnostic", open.language.here());
            let Some((method, params, _)) =
                requests(open.language, place, &open.tokens).into_iter().nth(number)
            else {
                continue;
            };
            let begun = Instant::now();
            let answer = open.session.call(method, params);
            if open.language.is_ours() || answer.result.is_ok() {
                figures.note(size, short(method), answer.at - begun);
            }
            settle(open, method, answer.result, figures);
        }
    }
}

fn settle(open: &mut Open, method: &str, result: Result<Value, Value>, figures: &mut Figures) {
    match result {
        Ok(result) if method.contains("semanticTokens/full") => open.tokens = result["resultId"].clone(),
        Ok(_) => {}
        Err(error) if open.language.is_ours() => figures.errors.push(format!("{method}: {error}")),
        Err(_) => {}
    }
}

fn short(method: &str) -> &str {
    method.trim_start_matches("textDocument/")
}

/// Requests about a place, and whether an editor sends them after each keystroke.
fn requests(language: Language, place: Place, tokens: &Value) -> Vec<(&'static str, Value, bool)> {
    let cursor = json!({ "line": place.line, "character": place.column + 8 });
    let window = json!({
        "start": { "line": place.line.saturating_sub(30), "character": 0 },
        "end": { "line": place.line + 30, "character": 0 },
    });
    let with = |more: Value| {
        let mut params = language.here();
        for (key, value) in more.as_object().into_iter().flatten() {
            params[key] = value.clone();
        }
        params
    };
    let at = || with(json!({ "position": cursor }));
    let options = json!({ "tabSize": 1, "insertSpaces": true });
    let (full, params) = match tokens {
        Value::Null => ("textDocument/semanticTokens/full", language.here()),
        id => ("textDocument/semanticTokens/full/delta", with(json!({ "previousResultId": id }))),
    };
    vec![
        ("textDocument/diagnostic", language.here(), true),
        ("textDocument/completion", at(), true),
        ("textDocument/semanticTokens/range", with(json!({ "range": window })), true),
        (full, params, true),
        ("textDocument/documentHighlight", at(), true),
        ("textDocument/inlayHint", with(json!({ "range": window })), true),
        (
            "textDocument/codeAction",
            with(json!({ "range": { "start": cursor, "end": cursor }, "context": { "diagnostics": [] } })),
            true,
        ),
        ("textDocument/codeLens", language.here(), true),
        ("textDocument/documentSymbol", language.here(), true),
        ("textDocument/foldingRange", language.here(), true),
        ("textDocument/semanticTokens/full", language.here(), false),
        ("textDocument/hover", at(), false),
        ("textDocument/signatureHelp", at(), false),
        ("textDocument/definition", at(), false),
        (
            "textDocument/references",
            with(json!({ "position": cursor, "context": { "includeDeclaration": true } })),
            false,
        ),
        ("textDocument/prepareRename", at(), false),
        ("textDocument/selectionRange", with(json!({ "positions": [cursor] })), false),
        ("textDocument/formatting", with(json!({ "options": options })), false),
        (
            "textDocument/onTypeFormatting",
            with(json!({ "position": cursor, "ch": ")", "options": options })),
            false,
        ),
        ("air/view", language.here(), false),
    ]
}
