//! `air man`.

use crate::sandbox::Sandbox;

#[test]
fn pages() {
    let sandbox = Sandbox::new(&[]);
    let run = sandbox.air("man");
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(run.out.contains(".TH air 1"), "{}", run.out);
    let run = sandbox.air("man check");
    assert!(run.out.contains("air\\-check") && run.out.contains("add\\-allow"), "{}", run.out);
    let run = sandbox.air("man --out-dir pages");
    assert_eq!(run.code, 0, "{}", run.err);
    for page in ["air.1", "air-run.1", "air-man.1"] {
        assert!(run.out.contains(page) && sandbox.path("pages").join(page).is_file(), "{page}: {}", run.out);
    }
}

#[test]
fn a_command_that_is_not_there() {
    let run = Sandbox::new(&[]).air("man chek");
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("no command `chek`"), "{}", run.err);
}
