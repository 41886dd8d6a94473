//! What runs in the sandbox is the same program as what runs natively: every shape of text, small, large, as deep as
//! is accepted and deeper, gives the same answer byte for byte. WebAssembly has a small stack and no tail calls, so what
//! recurses on the text fails here first.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout
)]

use std::sync::LazyLock;
use std::time::Duration;

use air_interpreter::{Protocol, Value};
use air_lsp::sandbox::{Entry, Limits, Sandbox, SandboxError, Stop};
use air_simulation::report;
use air_simulation::run::{RunOrder, RunRequest, run_json};

#[allow(dead_code, unreachable_pub, missing_docs, reason = "shared by tests of several crates")]
#[path = "../../tests/src/shapes.rs"]
mod shapes;

#[allow(dead_code, unreachable_pub, missing_docs, reason = "shared by tests of several crates")]
#[path = "../../tests/src/fuzz.rs"]
mod fuzz;

use shapes::{SHAPES, Shape};

static SANDBOX: LazyLock<Sandbox> = LazyLock::new(Sandbox::default);

/// Time and memory enough for a busy machine.
fn patient() -> Limits {
    Limits { time: Duration::from_secs(120), memory: 1 << 30, ..Limits::default() }
}

/// As deep as is accepted: an instruction is inside of the others.
const DEEPEST: usize = air_syntax::MAX_DEPTH - 2;

/// AquaVM draws each of their mistakes into its message: thousands of them take a minute, in any build for tests.
const MANY_MISTAKES: [&str; 3] = ["recursive_folds", "fold_of_one_iterator", "definitions_left"];

fn draws_little(shape: &Shape) -> bool {
    !MANY_MISTAKES.contains(&shape.name)
}

/// Natively, the code is not optimised in tests.
const INSTRUCTIONS: u64 = 20_000;

fn run_is_the_same(name: &str, text: &str) -> String {
    let limits =
        report::Limits { max_instructions: INSTRUCTIONS, max_steps: 20, ..report::Limits::default() };
    let request =
        RunRequest { text: text.to_owned(), make_up: true, array_length: 2, limits, ..RunRequest::default() };
    let request = RunRequest { order: Some(RunOrder::Fifo), ..request };
    let request = serde_json::to_vec(&request).unwrap();
    let native = String::from_utf8(run_json(&request)).unwrap();
    let wasm = SANDBOX.run(Entry::Run, &request, &patient(), &Stop::default());
    let wasm = wasm.unwrap_or_else(|error| panic!("{name}, {} bytes, run: {error}", text.len()));
    same(name, text, &String::from_utf8(wasm).unwrap(), &native);
    native
}

fn line(text: &str) -> String {
    let air = Value::string(text).to_json();
    format!(r#"{{"air":{air},"params":{{"init_peer_id":"@a","current_peer_id":"@a"}}}}"#)
}

/// One invocation in the sandbox.
fn invoked(text: &str) -> Result<String, SandboxError> {
    let answer = SANDBOX.run(Entry::Invoke, line(text).as_bytes(), &patient(), &Stop::default())?;
    Ok(String::from_utf8(answer).unwrap())
}

fn invocation_is_the_same(name: &str, text: &str) -> String {
    let native = Protocol::default().answer(&line(text));
    let wasm = invoked(text);
    let wasm = wasm.unwrap_or_else(|error| panic!("{name}, {} bytes, invoke: {error}", text.len()));
    same(name, text, &wasm, &native);
    native
}

fn same(name: &str, text: &str, wasm: &str, native: &str) {
    if wasm != native {
        let at = wasm.bytes().zip(native.bytes()).take_while(|(wasm, native)| wasm == native).count();
        let from = |text: &str| {
            let start = text.floor_char_boundary(at.saturating_sub(80));
            text[start..].chars().take(160).collect::<String>()
        };
        panic!("{name}, {} bytes\nWasm   {}\nnative {}", text.len(), from(wasm), from(native));
    }
}

/// `runs`: as an editor runs it, too; a report names the iteration of each value, so it grows with the square of the
/// folds inside each other.
fn all(runs: bool, size: impl Fn(&Shape) -> Option<usize>) -> (usize, usize) {
    let (mut accepted, mut rejected) = (0, 0);
    for shape in &SHAPES {
        let Some(size) = size(shape) else { continue };
        let text = shape.of(size);
        let answer = invocation_is_the_same(shape.name, &text);
        if runs {
            run_is_the_same(shape.name, &text);
        }
        let refused = !air_semantics::Script::to_run(&*text).accepted();
        assert!(!refused || !answer.contains("\"ret_code\":0"), "{}: {answer}", shape.name);
        *(if refused { &mut rejected } else { &mut accepted }) += 1;
    }
    (accepted, rejected)
}

#[test]
fn small_texts() {
    let (accepted, rejected) = all(true, |_| Some(12));
    assert!(accepted > 45 && rejected > 15, "{accepted} accepted, {rejected} rejected");
}

/// Beside each other: some thousand parts.
#[test]
fn large_texts() {
    all(true, |shape| (!shape.deep).then_some(300));
    all(false, |shape| (!shape.deep).then_some(3_000));
}

#[test]
fn texts_as_deep_as_is_accepted() {
    all(true, |shape| shape.deep.then_some(100));
    all(false, |shape| shape.deep.then_some(if draws_little(shape) { 1_000 } else { 300 }));
    // Natively, debug builds take minutes for the rest.
    for shape in SHAPES.iter().filter(|shape| shape.deep && draws_little(shape)) {
        let text = shape.of(DEEPEST);
        let answer = invoked(&text).unwrap_or_else(|error| panic!("{}: {error}", shape.name));
        let accepted = air_semantics::Script::to_run(&*text).accepted();
        let ran = answer.contains("\"ret_code\":0") || answer.contains("\"ret_code\":1");
        assert!(accepted || !answer.contains("\"ret_code\":0"), "{}: {answer}", shape.name);
        assert!(ran, "{}: {answer}", shape.name);
    }
}

#[test]
fn texts_deeper_than_is_accepted() {
    let (accepted, rejected) = all(false, |shape| (shape.deep && draws_little(shape)).then_some(10_000));
    assert!(accepted == 0 && rejected > 8, "{accepted} accepted, {rejected} rejected");
}

/// See `tests/src/fuzz.rs`.
#[test]
fn damaged_scripts() {
    let mut seeds = fuzz::seeds(&["../tests/scripts".into(), fuzz::shared("corpus/air")], ".air", 300);
    seeds.extend(SHAPES.iter().map(|shape| shape.of(4).into_bytes()));
    let words = [
        "(",
        ")",
        "(seq ",
        "(par ",
        "(xor ",
        "(new $s ",
        "(fold $s i ",
        "(next i)",
        "(ap 1 $s)",
        "(canon \"p\" $s #c)",
        "(ap #c x)",
        "(call \"p\" (\"s\" \"f\") [] x)",
        "(match 1 1 ",
        "(fail :error:)",
        "(null)",
        "(never)",
        ".$.a.[0]",
        ".length",
        "x",
        "$s",
        "#c",
        "%m",
    ];
    fuzz::fuzz("sandbox and native", 250, &seeds, &words, |input| {
        let text = String::from_utf8_lossy(input);
        invocation_is_the_same("damaged", &text);
        run_is_the_same("damaged", &text);
    });
}
