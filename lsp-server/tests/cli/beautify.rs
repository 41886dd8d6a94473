//! `air beautify`.

use expect_test::expect;

use crate::sandbox::{GOOD, Sandbox, UNDEFINED};

#[test]
fn file_and_standard_input() {
    let sandbox = Sandbox::new(&[("a.air", GOOD)]);
    sandbox.air("beautify a.air").expect(expect![[r#"
        exit 0
        ── out
        result <- call "peer" ("service", "load") []
        call "peer" ("service", "store") [result]
    "#]]);
    sandbox.air_with("b -i 2", GOOD).expect(expect![[r#"
        exit 0
        ── out
        result <- call "peer" ("service", "load") []
        call "peer" ("service", "store") [result]
    "#]]);
    sandbox.air_with("beautify --comments -", &format!("; what for\n{GOOD}")).expect(expect![[r#"
        exit 0
        ── out
        ; what for
        result <- call "peer" ("service", "load") []
        call "peer" ("service", "store") [result]
    "#]]);
}

#[test]
fn a_rejected_script_has_no_view() {
    let sandbox = Sandbox::new(&[("a.air", UNDEFINED), ("old.txt", "old\n")]);
    sandbox.air("beautify a.air -o old.txt").expect(expect![[r#"
        exit 1
        ── err
        error[V001]: variable `resutl` is not defined; did you mean `result`?
         --> a.air:3:36
          |
        3 |  (call "peer" ("service" "store") [resutl])
          |                                    ^^^^^^
          |
          = help: replace by `result`
          = help: declare `resutl` as given by the host
          = note: undefined-variable: `air explain V001` says more

        AquaVM rejects this script, so it has no view; `--force` shows what can be shown
    "#]]);
    assert_eq!(sandbox.read("old.txt"), "old\n");
    sandbox.air("beautify -q --force a.air").expect(expect![[r#"
        exit 1
        ── out
        result <- call "peer" ("service", "load") []
        call "peer" ("service", "store") [resutl]
        ── err
        error[V001]: variable `resutl` is not defined; did you mean `result`?
         --> a.air:3:36
          |
        3 |  (call "peer" ("service" "store") [resutl])
          |                                    ^^^^^^
          |
          = help: replace by `result`
          = help: declare `resutl` as given by the host
          = note: undefined-variable: `air explain V001` says more

    "#]]);
}

/// A directive silences our report, not AquaVM.
#[test]
fn a_silenced_error_is_told_here() {
    let sandbox = Sandbox::new(&[]);
    let script = "; air: allow(undefined-variable)\n(ap x y)";
    sandbox.air_with("beautify", script).expect(expect![[r#"
        exit 1
        ── err
        error: <stdin>: variable 'x' wasn't defined
        AquaVM rejects this script, so it has no view; `--force` shows what can be shown
    "#]]);
}

#[test]
fn into_a_file() {
    let sandbox = Sandbox::new(&[("a.air", GOOD), ("air.toml", "[beautify]\nindent-step = 1\n")]);
    sandbox.air("beautify a.air --output new.txt").expect(expect![[r#"
        exit 0
    "#]]);
    assert_eq!(sandbox.read("new.txt"), sandbox.air("beautify a.air").out);
    sandbox.air("beautify a.air --output no/such/folder.txt").expect(expect![[r#"
        exit 2
        ── err
        error: no/such/folder.txt: cannot be written: there is no such folder
    "#]]);
}
