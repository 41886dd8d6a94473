//! `air init`.

use crate::sandbox::Sandbox;

/// What it writes is checked, formatted, run and tested without a finding.
#[test]
fn a_folder_that_is_right() {
    let sandbox = Sandbox::new(&[]);
    let run = sandbox.air("init first");
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(run.out, "first/air.toml\nfirst/hello.air\nfirst/hello.sample.json\n");
    for args in ["check --level hint first", "fmt --check first", "run first/hello.air", "test first"] {
        let run = sandbox.air(args);
        assert_eq!(run.code, 0, "{args}: {} {}", run.out, run.err);
    }
    assert!(sandbox.air("run first/hello.air").out.contains("Hello, World!"));
}

#[test]
fn nothing_is_overwritten() {
    let sandbox = Sandbox::new(&[("hello.air", "(null)")]);
    let run = sandbox.air("init");
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("hello.air: is there already; nothing was written"), "{}", run.err);
    assert!(!sandbox.path("air.toml").exists());
}
