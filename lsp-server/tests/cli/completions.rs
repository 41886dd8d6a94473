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
