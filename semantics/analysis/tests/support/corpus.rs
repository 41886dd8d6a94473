//! The shared data: `AIR_SHARED`, or `../shared` beside the workspace. Not part of the repository.

use std::path::{Path, PathBuf};

/// A file of the shared data; says so where it is absent.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("AIR_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let path = root.join(path);
    if path.exists() {
        return Some(path);
    }
    println!("SKIPPED: no {} (set AIR_SHARED to the shared data)", path.display());
    None
}

/// The objects of a file of JSON lines.
pub(crate) fn lines(path: &Path) -> Vec<serde_json::Value> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A real script.
pub(crate) struct Script {
    pub(crate) name: String,
    pub(crate) text: String,
    /// `default`, `bare` or `older` for those of the Aqua compiler.
    pub(crate) group: Option<&'static str>,
}

/// All scripts of the corpus, accepted or not; none where it is absent.
pub(crate) fn scripts() -> Vec<Script> {
    let Some(root) = shared("corpus/air") else { return Vec::new() };
    let script = |entry: &serde_json::Value| {
        let name = entry["file"].as_str().unwrap().to_owned();
        let group = match entry["variant"].as_str() {
            Some("default") => "default",
            Some("bare") => "bare",
            _ => "older",
        };
        let text = std::fs::read_to_string(root.join(&name)).unwrap();
        Script { name, text, group: (entry["author"] == "aqua-compiler").then_some(group) }
    };
    lines(&root.join("index.jsonl")).iter().map(script).collect()
}
