//! `air diff`.

use std::path::Path;
use std::time::{Duration, Instant};

use expect_test::expect;

use crate::sandbox::Sandbox;

const OLD: &str = "(seq\n (ap 1 x)\n (seq\n  (call \"a\" (\"s\" \"f\") [x] y)\n  (xor\n   (call \"b\" (\"s\" \"g\") [y])\n   (null)\n  )\n )\n)\n";
const NEW: &str = "(seq\n (seq\n  (ap 1 one)\n  (call \"a\" (\"s\" \"h\") [one] y)\n )\n (xor\n  (call \"b\" (\"s\" \"g\") [y])\n  (fail %last_error%)\n )\n)\n";

#[test]
fn two_files() {
    let sandbox = Sandbox::new(&[
        ("a.air", OLD),
        ("b.air", NEW),
        ("c.air", &OLD.replace(" x)", " z)").replace("[x]", "[z]")),
    ]);
    sandbox.air("diff a.air b.air").expect(expect![[r#"
        exit 1
        ── out
        --- a.air
        +++ b.air
        renamed x → one
        @@ line 1 → 1 @@
          seq:
            ap 1 one
        -   y <- call "a" ("s", "f") [x]
        +   y <- call "a" ("s", "h") [one]
            xor:
              call "b" ("s", "g") [y]
        -     null
        +     fail %last_error%
        ── err
        1 instruction inserted, 1 removed, 1 changed, 0 moved, 1 variable renamed
    "#]]);
    sandbox.air("diff -U 0 --json a.air b.air").expect(expect![[r#"
        exit 1
        ── out
        {"version":1,"old":"a.air","new":"b.air","same":false,"renames":[{"old":"x","new":"one"}],"changes":[{"kind":"changed","text":"y <- call \"a\" (\"s\", \"h\") [one]","before":"y <- call \"a\" (\"s\", \"f\") [x]","depth":1,"old":{"start":23,"end":49,"line":4,"column":3,"end_line":4,"end_column":29},"new":{"start":26,"end":54,"line":4,"column":3,"end_line":4,"end_column":31}},{"kind":"removed","text":"null","depth":2,"old":{"start":88,"end":94,"line":7,"column":4,"end_line":7,"end_column":10}},{"kind":"inserted","text":"fail %last_error%","depth":2,"new":{"start":93,"end":112,"line":8,"column":3,"end_line":8,"end_column":22}}]}
    "#]]);
    sandbox.air("diff a.air c.air").expect(expect![[r#"
        exit 1
        ── out
        --- a.air
        +++ c.air
        renamed x → z
        ── err
        0 instructions inserted, 0 removed, 0 changed, 0 moved, 1 variable renamed
    "#]]);
    sandbox.air("diff --ignore-names a.air c.air").expect(expect![[r#"
        exit 0
        ── err
        0 instructions inserted, 0 removed, 0 changed, 0 moved, 0 variables renamed
    "#]]);
    sandbox.air_with("diff -q a.air -", &OLD.replace('\n', "\n ; c\n")).expect(expect![[r#"
        exit 0
    "#]]);
    sandbox.air("diff - -").expect(expect![[r#"
        exit 2
        ── err
        error: only one of the scripts can be standard input
    "#]]);
    sandbox.air("diff a.air missing.air").expect(expect![[r#"
        exit 2
        ── err
        error: missing.air: no such file or folder
    "#]]);
}

/// Pairs of real scripts, each with every other one of its size: the time is bounded, whatever they have in common.
#[test]
fn real_scripts() {
    let Some(shared) = std::env::var_os("AIR_SHARED") else { return };
    let mut files = Vec::new();
    let mut folders = vec![Path::new(&shared).join("corpus/air")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "air") {
                files.push((entry.metadata().unwrap().len(), path));
            }
        }
    }
    if files.is_empty() {
        return;
    }
    files.sort();
    assert!(files.len() > 100);
    let sandbox = Sandbox::new(&[]);
    for pair in files.windows(2).rev().take(6) {
        let begun = Instant::now();
        let ran = sandbox.air(&format!("diff -q {} {}", pair[0].1.display(), pair[1].1.display()));
        assert!(ran.code < 2, "{pair:?}");
        assert!(begun.elapsed() < Duration::from_secs(20), "{pair:?}");
        let same = sandbox.air(&format!("diff -q {0} {0}", pair[1].1.display()));
        assert_eq!(same.code, 0, "{pair:?}");
    }
}
