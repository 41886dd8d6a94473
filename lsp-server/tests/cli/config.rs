//! `air.toml`, `.editorconfig`, `--config`, `--isolated`.

use expect_test::expect;

use crate::sandbox::{Sandbox, UGLY, USELESS};

#[test]
fn the_nearest_file_counts() {
    let sandbox = Sandbox::new(&[
        ("air.toml", "[format]\nindent-width = 4\n"),
        ("a.air", UGLY),
        ("sub/.air.toml", "[format]\ncompact = true\n"),
        ("sub/deep/b.air", UGLY),
    ]);
    sandbox.air("fmt -q");
    assert_eq!(sandbox.read("a.air"), "(seq\n    (null) ; why\n    (null)\n)\n");
    assert_eq!(sandbox.read("sub/deep/b.air"), "(seq\n (null) ; why\n (null))\n");
    sandbox.air("fmt -q --isolated");
    assert_eq!(sandbox.read("a.air"), "(seq\n (null) ; why\n (null)\n)\n");
    sandbox.air("fmt -q --config air.toml sub");
    assert_eq!(sandbox.read("sub/deep/b.air"), "(seq\n    (null) ; why\n    (null)\n)\n");
}

#[test]
fn editorconfig_where_air_toml_is_silent() {
    let sandbox = Sandbox::new(&[
        (".editorconfig", "root = true\n[*]\nindent_size = 3\nend_of_line = crlf\n"),
        ("a.air", UGLY),
        ("sub/air.toml", "[format]\nindent-width = 2\n"),
        ("sub/b.air", UGLY),
    ]);
    sandbox.air("fmt -q");
    assert_eq!(sandbox.read("a.air"), "(seq\r\n   (null) ; why\r\n   (null)\r\n)\r\n");
    assert_eq!(sandbox.read("sub/b.air"), "(seq\r\n  (null) ; why\r\n  (null)\r\n)\r\n");
}

#[test]
fn mistakes_are_told_once_with_their_places() {
    let sandbox = Sandbox::new(&[
        (
            "sub/air.toml",
            "[format]\nindent-with = 2\n[levels]\nunused-alow = \"hint\"\nundefined-variable = \"allow\"\n",
        ),
        ("sub/a.air", UGLY),
        ("sub/b.air", UGLY),
        ("c.air", UGLY),
    ]);
    sandbox.air("fmt --check").expect(expect![[r#"
        exit 2
        ── out
        would format: c.air
        ── err
        error: sub/air.toml:2:1: unknown key `indent-with`; did you mean `indent-width`?
        error: sub/air.toml:4:1: unknown diagnostic `unused-alow`; did you mean `unused-allow`? (`air explain --list` shows all)
        error: sub/air.toml:5:1: `undefined-variable` cannot be lowered: AquaVM rejects such a script, so it stays an error
        1 script would be formatted, 0 unchanged
    "#]]);
    sandbox.air("check --config nowhere.toml").expect(expect![[r#"
        exit 2
        ── err
        error: nowhere.toml: cannot be read: no such file or folder
    "#]]);
}

#[test]
fn levels() {
    let sandbox = Sandbox::new(&[("air.toml", "[levels]\nunused-allow = \"error\"\n"), ("a.air", USELESS)]);
    sandbox.air("check -q -o concise").expect(expect![[r#"
        exit 1
        ── out
        a.air:1:14: error[L003] `undefined-variable` does not occur in the next instruction
    "#]]);
    sandbox.write("air.toml", "[levels]\nunused-allow = \"allow\"\n");
    sandbox.air("check -q -o concise").expect(expect![[r#"
        exit 0
    "#]]);
    // The command line counts more.
    sandbox.air("check -q -o concise --warn unused-allow").expect(expect![[r#"
        exit 1
        ── out
        a.air:1:14: warning[L003] `undefined-variable` does not occur in the next instruction
    "#]]);
}

#[test]
fn the_form_of_the_report() {
    let sandbox = Sandbox::new(&[("air.toml", "[check]\noutput-format = \"concise\"\n"), ("a.air", USELESS)]);
    sandbox.air("check -q").expect(expect![[r#"
        exit 1
        ── out
        a.air:1:14: warning[L003] `undefined-variable` does not occur in the next instruction
    "#]]);
}

/// The manual shows all keys, with their defaults where it says so.
#[test]
fn the_example_of_the_manual() {
    let manual = include_str!("../../docs/cli.md");
    let (_, example) = manual.split_once("```toml\n").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    let config = air_lsp::config::read::parse(example).unwrap();
    assert_eq!(config.files.limit(), air_lsp::config::Config::default().files.limit());
    let schema = air_lsp::config::schema();
    for (section, reference) in schema["properties"].as_object().unwrap() {
        assert!(example.contains(&format!("[{section}]")), "{section}");
        // Keys of `peers` are the user's.
        let Some(path) = reference["$ref"].as_str().map(|path| path.trim_start_matches('#')) else {
            continue;
        };
        let keys = schema.pointer(path).unwrap()["properties"].as_object().unwrap();
        for key in keys.keys().filter(|_| section != "levels") {
            assert!(example.contains(&format!("\n{key} = ")), "{section}.{key}");
        }
    }
}

#[test]
fn what_is_shown_and_what_fails() {
    let hint = "(call \"peer\" (\"service\" \"function\") [] my-value)\n";
    let sandbox = Sandbox::new(&[
        ("all/air.toml", "[check]\nlevel = \"hint\"\n"),
        ("all/a.air", hint),
        ("none/air.toml", "[levels]\nhints = \"allow\"\n"),
        ("none/a.air", hint),
        ("hidden/air.toml", "[check]\nlevel = \"info\"\n"),
        ("hidden/a.air", hint),
        ("one/air.toml", "[levels]\nlints = \"allow\"\nL004 = \"error\"\n"),
        ("one/a.air", hint),
    ]);
    // Each script has the configuration of its folder.
    sandbox.air("check -o concise").expect(expect![[r#"
        exit 1
        ── out
        all/a.air:1:40: hint[L004] `my-value` is set and never read
        one/a.air:1:40: error[L004] `my-value` is set and never read
        ── err
        1 error and 1 hint in 4 scripts
    "#]]);
    sandbox.air("check -o concise none hidden").expect(expect![[r#"
        exit 0
        ── err
        no problems in 2 scripts
    "#]]);
    sandbox.air("check -o concise --level error all").expect(expect![[r#"
        exit 0
        ── err
        no problems in 1 script
    "#]]);
    sandbox.air("check -o concise --level hint hidden").expect(expect![[r#"
        exit 1
        ── out
        hidden/a.air:1:40: hint[L004] `my-value` is set and never read
        ── err
        1 hint in 1 script
    "#]]);
}

#[test]
fn effective_settings() {
    let sandbox = Sandbox::new(&[
        ("air.toml", "[format]\nindent-width = 2\n[peers]\n\"my node\" = \"12D3\"\n"),
        (".editorconfig", "root = true\n[*.air]\nindent_size = 8\nend_of_line = crlf\n"),
        ("broken/air.toml", "[fromat]\n"),
    ]);
    let run = sandbox.air("config");
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    for line in
        ["indent-width = 2 ", "line-ending = \"crlf\" ", "compact = false ", "\"my node\" = \"12D3\" "]
    {
        assert!(run.out.lines().any(|it| it.starts_with(line)), "{line}: {}", run.out);
    }
    assert!(run.out.contains("# .editorconfig") && run.out.contains("# default"), "{}", run.out);
    let json = sandbox.air("config --json").json();
    let of = |key: &str| {
        let found = json["settings"].as_array().unwrap().iter().find(|it| it["key"] == key).unwrap();
        (found["value"].clone(), found["origin"].as_str().unwrap().to_owned())
    };
    assert_eq!(of("indent-width"), (2.into(), "config".to_owned()));
    assert_eq!(of("line-ending"), ("crlf".into(), "editorconfig".to_owned()));
    assert_eq!(of("max-size"), (67_108_864.into(), "default".to_owned()));
    assert!(sandbox.air("config --isolated").out.starts_with("# no air.toml: defaults"));
    let run = sandbox.air("config broken");
    assert_eq!(run.code, 2);
    assert!(run.err.contains("unknown section `fromat`"), "{}", run.err);
}
