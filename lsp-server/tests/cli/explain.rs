//! `air explain`.

use expect_test::expect;

use crate::sandbox::Sandbox;

#[test]
fn pages() {
    let sandbox = Sandbox::new(&[]);
    sandbox.air("explain v006").expect(expect![[r#"
        exit 0
        ── out
        V006 `fail-code-zero`: `fail` has the error code 0

        Validation, an error: AquaVM rejects the script.

        The code in `(fail CODE "TEXT")` is zero, however it is written: `0`, `-0`, `00`.

        Why

        AquaVM rejects the script, because zero means success.

        Example

            (fail 0 "no luck")

        Fix

        Use any other number.

            (fail 1 "no luck")
    "#]]);
    let run = sandbox.air("explain fail-code-zero --color always");
    assert!(run.out.starts_with("\u{1b}[1mV006 "), "{}", run.out);
    let markdown = sandbox.air("explain --markdown V006");
    assert!(markdown.out.starts_with("# V006 `fail-code-zero`") && markdown.out.contains("```air\n"));
}

#[test]
fn instructions() {
    let sandbox = Sandbox::new(&[]);
    let run = sandbox.air("explain fold null --markdown");
    assert!(run.out.starts_with("# fold\n\n```air\n(fold ITERABLE ITERATOR BODY LAST)\n"), "{}", run.out);
    assert!(run.out.contains("# null"), "{}", run.out);
}

#[test]
fn unknown_codes() {
    let sandbox = Sandbox::new(&[]);
    sandbox.air("explain undefined-varable").expect(expect![[r#"
        exit 2
        ── err
        error: unknown code or name `undefined-varable`; did you mean `undefined-variable`? (`air explain --list` shows all)
    "#]]);
    sandbox.air("explain xyzzy").expect(expect![[r#"
        exit 2
        ── err
        error: unknown code or name `xyzzy` (`air explain --list` shows all)
    "#]]);
    // What is known is still explained.
    let run = sandbox.air("explain V999 V001");
    assert_eq!(run.code, 2);
    assert!(run.out.contains("V001 `undefined-variable`"));
}

#[test]
fn all() {
    let sandbox = Sandbox::new(&[]);
    let run = sandbox.air("explain --list");
    assert_eq!(run.code, 0);
    for code in air_analysis::codes::Code::ALL {
        assert!(run.out.contains(code.as_str()) && run.out.contains(code.name()), "{}", code.as_str());
    }
    assert_eq!(sandbox.air("explain").code, 2);
}

#[test]
fn codes_of_runs_are_explained() {
    let run = Sandbox::new(&[]).air("explain 20013 10000");
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(run.out.contains("20013 StreamSizeLimitExceeded"), "{}", run.out);
    assert!(run.out.contains("stream size goes over the allowed limit of 1024"), "{}", run.out);
    assert!(
        run.out.contains("Local service error, ret_code is {code}, error message is '{text}'"),
        "{}",
        run.out
    );
}

#[test]
fn topics_services_and_search() {
    let sandbox = Sandbox::new(&[]);
    for (asked, part) in [
        ("sample", "NAME.sample.json"),
        ("directives", "; air: allow(CODE, …)"),
        ("json", "check.schema.json"),
        ("op", "concat_strings"),
        ("op.concat_strings", "concat_strings(string…)"),
        ("LocalServiceError", "10000"),
    ] {
        let run = sandbox.air(&format!("explain {asked}"));
        assert_eq!(run.code, 0, "{asked}: {}", run.err);
        assert!(run.out.contains(part) && !run.out.contains("**"), "{asked}: {}", run.out);
    }
    let list = sandbox.air("explain --list").out;
    for word in ["canon", "10000", "sample", "op", "L004"] {
        assert!(list.lines().any(|line| line.trim_start().starts_with(word)), "{word}");
    }
    let found = sandbox.air("explain --search concat_strings");
    assert!(found.code == 0 && found.out.contains("  op  "), "{}", found.out);
    assert_eq!(sandbox.air("explain --search xyzzyx").code, 1);
    let run = sandbox.air("explain cal");
    assert!(run.err.contains("did you mean `call`?"), "{}", run.err);
}
