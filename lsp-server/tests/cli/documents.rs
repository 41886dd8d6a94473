//! Examples in documents: each does what is printed below it.
//!
//! A block ```` ```console ```` has commands after `$ ` and what they print, both streams together; `…` alone on a line stands for
//! any lines. `UPDATE_EXPECT=1` writes what they print now. Of a block ```` ```sh ````, every command of `air` is done: it is
//! understood, and its files are found.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::sandbox::{Sandbox, program};

/// The repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Documents with examples of the command line.
fn documents() -> Vec<PathBuf> {
    let root = root();
    let docs = std::fs::read_dir(root.join("lsp-server/docs")).unwrap().map(|entry| entry.unwrap().path());
    let mut all: Vec<PathBuf> = docs.filter(|path| path.extension().is_some_and(|it| it == "md")).collect();
    all.extend(["README.md", "lsp-server/README.md"].map(|path| root.join(path)));
    all.sort();
    all
}

/// Where examples are done: scripts as in the documents.
fn folder() -> Sandbox {
    let sandbox = Sandbox::new(&[]);
    assert_eq!(sandbox.air("init").code, 0);
    for entry in std::fs::read_dir(root().join("tests/scripts")).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read(&path).unwrap();
        sandbox.write(&format!("tests/scripts/{}", path.file_name().unwrap().to_str().unwrap()), text);
    }
    sandbox.write("lib/answer.air", sandbox.read("hello.air"));
    sandbox.write("new.air", sandbox.read("hello.air"));
    sandbox.write("script.air", sandbox.read("hello.air"));
    sandbox.write("script.sample.json", sandbox.read("hello.sample.json"));
    let particle = serde_json::json!({
        "action": "Particle", "id": "particle-1", "init_peer_id": "12D3KooWAnn", "timestamp": 0, "ttl": 7000,
        "script": sandbox.read("hello.air"), "signature": [1, 2], "data": "",
    });
    sandbox.write("particle.json", particle.to_string());
    sandbox.write("node.log", format!("INFO particle failed: {}\n", serde_json::json!({
        "error_code": 10000, "instruction": "call \"@greeter\" (\"greeter\" \"hello\") [name] greeting",
        "message": "Local service error, ret_code is 1, error message is '\"no voice today\"'",
        "peer_id": "12D3KooWAnn",
    })));
    sandbox
}

/// What a line prints in a shell, both streams together, and its exit code.
fn done(sandbox: &Sandbox, line: &str) -> (String, i32) {
    // From the first command of README on, the program is the one that was built.
    let line = line.replace("cargo run --release --bin air --", "air");
    let folder = program().parent().unwrap().display().to_string();
    let path = format!("{folder}:{}", std::env::var("PATH").unwrap_or_default());
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("exec 2>&1; {line}")).env("PATH", path);
    command.current_dir(sandbox.path("")).stdin(std::process::Stdio::null());
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "CI", "COLUMNS", "TERM"] {
        command.env_remove(name);
    }
    let output = command.output().unwrap();
    (String::from_utf8(output.stdout).unwrap(), output.status.code().unwrap_or(-1))
}

/// Whether a text is as a document shows it.
fn is_as_shown(shown: &str, text: &str) -> bool {
    let mut rest = text;
    let mut parts = shown.split("…\n");
    let first = parts.next().unwrap_or_default();
    let Some(after) = rest.strip_prefix(first) else { return false };
    rest = after;
    let parts: Vec<&str> = parts.collect();
    for (index, part) in parts.iter().enumerate() {
        if index + 1 == parts.len() {
            return rest.ends_with(part);
        }
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.is_empty()
}

#[test]
fn consoles_print_what_is_shown() {
    let mut examples = 0;
    for document in documents() {
        let text = std::fs::read_to_string(&document).unwrap();
        let sandbox = folder();
        let mut new = String::new();
        let mut lines = text.split_inclusive('\n').peekable();
        let mut wrong = Vec::new();
        while let Some(line) = lines.next() {
            new += line;
            if line != "```console\n" {
                continue;
            }
            while let Some(line) = lines.next_if(|line| line.starts_with("$ ")) {
                new += line;
                let mut shown = String::new();
                while let Some(line) = lines.next_if(|line| !line.starts_with("$ ") && *line != "```\n") {
                    shown += line;
                }
                let (printed, _) = done(&sandbox, line[2..].trim_end());
                examples += 1;
                if is_as_shown(&shown, &printed) {
                    new += &shown;
                } else {
                    wrong.push(format!("{line}printed\n{printed}but shown is\n{shown}"));
                    new += &printed;
                }
            }
        }
        if std::env::var_os("UPDATE_EXPECT").is_some() && new != text {
            std::fs::write(&document, new).unwrap();
        } else {
            assert!(wrong.is_empty(), "{}:\n{}", document.display(), wrong.join("\n"));
        }
    }
    assert!(examples >= 6, "{examples}");
}

#[test]
fn commands_in_shell_blocks_are_understood() {
    let mut examples = 0;
    for document in documents() {
        let text = std::fs::read_to_string(&document).unwrap();
        let sandbox = folder();
        let mut inside = false;
        for line in text.lines() {
            if line.starts_with("```") {
                inside = line == "```sh";
                continue;
            }
            let ours = line.starts_with("air ") || line.starts_with("cargo run --release --bin air -- ");
            let needs_others = line.contains("| jq") && Command::new("jq").arg("--version").output().is_err();
            // What never ends by itself, or writes elsewhere.
            let elsewhere =
                ["--watch", "air lsp", "| patch", "man -l", "/usr/"].iter().any(|it| line.contains(it));
            if !inside || !ours || needs_others || elsewhere {
                continue;
            }
            let (printed, code) = done(&sandbox, line);
            examples += 1;
            assert!(code < 2, "{}: {line}: exit code {code}\n{printed}", document.display());
        }
    }
    assert!(examples >= 10, "{examples}");
}

/// Every option of the program is written somewhere that people read.
#[test]
fn every_command_is_described() {
    let sandbox = Sandbox::new(&[]);
    let manual = std::fs::read_to_string(root().join("lsp-server/docs/cli.md")).unwrap();
    let help = sandbox.air("--help").out;
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    for line in commands.take_while(|line| !line.is_empty()) {
        let name = line.split_whitespace().next().unwrap();
        assert!(name == "help" || manual.contains(&format!("`air {name}")), "{name} is not in cli.md");
    }
}

#[test]
fn parts_may_be_left_out() {
    assert!(is_as_shown("a\n", "a\n") && !is_as_shown("a\n", "a\nb\n"));
    assert!(
        is_as_shown("a\n…\nc\n", "a\nb\nc\n") && is_as_shown("…\n", "x\n") && is_as_shown("a\n…\n", "a\nb\n")
    );
    assert!(!is_as_shown("a\n…\nd\n", "a\nb\nc\n"));
}
