//! The house's shape: who sees whom, what libraries may not do, how long files get, that features have tests.

use std::collections::BTreeSet;
use std::process::Command;

use air_tests::program::{air, finish};
use air_tests::tree::{Source, root, sources};

/// Crates of the workspace that each may use, itself aside.
const STREET: [(&str, &[&str]); 5] = [
    ("air-syntax", &[]),
    ("air-semantics", &["air-syntax"]),
    ("air-interpreter", &["air-syntax", "air-semantics"]),
    ("air-simulation", &["air-syntax", "air-semantics", "air-interpreter"]),
    ("air-lsp", &["air-syntax", "air-semantics", "air-interpreter", "air-simulation"]),
];

/// Below the server there is no editor, no terminal and no runtime.
const ABOVE_THE_LIBRARIES: [&str; 12] = [
    "tower-lsp",
    "lsp-types",
    "tokio",
    "async-trait",
    "clap",
    "anstream",
    "annotate-snippets",
    "indicatif",
    "ignore",
    "rayon",
    "mio",
    "socket2",
];

/// What the libraries' sources may not name: input and output, clocks, threads, the environment.
const OUTSIDE_WORLD: [&str; 10] = [
    "std::fs",
    "std::net",
    "std::process",
    "std::env",
    "std::time",
    "std::thread",
    "std::io",
    "lsp_types",
    "tokio",
    "async fn",
];

/// Files over 800 lines, each with the reason why it is not cut.
const LONG_FILES: [(&str, &str); 0] = [];

/// All packages that a package is built with, by name; tests' own ones left out.
fn packages_of(package: &str) -> BTreeSet<String> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args([
        "tree",
        "--locked",
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--format",
        "{p}",
        "--package",
        package,
    ]);
    let output = cargo.current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

#[test]
fn each_crate_sees_only_those_before_it() {
    let ours: BTreeSet<&str> = STREET.iter().map(|(name, _)| *name).collect();
    for (package, allowed) in STREET {
        let used = packages_of(package);
        assert!(used.contains(package), "cargo tree says nothing of {package}");
        let seen = used.iter().map(String::as_str).filter(|name| ours.contains(name) && *name != package);
        let wrong: Vec<&str> = seen.filter(|name| !allowed.contains(name)).collect();
        assert!(wrong.is_empty(), "{package} depends on {wrong:?}");
    }
}

#[test]
fn no_editor_terminal_or_runtime_below_the_server() {
    for package in ["air-syntax", "air-semantics", "air-interpreter", "air-simulation"] {
        let used = packages_of(package);
        // The service speaks LSP, but to nobody in particular.
        let above =
            ABOVE_THE_LIBRARIES.iter().filter(|name| package != "air-service" || **name != "lsp-types");
        let wrong: Vec<&&str> = above.filter(|name| used.contains(**name)).collect();
        assert!(wrong.is_empty(), "{package} is built with {wrong:?}");
    }
}

#[test]
fn libraries_do_not_touch_the_outside_world() {
    let mut wrong = Vec::new();
    let files = sources(&["syntax/src", "semantics/src", "interpreter/src", "interpreter/simulation/src"]);
    assert!(files.len() > 20, "the libraries' sources are not where this test looks");
    for file in files.iter().filter(|file| !for_tests_only(file)) {
        for (number, line) in file.code() {
            // The service speaks LSP.
            let service = file.path.starts_with("lsp-server/service/");
            let names = OUTSIDE_WORLD.iter().filter(|name| !service || **name != "lsp_types");
            for name in names.filter(|name| line.contains(**name)) {
                wrong.push(format!("{}:{number}: {name}", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "only lsp-server talks to the outside:\n{}", wrong.join("\n"));
}

#[test]
fn files_stay_readable() {
    let files = sources(&["syntax", "semantics", "interpreter", "lsp-server", "tests"]);
    let long = files.iter().filter(|file| file.text.lines().count() > 800);
    let wrong: Vec<&str> = long
        .map(|file| &*file.path)
        .filter(|path| LONG_FILES.iter().all(|(known, _)| known != path))
        .collect();
    assert!(wrong.is_empty(), "over 800 lines: cut them, or say in LONG_FILES why not: {wrong:?}");
    for (known, why) in LONG_FILES {
        let file = files.iter().find(|file| file.path == known);
        assert!(file.is_some_and(|file| file.text.lines().count() > 800), "{known} is short now ({why})");
    }
    let mut lengths: Vec<usize> = files.iter().map(|file| file.text.lines().count()).collect();
    lengths.sort_unstable();
    assert!(lengths[lengths.len() / 2] <= 250, "the median file has {} lines", lengths[lengths.len() / 2]);
}

/// Every file of these folders is one feature, so each has its tests below it or a file of tests of its name.
#[test]
fn each_feature_has_tests() {
    let tests = sources(&["syntax/tests", "semantics/tests", "lsp-server/tests", "tests/tests"]);
    let mut wrong = Vec::new();
    let features = sources(&FEATURE_FOLDERS);
    assert!(features.len() > 10, "the features are not where this test looks");
    for file in features {
        let name = file.path.rsplit('/').next().unwrap().trim_end_matches(".rs").to_owned();
        if TESTED_ELSEWHERE.iter().any(|(path, _)| *path == file.path) {
            continue;
        }
        let beside = tests.iter().any(|test| test.path.ends_with(&format!("/{name}.rs")));
        if !file.text.contains("#[cfg(test)]") && !beside {
            wrong.push(file.path);
        }
    }
    assert!(wrong.is_empty(), "features without tests: {wrong:#?}");
}

const FEATURE_FOLDERS: [&str; 1] = ["lsp-server/service/src/features"];

/// Files there whose tests stand somewhere else, and where.
const TESTED_ELSEWHERE: [(&str, &str); 6] = [
    ("lsp-server/service/src/features/fixture.rs", "what the features' tests are made with"),
    ("lsp-server/service/src/features/document_state.rs", "the protocol tests ask it about every edit"),
    ("lsp-server/service/src/features/test_hooks.rs", "what the protocol tests break the server with"),
    ("lsp-server/service/src/features/markup.rs", "hovers and hints show what it makes"),
    ("lsp-server/service/src/features/run.rs", "a list of what a run shows"),
    ("lsp-server/service/src/features/rename/refusal.rs", "renames that are refused test it"),
];

#[test]
fn each_command_is_run_by_a_test() {
    let help = finish(air().arg("help")).out;
    let commands =
        help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let commands: Vec<&str> = commands.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(commands.len() > 5, "{help}");
    let tests = sources(&["lsp-server/tests", "tests/tests"]);
    for command in commands.into_iter().filter(|command| *command != "help") {
        let called = format!("\"{command}");
        assert!(tests.iter().any(|test| test.text.contains(&called)), "no test runs `air {command}`");
    }
}

/// Modules behind `#[cfg(test)]` in their parent.
fn for_tests_only(file: &Source) -> bool {
    file.path.ends_with("/tests.rs")
        || file.path.contains("/tests/")
        || file.path.ends_with("/features/corpus.rs")
}
