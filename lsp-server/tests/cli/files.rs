//! Files that cannot be worked on: a clear message, exit code 2, and the others still done.

use std::fs::{self, File};

use expect_test::expect;

use crate::sandbox::{GOOD, Sandbox, UGLY};

#[test]
fn others_are_still_done() {
    let sandbox = Sandbox::new(&[("good.air", UGLY), ("folder.air/x.txt", "")]);
    sandbox.write("latin.air", b"(null)\n; caf\xe9\n");
    sandbox.write("utf16.air", b"\xff\xfe(\0n\0");
    File::create(sandbox.path("huge.air")).unwrap().set_len(2 << 30).unwrap();
    sandbox.air("fmt good.air latin.air utf16.air huge.air missing.air folder.air").expect(expect![[r#"
        exit 2
        ── err
        warning: folder.air: no scripts (*.air) in this folder
        error: latin.air: is not UTF-8: invalid byte 0xe9 at offset 12 (line 2)
        error: utf16.air: is not UTF-8: it starts like UTF-16; save it as UTF-8
        error: huge.air: too large: 2147483648 bytes, the limit is 67108864 bytes (set `max-size` under `[files]` in air.toml to raise it)
        error: missing.air: no such file or folder
        1 script formatted, 0 unchanged
    "#]]);
    assert_eq!(sandbox.read("good.air"), "(seq\n (null) ; why\n (null)\n)\n");
    assert_eq!(fs::read(sandbox.path("latin.air")).unwrap(), b"(null)\n; caf\xe9\n");
    sandbox.air("check -q .").expect(expect![[r#"
        exit 2
        ── err
        error: huge.air: too large: 2147483648 bytes, the limit is 67108864 bytes (set `max-size` under `[files]` in air.toml to raise it)
        error: latin.air: is not UTF-8: invalid byte 0xe9 at offset 12 (line 2)
        error: utf16.air: is not UTF-8: it starts like UTF-16; save it as UTF-8
    "#]]);
    for command in ["parse", "beautify", "parse --json"] {
        assert_eq!(sandbox.air(&format!("{command} huge.air")).code, 2);
        let run = sandbox.air(&format!("{command} latin.air"));
        assert_eq!(run.err, "error: latin.air: is not UTF-8: invalid byte 0xe9 at offset 12 (line 2)\n");
        let run = sandbox.air(&format!("{command} folder.air"));
        assert_eq!(run.err, "error: folder.air: is a folder; expected a file\n");
    }
}

#[test]
fn the_limit_can_be_set() {
    let sandbox =
        Sandbox::new(&[("air.toml", "[files]\nmax-size = 10\n"), ("a.air", GOOD), ("b.air", "(null)")]);
    sandbox.air("check").expect(expect![[r#"
        exit 2
        ── err
        error: a.air: too large: 95 bytes, the limit is 10 bytes (set `max-size` under `[files]` in air.toml to raise it)
        no problems in 1 script, 1 path not checked
    "#]]);
    let run = sandbox.air_with("check -q -", GOOD);
    assert_eq!(run.code, 2, "{run:?}");
}

#[cfg(unix)]
#[test]
fn read_only_files_and_links() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::new(&[("a.air", UGLY), ("b.air", UGLY), ("target/c.air", UGLY)]);
    fs::set_permissions(sandbox.path("a.air"), fs::Permissions::from_mode(0o444)).unwrap();
    std::os::unix::fs::symlink("target/c.air", sandbox.path("link.air")).unwrap();
    std::os::unix::fs::symlink("nowhere.air", sandbox.path("dangling.air")).unwrap();
    sandbox.air("fmt a.air b.air link.air dangling.air").expect(expect![[r#"
        exit 2
        ── err
        error: a.air: is read-only, left unchanged
        error: dangling.air: no such file or folder
        2 scripts formatted, 0 unchanged
    "#]]);
    assert_eq!(sandbox.read("a.air"), UGLY);
    assert_ne!(sandbox.read("b.air"), UGLY);
    assert_ne!(sandbox.read("target/c.air"), UGLY);
    assert!(fs::symlink_metadata(sandbox.path("link.air")).unwrap().is_symlink());
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written() {
    use std::process::Stdio;
    let sandbox = Sandbox::new(&[("a.air", UGLY)]);
    // A full disk is an error.
    let mut command = sandbox.command(&["parse", "a.air"]);
    command.stdout(File::options().write(true).open("/dev/full").unwrap());
    let output = command.stderr(Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(err.starts_with("error: cannot write to standard output: "), "{err}");

    // A reader that goes away is not an error.
    let big = format!("{}(null){}", "(seq (null) ".repeat(5000), ")".repeat(5000));
    sandbox.write("big.air", &big);
    let mut child =
        sandbox.command(&["parse", "big.air"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap()), (Some(0), String::new()));
}

#[test]
fn what_the_walk_leaves_out() {
    let sandbox = Sandbox::new(&[
        ("a.air", UGLY),
        ("b.txt", UGLY),
        (".hidden.air", UGLY),
        ("ignored/c.air", UGLY),
        ("vendored/d.air", UGLY),
        (".gitignore", "ignored/\n"),
        (".airignore", "vendored/\n"),
    ]);
    sandbox.air("fmt --check").expect(expect![[r#"
        exit 1
        ── out
        would format: a.air
        ── err
        1 script would be formatted, 0 unchanged
    "#]]);
    // A file that is named is always included.
    sandbox.air("fmt --check vendored/d.air b.txt").expect(expect![[r#"
        exit 1
        ── out
        would format: vendored/d.air
        would format: b.txt
        ── err
        2 scripts would be formatted, 0 unchanged
    "#]]);
}

/// `--exclude`, `[files] exclude`, what is left out anyway, and extensions in capital letters.
#[test]
fn what_is_left_out_of_folders() {
    let sandbox = Sandbox::new(&[
        ("a.air", "x"),
        ("B.AIR", "x"),
        ("gen/c.air", "x"),
        ("node_modules/m/d.air", "x"),
        ("target/e.air", "x"),
        ("in/air.toml", "[files]\nexclude = ['*.old.air', '!target']\n"),
        ("in/f.old.air", "x"),
        ("in/target/g.air", "x"),
    ]);
    let found = |args: &str| {
        let run = sandbox.air(&format!("check -o concise {args}"));
        let names: Vec<String> =
            run.out.lines().filter_map(|line| Some(line.split_once(':')?.0.to_owned())).collect();
        names.join(" ")
    };
    assert_eq!(found(""), "B.AIR a.air gen/c.air");
    assert_eq!(found("--exclude gen"), "B.AIR a.air");
    assert_eq!(found("--exclude gen --exclude !target"), "B.AIR a.air in/target/g.air target/e.air");
    assert_eq!(found("in"), "in/target/g.air");
    // What is named is always included.
    assert_eq!(found("target in/f.old.air --exclude *.air"), "in/f.old.air");
    assert_eq!(found("target"), "target/e.air");
    let run = sandbox.air("check --exclude a[ .");
    assert_eq!(run.code, 2);
    assert!(run.err.contains("--exclude: the pattern `a[` cannot be read"), "{}", run.err);
    sandbox.write("in/air.toml", "[files]\nexclude = ['a[']\n");
    let run = sandbox.air("check in");
    assert_eq!(run.code, 2);
    assert!(run.err.contains("[files] exclude: the pattern `a[`"), "{}", run.err);
}
