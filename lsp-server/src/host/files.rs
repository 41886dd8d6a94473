//! Reading files that somebody else has put there. Only regular ones: to open a pipe is to wait for whoever writes to
//! it, and a device may have no end.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The text of a file of at most `limit` bytes.
pub(super) fn read(path: &Path, limit: u64) -> io::Result<String> {
    if !path.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
    }
    let mut text = String::new();
    // It may grow meanwhile, and some files have no length.
    let read = File::open(path)?.take(limit + 1).read_to_string(&mut text)?;
    if read as u64 > limit {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("more than {} MiB", limit >> 20)));
    }
    Ok(text)
}

/// Whether something that is looked for by name, and opened if it exists, would hold whoever opens it.
pub(crate) fn is_trap(path: &Path) -> bool {
    path.metadata().is_ok_and(|found| !found.is_file() && !found.is_dir())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regular_files_within_the_limit() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x");
        std::fs::write(&file, "12345").unwrap();
        assert_eq!(read(&file, 5).unwrap(), "12345");
        assert_eq!(read(&file, 4).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        assert!(read(folder.path(), 5).is_err() && !is_trap(folder.path()) && !is_trap(&file));
        std::fs::write(&file, b"\xff").unwrap();
        assert_eq!(read(&file, 5).unwrap_err().kind(), io::ErrorKind::InvalidData);
    }

    #[cfg(unix)]
    #[test]
    fn devices_and_pipes() {
        assert!(is_trap(Path::new("/dev/zero")));
        assert_eq!(read(Path::new("/dev/zero"), 5).unwrap_err().kind(), io::ErrorKind::InvalidInput);
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert!(is_trap(&pipe));
        assert!(read(&pipe, 5).is_err());
    }
}
