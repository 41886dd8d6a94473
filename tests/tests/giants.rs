//! Texts that break tools: a million brackets, ten megabytes. On a thread of 2 MB, within two seconds of
//! processor time each, and nothing is lost. The libraries are built with optimisation for tests, so that the
//! time means something.

use std::time::Duration;

use air_analysis::Analysis;
use air_analysis::format::{FormatOptions, format};
use rustix::time::{ClockId, clock_gettime};

const STACK: usize = 2 << 20;
const LIMIT: Duration = Duration::from_secs(2);
const MANY: usize = 1_000_000;

/// What is allowed to be said of a text.
enum Verdict {
    Clean,
    Few(usize),
}

/// Parses, checks, lays out and lets go of everything; processor time, because other tests run beside.
fn survives(text: String, verdict: Verdict) {
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(move || {
        let now = || Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap();
        let start = now();
        let analysis = Analysis::new(&*text);
        let findings = analysis.diagnostics().len();
        let accepted = analysis.accepted();
        let laid_out = format(&analysis.parse, &text, &FormatOptions::default());
        let whole = usize::from(analysis.parse.syntax().text_range().len());
        drop(analysis);
        (now() - start, findings, accepted, laid_out.map(|formatted| formatted.text), whole, text)
    });
    let (time, findings, accepted, laid_out, whole, text) = thread.unwrap().join().unwrap();
    println!("{} bytes in {time:?}", text.len());
    assert_eq!(whole, text.len());
    match verdict {
        // What lints advise is no refusal; a few of the generated blocks deserve it.
        Verdict::Clean => assert!(accepted, "{findings} findings"),
        Verdict::Few(most) => assert!(!accepted && (1..=most).contains(&findings), "{findings} findings"),
    }
    if let Ok(laid_out) = laid_out {
        let brackets = |text: &str| text.bytes().filter(|byte| matches!(byte, b'(' | b')')).count();
        assert_eq!(brackets(&laid_out), brackets(&text), "brackets after laying out");
    }
    assert!(time < LIMIT, "{time:?}");
}

#[test]
fn a_million_nested_and_closed() {
    survives(format!("{}(null){}", "(seq ".repeat(MANY), " (null))".repeat(MANY)), Verdict::Few(1));
}

#[test]
fn a_million_nested_and_never_closed() {
    survives("(seq ".repeat(MANY), Verdict::Few(3));
}

#[test]
fn a_million_opening_brackets() {
    survives("(".repeat(MANY), Verdict::Few(3));
}

#[test]
fn a_million_closing_brackets() {
    survives(")".repeat(MANY), Verdict::Few(3));
}

#[test]
fn a_million_square_brackets() {
    survives("[".repeat(MANY), Verdict::Few(3));
}

#[test]
fn a_million_quotes() {
    survives("\"".repeat(MANY), Verdict::Few(3));
}

#[test]
fn ten_megabytes() {
    survives(air_tests::synthetic::script(10_000_000, 1), Verdict::Clean);
}

#[test]
fn ten_megabytes_in_one_line() {
    survives(air_tests::synthetic::script(10_000_000, 2).replace('\n', " "), Verdict::Clean);
}

/// As deep as is accepted.
#[test]
fn nested_to_the_limit() {
    let depth = air_syntax::MAX_DEPTH - 1;
    survives(format!("{}(null){}", "(seq (null) ".repeat(depth), ")".repeat(depth)), Verdict::Clean);
}
