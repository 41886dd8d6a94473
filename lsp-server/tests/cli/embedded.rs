//! Scripts in files of other languages, by all commands that look into them.

use expect_test::expect;

use crate::sandbox::Sandbox;

const TS: &str = "import { air } from './air';\nconst one = 1;\nexport const hello = (peer: string) => air`\n    (seq\n      (call \"${peer}\" (\"hello\" \"hello\") [nme] greeting)\n    (null))\n`;\nconst prose = '(next page)';\n";
const RUST: &str = "fn script(peer: &str) -> String {\n    format!(\n        r#\"\n        (seq\n            (call {peer} (\"s\" \"f\") [] x)\n            (ap 1 $s)\n        )\"#\n    )\n}\n";
const MARKDOWN: &str = "# Scripts\n\n```air\n(seq (ap 1 x) (nul))\n```\n\n```ts\nconst x = '(seq';\n```\n";

fn sandbox() -> Sandbox {
    Sandbox::new(&[("a.ts", TS), ("b.rs", RUST), ("c.md", MARKDOWN), ("d.js", "const no = '(null)';\n")])
}

#[test]
fn findings_stand_in_the_file() {
    let sandbox = sandbox();
    sandbox.air("check -o concise a.ts b.rs c.md d.js").expect(expect![[r#"
        exit 1
        ── out
        a.ts:5:42: error[V001] variable `nme` is not defined
        c.md:4:16: error[S010] unknown instruction, did you mean `null`?
        ── err
        d.js: no scripts in this file
        2 errors in 3 scripts
    "#]]);
    sandbox.air("check a.ts").expect(expect![[r#"
        exit 1
        ── out
        error[V001]: variable `nme` is not defined
         --> a.ts:5:42
          |
        5 |       (call "${peer}" ("hello" "hello") [nme] greeting)
          |                                          ^^^
          |
          = help: declare `nme` as given by the host
          = note: undefined-variable: `air explain V001` says more

        ── err
        1 error in 1 script
    "#]]);
    sandbox.air("check -o json a.ts").expect(expect![[r#"
        exit 1
        ── out
        {"version":1,"files":[{"path":"a.ts","accepted":false,"diagnostics":[{"code":"V001","name":"undefined-variable","origin":"validation","severity":"error","message":"variable `nme` is not defined","start":138,"end":141,"line":5,"column":42,"end_line":5,"end_column":45,"related":[],"fixes":[{"title":"declare `nme` as given by the host","safe":false,"edits":[{"start":92,"end":92,"line":4,"column":5,"end_line":4,"end_column":5,"new_text":"; air: given nme\n    "}]}]}]}],"failures":[],"summary":{"files":1,"accepted":0,"rejected":1,"failed":0,"errors":1,"warnings":0,"infos":0,"hints":0,"fixed":0}}
    "#]]);
    // Folders only when that is asked for.
    sandbox.air("check -o concise .").expect(expect![[r#"
        exit 0
        ── err
        warning: .: no scripts (*.air) in this folder
        no problems in 0 scripts
    "#]]);
    sandbox.air("check -o concise --embedded .").expect(expect![[r#"
        exit 1
        ── out
        a.ts:5:42: error[V001] variable `nme` is not defined
        c.md:4:16: error[S010] unknown instruction, did you mean `null`?
        ── err
        2 errors in 3 scripts
    "#]]);
    sandbox.air_with("check -o concise --stdin-filepath x.rs", RUST).expect(expect![[r#"
        exit 0
        ── err
        no problems in 1 script
    "#]]);
}

#[test]
fn layout_changes_the_strings_only() {
    let sandbox = sandbox();
    sandbox.air("fmt --diff --embedded").expect(expect![[r##"
        exit 2
        ── out
        --- a.ts
        +++ a.ts
        @@ -2,7 +2,8 @@
         const one = 1;
         export const hello = (peer: string) => air`
             (seq
        -      (call "${peer}" ("hello" "hello") [nme] greeting)
        -    (null))
        +     (call "${peer}" ("hello" "hello") [nme] greeting)
        +     (null)
        +    )
         `;
         const prose = '(next page)';
        --- b.rs
        +++ b.rs
        @@ -2,8 +2,8 @@
             format!(
                 r#"
                 (seq
        -            (call {peer} ("s" "f") [] x)
        -            (ap 1 $s)
        +         (call {peer} ("s" "f") [] x)
        +         (ap 1 $s)
                 )"#
             )
         }
        ── err
        error: c.md:4:16: unknown instruction, did you mean `null`? (S010)
        2 scripts would be formatted, 2 unchanged
        1 script with syntax errors: formatted where well formed (`air check` shows the errors)
    "##]]);
    sandbox.air("fmt a.ts b.rs d.js").expect(expect![[r#"
        exit 0
        ── err
        2 scripts formatted, 1 unchanged
    "#]]);
    expect![[r##"
        import { air } from './air';
        const one = 1;
        export const hello = (peer: string) => air`
            (seq
             (call "${peer}" ("hello" "hello") [nme] greeting)
             (null)
            )
        `;
        const prose = '(next page)';
        fn script(peer: &str) -> String {
            format!(
                r#"
                (seq
                 (call {peer} ("s" "f") [] x)
                 (ap 1 $s)
                )"#
            )
        }
    "##]]
    .assert_eq(&(sandbox.read("a.ts") + &sandbox.read("b.rs")));
    sandbox.air("fmt --check a.ts b.rs").expect(expect![[r#"
        exit 0
        ── err
        0 scripts would be formatted, 2 unchanged
    "#]]);
    sandbox.air_with("fmt --stdin-filepath x.md", MARKDOWN).expect(expect![[r#"
        exit 2
        ── out
        # Scripts

        ```air
        (seq (ap 1 x) (nul))
        ```

        ```ts
        const x = '(seq';
        ```
        ── err
        error: x.md:4:16: unknown instruction, did you mean `null`? (S010)
        1 script with syntax errors: formatted where well formed (`air check` shows the errors)
    "#]]);
}

#[test]
fn fixes_and_directives() {
    let sandbox = Sandbox::new(&[(
        "a.ts",
        "f(/* air */ `\n  (seq\n   (call \"p\" (\"s\" \"f\") [] unused)\n   (call \"p\" (\"s\" \"g\") [] x\n  )\n`);\ng(\"(seq (ap 1 y) (ap y z))\");\n",
    )]);
    sandbox.air("check --unsafe-fixes --diff a.ts").expect(expect![[r#"
        exit 1
        ── out
        --- a.ts
        +++ a.ts
        @@ -1,7 +1,7 @@
         f(/* air */ `
           (seq
            (call "p" ("s" "f") [] unused)
        -   (call "p" ("s" "g") [] x
        +   (call "p" ("s" "g") [] x)
           )
         `);
         g("(seq (ap 1 y) (ap y z))");
        ── err
        1 script would change: 1 finding to fix
    "#]]);
    assert_eq!(sandbox.air("check --unsafe-fixes a.ts").code, 0);
    assert_eq!(sandbox.air("check --add-allow a.ts").code, 0);
    expect![[r#"
        f(/* air */ `
          (seq
           ; air: allow(unused-variable)
           (call "p" ("s" "f") [] unused)
           ; air: allow(unused-variable)
           (call "p" ("s" "g") [] x)
          )
        `);
        g("; air: allow(unused-variable)\n(seq (ap 1 y) (ap y z))");
    "#]]
    .assert_eq(&sandbox.read("a.ts"));
}

#[test]
fn runs_one_of_them() {
    let two = "f(`(call %init_peer_id% (\"op\" \"noop\") [])`);\ng(`(seq (null) (call ${p} (\"op\" \"noop\") []))`);\n";
    let sandbox = Sandbox::new(&[("a.ts", two)]);
    sandbox.air("run a.ts").expect(expect![[r#"
        exit 2
        ── err
        error: a.ts: 2 scripts, in lines 1, 2; choose one with --script N or --script :LINE
    "#]]);
    let run = sandbox.air("run --script 1 a.ts");
    assert_eq!((run.code, run.out.lines().next()), (0, Some("a.ts (script in line 1)")));
    assert_eq!(sandbox.air("run --script :1 a.ts").code, 0);
    sandbox.air("run --script 2 a.ts").expect(expect![[r#"
        exit 2
        ── err
        error: a.ts:2:22: the program fills in `${p}`, so the script cannot run as it stands; write it out with `air extract` and give a value
    "#]]);
}
