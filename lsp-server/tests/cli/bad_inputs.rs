//! Every command with everything that is not a script: what it says, its exit code, and that it ends soon.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use expect_test::expect_file;

use crate::sandbox::{GOOD, Sandbox};

/// Commands; the input takes the place of `@`.
const COMMANDS: [&str; 13] = [
    "check @",
    "check --fix @",
    "check -o github @",
    "fmt @",
    "fmt --check @",
    "beautify @",
    "parse @",
    "parse --json @",
    "run --native @",
    "run --native --sample @ good.air",
    "run --anomaly @",
    "data @",
    "--config @ check good.air",
];
/// A test needs sample data beside the script, so it comes under names of its own.
const TESTS: [&str; 2] = ["test --native @", "test --native --bless @"];
/// Longest that one may take, in a debug build on a busy machine.
const MAX_TIME: Duration = Duration::from_secs(30);

#[cfg(unix)]
#[test]
fn every_command_with_every_bad_input() {
    let mut table = String::new();
    for command in COMMANDS.iter().chain(&TESTS) {
        let _ = writeln!(table, "air {command}");
        // Some commands mend what they get.
        let sandbox = Sandbox::new(&[("good.air", GOOD)]);
        let inputs = bad_inputs(&sandbox);
        for input in &inputs {
            let before = content(&sandbox, input);
            let (code, said) = told(&sandbox, command, input);
            let _ = writeln!(table, "  {:<10} {code} {said}", shown(input));
            if code == 2 {
                assert_eq!(before, content(&sandbox, input), "air {command}: {input} was changed");
            }
        }
    }
    expect_file!["bad_inputs.txt"].assert_eq(&table);
}

/// The bytes of a short file.
fn content(sandbox: &Sandbox, name: &str) -> Option<Vec<u8>> {
    let path = sandbox.path(name);
    let short = path.metadata().is_ok_and(|it| it.is_file() && it.len() < 1 << 20);
    short.then(|| fs::read(path).unwrap())
}

/// One of each kind, by name.
#[cfg(unix)]
fn bad_inputs(sandbox: &Sandbox) -> Vec<String> {
    let at = |name: &str| sandbox.path(name);
    fs::create_dir(at("folder")).unwrap();
    assert!(Command::new("mkfifo").arg(at("pipe.air")).status().unwrap().success());
    // Sockets have short names only, so it is made where it is named.
    let _socket = std::os::unix::net::UnixListener::bind(at("socket.air")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", at("device.air")).unwrap();
    std::os::unix::fs::symlink("loop.air", at("loop.air")).unwrap();
    std::os::unix::fs::symlink("nowhere", at("dangling.air")).unwrap();
    File::create(at("huge.air")).unwrap().set_len(2 << 30).unwrap();
    sandbox.write("utf16.air", b"\xff\xfe(\0n\0u\0l\0l\0)\0");
    sandbox.write("latin.air", b"(null)\n; caf\xe9\n");
    sandbox.write("nul.air", "(null)\0\n");
    sandbox.write("bom.air", "\u{feff}(null)\n");
    sandbox.write("crlf.air", "(seq\r\n (null)\r\n (null)\r\n)\r\n");
    sandbox.write("empty.air", "");
    let hostile = "a\u{1b}[31m\n::error file=x::b.air";
    sandbox.write(hostile, b"(null)\n\xff");
    let mut names: Vec<String> = [
        "missing.air",
        "folder",
        "pipe.air",
        "socket.air",
        "device.air",
        "loop.air",
        "dangling.air",
        "huge.air",
        "utf16.air",
        "latin.air",
        "nul.air",
        "bom.air",
        "crlf.air",
        "empty.air",
    ]
    .map(str::to_owned)
    .into();
    names.push(hostile.to_owned());
    names.push("missing\u{1b}[31m\n::error::x".to_owned());
    names
}

fn shown(name: &str) -> String {
    let plain = name.trim_end_matches(".air");
    if plain.contains('\n') {
        plain.chars().take_while(char::is_ascii_alphabetic).collect::<String>() + "…"
    } else {
        plain.to_owned()
    }
}

/// The exit code and the first line of what is said.
fn told(sandbox: &Sandbox, command: &str, input: &str) -> (i32, String) {
    let words: Vec<&str> = command.split(' ').map(|word| if word == "@" { input } else { word }).collect();
    let mut command = sandbox.command(&words);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let begun = Instant::now();
    // What it prints fits into a pipe, so it can be waited for before it is read.
    while child.try_wait().unwrap().is_none() {
        if begun.elapsed() > MAX_TIME {
            child.kill().unwrap();
            panic!("{words:?} takes longer than {MAX_TIME:?}");
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    let output = child.wait_with_output().unwrap();
    let code = output.status.code().unwrap_or(-1);
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    for text in [&out, &err] {
        assert!(!text.contains('\u{1b}'), "{words:?}: an escape sequence: {text}");
        // Only the report for GitHub has commands for it, and none of a file's making.
        let foreign =
            text.lines().any(|line| line.starts_with("::error::x") || line.starts_with("::error file=x::"));
        assert!(!foreign, "{words:?}: {text}");
    }
    assert!((0..=2).contains(&code), "{words:?}: {code}: {err}");
    let first = err.lines().chain(out.lines()).next().unwrap_or("(nothing)");
    let folder = sandbox.path("").canonicalize().unwrap();
    (code, first.replace(&folder.display().to_string(), "$DIR"))
}
