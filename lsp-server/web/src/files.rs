//! Files that the client sends, since there is no file system: the notification `air/files`.
//!
//! ```json
//! {"method": "air/files", "params": {
//!   "written": [{"uri": "file:///w/hello.sample.json", "text": "{}"}],
//!   "removed": ["file:///w/old.air"]}}
//! ```
//!
//! The server sees them as files on disk from then on, and the change as one on disk; with `"quiet": true` it is not told, since
//! the client does so itself by `workspace/didChangeWatchedFiles`. Paths are those of Unix; files of other
//! schemes than `file` cannot be on disk, but documents of any scheme can be open.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use air_service::file_url;
use air_service::host::memory::MemoryFiles;
use serde::Deserialize;
use serde_json::{Value, json};

/// The notification's name.
pub const METHOD: &str = "air/files";

/// Its parameters.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct FilesParams {
    /// Files that are new or have another text.
    pub written: Vec<WrittenFile>,
    /// URIs of files that are gone.
    pub removed: Vec<String>,
    /// The client itself tells that they have changed.
    pub quiet: bool,
}

/// A file.
#[derive(Debug, Deserialize)]
pub struct WrittenFile {
    /// Where it is, of the scheme `file`.
    pub uri: String,
    /// What is in it.
    pub text: String,
}

/// Takes files; the parameters of the `workspace/didChangeWatchedFiles` that tells of them.
pub fn take(params: FilesParams, files: &MemoryFiles, known: &mut BTreeSet<PathBuf>) -> Value {
    const CREATED: u8 = 1;
    const CHANGED: u8 = 2;
    const DELETED: u8 = 3;
    let mut changes = Vec::new();
    for file in params.written {
        let Some(path) = path(&file.uri) else { continue };
        let kind = if known.insert(path.clone()) { CREATED } else { CHANGED };
        files.write(path, file.text);
        changes.push(json!({ "uri": file.uri, "type": kind }));
    }
    for uri in params.removed {
        let Some(path) = path(&uri).filter(|path| known.remove(path)) else { continue };
        files.remove(Path::new(&path));
        changes.push(json!({ "uri": uri, "type": DELETED }));
    }
    json!({ "changes": changes })
}

fn path(uri: &str) -> Option<PathBuf> {
    file_url::path(&uri.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use air_service::host::Files;

    use super::*;

    #[test]
    fn files_come_change_and_go() {
        let (files, mut known) = (MemoryFiles::default(), BTreeSet::new());
        let mut take = |params: Value| take(serde_json::from_value(params).unwrap(), &files, &mut known);
        let written = |text: &str| json!({ "written": [{ "uri": "file:///w/a%20b.air", "text": text }, { "uri": "no uri", "text": "" }] });
        assert_eq!(
            take(written("(null)")),
            json!({ "changes": [{ "uri": "file:///w/a%20b.air", "type": 1 }] })
        );
        assert_eq!(
            take(written("(never)")),
            json!({ "changes": [{ "uri": "file:///w/a%20b.air", "type": 2 }] })
        );
        assert_eq!(files.read(Path::new("/w/a b.air"), 99).unwrap(), "(never)");
        let gone = json!({ "removed": ["file:///w/a%20b.air", "file:///w/never.air"] });
        assert_eq!(take(gone), json!({ "changes": [{ "uri": "file:///w/a%20b.air", "type": 3 }] }));
        assert!(files.read(Path::new("/w/a b.air"), 99).is_err());
    }
}
