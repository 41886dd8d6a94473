//! `air extract`.

use expect_test::expect;

use crate::sandbox::Sandbox;

const TS: &str = "f(`\n  (call ${relay} (\"op\" \"${ name }\") [x])\n`, '(seq (null) (ap 1 y))');\n";

#[test]
fn to_standard_output_and_as_json() {
    let sandbox = Sandbox::new(&[("a.ts", TS), ("b.md", "no scripts\n"), ("c.air", "(null)")]);
    sandbox.air("extract").expect(expect![[r#"
        exit 0
        ── out
        ; a.ts:2
        ; hole0_ is ${relay}
        ; hole1_ is ${ name }
        ; air: given hole0_
        (call hole0_ ("op" "hole1_") [x])

        ; a.ts:3
        (seq (null) (ap 1 y))
        ── err
        2 scripts extracted
    "#]]);
    sandbox.air("extract --json a.ts").expect(expect![[r#"
        exit 0
        ── out
        {"version":1,"scripts":[{"path":"a.ts","line":2,"last_line":2,"start":6,"end":44,"tagged":false,"text":"(call hole0_ (\"op\" \"hole1_\") [x])","holes":[{"word":"hole0_","source":"${relay}"},{"word":"hole1_","source":"${ name }"}]},{"path":"a.ts","line":3,"last_line":3,"start":49,"end":70,"tagged":false,"text":"(seq (null) (ap 1 y))","holes":[]}]}
        ── err
        2 scripts extracted
    "#]]);
    sandbox.air("extract missing.ts").expect(expect![[r#"
        exit 2
        ── err
        error: missing.ts: no such file or folder
        0 scripts extracted
    "#]]);
}

#[test]
fn to_a_folder() {
    let sandbox = Sandbox::new(&[("a.ts", TS), ("sub/a.ts", TS)]);
    sandbox.air("extract -o out a.ts sub/a.ts").expect(expect![[r#"
        exit 0
        ── err
        4 scripts extracted
    "#]]);
    assert_eq!(sandbox.read("out/a.ts.3.air"), "; a.ts:3\n(seq (null) (ap 1 y))\n");
    assert_eq!(sandbox.read("out/a.ts.3-2.air"), "; sub/a.ts:3\n(seq (null) (ap 1 y))\n");
    // The variable that a hole is counts as given.
    sandbox.air("check -o concise out").expect(expect![[r#"
        exit 1
        ── out
        out/a.ts.2-2.air:5:31: error[V001] variable `x` is not defined
        out/a.ts.2.air:5:31: error[V001] variable `x` is not defined
        out/a.ts.3-2.air:2:19: hint[L004] `y` is set and never read
        out/a.ts.3.air:2:19: hint[L004] `y` is set and never read
        ── err
        2 errors and 2 hints in 4 scripts
    "#]]);
}
