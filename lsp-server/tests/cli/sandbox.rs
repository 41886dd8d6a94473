//! A folder of its own and the program in it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use expect_test::Expect;
use tempfile::TempDir;

/// Accepted by AquaVM, in canonical layout.
pub(crate) const GOOD: &str = "(seq\n (call \"peer\" (\"service\" \"load\") [] result)\n (call \"peer\" (\"service\" \"store\") [result])\n)\n";
/// Rejected: `resutl` is not defined.
pub(crate) const UNDEFINED: &str = "(seq\n (call \"peer\" (\"service\" \"load\") [] result)\n (call \"peer\" (\"service\" \"store\") [resutl])\n)\n";
/// Rejected: a bracket is missing.
pub(crate) const BROKEN: &str = "(seq\n (null)\n (null)\n";
/// Accepted, in another layout.
pub(crate) const UGLY: &str = "(seq (null) ; why\n(null))";
/// Accepted, with a lint that has a safe fix: an `allow` that allows nothing.
pub(crate) const USELESS: &str = "; air: allow(undefined-variable)\n(null)\n";

/// A folder with scripts.
pub(crate) struct Sandbox {
    folder: TempDir,
}

/// What a run left.
#[derive(Debug)]
pub(crate) struct Run {
    /// The folder it ran in, shown as `$DIR`.
    folder: PathBuf,
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Sandbox {
    /// With those files; an empty `.editorconfig` shields from those above.
    pub(crate) fn new(files: &[(&str, &str)]) -> Sandbox {
        let sandbox = Sandbox { folder: tempfile::tempdir().unwrap() };
        sandbox.write(".editorconfig", "root = true\n");
        for (path, text) in files {
            sandbox.write(path, text);
        }
        sandbox
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// The program, in the folder, without settings from outside.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(program());
        command.current_dir(&self.folder).args(args).stdin(Stdio::null());
        for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "CI", "COLUMNS", "TERM"] {
            command.env_remove(name);
        }
        command
    }

    /// Runs `air` with words split at spaces.
    pub(crate) fn air(&self, args: &str) -> Run {
        Run { folder: self.path("").canonicalize().unwrap(), ..Run::of(self.command(&words(args))) }
    }

    /// The same with standard input.
    pub(crate) fn air_with(&self, args: &str, input: &str) -> Run {
        let mut command = self.command(&words(args));
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // All inputs here fit into a pipe or are read before anything is written.
        stdin.write_all(input.as_bytes()).unwrap();
        drop(stdin);
        Run { folder: self.path("").canonicalize().unwrap(), ..Run::from(child.wait_with_output().unwrap()) }
    }
}

impl Run {
    pub(crate) fn of(mut command: Command) -> Run {
        Run::from(command.output().unwrap())
    }

    /// Everything at once, for snapshots.
    #[track_caller]
    pub(crate) fn expect(&self, expected: Expect) {
        let mut all = format!("exit {}\n", self.code);
        for (name, text) in [("out", &self.out), ("err", &self.err)] {
            if !text.is_empty() {
                all += &format!("── {name}\n{text}");
                if !text.ends_with('\n') {
                    all += "⏎\n";
                }
            }
        }
        expected.assert_eq(&all.replace(&self.folder.display().to_string(), "$DIR"));
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

impl From<std::process::Output> for Run {
    fn from(output: std::process::Output) -> Run {
        Run {
            folder: PathBuf::from("/nowhere"),
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

pub(crate) fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_air"))
}

fn words(args: &str) -> Vec<&str> {
    args.split_whitespace().collect()
}
