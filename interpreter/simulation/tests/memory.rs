//! `max_memory` holds within a factor of two, natively too: what a run takes is counted by this program's own allocator.
#![allow(unsafe_code, clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use air_simulation::report::{Limits, Report, Status};
use air_simulation::run::{RunRequest, run};

/// The system's allocator with two counters.
struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);
/// One run at a time.
static ALONE: Mutex<()> = Mutex::new(());

// SAFETY: everything is handed to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        PEAK.fetch_max(NOW.fetch_add(layout.size(), Relaxed) + layout.size(), Relaxed);
        // SAFETY: as above.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Relaxed);
        // SAFETY: as above.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// What is there however small the limit is: the script's tree, the report.
const FIXED_BYTES: usize = 4 << 20;

/// Runs a script with a limit; the most bytes that it took.
fn peak(name: &str, text: &str, mebibytes: u64) -> (Report, usize) {
    let _alone = ALONE.lock().unwrap();
    let limits = Limits { max_memory: mebibytes << 20, max_instructions: 3_000_000, ..Limits::default() };
    let sample =
        r#"{"services": [{"function": "list", "answer": {"ok": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]}}, PEERS]}"#;
    let names: Vec<String> = (0..200).map(|i| format!("\"@p{i}\"")).collect();
    let peers = format!(r#"{{"function": "peers", "answer": {{"ok": [{}]}}}}"#, names.join(","));
    let sample = sample.replace("PEERS", &peers);
    let request = RunRequest { text: text.to_owned(), sample: Some(sample), limits, ..RunRequest::default() };
    let before = NOW.load(Relaxed);
    PEAK.store(before, Relaxed);
    let report = run(&request).unwrap();
    let peak = PEAK.load(Relaxed) - before;
    println!("{name} with {mebibytes} MiB: {:.1} MiB, {}", peak as f64 / 1048576.0, report.outcome.text);
    (report, peak)
}

/// A script that goes on until a limit ends it, which is that of memory.
#[track_caller]
fn stays_below(name: &str, text: &str) {
    for mebibytes in [8, 32] {
        let (report, peak) = peak(name, text, mebibytes);
        assert_eq!(report.outcome.status, Status::Stopped, "{name}: {}", report.outcome.text);
        assert_eq!(report.outcome.text, format!("stopped: more than {mebibytes} MiB of memory"), "{name}");
        let limit = usize::try_from(mebibytes << 20).unwrap();
        assert!(peak <= 2 * limit + FIXED_BYTES, "{name} with {mebibytes} MiB took {peak} bytes");
        assert!(peak >= limit / 4, "{name} with {mebibytes} MiB was stopped at {peak} bytes");
    }
}

fn with_list(rest: &str) -> String {
    format!(r#"(seq (call %init_peer_id% ("s" "list") [] l) {rest})"#)
}

/// Folds inside each other, each with its own iterator.
fn folds(depth: usize, inside: &str) -> String {
    let begin: String = (0..depth).map(|i| format!("(fold l i{i} (par ")).collect();
    let end: String = (0..depth).rev().map(|i| format!(" (next i{i})))")).collect();
    with_list(&format!("{begin}{inside}{end}"))
}

#[test]
fn folds_in_folds() {
    stays_below("foldnest8", &folds(8, "(null)"));
    stays_below("foldnest8 with calls", &folds(8, r#"(call %init_peer_id% ("op" "noop") [])"#));
    stays_below("foldnest8 with values", &folds(8, "(ap i0 x)"));
}

/// Each step doubles a value by a service.
fn doubling(first: &str, service: &str, times: usize) -> String {
    let mut script = "(null)".to_owned();
    for level in (0..times).rev() {
        let next = level + 1;
        script =
            format!(r#"(seq (call %init_peer_id% ("op" "{service}") [x{level} x{level}] x{next}) {script})"#);
    }
    format!("(seq (ap {first} x0) {script})")
}

#[test]
fn values_that_double() {
    stays_below("strings", &doubling("\"abcdefgh\"", "concat_strings", 30));
    stays_below("arrays", &with_list(&doubling("l", "concat", 30)));
}

/// Each step makes a text eight times as long.
#[test]
fn values_that_grow_at_once() {
    let mut script = "(null)".to_owned();
    for level in (0..12).rev() {
        let (from, to) = (format!("x{level} ").repeat(8), level + 1);
        script = format!(r#"(seq (call %init_peer_id% ("op" "concat_strings") [{from}] x{to}) {script})"#);
    }
    let script = format!("(seq (ap \"abcdefgh\" x0) {script})");
    let (report, peak) = peak("eightfold", &script, 32);
    assert_eq!(report.outcome.text, "stopped: more than 32 MiB of memory");
    assert!(peak < 64 << 20, "{peak}");
}

/// Peers that all get what one of them has, and ask for more.
#[test]
fn data_between_peers() {
    let words = "some words that make it longer ".repeat(200);
    let body = format!(
        r#"(seq (call i ("s" "list") [] a) (seq (par (call "@b" ("op" "concat_strings") ["{words}" i] $s) (null)) (next i)))"#
    );
    let hops =
        format!("(seq (seq (call \"@a\" (\"s\" \"peers\") [] l) (fold l i {body})) (canon \"@c\" $s #s))");
    let (report, peak) = peak("hops", &hops, 8);
    assert_eq!(report.outcome.text, "stopped: more than 8 MiB of memory");
    assert!(peak < (16 << 20) + FIXED_BYTES, "{peak}");
}

#[test]
fn small_runs_are_not_stopped() {
    let (report, _) = peak("small", &folds(2, r#"(call "@a" ("op" "identity") [i0] x)"#), 4);
    assert_eq!(report.outcome.status, Status::Unheard, "{}", report.outcome.text);
}
