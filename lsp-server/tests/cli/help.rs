//! Help texts: what people see first.

use expect_test::expect_file;

use crate::sandbox::Sandbox;

#[test]
fn texts() {
    let sandbox = Sandbox::new(&[]);
    let commands = [
        "",
        "fmt",
        "check",
        "beautify",
        "parse",
        "run",
        "test",
        "invoke",
        "data",
        "explain",
        "lsp",
        "completions",
        "doctor",
    ];
    let mut all = String::new();
    for command in commands {
        let run = sandbox.air(&format!("{command} --help"));
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        all += &format!("$ air {command} --help\n{}\n", run.out);
    }
    expect_file!["help.txt"].assert_eq(&all);
}

#[test]
fn usage_errors() {
    let sandbox = Sandbox::new(&[]);
    for args in ["", "chek", "check --no-such", "fmt --indent-width x", "explain", "check --quiet --verbose"]
    {
        let run = sandbox.air(args);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{args}");
        assert!(run.err.contains("Usage: ") || run.err.contains("--help"), "{args}: {}", run.err);
    }
    assert!(sandbox.air("chek").err.contains("'check'"));
}

#[test]
fn version() {
    let run = Sandbox::new(&[]).air("--version");
    assert_eq!((run.code, run.out), (0, format!("air {}\n", env!("CARGO_PKG_VERSION"))));
}
