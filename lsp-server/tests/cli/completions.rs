//! `air completions`.

use expect_test::expect;

use crate::sandbox::Sandbox;

#[test]
fn completions() {
    let sandbox = Sandbox::new(&[]);
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = sandbox.air(&format!("completions {shell}"));
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        assert!(run.out.contains("beautify") && run.out.contains("stdin-filepath"), "{shell}");
    }
    sandbox.air("completions tcsh").expect(expect![[r#"
        exit 2
        ── err
        error: invalid value 'tcsh' for '<SHELL>'
          [possible values: bash, elvish, fish, powershell, zsh]

          tip: a similar value exists: 'zsh'

        For more information, try '--help'.
    "#]]);
}

/// Values that the program knows are offered.
#[test]
fn values() {
    let sandbox = Sandbox::new(&[]);
    let bash = sandbox.air("completions bash").out;
    for word in ["sarif", "unused-variable", "lints", "fifo", "together"] {
        assert!(bash.contains(word), "{word}");
    }
    let zsh = sandbox.air("completions zsh").out;
    for word in ["directives", "20013", "canon"] {
        assert!(zsh.contains(word), "{word}");
    }
    assert!(!sandbox.air("check --help").out.contains("unused-variable"), "help stays short");
}
