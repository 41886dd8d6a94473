//! Typing in the real server, briefly and with limits that only catch what is badly wrong: this build is not made to
//! be fast, and the machine may be busy. `cargo run --release -p air-tests --bin typing` prints real figures.

use air_tests::program::air_lsp;
use air_tests::typing::{AFTER, AIR, KEYSTROKE, SHORT, measure};

#[test]
fn nobody_waits_long() {
    let figures = measure(&air_lsp(), AIR, SHORT);
    println!("{}", figures.table());
    assert!(figures.errors.is_empty(), "{:#?}", figures.errors);
    // About 20 times what this build takes on a machine that does nothing else.
    for (what, size, limit) in [
        ("start", 0, 2_000.0),
        (KEYSTROKE, 100_000, 500.0),
        ("completion", 100_000, 1_000.0),
        ("hover", 100_000, 500.0),
    ] {
        let half = figures.percentile(size, what, 50);
        assert!(half <= limit, "{what}: half of them take more than {half:.1} ms");
    }
    for when in AFTER {
        let peak = figures.peak[&(100_000, when)];
        assert!(peak < 60.0, "{when}: {peak:.0} MiB");
    }
    // What the sandbox itself takes.
    let peak = figures.peak[&(0, AFTER[2])];
    assert!(peak < 60.0, "a run of nothing: {peak:.0} MiB");
}
