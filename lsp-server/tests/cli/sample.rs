//! `air sample`.

use crate::anomaly::anomaly;
use crate::sandbox::{BROKEN, GOOD, Sandbox};

#[test]
fn for_a_script() {
    let sandbox = Sandbox::new(&[("a.air", GOOD)]);
    let run = sandbox.air("sample a.air");
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(run.out.contains("\"service\": \"service\", \"function\": \"load\""), "{}", run.out);
    let run = sandbox.air("sample -w a.air");
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.err);
    assert!(sandbox.read("a.sample.json").contains("load"));
    // What is there is somebody's work.
    let run = sandbox.air("sample -w a.air");
    assert_eq!(run.code, 2);
    assert!(run.err.contains("a.sample.json: is there already"), "{}", run.err);
}

#[test]
fn as_annotations() {
    let sandbox = Sandbox::new(&[("a.air", GOOD)]);
    assert_eq!(sandbox.air("sample --annotations -w a.air").code, 0);
    assert!(sandbox.read("a.air").contains("[] result) ; ok = "), "{}", sandbox.read("a.air"));
    let run = sandbox.air_with("sample --annotations -", GOOD);
    assert!(run.out.contains("; ok = "), "{}", run.out);
    let run = sandbox.air("sample --annotations -w a.air");
    assert!(run.err.contains("no call needs an annotation"), "{}", run.err);
}

#[test]
fn from_a_recording() {
    let sandbox = Sandbox::new(&[("anomaly.json", &anomaly(0))]);
    let run = sandbox.air("sample anomaly.json");
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("\"air\": "), "{}", run.out);
}

#[test]
fn what_gives_no_sample_data() {
    let sandbox = Sandbox::new(&[("a.air", BROKEN), ("x", "garbage")]);
    let run = sandbox.air("sample a.air");
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    assert!(run.err.contains("S001"), "{}", run.err);
    let run = sandbox.air("sample x");
    assert_eq!(run.code, 2);
    assert!(run.err.contains("x: not interpreter data"), "{}", run.err);
    assert_eq!(sandbox.air_with("sample -w -", GOOD).code, 2);
}
