//! The project's shared data: real scripts and the reference's answers. Not part of the repository.

use std::path::PathBuf;

use serde::de::DeserializeOwned;

/// A folder or file of the shared data, or a plain word on the error stream that there is none.
///
/// It is looked for in `AIR_SHARED`, by default in `../shared` beside the workspace.
pub fn shared(path: &str) -> Option<PathBuf> {
    let folder = match std::env::var_os("AIR_SHARED") {
        Some(folder) => PathBuf::from(folder),
        None => air_architecture::tree::root().join("../shared"),
    };
    let path = folder.join(path);
    if !path.exists() {
        eprintln!("NOT CHECKED: {} is not there; set AIR_SHARED to the shared data", path.display());
        return None;
    }
    Some(path)
}

/// A file of JSON lines, each read as a `T`.
pub fn json_lines<T: DeserializeOwned>(path: &str) -> Option<Vec<T>> {
    let path = shared(path)?;
    let text = std::fs::read_to_string(&path).unwrap();
    let line = |(index, line): (usize, &str)| match serde_json::from_str(line) {
        Ok(value) => value,
        Err(error) => panic!("{}:{}: {error}", path.display(), index + 1),
    };
    Some(text.lines().enumerate().map(line).collect())
}
