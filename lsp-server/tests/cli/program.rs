//! The program itself: its name, its colours, its bar, completions, `doctor`, `lsp`.

use std::process::{Command, Stdio};

use expect_test::expect;

use crate::sandbox::{GOOD, Run, Sandbox, UNDEFINED, program};

#[test]
fn completions() {
    let sandbox = Sandbox::new(&[]);
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = sandbox.air(&format!("completions {shell}"));
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        assert!(run.out.contains("beautify") && run.out.contains("stdin-filepath"), "{shell}");
    }
    sandbox.air("completions tcsh").expect(expect![[r#"
        exit 2
        ── err
        error: invalid value 'tcsh' for '<SHELL>'
          [possible values: bash, elvish, fish, powershell, zsh]

          tip: a similar value exists: 'zsh'

        For more information, try '--help'.
    "#]]);
}

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

/// A bar appears when it takes long, here because one script is a pipe that nobody feeds yet.
#[cfg(target_os = "linux")]
#[test]
fn a_bar_for_whoever_waits() {
    let sandbox = Sandbox::new(&[("a.air", GOOD)]);
    let pipe = sandbox.path("slow.air");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let feed = || {
        let pipe = pipe.clone();
        std::thread::spawn(move || {
            std::thread::sleep(std::time::Duration::from_millis(900));
            std::fs::write(pipe, GOOD).unwrap();
        })
    };
    let feeding = feed();
    let seen = on_a_terminal(&sandbox, "check slow.air a.air", &[]);
    if let Some(run) = &seen {
        assert_eq!(run.code, 0);
        assert!(run.out.contains("/2 scripts"), "{run:?}");
        feeding.join().unwrap();
    }
    if seen.is_some() {
        let feeding = feed();
        let run = sandbox.air("check slow.air a.air");
        feeding.join().unwrap();
        assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, "", "no problems in 2 scripts\n"));
    }
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

#[test]
fn doctor() {
    let sandbox = Sandbox::new(&[("air.toml", "[format]\nindent-width = 3\n")]);
    let run = |path: std::ffi::OsString, args: &[&str]| {
        let mut command = sandbox.command(args);
        command.env("PATH", path);
        Run::of(command)
    };
    let bin = program().parent().unwrap();
    // Both programs are there and nothing shadows them.
    let well = run(bin.into(), &["doctor"]);
    assert_eq!(well.code, 0, "{well:?}");
    assert!(
        well.out.contains(&sandbox.path("air.toml").canonicalize().unwrap().display().to_string()),
        "{well:?}"
    );
    assert!(well.out.ends_with("all well\n"));

    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        sandbox.write("other/air", "#!/bin/sh\n");
        std::fs::set_permissions(sandbox.path("other/air"), std::fs::Permissions::from_mode(0o755)).unwrap();
        sandbox.write("air.toml", "[fromat]\n");
        let path = std::env::join_paths([sandbox.path("other"), bin.to_owned()]).unwrap();
        let ill = run(path, &["doctor", "--json"]);
        assert_eq!(ill.code, 1);
        let problems = ill.json()["problems"].to_string();
        assert!(
            problems.contains("is another program") && problems.contains("unknown section `fromat`"),
            "{problems}"
        );
    }
}

#[test]
fn the_language_server_answers() {
    use std::io::{Read, Write};
    let sandbox = Sandbox::new(&[]);
    let mut child = sandbox
        .command(&["lsp", "--stdio"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    for body in [
        r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}"#,
        r#"{"jsonrpc":"2.0","id":2,"method":"shutdown"}"#,
        r#"{"jsonrpc":"2.0","method":"exit"}"#,
    ] {
        write!(stdin, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
    }
    let mut out = String::new();
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    assert!(out.contains("\"capabilities\""), "{out}");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
