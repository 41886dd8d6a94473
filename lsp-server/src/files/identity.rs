//! Whether two names are one file.

use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};

/// What a file is, whatever it is called: links and hard links to one file are equal.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum FileIdentity {
    /// Device and number on it.
    Number(u64, u64),
    /// Where the system has no numbers, or the file does not exist: its path without links.
    Path(PathBuf),
}

/// The identity of what `path` names. A file that does not exist is known by its name in its folder.
pub fn identity(path: &Path) -> FileIdentity {
    match fs::metadata(path) {
        Ok(metadata) => identity_of(path, &metadata),
        Err(_) => FileIdentity::Path(canonical(path)),
    }
}

/// The same for a file whose metadata is known.
pub fn identity_of(path: &Path, metadata: &Metadata) -> FileIdentity {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let _ = path;
        FileIdentity::Number(metadata.dev(), metadata.ino())
    }
    #[cfg(not(unix))]
    {
        let _ = metadata;
        FileIdentity::Path(canonical(path))
    }
}

fn canonical(path: &Path) -> PathBuf {
    if let Ok(found) = path.canonicalize() {
        return found;
    }
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    match (path.parent().and_then(|folder| folder.canonicalize().ok()), path.file_name()) {
        (Some(folder), Some(name)) => folder.join(name),
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_one_file_are_equal() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("a.air"), "(null)").unwrap();
        fs::write(at("b.air"), "(null)").unwrap();
        assert_eq!(identity(&at("a.air")), identity(&at("./a.air")));
        assert_ne!(identity(&at("a.air")), identity(&at("b.air")));
        assert_eq!(identity(&at("new")), identity(&folder.path().join("./new")));
        assert_ne!(identity(&at("new")), identity(&at("other")));
        #[cfg(unix)]
        {
            fs::hard_link(at("a.air"), at("hard.air")).unwrap();
            std::os::unix::fs::symlink("a.air", at("soft.air")).unwrap();
            assert_eq!(identity(&at("a.air")), identity(&at("hard.air")));
            assert_eq!(identity(&at("a.air")), identity(&at("soft.air")));
        }
    }
}
