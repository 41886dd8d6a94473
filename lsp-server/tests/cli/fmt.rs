//! `air fmt`.

use expect_test::expect;

use crate::sandbox::{BROKEN, GOOD, Sandbox, UGLY, UNDEFINED};

#[test]
fn in_place() {
    let sandbox = Sandbox::new(&[("a.air", UGLY), ("good.air", GOOD)]);
    let before = std::fs::metadata(sandbox.path("good.air")).unwrap().modified().unwrap();
    sandbox.air("fmt").expect(expect![[r#"
        exit 0
        ── err
        1 script formatted, 1 unchanged
    "#]]);
    assert_eq!(sandbox.read("a.air"), "(seq\n (null) ; why\n (null)\n)\n");
    assert_eq!(std::fs::metadata(sandbox.path("good.air")).unwrap().modified().unwrap(), before);
    sandbox.air("fmt --check").expect(expect![[r#"
        exit 0
        ── err
        0 scripts would be formatted, 2 unchanged
    "#]]);
    sandbox.air("fmt -q").expect(expect![[r#"
        exit 0
    "#]]);
}

#[test]
fn check_writes_nothing() {
    let sandbox = Sandbox::new(&[("a.air", UGLY), ("good.air", GOOD)]);
    sandbox.air("fmt --check").expect(expect![[r#"
        exit 1
        ── out
        would format: a.air
        ── err
        1 script would be formatted, 1 unchanged
    "#]]);
    assert_eq!(sandbox.read("a.air"), UGLY);
}

#[test]
fn diff() {
    let sandbox = Sandbox::new(&[("a.air", UGLY), ("good.air", GOOD)]);
    sandbox.air("fmt --diff").expect(expect![[r#"
        exit 1
        ── out
        --- a.air
        +++ a.air
        @@ -1,2 +1,4 @@
        -(seq (null) ; why
        -(null))
        \ No newline at end of file
        +(seq
        + (null) ; why
        + (null)
        +)
        ── err
        1 script would be formatted, 1 unchanged
    "#]]);
    sandbox.air("fmt --diff -q --color always").expect(expect![[r#"
        exit 1
        ── out
        [1m--- a.air[0m
        [1m+++ a.air[0m
        [2m@@ -1,2 +1,4 @@[0m
        [31m-(seq (null) ; why[0m
        [31m-(null))[0m
        \ No newline at end of file
        [32m+(seq[0m
        [32m+ (null) ; why[0m
        [32m+ (null)[0m
        [32m+)[0m
    "#]]);
    assert_eq!(sandbox.read("a.air"), UGLY);
}

#[test]
fn standard_input() {
    let sandbox = Sandbox::new(&[("air.toml", "[format]\nindent-width = 4\n")]);
    sandbox.air_with("fmt -", UGLY).expect(expect![[r#"
        exit 0
        ── out
        (seq
            (null) ; why
            (null)
        )
    "#]]);
    sandbox.air_with("fmt --stdin-filepath sub/x.air --indent-width 2", UGLY).expect(expect![[r#"
        exit 0
        ── out
        (seq
          (null) ; why
          (null)
        )
    "#]]);
    sandbox.air_with("fmt -", GOOD.replace('\n', "\n   ").trim()).expect(expect![[r#"
        exit 0
        ── out
        (seq
            (call "peer" ("service" "load") [] result)
            (call "peer" ("service" "store") [result])
        )
    "#]]);
    sandbox.air_with("fmt --check -", UGLY).expect(expect![[r#"
        exit 1
        ── out
        would format: <stdin>
    "#]]);
}

#[test]
fn control_characters_of_the_script_survive() {
    let sandbox = Sandbox::new(&[]);
    let script = "(call \"\u{1b}[31m\u{0}\" (\"a\tb\" \"\") [])\n";
    assert_eq!(sandbox.air_with("fmt -", script).out, script);
}

#[test]
fn options() {
    let sandbox = Sandbox::new(&[]);
    sandbox.air_with("fmt --compact --indent-width 4 -", UGLY).expect(expect![[r#"
        exit 0
        ── out
        (seq
            (null) ; why
            (null))
    "#]]);
    assert_eq!(
        sandbox.air_with("fmt --line-ending crlf -", UGLY).out,
        "(seq\r\n (null) ; why\r\n (null)\r\n)\r\n"
    );
    sandbox.air_with("fmt --indent-width 9 -", UGLY).expect(expect![[r#"
        exit 2
        ── err
        error: invalid value '9' for '--indent-width <N>': 9 is not in 1..=8

        For more information, try '--help'.
    "#]]);
}

#[test]
fn a_broken_script_keeps_its_text() {
    let broken = "(seq (null)\n(par (null) (null))\n";
    let sandbox = Sandbox::new(&[("a.air", broken)]);
    sandbox.air("fmt -v").expect(expect![[r#"
        exit 2
        ── err
        error: a.air:1:1: unclosed bracket: add the closing one (S001)
        formatted a.air
        1 script formatted, 0 unchanged
        1 script with syntax errors: formatted where well formed (`air check` shows the errors)
    "#]]);
    let squeeze = |text: &str| text.split_whitespace().collect::<String>();
    assert_eq!(squeeze(&sandbox.read("a.air")), squeeze(broken));
    assert_eq!(sandbox.air("fmt -q").err, "error: a.air:1:1: unclosed bracket: add the closing one (S001)\n");
}

#[test]
fn scripts_with_syntax_errors_are_named() {
    let sandbox =
        Sandbox::new(&[("a.air", "(seq\n (nul)\n (null)\n)\n"), ("b.air", BROKEN), ("good.air", GOOD)]);
    sandbox.air("fmt --check").expect(expect![[r#"
        exit 2
        ── err
        error: a.air:2:3: unknown instruction, did you mean `null`? (S010)
        error: b.air:1:1: unclosed bracket: add the closing one (S001)
        0 scripts would be formatted, 3 unchanged
        2 scripts with syntax errors: formatted where well formed (`air check` shows the errors)
    "#]]);
    sandbox.air("fmt -q --diff a.air").expect(expect![[r#"
        exit 2
        ── err
        error: a.air:2:3: unknown instruction, did you mean `null`? (S010)
    "#]]);
    sandbox.air_with("fmt -", BROKEN).expect(expect![[r#"
        exit 2
        ── out
        (seq
         (null)
         (null)
        ── err
        error: <stdin>:1:1: unclosed bracket: add the closing one (S001)
        1 script with syntax errors: formatted where well formed (`air check` shows the errors)
    "#]]);
    // What only AquaVM's validator rejects has a layout.
    sandbox.write("c.air", UNDEFINED);
    sandbox.air("fmt --check c.air").expect(expect![[r#"
        exit 0
        ── err
        0 scripts would be formatted, 1 unchanged
    "#]]);
}

/// By file, as editors do: a script keeps its line ends unless somebody says otherwise.
#[test]
fn line_ends_stay() {
    let crlf = GOOD.replace('\n', "\r\n");
    let sandbox = Sandbox::new(&[("a.air", &crlf), ("b.air", GOOD), ("c.air", &UGLY.replace('\n', "\r\n"))]);
    assert_eq!(sandbox.air("fmt --check a.air b.air").code, 0);
    assert_eq!(sandbox.air("fmt c.air").code, 0);
    assert!(
        sandbox.read("c.air").lines().count() > 2
            && !sandbox.read("c.air").replace("\r\n", "").contains('\n')
    );
    assert_eq!(sandbox.air("fmt --check --line-ending lf a.air").code, 1);
    sandbox.write("air.toml", "[format]\nline-ending = 'crlf'\n");
    assert_eq!(sandbox.air("fmt --check b.air").code, 1);
    assert_eq!(sandbox.air("fmt --check --line-ending auto b.air").code, 0);
}
