//! Shared test data: where it is, and how its records are written.
#![allow(dead_code, reason = "each test binary uses its part")]

pub(crate) mod network;
pub(crate) mod random;
pub(crate) mod script;

use std::path::{Path, PathBuf};

use air_interpreter::{Value, json};

/// A file of the shared data (`AIR_SHARED`, or `shared` beside the workspace); says so when absent.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let beside = || workspace().join("../shared");
    let file = std::env::var_os("AIR_SHARED").map_or_else(beside, PathBuf::from).join(path);
    if !file.exists() {
        println!("SKIPPED: no {}; set AIR_SHARED to the folder of the shared test data", file.display());
        return None;
    }
    Some(file)
}

/// The folder of the lock file: the tests of two crates use this module.
fn workspace() -> &'static Path {
    let mut folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    folders.find(|folder| folder.join("Cargo.lock").exists()).unwrap()
}

/// The records of a JSON-lines file; none when the file is absent.
pub(crate) fn records(path: &str) -> Vec<Value> {
    let Some(file) = shared(path) else { return Vec::new() };
    let text = std::fs::read_to_string(file).unwrap();
    text.lines().filter(|line| !line.is_empty()).map(|line| json::parse(line).unwrap()).collect()
}

/// Bytes from hexadecimal digits.
pub(crate) fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.chars().map(|digit| digit.to_digit(16).unwrap() as u8).collect();
    digits.chunks(2).map(|pair| pair[0] * 16 + pair[1]).collect()
}

/// Bytes from base64.
pub(crate) fn base64(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.decode(text).unwrap()
}
