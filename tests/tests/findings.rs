//! Scripts with tens of thousands of findings of one kind: time grows with the script, not with its square. Processor
//! time, because other tests run beside; what was quadratic took many times the limit.

use std::fmt::Write as _;
use std::time::Duration;

use air_analysis::Analysis;
use rustix::time::{ClockId, clock_gettime};

const LIMIT: Duration = Duration::from_secs(2);
const MANY: usize = 40_000;

/// Lints that look around share a budget; what an editor shows they find in any case.
const SHOWN: usize = 1_000;

/// Instructions beside each other, as flat as can be.
fn beside(pieces: impl Iterator<Item = String>) -> String {
    let mut pieces: Vec<String> = pieces.collect();
    while pieces.len() > 1 {
        let pairs = pieces.chunks(2).map(|pair| match pair {
            [one, other] => format!("(seq {one}\n{other})"),
            _ => pair.concat(),
        });
        pieces = pairs.collect();
    }
    pieces.concat()
}

/// Many times that, `N` being the number of the piece.
fn many(piece: &str) -> String {
    beside((0..MANY).map(|number| piece.replace('N', &number.to_string())))
}

/// Finds at least so many, and in time.
fn check(name: &str, text: String, at_least: usize) {
    let now = || Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap();
    let start = now();
    let analysis = Analysis::new(&*text);
    let found = analysis.diagnostics().len();
    let time = now() - start;
    println!("{name}: {found} findings, {} bytes in {time:?}", text.len());
    assert!(found >= at_least, "{name}: {found} findings");
    assert!(time < LIMIT, "{name}: {time:?}");
}

#[test]
fn undefined_names() {
    check("nothing like them", many(r#"(call unknownN ("s" "f") [])"#), MANY);
    check(
        "something like them",
        format!(
            "(seq {} {})",
            many(r#"(call "p" ("s" "f") [] nameN)"#),
            many(r#"(call "p" ("s" "f") [namNe])"#)
        ),
        MANY,
    );
    check(
        "streams of that name",
        format!(
            "(seq {} {})",
            many(r#"(call "p" ("s" "f") [] $nameN)"#),
            many(r#"(call "p" ("s" "f") [nameN])"#)
        ),
        MANY,
    );
    check(
        "defined too late",
        format!(
            "(seq {} {})",
            many(r#"(call "p" ("s" "f") [nameN])"#),
            many(r#"(call "p" ("s" "f") [] nameN)"#)
        ),
        MANY,
    );
    let mut arguments = String::new();
    (0..MANY).for_each(|number| write!(arguments, "u{number} ").unwrap());
    check("arguments of one call", format!(r#"(call "p" ("s" "f") [{arguments}])"#), MANY);
    check("beside a syntax error", format!("(seq {} (nul))", many(r#"(call unknownN ("s" "f") [])"#)), MANY);
}

#[test]
fn iterators_and_errors() {
    check("no fold", many("(next iN)"), MANY);
    check("one next too many", format!("(fold [] i {})", many("(next i)")), MANY - 1);
    check("folds in a fold", format!("(fold [] i {})", many("(fold [] i (null))")), MANY);
    check("behind next", format!("(seq (ap 1 $s) {})", many("(fold $s iN (seq (next iN) (null)))")), MANY);
    check("zero", many(r#"(fail 0 "x")"#), MANY);
}

#[test]
fn syntax_errors() {
    check("spaces", many("(seq(null) (null))"), MANY);
    check("words", many("(sek (null) (null))"), MANY);
    check("operands", many("(ap 1 x y)"), MANY);
    check("lenses", many("(ap x.field y)"), MANY);
}

#[test]
fn lints() {
    let peer = "%init_peer_id%";
    for (name, at_least, text) in [
        ("unused variables", MANY, many(r#"(call "p" ("s" "f") [] vN)"#)),
        ("a variable unused many times", 1, format!("(fold [] i {})", many(r#"(call "p" ("s" "f") [] v)"#))),
        ("unused streams", MANY, many("(ap 1 $sN)")),
        ("unwritten streams", MANY, many(&format!("(seq (canon {peer} $sN #sN) (ap #sN x))"))),
        ("a stream unwritten many times", 1, many(&format!("(seq (canon {peer} $s #sN) (ap #sN $t))"))),
        ("never run", MANY, many("(par (seq (never) (seq (ap 1 vN) (ap vN $s))) (null))")),
        ("a long part that never runs", 1, format!("(seq (never) {})", many("(ap 1 vN)"))),
        ("constants", MANY, many("(match 1 1 (null))")),
        ("kinds", MANY, format!("(seq (ap 1 x) {})", many(r#"(match x "x" (null))"#))),
        ("names set again", SHOWN, many("(ap 1 x)")),
        ("iterators set", MANY, format!("(fold [] i {})", many("(ap 1 i)"))),
        ("folds without next", MANY, format!("(seq (ap [] l) {})", many("(fold l i (null))"))),
        ("same operands", MANY, format!("(seq (ap 1 x) {})", many("(match x x (null))"))),
        ("swallowed", MANY, many(r#"(xor (call "p" ("s" "f") []) (null))"#)),
        ("idle", MANY, many("(xor (null) (never))")),
        ("unset errors", SHOWN, many("(ap :error: $s)")),
        ("lenses", MANY, format!("(seq (ap 1 x) {})", many("(ap x.$.a $s)"))),
        ("length", MANY, format!(r#"(seq (call "p" ("s" "f") [] x) {})"#, many("(ap x.$.length $s)"))),
        ("indices", MANY, many("(ap :error:.$.[nN] $s)")),
        ("hops", SHOWN, many(r#"(seq (call "p" ("s" "f") []) (new $h (new #h (canon "p" $h #h))))"#)),
        ("waits", SHOWN, many("(new $s (par (seq (fold $s i (next i)) (ap 1 $s)) (null)))")),
        ("one stream, many folds", 0, {
            format!("(seq {} {})", many("(ap 1 $s)"), many("(fold $s i (seq (ap i $t) (next i)))"))
        }),
        ("endless folds", SHOWN, format!("(seq (ap 1 $s) {})", many("(fold $s i (seq (ap i $s) (next i)))"))),
        ("peers", MANY, many(r#"(call "" ("s" "f") [])"#)),
        ("new", MANY, many("(new $s (null))")),
        ("names alike", MANY, many(&format!("(seq (canon {peer} $s #vN) (canon {peer} $s #$vN))"))),
        ("numbers", MANY, many("(ap 007 $s)")),
        ("old forms", MANY, many(r#"(call "p" ("op" "identity") [])"#)),
        ("unset variables", MANY, many("(seq (new vN (null)) (ap vN $s))")),
        ("cleared variables", SHOWN, many("(seq (ap 1 vN) (new vN (ap vN $s)))")),
        ("one cleared again and again", MANY, format!("(seq (ap 1 v) {})", many("(new v (ap v $s))"))),
        ("iterators of a scalar's name", SHOWN, {
            format!("(seq (ap [] x) {})", many("(fold x x (seq (ap x $s) (next x)))"))
        }),
    ] {
        check(name, text, at_least);
    }
}

#[test]
fn directives() {
    let lines =
        |line: &str| (0..MANY).map(|number| line.replace('N', &number.to_string())).collect::<String>();
    check("allowed for nothing", lines("; air: allow(unused-variable)\n") + "(null)", MANY);
    check("given for nothing", lines("; air: given vN\n") + "(null)", MANY);
    check("broken", lines("; air: gven vN\n") + "(null)", MANY);
}
