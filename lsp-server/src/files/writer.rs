//! Changing a file: a reader sees the old text or the new one, and what else the file is stays as it was.

use std::fmt;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use super::signals;
use super::temporary::{Temporary, folder_of};

/// Why a file was not written. The old text is still there, except after [`WriteError::Half`].
#[derive(Debug)]
pub enum WriteError {
    /// Its permissions or its file system say so.
    ReadOnly,
    /// Its folder is not there.
    NoFolder,
    /// A folder, a pipe or a device.
    NotRegular,
    /// Somebody else changed it after it was read.
    Changed,
    /// Writing in place failed, and so did undoing it.
    Half {
        /// A copy of the old text.
        copy: PathBuf,
        /// Why writing failed.
        error: io::Error,
    },
    /// Anything else.
    Io(io::Error),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WriteError::ReadOnly => write!(f, "is read-only, left unchanged"),
            WriteError::NoFolder => write!(f, "cannot be written: there is no such folder"),
            WriteError::NotRegular => write!(f, "is not a regular file, left unchanged"),
            WriteError::Changed => write!(f, "was changed by another program meanwhile, left unchanged"),
            WriteError::Half { copy, error } => {
                write!(f, "is half written: {error}; its old text is in {}", copy.display())
            }
            WriteError::Io(error) => write!(f, "cannot be written, left unchanged: {error}"),
        }
    }
}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> WriteError {
        match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => WriteError::ReadOnly,
            io::ErrorKind::NotFound => WriteError::NoFolder,
            io::ErrorKind::IsADirectory => WriteError::NotRegular,
            _ => WriteError::Io(error),
        }
    }
}

/// Gives a file that was read as `old` the text `new`. Only files that the user may write are changed, and only if
/// `old` is still what stands in them. Links are followed to their target. Owner, group, permissions, extended
/// attributes and hard links stay: the new text is written beside the file and moved over it, or, where that would
/// lose one of them, written in place with a copy of the old text beside it until that is done.
pub fn replace(path: &Path, old: &str, new: &str) -> Result<(), WriteError> {
    write(path, Some(old.as_bytes()), new.as_bytes()).map_err(|error| match error {
        // It was there when it was read.
        WriteError::NoFolder => WriteError::Changed,
        error => error,
    })
}

/// Writes a file that may not exist yet, in the same way.
pub fn create(path: &Path, content: impl AsRef<[u8]>) -> Result<(), WriteError> {
    let content = content.as_ref();
    if fs::symlink_metadata(path).is_ok() {
        return write(path, None, content);
    }
    let _signals = signals::hold();
    // What an ordinary new file gets; the umask applies as usual.
    Ok(Temporary::new(folder_of(path), content, 0o666)?.persist(path)?)
}

fn write(path: &Path, old: Option<&[u8]>, text: &[u8]) -> Result<(), WriteError> {
    let target = fs::canonicalize(path)?;
    // To open a pipe is to wait for the other end.
    if !fs::metadata(&target)?.is_file() {
        return Err(WriteError::NotRegular);
    }
    let mut file = OpenOptions::new().read(old.is_some()).write(true).open(&target)?;
    let metadata = file.metadata()?;
    // The superuser may write all the same, which is not what the owner meant.
    if metadata.permissions().readonly() {
        return Err(WriteError::ReadOnly);
    }
    if !metadata.is_file() {
        return Err(WriteError::NotRegular);
    }
    if let Some(old) = old
        && !holds(&mut file, &metadata, old)?
    {
        return Err(WriteError::Changed);
    }
    let _signals = signals::hold();
    match attributes::prepared(&target, &file, &metadata, text) {
        Some(new) if is_unchanged(&target, &metadata) => Ok(new.persist(&target)?),
        Some(_) => Err(WriteError::Changed),
        None => in_place(&target, file, text),
    }
}

/// Whether a file holds this text and nothing else.
fn holds(file: &mut File, metadata: &Metadata, text: &[u8]) -> io::Result<bool> {
    if metadata.len() != text.len() as u64 {
        return Ok(false);
    }
    let mut found = Vec::with_capacity(text.len().saturating_add(1));
    // It may grow meanwhile.
    file.take(text.len() as u64 + 1).read_to_end(&mut found)?;
    Ok(found == text)
}

/// Whether `target` is still the file that was opened, and as it was then.
fn is_unchanged(target: &Path, then: &Metadata) -> bool {
    let Ok(now) = fs::metadata(target) else { return false };
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        if (now.dev(), now.ino()) != (then.dev(), then.ino()) {
            return false;
        }
    }
    now.len() == then.len() && now.modified().ok() == then.modified().ok()
}

/// Writes over the old text. Until that is done, there is a copy of it beside the file, or in the folder for
/// temporary files if its own folder takes none.
fn in_place(target: &Path, mut file: File, text: &[u8]) -> Result<(), WriteError> {
    // Without permission to read there is nothing that could be kept.
    let old = fs::read(target).unwrap_or_default();
    let mut builder = tempfile::Builder::new();
    builder.prefix(".air-").suffix(".old");
    let mut copy = builder.tempfile_in(folder_of(target)).or_else(|_| builder.tempfile())?;
    copy.write_all(&old)?;
    copy.as_file().sync_data()?;
    let Err(error) = overwrite(&mut file, text) else { return Ok(()) };
    if overwrite(&mut file, &old).is_ok() {
        return Err(WriteError::from(error));
    }
    match copy.keep() {
        Ok((_, copy)) => Err(WriteError::Half { copy, error }),
        Err(kept) => Err(WriteError::Io(kept.error)),
    }
}

fn overwrite(file: &mut File, text: &[u8]) -> io::Result<()> {
    file.rewind()?;
    file.write_all(text)?;
    file.set_len(text.len() as u64)?;
    file.sync_data()
}

#[cfg(unix)]
mod attributes {
    use std::fs::{File, Metadata};
    use std::io;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    use std::path::Path;

    use xattr::FileExt;

    use crate::files::temporary::{Temporary, folder_of};

    /// A new file that may take the place of `old`: nothing but the text differs. `None` if there is none.
    pub(super) fn prepared(target: &Path, old: &File, was: &Metadata, text: &[u8]) -> Option<Temporary> {
        if was.nlink() != 1 {
            return None;
        }
        let new = Temporary::new(folder_of(target), text, 0o600).ok()?;
        carry_over(old, was, &new.file).ok().map(|()| new)
    }

    fn carry_over(old: &File, was: &Metadata, new: &File) -> io::Result<()> {
        let is = new.metadata()?;
        if (is.uid(), is.gid()) != (was.uid(), was.gid()) {
            fchown(new, Some(was.uid()), Some(was.gid()))?;
        }
        // After the owner: changing that one clears bits of this one.
        new.set_permissions(std::fs::Permissions::from_mode(was.mode() & 0o7777))?;
        // File systems without extended attributes have none to lose.
        let Ok(names) = old.list_xattr() else { return Ok(()) };
        for name in names {
            let value = old.get_xattr(&name)?;
            if value != new.get_xattr(&name).ok().flatten() {
                new.set_xattr(&name, &value.unwrap_or_default())?;
            }
        }
        Ok(())
    }
}

#[cfg(not(unix))]
mod attributes {
    use std::fs::{File, Metadata};
    use std::path::Path;

    use crate::files::temporary::Temporary;

    /// Owner, access list and streams of a file cannot be carried over here: it is written in place.
    pub(super) fn prepared(_: &Path, _: &File, _: &Metadata, _: &str) -> Option<Temporary> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(result: Result<(), WriteError>) -> String {
        result.map_or_else(|error| error.to_string(), |()| "written".to_owned())
    }

    #[cfg(unix)]
    #[test]
    fn keeps_links_and_permissions() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("a.air"), folder.path().join("link.air"));
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink("a.air", &link).unwrap();

        replace(&link, "old", "new").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);

        fs::set_permissions(&file, fs::Permissions::from_mode(0o440)).unwrap();
        assert_eq!(message(replace(&file, "new", "newer")), "is read-only, left unchanged");
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        // No temporary file stays.
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[cfg(unix)]
    #[test]
    fn keeps_hard_links_and_extended_attributes() {
        use std::os::unix::fs::MetadataExt;
        let folder = tempfile::tempdir().unwrap();
        let (file, other) = (folder.path().join("a.air"), folder.path().join("b.air"));
        fs::write(&file, "a longer old text").unwrap();
        let marked = xattr::set(&file, "user.air", b"kept").is_ok();
        replace(&file, "a longer old text", "one").unwrap();
        fs::hard_link(&file, &other).unwrap();
        replace(&file, "one", "two").unwrap();
        assert_eq!(fs::read_to_string(&other).unwrap(), "two");
        assert_eq!(fs::metadata(&file).unwrap().nlink(), 2);
        if marked {
            assert_eq!(xattr::get(&file, "user.air").unwrap().as_deref(), Some(&b"kept"[..]));
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_file_changed_meanwhile_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.air");
        let changed = "was changed by another program meanwhile, left unchanged";
        for now in ["new", "old and more", ""] {
            fs::write(&file, now).unwrap();
            assert_eq!(message(replace(&file, "old", "formatted")), changed);
            assert_eq!(fs::read_to_string(&file).unwrap(), now);
        }
        fs::remove_file(&file).unwrap();
        assert_eq!(message(replace(&file, "old", "formatted")), changed);
        assert!(!file.exists());
    }

    #[test]
    fn creates() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("out.txt");
        create(&file, "one").unwrap();
        create(&file, "two").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "two");
        let nowhere = folder.path().join("no/out.txt");
        assert_eq!(message(create(&nowhere, "one")), "cannot be written: there is no such folder");
        assert_eq!(message(create(folder.path(), "one")), "is not a regular file, left unchanged");
    }

    #[cfg(unix)]
    #[test]
    fn devices_and_pipes_are_not_written() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        for path in [pipe.as_path(), Path::new("/dev/null")] {
            assert_eq!(message(create(path, "text")), "is not a regular file, left unchanged");
        }
    }
}
