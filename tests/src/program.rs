//! The real programs, as a person runs them.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// `air`, built as the tests themselves are.
pub fn air() -> Command {
    Command::new(built("air"))
}

/// `air-lsp`, built as the program that asks is.
pub fn air_lsp() -> PathBuf {
    built("air-lsp")
}

/// What a finished program left behind.
#[derive(Debug)]
pub struct Finished {
    /// Its exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

/// Runs a program to its end without input.
pub fn finish(command: &mut Command) -> Finished {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Finished { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// Path of a program of the workspace, which cargo makes first if it is not fresh.
fn built(name: &str) -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        // …/target/PROFILE/deps/TEST, or …/target/PROFILE/PROGRAM
        let own = std::env::current_exe().unwrap();
        let folder = own.parent().unwrap();
        let folder = if folder.ends_with("deps") { folder.parent().unwrap() } else { folder }.to_owned();
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--package", "air-lsp", "--bins", "--target-dir"]);
        cargo.arg(folder.parent().unwrap()).current_dir(air_architecture::tree::root());
        if folder.ends_with("release") {
            cargo.arg("--release");
        }
        assert!(cargo.status().unwrap().success(), "cargo could not build the programs");
        folder
    });
    folder.join(name).with_extension(std::env::consts::EXE_EXTENSION)
}
