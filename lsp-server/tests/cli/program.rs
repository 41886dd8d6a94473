//! The program itself: its name, its colours, its progress bar.

use std::process::{Command, Stdio};

use crate::sandbox::{GOOD, Run, Sandbox, UNDEFINED, program};

/// Several tools are called `air`: ours answers to any name.
#[cfg(unix)]
#[test]
fn another_name() {
    let sandbox = Sandbox::new(&[]);
    let other = sandbox.path("airlang");
    std::os::unix::fs::symlink(program(), &other).unwrap();
    let run = |args: &[&str]| {
        Run::of({
            let mut command = Command::new(&other);
            command.args(args);
            command
        })
    };
    assert!(run(&["check", "--help"]).out.contains("Usage: airlang check "));
    assert!(run(&["completions", "bash"]).out.contains("-F _airlang "));
}

#[test]
fn colours() {
    let sandbox = Sandbox::new(&[("a.air", UNDEFINED)]);
    let coloured = |args: &[&str], name: &str, value: &str| {
        let mut command = sandbox.command(args);
        let run = Run::of({
            command.env(name, value);
            command
        });
        run.out.contains('\u{1b}')
    };
    assert!(!coloured(&["check"], "X", "1"), "not on a terminal");
    assert!(coloured(&["check"], "CLICOLOR_FORCE", "1"));
    assert!(coloured(&["check", "--color", "always"], "NO_COLOR", "1"));
    assert!(!coloured(&["check", "--color", "never"], "CLICOLOR_FORCE", "1"));
    for format in ["json", "jsonl", "sarif", "github"] {
        assert!(!coloured(&["check", "--color", "always", "-o", format], "X", "1"), "{format}");
    }
    for command in ["check -o concise", "parse", "fmt --diff", "explain V001", "doctor"] {
        let args: Vec<_> = command.split(' ').chain(["--color", "always"]).collect();
        let args: Vec<_> = if command == "parse" { [args, vec!["a.air"]].concat() } else { args };
        if command != "fmt --diff" {
            assert!(coloured(&args, "X", "1"), "{command}");
        }
    }
}

/// Runs a command line on a terminal of its own, made by `script` of util-linux; nothing without it.
#[cfg(target_os = "linux")]
fn on_a_terminal(sandbox: &Sandbox, line: &str, env: &[(&str, &str)]) -> Option<Run> {
    let version = Command::new("script").arg("--version").stdout(Stdio::null()).status();
    if !version.is_ok_and(|status| status.success()) {
        println!("skipped: there is no `script`");
        return None;
    }
    let line = format!("{} {line}", program().display());
    let mut command = Command::new("script");
    command.args(["-qec", &line, "/dev/null"]).current_dir(sandbox.path("")).stdin(Stdio::null());
    command.env("TERM", "xterm-256color").env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    Some(Run::of({
        command.envs(env.iter().copied());
        command
    }))
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_gets_colours() {
    let sandbox = Sandbox::new(&[("a.air", UNDEFINED)]);
    let Some(run) = on_a_terminal(&sandbox, "check", &[]) else { return };
    assert_eq!(run.code, 1);
    assert!(run.out.contains("\u{1b}["), "{run:?}");
    let Some(run) = on_a_terminal(&sandbox, "check", &[("NO_COLOR", "1")]) else { return };
    assert!(!run.out.contains("\u{1b}["), "{run:?}");
}

/// A bar appears when it takes long: here because there are many scripts.
#[cfg(target_os = "linux")]
#[test]
fn a_progress_bar_on_a_terminal() {
    let sandbox = Sandbox::new(&[]);
    let body = "(call \"peer\" (\"service\" \"load\") [1 2 3] $results)\n".repeat(300);
    let script = format!("(seq (null)\n{body})\n");
    for index in 0..300 {
        sandbox.write(&format!("{index}.air"), &script);
    }
    let Some(run) = on_a_terminal(&sandbox, "check -o concise", &[]) else { return };
    assert!(run.out.contains("/300 scripts"), "{run:?}");
    let run = sandbox.air("check -o concise");
    assert!(run.err.lines().count() == 1 && !run.err.contains("/300"), "{}", run.err);
}

#[test]
fn many_scripts() {
    let sandbox = Sandbox::new(&[]);
    for index in 0..400 {
        sandbox.write(&format!("{index}.air"), GOOD);
    }
    let run = sandbox.air("check");
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, "", "no problems in 400 scripts\n"));
}

/// Machine code is a part of the programs: neither has a compiler, in this build with the tests' own dependencies or in
/// another.
#[test]
fn no_compiler_inside() {
    for program in [
        program(),
        program().with_file_name("air-lsp").with_extension(std::env::consts::EXE_EXTENSION).as_path(),
    ] {
        let bytes = std::fs::read(program).unwrap();
        let has = |name: &str| memchr::memmem::find(&bytes, name.as_bytes()).is_some();
        assert!(has("wasmtime"), "what runs the code leaves its name");
        for compiler in ["cranelift_codegen", "cranelift-codegen", "regalloc2", "wasmtime_internal_winch"] {
            assert!(!has(compiler), "{compiler} is in {}", program.display());
        }
    }
}

/// Nothing is kept between runs that somebody could plant there.
#[test]
fn a_run_leaves_no_file() {
    let sandbox = Sandbox::new(&[("a.air", "(ap 1 x)"), ("home/.keep", "")]);
    let mut command = sandbox.command(&["run", "a.air"]);
    for name in ["HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "LOCALAPPDATA", "TMPDIR"] {
        command.env(name, sandbox.path("home"));
    }
    assert_eq!(Run::of(command).code, 0);
    let left: Vec<_> =
        std::fs::read_dir(sandbox.path("home")).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(left, [".keep"]);
}
