//! `air check`: reports for people, exit codes, levels, fixes.

use expect_test::expect;

use crate::sandbox::{BROKEN, GOOD, Sandbox, UNDEFINED, USELESS};

#[test]
fn a_good_script() {
    let sandbox = Sandbox::new(&[("a.air", GOOD)]);
    sandbox.air("check").expect(expect![[r#"
        exit 0
        ── err
        no problems in 1 script
    "#]]);
}

#[test]
fn full_is_the_default() {
    let sandbox = Sandbox::new(&[("a.air", UNDEFINED), ("b/b.air", BROKEN), ("c.air", GOOD)]);
    sandbox.air("check").expect(expect![[r#"
        exit 1
        ── out
        error[V001]: variable `resutl` is not defined; did you mean `result`?
         --> a.air:3:36
          |
        3 |  (call "peer" ("service" "store") [resutl])
          |                                    ^^^^^^
          |
          = help: replace by `result`
          = help: declare `resutl` as given by the host
          = note: undefined-variable: `air explain V001` says more

        error[S001]: unclosed bracket: add the closing one
         --> b/b.air:1:1
          |
        1 | (seq
          | ^
        2 |  (null)
        3 |  (null)
          |        - the text ends here
          |
          = help: insert `)` at the end
          = note: unclosed-bracket: `air explain S001` says more

        ── err
        2 errors in 3 scripts
    "#]]);
}

#[test]
fn related_places_far_away_get_their_own_excerpt() {
    let far = format!("(fold [] i\n (seq\n  (next i)\n{} (next i)\n )\n)\n", "\n".repeat(20));
    let far = far.replace("(fold []", "(fold %init_peer_id%").replace("%init_peer_id%", "#list");
    let sandbox = Sandbox::new(&[("a.air", &format!("(seq (canon \"p\" $s #list)\n{far})"))]);
    sandbox.air("check --quiet").expect(expect![[r#"
        exit 1
        ── out
        error[V003]: `next i` may stand only once in a fold, even in branches of which only one runs
          --> a.air:25:8
           |
        25 |  (next i)
           |        ^
           |
          ::: a.air:4:9
           |
         2 | (fold #list i
           |             - `i` is the iterator of this fold
         3 |  (seq
         4 |   (next i)
           |         - the first `next i` stands here
           |
           = note: multiple-next: `air explain V003` says more

    "#]]);
}

#[test]
fn very_long_lines_are_cut() {
    let many = "(seq (null) ".repeat(4000);
    let text = format!("{many}(ap жжж x){}", " )".repeat(4000).replace(" )", " (null))"));
    let sandbox = Sandbox::new(&[("long.air", &text)]);
    let run = sandbox.air("check -q");
    assert_eq!(run.code, 1);
    assert!(
        run.out.lines().all(|line| line.chars().count() < 160),
        "{}",
        run.out.lines().map(str::len).max().unwrap()
    );
    assert!(run.out.contains("--> long.air:1:48005\n"), "{}", &run.out[..300]);
}

#[test]
fn order_is_that_of_the_command_line_and_each_script_comes_once() {
    let sandbox = Sandbox::new(&[("a.air", BROKEN), ("b.air", BROKEN), ("c/d.air", BROKEN)]);
    sandbox.air("check -q -o concise c b.air . ./b.air").expect(expect![[r#"
        exit 1
        ── out
        c/d.air:1:1: error[S001] unclosed bracket: add the closing one
        b.air:1:1: error[S001] unclosed bracket: add the closing one
        a.air:1:1: error[S001] unclosed bracket: add the closing one
    "#]]);
}

#[test]
fn folders_without_scripts() {
    let sandbox = Sandbox::new(&[("a.txt", "")]);
    sandbox.air("check").expect(expect![[r#"
        exit 0
        ── err
        warning: .: no scripts (*.air) in this folder
        no problems in 0 scripts
    "#]]);
}

#[test]
fn standard_input() {
    let sandbox = Sandbox::new(&[]);
    sandbox.air_with("check -q -o concise -", UNDEFINED).expect(expect![[r#"
        exit 1
        ── out
        <stdin>:3:36: error[V001] variable `resutl` is not defined; did you mean `result`?
    "#]]);
    sandbox.air_with("check -q -o concise --stdin-filepath dir/x.air", UNDEFINED).expect(expect![[r#"
        exit 1
        ── out
        dir/x.air:3:36: error[V001] variable `resutl` is not defined; did you mean `result`?
    "#]]);
}

#[test]
fn levels() {
    let sandbox = Sandbox::new(&[("a.air", USELESS)]);
    sandbox.air("check -q -o concise").expect(expect![[r#"
        exit 1
        ── out
        a.air:1:14: warning[L003] `undefined-variable` does not occur in the next instruction
    "#]]);
    sandbox.air("check -q -o concise --deny unused-allow").expect(expect![[r#"
        exit 1
        ── out
        a.air:1:14: error[L003] `undefined-variable` does not occur in the next instruction
    "#]]);
    sandbox.air("check -q -o concise --allow unused-allow").expect(expect![[r#"
        exit 0
    "#]]);
    sandbox.air("check --allow undefined-variable").expect(expect![[r#"
        exit 2
        ── err
        error: `undefined-variable` cannot be lowered: AquaVM rejects such a script, so it stays an error
    "#]]);
    sandbox.air("check --warn unused-alow").expect(expect![[r#"
        exit 2
        ── err
        error: unknown diagnostic `unused-alow`; did you mean `unused-allow`? (`air explain --list` shows all)
    "#]]);
}

#[test]
fn fixes() {
    let sandbox = Sandbox::new(&[("a.air", USELESS), ("b.air", GOOD)]);
    let before = std::fs::metadata(sandbox.path("b.air")).unwrap().modified().unwrap();
    sandbox.air("check --fix").expect(expect![[r#"
        exit 0
        ── out
        a.air: fixed unused-allow (1)
        ── err
        no problems in 2 scripts, 1 fixed
    "#]]);
    expect![[r#"
        (null)
    "#]]
    .assert_eq(&sandbox.read("a.air"));
    assert_eq!(std::fs::metadata(sandbox.path("b.air")).unwrap().modified().unwrap(), before);
    sandbox.air("check --fix").expect(expect![[r#"
        exit 0
        ── err
        no problems in 2 scripts
    "#]]);
    // What cannot be fixed safely stays.
    sandbox.write("c.air", format!("; air: given a, b, c\n{UNDEFINED}"));
    sandbox.air("check --fix -o concise").expect(expect![[r#"
        exit 1
        ── out
        c.air:3:36: error[V001] variable `resutl` is not defined; did you mean `result`?
        ── err
        1 error in 3 scripts, 3 fixed
    "#]]);
    expect![[r#"
        (seq
         (call "peer" ("service" "load") [] result)
         (call "peer" ("service" "store") [resutl])
        )
    "#]]
    .assert_eq(&sandbox.read("c.air"));
    std::fs::remove_file(sandbox.path("c.air")).unwrap();
    // What configuration allows is left alone.
    sandbox.write("a.air", USELESS);
    sandbox.air("check --fix --allow unused-allow -q").expect(expect![[r#"
        exit 0
    "#]]);
    assert_eq!(sandbox.read("a.air"), USELESS);
}

#[test]
fn unsafe_fixes() {
    let sandbox = Sandbox::new(&[("a.air", "(seq (ap 'x' $all) (call ${relay} (\"s\" \"f\") [$all, 1]))\n")]);
    sandbox.air("check --unsafe-fixes").expect(expect![[r#"
        exit 0
        ── out
        a.air: fixed bad-name (3), undefined-variable (1), wrong-operand (1)
        ── err
        no problems in 1 script, 5 fixed
    "#]]);
    expect![[r#"
        ; air: given relay
        (seq (ap "x" $all) (seq (canon relay $all #all) (call relay ("s" "f") [#all 1])))
    "#]]
    .assert_eq(&sandbox.read("a.air"));
}

#[test]
fn scripts_of_older_air() {
    let old = "(seq (call %init_peer_id% (\"s\" \"f\") [] x) (ap x.$.[\"name\"]! y) (null))\n";
    let sandbox = Sandbox::new(&[("a.air", old)]);
    sandbox.air("check --migrate").expect(expect![[r#"
        exit 0
        ── out
        hint[L004]: `y` is set and never read
         --> a.air:1:61
          |
        1 | (seq (call %init_peer_id% ("s" "f") [] x) (seq (ap x.$.name y) (null)))
          |                                                             ^
          |
          = help: remove this `ap`
          = note: unused-variable: `air explain L004` says more

        a.air: fixed bad-lens (1), old-dialect (1), surplus-instruction (1)
        ── err
        a.air:1:64: nest another `seq` for the rest (S016)
        a.air:1:57: replace by `name` (S027)
        a.air:1:60: remove `!` from `x.$.name!` (L030)
        1 hint in 1 script, 3 fixed
    "#]]);
    expect![[r#"
        (seq (call %init_peer_id% ("s" "f") [] x) (seq (ap x.$.name y) (null)))
    "#]]
    .assert_eq(&sandbox.read("a.air"));
    sandbox.air_with("check --migrate -", old).expect(expect![[r#"
        exit 0
        ── out
        (seq (call %init_peer_id% ("s" "f") [] x) (seq (ap x.$.name y) (null)))
        ── err
        <stdin>:1:64: nest another `seq` for the rest (S016)
        <stdin>:1:57: replace by `name` (S027)
        <stdin>:1:60: remove `!` from `x.$.name!` (L030)
        hint[L004]: `y` is set and never read
         --> <stdin>:1:61
          |
        1 | (seq (call %init_peer_id% ("s" "f") [] x) (seq (ap x.$.name y) (null)))
          |                                                             ^
          |
          = help: remove this `ap`
          = note: unused-variable: `air explain L004` says more

        <stdin>: fixed bad-lens (1), old-dialect (1), surplus-instruction (1)
        1 hint in 1 script, 3 fixed
    "#]]);
    sandbox.air("check --migrate --fix").expect(expect![[r#"
        exit 2
        ── err
        error: the argument '--migrate' cannot be used with '--fix'

        Usage: air check --migrate [PATHS]...

        For more information, try '--help'.
    "#]]);
}

#[test]
fn fixes_of_standard_input() {
    let sandbox = Sandbox::new(&[]);
    sandbox.air_with("check --fix -", USELESS).expect(expect![[r#"
        exit 0
        ── out
        (null)
        ── err
        <stdin>: fixed unused-allow (1)
        no problems in 1 script, 1 fixed
    "#]]);
    sandbox.air_with("check --fix -o concise -", UNDEFINED).expect(expect![[r#"
        exit 1
        ── out
        (seq
         (call "peer" ("service" "load") [] result)
         (call "peer" ("service" "store") [resutl])
        )
        ── err
        <stdin>:3:36: error[V001] variable `resutl` is not defined; did you mean `result`?
        1 error in 1 script
    "#]]);
}

/// A script with an error, one with a warning, and one with a hint.
fn one_of_each() -> Sandbox {
    Sandbox::new(&[
        ("error.air", UNDEFINED),
        ("warning.air", USELESS),
        ("hint.air", "(call \"peer\" (\"service\" \"load\") [] my-value)\n"),
    ])
}

#[test]
fn advice_does_not_fail() {
    let sandbox = one_of_each();
    sandbox.air("check -o concise hint.air").expect(expect![[r#"
        exit 0
        ── out
        hint.air:1:36: hint[L004] `my-value` is set and never read
        ── err
        1 hint in 1 script
    "#]]);
    sandbox.air("check -q -o concise --level hint hint.air").expect(expect![[r#"
        exit 1
        ── out
        hint.air:1:36: hint[L004] `my-value` is set and never read
    "#]]);
    sandbox.air("check -o concise --level info hint.air").expect(expect![[r#"
        exit 0
        ── err
        no problems in 1 script
    "#]]);
    sandbox.air("check -o concise --level warning").expect(expect![[r#"
        exit 1
        ── out
        error.air:3:36: error[V001] variable `resutl` is not defined; did you mean `result`?
        warning.air:1:14: warning[L003] `undefined-variable` does not occur in the next instruction
        ── err
        1 error and 1 warning in 3 scripts
    "#]]);
    sandbox.air("check -o concise --level error").expect(expect![[r#"
        exit 1
        ── out
        error.air:3:36: error[V001] variable `resutl` is not defined; did you mean `result`?
        ── err
        1 error in 3 scripts
    "#]]);
    sandbox.air("check -o concise --level error warning.air hint.air").expect(expect![[r#"
        exit 0
        ── err
        no problems in 2 scripts
    "#]]);
    sandbox.air("check --level note").expect(expect![[r#"
        exit 2
        ── err
        error: invalid value 'note' for '--level <LEVEL>'
          [possible values: error, warning, info, hint]

        For more information, try '--help'.
    "#]]);
}

#[test]
fn exit_codes_on_request() {
    let sandbox = one_of_each();
    sandbox.air("check -q -o concise --exit-zero").expect(expect![[r#"
        exit 0
        ── out
        error.air:3:36: error[V001] variable `resutl` is not defined; did you mean `result`?
        hint.air:1:36: hint[L004] `my-value` is set and never read
        warning.air:1:14: warning[L003] `undefined-variable` does not occur in the next instruction
    "#]]);
    sandbox.air("check -o concise --exit-zero hint.air none.air").expect(expect![[r#"
        exit 2
        ── out
        hint.air:1:36: hint[L004] `my-value` is set and never read
        ── err
        error: none.air: no such file or folder
        1 hint in 1 script, 1 path not checked
    "#]]);
    sandbox.air("check -o concise --max-warnings 1 warning.air").expect(expect![[r#"
        exit 0
        ── out
        warning.air:1:14: warning[L003] `undefined-variable` does not occur in the next instruction
        ── err
        1 warning in 1 script
    "#]]);
    sandbox.air("check -o concise --max-warnings 0 warning.air").expect(expect![[r#"
        exit 1
        ── out
        warning.air:1:14: warning[L003] `undefined-variable` does not occur in the next instruction
        ── err
        1 warning in 1 script
        1 warning, and --max-warnings allows 0
    "#]]);
    sandbox.air("check -o concise --max-warnings 0 --level error warning.air").expect(expect![[r#"
        exit 1
        ── err
        no problems in 1 script
        1 warning, and --max-warnings allows 0
    "#]]);
    sandbox.air("check -q --max-warnings 9 error.air -o concise").expect(expect![[r#"
        exit 1
        ── out
        error.air:3:36: error[V001] variable `resutl` is not defined; did you mean `result`?
    "#]]);
}

#[test]
fn groups_of_diagnostics() {
    let sandbox = one_of_each();
    sandbox.air("check -q -o concise --allow lints").expect(expect![[r#"
        exit 1
        ── out
        error.air:3:36: error[V001] variable `resutl` is not defined; did you mean `result`?
    "#]]);
    sandbox.air("check -q -o concise --allow lints --warn hints").expect(expect![[r#"
        exit 1
        ── out
        error.air:3:36: error[V001] variable `resutl` is not defined; did you mean `result`?
        hint.air:1:36: warning[L004] `my-value` is set and never read
    "#]]);
    sandbox.air("check -q -o concise --allow lints --deny L003,unused-variable").expect(expect![[r#"
        exit 1
        ── out
        error.air:3:36: error[V001] variable `resutl` is not defined; did you mean `result`?
        hint.air:1:36: error[L004] `my-value` is set and never read
        warning.air:1:14: error[L003] `undefined-variable` does not occur in the next instruction
    "#]]);
    sandbox.air("check -q -o concise --allow validation").expect(expect![[r#"
        exit 2
        ── err
        error: `validation` cannot be lowered: AquaVM rejects such a script, so it stays an error; `lints` can be
    "#]]);
    sandbox.air("check -q -o concise --allow L003,hint").expect(expect![[r#"
        exit 2
        ── err
        error: unknown diagnostic `hint`; did you mean the group `hints`?
    "#]]);
}

#[test]
fn statistics() {
    let sandbox = one_of_each();
    sandbox.write("more.air", "(seq (ap 1 x) (seq (ap 1 y) (ap 1 $s)))");
    sandbox.air("check --statistics").expect(expect![[r#"
        exit 1
        ── out
        3  L004  hint     unused-variable
        1  L003  warning  unused-allow
        1  L005  hint     unused-stream
        1  V001  error    undefined-variable
        ── err
        1 error, 1 warning and 4 hints in 4 scripts
    "#]]);
    sandbox.air("check -q --statistics --allow hints --warn L005 -o jsonl=report").expect(expect![[r#"
        exit 1
        ── out
        1  L003  warning  unused-allow
        1  L005  warning  unused-stream
        1  V001  error    undefined-variable
    "#]]);
    assert_eq!(sandbox.read("report").lines().count(), 5);
    sandbox.air("check --statistics -o json").expect(expect![[r#"
        exit 2
        ── err
        error: --statistics goes to standard output; send the report to a file with FORM=FILE
    "#]]);
    sandbox.air_with("check --statistics --fix -", USELESS).expect(expect![[r#"
        exit 0
        ── out
        (null)
        ── err
        no problems in 1 script, 1 fixed
    "#]]);
}

#[test]
fn fixes_as_a_diff() {
    let sandbox = one_of_each();
    sandbox.air("check --fix --diff").expect(expect![[r#"
        exit 1
        ── out
        --- warning.air
        +++ warning.air
        @@ -1,2 +1 @@
        -; air: allow(undefined-variable)
         (null)
        ── err
        1 script would change: 1 finding to fix
    "#]]);
    sandbox.air("check -q --unsafe-fixes --diff error.air").expect(expect![[r#"
        exit 1
        ── out
        --- error.air
        +++ error.air
        @@ -1,4 +1,4 @@
         (seq
          (call "peer" ("service" "load") [] result)
        - (call "peer" ("service" "store") [resutl])
        + (call "peer" ("service" "store") [result])
         )
    "#]]);
    sandbox.air("check -q --fix --unsafe-fixes --diff --exit-zero error.air").expect(expect![[r#"
        exit 0
        ── out
        --- error.air
        +++ error.air
        @@ -1,4 +1,4 @@
         (seq
          (call "peer" ("service" "load") [] result)
        - (call "peer" ("service" "store") [resutl])
        + (call "peer" ("service" "store") [result])
         )
    "#]]);
    sandbox.air("check --fix --diff hint.air").expect(expect![[r#"
        exit 0
        ── err
        0 scripts would change: 0 findings to fix
    "#]]);
    sandbox.air_with("check -q --migrate --diff -", "(seq (null) (null) (null))\n").expect(expect![[r#"
        exit 1
        ── out
        --- <stdin>
        +++ <stdin>
        @@ -1 +1 @@
        -(seq (null) (null) (null))
        +(seq (null) (seq (null) (null)))
    "#]]);
    for (path, text) in [("error.air", UNDEFINED), ("warning.air", USELESS)] {
        assert_eq!(sandbox.read(path), text, "nothing is written");
    }
    sandbox.air("check --diff").expect(expect![[r#"
        exit 2
        ── err
        error: the following required arguments were not provided:
          <--fix|--unsafe-fixes|--migrate|--add-allow>

        Usage: air check --diff <--fix|--unsafe-fixes|--migrate|--add-allow> [PATHS]...

        For more information, try '--help'.
    "#]]);
}

/// What is there is allowed, what comes later is reported.
#[test]
fn lints_of_today_are_allowed() {
    let script = "(seq\n (call %init_peer_id% (\"s\" \"f\") [] x)\n (null)\n)\n";
    let sandbox = Sandbox::new(&[("a.air", script)]);
    let diff = sandbox.air("check --add-allow --diff a.air");
    assert_eq!(diff.code, 1);
    assert!(diff.out.contains("+ ; air: allow(unused-variable)"), "{}", diff.out);
    assert_eq!(sandbox.read("a.air"), script);
    let run = sandbox.air("check --add-allow a.air");
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.err);
    assert!(run.err.contains("1 finding allowed from now on"), "{}", run.err);
    assert_eq!(sandbox.air("check --level hint a.air").code, 0);
    let later = sandbox.read("a.air").replace("(null)", "(call %init_peer_id% (\"s\" \"f\") [] y)");
    sandbox.write("a.air", later);
    let run = sandbox.air("check --level hint -o concise a.air");
    assert_eq!(run.code, 1);
    assert!(run.out.starts_with("a.air:4:"), "{}", run.out);
    // For standard input the script goes to standard output.
    let run = sandbox.air_with("check --add-allow -", script);
    assert!(run.out.starts_with("(seq\n ; air: allow"), "{}", run.out);
}
