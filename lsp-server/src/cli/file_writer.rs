//! Replacing a file in one step: a reader sees the old text or the new one, never half.

use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// Why a file was not written; the old text is still there.
#[derive(Debug)]
pub enum WriteError {
    /// Its permissions say so.
    ReadOnly,
    /// Its folder is not there.
    NoFolder,
    /// Anything else.
    Io(io::Error),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WriteError::ReadOnly => write!(f, "is read-only, left unchanged"),
            WriteError::NoFolder => write!(f, "cannot be written: there is no such folder"),
            WriteError::Io(error) => write!(f, "cannot be written, left unchanged: {error}"),
        }
    }
}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> WriteError {
        match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => WriteError::ReadOnly,
            io::ErrorKind::NotFound => WriteError::NoFolder,
            _ => WriteError::Io(error),
        }
    }
}

/// Gives a file a new text: written beside it, then moved over it. Links are followed to their
/// target, permissions stay. A file without permission to write is left alone, although its folder
/// might allow to replace it.
pub fn replace(path: &Path, text: &str) -> Result<(), WriteError> {
    let target = fs::canonicalize(path)?;
    let permissions = fs::metadata(&target)?.permissions();
    if permissions.readonly() {
        return Err(WriteError::ReadOnly);
    }
    store(&target, text, Some(permissions))
}

/// Writes a file that may not exist yet, in one step as well.
pub fn create(path: &Path, text: &str) -> Result<(), WriteError> {
    if path.exists() { replace(path, text) } else { store(path, text, None) }
}

fn store(target: &Path, text: &str, permissions: Option<fs::Permissions>) -> Result<(), WriteError> {
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".air-").suffix(".tmp");
    #[cfg(unix)]
    let permissions = permissions.or_else(|| {
        use std::os::unix::fs::PermissionsExt;
        // What an ordinary new file gets; the umask applies as usual.
        builder.permissions(fs::Permissions::from_mode(0o666));
        None
    });
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    if let Some(permissions) = permissions {
        file.as_file().set_permissions(permissions)?;
    }
    file.as_file().sync_data()?;
    file.persist(target).map_err(|error| WriteError::from(error.error))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn keeps_links_and_permissions() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("a.air"), folder.path().join("link.air"));
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink("a.air", &link).unwrap();

        replace(&link, "new").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);

        fs::set_permissions(&file, fs::Permissions::from_mode(0o440)).unwrap();
        assert_eq!(replace(&file, "newer").unwrap_err().to_string(), "is read-only, left unchanged");
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        // No temporary file stays.
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn creates() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("out.txt");
        create(&file, "one").unwrap();
        create(&file, "two").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "two");
    }
}
