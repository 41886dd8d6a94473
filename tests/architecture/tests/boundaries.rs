//! The house's shape: who sees whom, what libraries may not do, how long files get, that features have tests.

use std::collections::BTreeSet;
use std::process::Command;

use air_architecture::modules::modules;
use air_architecture::tree::{Source, root, sources};

/// Crates of the workspace with the folder of their sources and the crates that each may use.
const STREET: [Room; 11] = [
    Room { name: "air-syntax", folder: "syntax/src", sees: &[] },
    Room { name: "air-semantics", folder: "semantics/src", sees: &["air-syntax"] },
    Room { name: "air-analysis", folder: "semantics/analysis/src", sees: &["air-syntax", "air-semantics"] },
    Room {
        name: "air-ide",
        folder: "lsp-server/ide/src",
        sees: &["air-syntax", "air-semantics", "air-analysis"],
    },
    Room { name: "air-interpreter", folder: "interpreter/src", sees: &["air-syntax", "air-semantics"] },
    Room {
        name: "air-simulation",
        folder: "interpreter/simulation/src",
        sees: &["air-syntax", "air-semantics", "air-interpreter"],
    },
    Room {
        name: "air-avm",
        folder: "interpreter/avm/src",
        sees: &["air-syntax", "air-semantics", "air-interpreter"],
    },
    Room {
        name: "air-avm-server",
        folder: "interpreter/avm/server/src",
        sees: &["air-syntax", "air-semantics", "air-interpreter"],
    },
    Room {
        name: "air-service",
        folder: "lsp-server/service/src",
        sees: &[
            "air-syntax",
            "air-semantics",
            "air-analysis",
            "air-ide",
            "air-interpreter",
            "air-simulation",
        ],
    },
    Room {
        name: "air-web",
        folder: "lsp-server/web/src",
        sees: &[
            "air-syntax",
            "air-semantics",
            "air-analysis",
            "air-ide",
            "air-interpreter",
            "air-simulation",
            "air-service",
        ],
    },
    Room {
        name: "air-lsp",
        folder: "lsp-server/src",
        sees: &[
            "air-syntax",
            "air-semantics",
            "air-analysis",
            "air-ide",
            "air-interpreter",
            "air-avm",
            "air-avm-server",
            "air-simulation",
            "air-service",
        ],
    },
];

/// A crate.
struct Room {
    name: &'static str,
    folder: &'static str,
    sees: &'static [&'static str],
}

/// Who talks to the outside world: the program, and the library that runs the interpreter on servers.
const HOST: &str = "air-lsp";
const SERVER: &str = "air-avm-server";

/// Speaks the protocol of editors; the module for browsers is built around it.
const SERVICE: &str = "air-service";
const WEB: &str = "air-web";

/// Below the host there is no terminal and no runtime, and below the service no protocol.
const ABOVE_THE_LIBRARIES: [&str; 13] = [
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
    "wasmtime",
];

/// What the libraries' sources may not name: input and output, clocks, threads, the environment.
const OUTSIDE_WORLD: [&str; 11] = [
    "std::fs",
    "std::net",
    "std::process",
    "std::env",
    "std::time::Instant",
    "std::time::SystemTime",
    "std::thread",
    "std::io",
    "lsp_types",
    "tokio",
    "wasmtime",
];

/// A file has no more lines.
const MAX_FILE_LINES: usize = 700;

/// Longer files, each with the reason why it is not cut.
const LONG_FILES: [(&str, &str); 0] = [];

/// No crate has more of all lines than that.
const MAX_PERCENT_IN_A_CRATE: usize = 30;

/// All packages that a package is built with, by name; tests' own ones left out.
fn packages_of(package: &str) -> BTreeSet<String> {
    packages(&["--edges", "normal", "--package", package])
}

/// What `cargo tree` shows of these, by name.
fn packages(of: &[&str]) -> BTreeSet<String> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["tree", "--locked", "--prefix", "none", "--format", "{p}"]).args(of);
    let output = cargo.current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

#[test]
fn each_crate_sees_only_those_before_it() {
    for Room { name, sees, .. } in STREET {
        let used = packages_of(name);
        assert!(used.contains(name), "cargo tree says nothing of {name}");
        let ours =
            STREET.iter().map(|room| room.name).filter(|other| *other != name && used.contains(*other));
        let wrong: Vec<&str> = ours.filter(|other| !sees.contains(other)).collect();
        assert!(wrong.is_empty(), "{name} depends on {wrong:?}");
    }
}

#[test]
fn no_editor_terminal_or_runtime_below_the_host() {
    for Room { name, .. } in STREET.iter().filter(|room| ![HOST, SERVER].contains(&room.name)) {
        let used = packages_of(name);
        let above =
            ABOVE_THE_LIBRARIES.iter().filter(|it| ![SERVICE, WEB].contains(name) || **it != "lsp-types");
        let wrong: Vec<&&str> = above.filter(|it| used.contains(**it)).collect();
        assert!(wrong.is_empty(), "{name} is built with {wrong:?}");
    }
}

/// Machine code is made by the build script. Neither the program nor any test can make it, whatever is built together.
#[test]
fn a_compiler_is_in_the_build_script_alone() {
    const COMPILERS: [&str; 4] =
        ["cranelift-codegen", "regalloc2", "wasmtime-internal-cranelift", "wasmtime-internal-winch"];
    for of in [&["--edges", "normal", "--package", HOST] as &[_], &["--edges", "normal,dev", "--workspace"]] {
        let used = packages(of);
        assert!(used.contains("wasmtime"), "{of:?}: {used:?}");
        let wrong: Vec<&&str> = COMPILERS.iter().filter(|it| used.contains(**it)).collect();
        assert!(wrong.is_empty(), "{of:?}: {wrong:?}");
    }
    let script = packages(&["--edges", "normal,build", "--package", HOST]);
    assert!(script.contains("cranelift-codegen"), "the names are right");
}

#[test]
fn libraries_do_not_touch_the_outside_world() {
    let mut wrong = Vec::new();
    for Room { name, folder, .. } in STREET.iter().filter(|room| ![HOST, SERVER].contains(&room.name)) {
        let modules = modules(folder);
        assert!(modules.paths.len() > 30, "{folder} is not where this test looks");
        let outside: Vec<_> =
            OUTSIDE_WORLD.iter().filter(|it| *name != SERVICE || **it != "lsp_types").collect();
        for (module, path) in &modules.paths {
            let leads_out = |it: &&str| path == it || path.starts_with(&format!("{it}::"));
            if outside.iter().any(|it| leads_out(it)) {
                wrong.push(format!("{folder} {}: {path}", module.join("::")));
            }
        }
        for file in sources(&[folder]).iter().filter(|file| !for_tests_only(file)) {
            let lines = file.code().filter(|(_, line)| line.contains("async fn"));
            wrong.extend(lines.map(|(number, _)| format!("{}:{number}: async fn", file.path)));
        }
    }
    assert!(wrong.is_empty(), "only lsp-server talks to the outside:\n{}", wrong.join("\n"));
}

/// Who may write `unsafe`, and why the compiler's own checks are not enough there.
const UNSAFE_MODULES: &[(&str, &str)] = &[
    (
        "interpreter/avm/src/wasm.rs",
        "the exports and sections of a WebAssembly module: names that the linker keeps",
    ),
    (
        "interpreter/simulation/src/wasm.rs",
        "the exports of a WebAssembly module: names that the linker keeps, slices by address",
    ),
    (
        "interpreter/simulation/tests/memory.rs",
        "an allocator that counts, for the test of the limit of memory",
    ),
    ("interpreter/tests/layout.rs", "rkyv's derived types, with which ours is compared"),
    (
        "lsp-server/build/machine_code.rs",
        "one flag of the compiler, which promises what processor the code is for",
    ),
    ("lsp-server/tests/launcher.rs", "loading machine code that the build script has made"),
    ("lsp-server/src/sandbox/machine_code.rs", "loading machine code, which is part of the program"),
    ("lsp-server/web/src/wasm.rs", "the exports of a WebAssembly module: names that the linker keeps"),
    ("tests/tree-sitter/src/lib.rs", "the grammar's generated parser is C"),
];

/// The lint `unsafe_code` is denied everywhere; these files alone turn it off, and each says it in its own text.
#[test]
fn unsafe_code_stays_where_it_is_named() {
    let files = sources(&["syntax", "semantics", "interpreter", "lsp-server", "tests", "editors"]);
    let writes_unsafe = |file: &&Source| {
        // Options are called so, too.
        let word = |line: &str, word: &str| {
            let mut words = line.split(|letter: char| !letter.is_alphanumeric() && !"_-".contains(letter));
            words.any(|it| it == word)
        };
        // In strings and comments it is a word as others are.
        let code = file.text.lines().filter(|line| !line.trim_start().starts_with("//"));
        code.map(|line| line.split('"').step_by(2).collect::<String>())
            .any(|line| word(&line, "unsafe") || (line.contains("allow") && word(&line, "unsafe_code")))
            || file.text.lines().any(|line| line.trim() == "unsafe_code,")
    };
    let found: BTreeSet<&str> = files.iter().filter(writes_unsafe).map(|file| &*file.path).collect();
    let named: BTreeSet<&str> = UNSAFE_MODULES.iter().map(|(path, _)| *path).collect();
    assert_eq!(found, named, "left: found; right: named in UNSAFE_MODULES");
    for (path, why) in UNSAFE_MODULES {
        assert!(why.len() > 20, "{path} has no reason");
    }
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    assert!(manifest.contains("unsafe_code = \"deny\""), "the workspace denies it");
    for folder in [
        "syntax",
        "semantics",
        "semantics/analysis",
        "lsp-server/ide",
        "interpreter",
        "interpreter/avm",
        "interpreter/avm/server",
        "interpreter/simulation",
        "lsp-server/service",
        "lsp-server",
    ] {
        let manifest = std::fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap();
        assert!(manifest.contains("[lints]\nworkspace = true"), "{folder} keeps the workspace's lints");
    }
}

#[test]
fn files_stay_readable() {
    let files = sources(&["syntax", "semantics", "interpreter", "lsp-server", "tests"]);
    let long = files.iter().filter(|file| file.text.lines().count() > MAX_FILE_LINES);
    let wrong: Vec<&str> = long
        .map(|file| &*file.path)
        .filter(|path| LONG_FILES.iter().all(|(known, _)| known != path))
        .collect();
    assert!(
        wrong.is_empty(),
        "over {MAX_FILE_LINES} lines: cut them, or say in LONG_FILES why not: {wrong:?}"
    );
    for (known, why) in LONG_FILES {
        let file = files.iter().find(|file| file.path == known);
        assert!(
            file.is_some_and(|file| file.text.lines().count() > MAX_FILE_LINES),
            "{known} is short now ({why})"
        );
    }
    let mut lengths: Vec<usize> = files.iter().map(|file| file.text.lines().count()).collect();
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    assert!((80..=250).contains(&median), "the median file has {median} lines");
}

#[test]
fn no_crate_is_the_whole_house() {
    let lines = |folder| sources(&[folder]).iter().map(|file| file.text.lines().count()).sum::<usize>();
    let own: Vec<(&str, usize)> = STREET
        .iter()
        .map(|room| {
            let inner = STREET.iter().filter(|other| {
                other.folder != room.folder && other.folder.starts_with(&format!("{}/", room.folder))
            });
            (room.name, lines(room.folder) - inner.map(|other| lines(other.folder)).sum::<usize>())
        })
        .collect();
    let all: usize = own.iter().map(|(_, lines)| lines).sum();
    for (name, lines) in &own {
        assert!(lines * 100 <= all * MAX_PERCENT_IN_A_CRATE, "{name} has {lines} of {all} lines: {own:?}");
    }
}

/// Every file of these folders is one feature, so each has its tests below it or a file of tests of its name.
#[test]
fn each_feature_has_tests() {
    let tests = sources(&[
        "syntax/tests",
        "semantics/tests",
        "semantics/analysis/tests",
        "interpreter/tests",
        "interpreter/simulation/tests",
        "lsp-server/ide/tests",
        "lsp-server/tests",
        "tests/tests",
    ]);
    let mut wrong = Vec::new();
    for folder in FEATURE_FOLDERS {
        let features = sources(&[folder]);
        assert!(features.len() > 3, "{folder}: the features are not where this test looks");
        for file in features {
            let name = file.path.rsplit('/').next().unwrap().trim_end_matches(".rs").to_owned();
            if FOR_TESTS.contains(&&*name) || TESTED_ELSEWHERE.iter().any(|(path, _)| *path == file.path) {
                continue;
            }
            let beside = tests.iter().any(|test| test.path.ends_with(&format!("/{name}.rs")));
            if !file.text.contains("#[cfg(test)]") && !beside {
                wrong.push(file.path);
            }
        }
    }
    assert!(wrong.is_empty(), "features without tests: {wrong:#?}");
    for (path, _) in TESTED_ELSEWHERE {
        assert!(root().join(path).is_file(), "{path} in TESTED_ELSEWHERE is gone");
    }
}

const FEATURE_FOLDERS: [&str; 11] = [
    "semantics/src/validate",
    "semantics/analysis/src/lints",
    "semantics/analysis/src/idioms",
    "semantics/analysis/src/fixes",
    "lsp-server/ide/src/refactor",
    "lsp-server/ide/src/structural",
    "lsp-server/ide/src/hover",
    "interpreter/src/exec",
    "interpreter/simulation/src/services",
    "lsp-server/service/src/features",
    "lsp-server/src/commands",
];

/// Files there whose tests stand somewhere else, and where.
const TESTED_ELSEWHERE: &[(&str, &str)] = &[
    ("interpreter/src/exec/caches.rs", "every instruction's tests run through it, and tests/properties.rs"),
    ("interpreter/src/exec/contents.rs", "values.rs, stream.rs"),
    ("interpreter/src/exec/fold_scope.rs", "fold.rs, fold_stream.rs, next.rs"),
    ("interpreter/src/exec/iterator.rs", "fold.rs, next.rs"),
    ("interpreter/src/exec/machine.rs", "every instruction's tests run it"),
    ("interpreter/src/exec/stage.rs", "every instruction's tests run through it"),
    ("interpreter/src/exec/suspend.rs", "invocation/session.rs and tests/properties.rs"),
    ("interpreter/src/exec/suspension.rs", "invocation/session.rs"),
    ("interpreter/src/exec/variables.rs", "scopes.rs, resolve.rs"),
    ("interpreter/simulation/src/services/function.rs", "types only"),
    ("lsp-server/service/src/features/document_state.rs", "the protocol tests ask it about every edit"),
    ("lsp-server/service/src/features/markup.rs", "hover.rs, inlay_hint.rs"),
    ("lsp-server/service/src/features/rename/refusal.rs", "rename.rs, rename/workspace.rs"),
    ("lsp-server/service/src/features/run/orders.rs", "run/explore_orders.rs"),
    ("lsp-server/service/src/features/run/refusal.rs", "run/command.rs"),
    ("lsp-server/service/src/features/test_hooks.rs", "what the protocol tests break the server with"),
    ("lsp-server/src/commands/check/embedded.rs", "tests/cli/embedded.rs"),
    ("lsp-server/src/commands/check/fixes.rs", "tests/cli/check.rs"),
    ("lsp-server/src/commands/data/error.rs", "tests/cli/data.rs"),
    ("lsp-server/src/commands/invoke/files.rs", "tests/cli/invoke.rs"),
    ("lsp-server/src/commands/run/display.rs", "tests/cli/run.rs"),
    ("lsp-server/src/commands/run/forms.rs", "tests/cli/run.rs"),
    ("lsp-server/src/commands/run/hints.rs", "tests/cli/run.rs"),
    ("lsp-server/src/commands/run/options.rs", "tests/cli/run.rs"),
    ("lsp-server/src/commands/run/order_matters.rs", "tests/cli/explore.rs"),
    ("lsp-server/src/commands/run/trace.rs", "tests/cli/run.rs"),
    ("lsp-server/src/commands/test/all_orders.rs", "tests/cli/test.rs"),
    ("lsp-server/src/commands/test/bless.rs", "tests/cli/test.rs"),
    ("lsp-server/src/commands/test/init.rs", "tests/cli/test.rs"),
    ("lsp-server/src/commands/test/orders.rs", "tests/cli/test.rs"),
    ("lsp-server/src/commands/test/results.rs", "tests/cli/test.rs"),
];

/// What tests are made with.
const FOR_TESTS: [&str; 3] = ["testing", "tests", "fixture"];

/// Modules behind `#[cfg(test)]` in their parent.
fn for_tests_only(file: &Source) -> bool {
    file.path.ends_with("/tests.rs")
        || file.path.contains("/tests/")
        || file.path.ends_with("/features/corpus.rs")
}
