//! Help texts: what people see first.

use expect_test::expect_file;

use crate::sandbox::Sandbox;

/// The commands, as `air --help` lists them.
fn commands(sandbox: &Sandbox) -> Vec<String> {
    let help = sandbox.air("--help").out;
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let names = lines.take_while(|line| !line.is_empty()).filter_map(|line| line.split_whitespace().next());
    let names: Vec<_> = names.filter(|name| *name != "help").map(str::to_owned).collect();
    assert!(names.len() > 10, "{help}");
    names
}

#[test]
fn texts() {
    let sandbox = Sandbox::new(&[]);
    let mut all = String::new();
    for command in std::iter::once(String::new()).chain(commands(&sandbox)) {
        let run = sandbox.air(&format!("{command} --help"));
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        all += &format!("$ air {command} --help\n{}\n", run.out);
    }
    expect_file!["help.txt"].assert_eq(&all);
}

/// What the recipe in CONTRIBUTING.md asks for.
#[test]
fn each_command_has_its_files() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| std::fs::read_to_string(folder.join(path)).unwrap_or_default();
    for command in commands(&Sandbox::new(&[])) {
        assert!(!read(&format!("src/commands/{command}.rs")).is_empty(), "no module for `air {command}`");
        let tests = read(&format!("tests/cli/{command}.rs"));
        assert!(tests.contains(&format!("\"{command}")), "no tests of `air {command}`");
        assert!(read("docs/cli.md").contains(&format!("`air {command}")), "no row for `air {command}`");
    }
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
