//! A new file that gets its name when it is whole.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use tempfile::{Builder, NamedTempFile, TempPath};

/// A file in a folder, with its whole text on the disk. Where the system can, it has no name yet: a program that is
/// killed leaves nothing behind.
pub(super) struct Temporary {
    /// The file, opened to write.
    pub(super) file: File,
    named: Option<TempPath>,
}

impl Temporary {
    /// Writes `text` to a new file in `folder`; `mode` is its permissions on Unix, less the umask.
    pub(super) fn new(folder: &Path, text: &[u8], mode: u32) -> io::Result<Temporary> {
        let mut new = match unnamed(folder, mode) {
            Some(file) => Temporary { file, named: None },
            None => {
                let (file, path) = named(folder, mode)?.into_parts();
                Temporary { file, named: Some(path) }
            }
        };
        new.file.write_all(text)?;
        new.file.sync_data()?;
        Ok(new)
    }

    /// Moves it over `target`, in one step.
    pub(super) fn persist(self, target: &Path) -> io::Result<()> {
        let path = match self.named {
            Some(path) => path,
            None => give_name(&self.file, target)?,
        };
        path.persist(target).map_err(|error| error.error)
    }
}

fn builder<'a>() -> Builder<'a, 'a> {
    let mut builder = Builder::new();
    builder.prefix(".air-").suffix(".tmp");
    builder
}

fn named(folder: &Path, mode: u32) -> io::Result<NamedTempFile> {
    let mut builder = builder();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(mode));
    }
    #[cfg(not(unix))]
    let _ = mode;
    builder.tempfile_in(folder)
}

/// A file without a name, which not every file system has.
#[cfg(target_os = "linux")]
fn unnamed(folder: &Path, mode: u32) -> Option<File> {
    use rustix::fs::{CWD, Mode, OFlags, openat};
    // A name is given through this folder.
    if !Path::new("/proc/self/fd").is_dir() {
        return None;
    }
    openat(CWD, folder, OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC, Mode::from_raw_mode(mode))
        .ok()
        .map(File::from)
}

#[cfg(not(target_os = "linux"))]
fn unnamed(_: &Path, _: u32) -> Option<File> {
    None
}

#[cfg(target_os = "linux")]
fn give_name(file: &File, target: &Path) -> io::Result<TempPath> {
    use rustix::fs::{AtFlags, CWD, linkat};
    use std::os::fd::AsRawFd;
    let descriptor = format!("/proc/self/fd/{}", file.as_raw_fd());
    let link = |path: &Path| Ok(linkat(CWD, &descriptor, CWD, path, AtFlags::SYMLINK_FOLLOW)?);
    Ok(builder().make_in(folder_of(target), link)?.into_temp_path())
}

#[cfg(not(target_os = "linux"))]
fn give_name(_: &File, _: &Path) -> io::Result<TempPath> {
    Err(io::ErrorKind::Unsupported.into())
}

/// The folder that a file is in.
pub(super) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_of_one_that_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let count = || std::fs::read_dir(folder.path()).unwrap().count();
        drop(Temporary::new(folder.path(), b"text", 0o666).unwrap());
        assert_eq!(count(), 0);
        let target = folder.path().join("a");
        Temporary::new(folder.path(), b"text", 0o666).unwrap().persist(&target).unwrap();
        Temporary::new(folder.path(), b"other", 0o666).unwrap().persist(&target).unwrap();
        assert_eq!((count(), std::fs::read(&target).unwrap()), (1, b"other".to_vec()));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn it_has_no_name_before_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let new = Temporary::new(folder.path(), b"text", 0o666).unwrap();
        // Some file systems cannot do this, and then there is a name.
        let names = std::fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(names, usize::from(new.named.is_some()));
    }
}
