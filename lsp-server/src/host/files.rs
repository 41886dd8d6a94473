//! The files of this system, as the server asks for them.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use air_service::config::Configs;
use air_service::host::{FileError, FileKind, Files, Metadata};

use super::log;
use crate::files::exclude::{Exclude, Patterns};
use crate::files::reader::{self, ReadError};
use crate::files::walk;

/// The file system.
#[derive(Debug, Clone, Copy, Default)]
pub struct NativeFiles;

impl Files for NativeFiles {
    fn read(&self, path: &Path, limit: u64) -> Result<String, FileError> {
        reader::read_file(path, limit).map_err(|error| match error {
            ReadError::Missing => FileError::NotFound(error.to_string()),
            ReadError::NotUtf8 { .. } => FileError::NotText(error.to_string()),
            ReadError::TooLarge { .. } => FileError::too_large(limit),
            error => FileError::Unreadable(error.to_string()),
        })
    }

    fn metadata(&self, path: &Path) -> Option<Metadata> {
        let found = path.metadata().ok()?;
        let kind = match (found.is_file(), found.is_dir()) {
            (true, _) => FileKind::File,
            (_, true) => FileKind::Folder,
            _ => FileKind::Other,
        };
        let modified = found.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        Some(Metadata { kind, length: found.len(), modified: modified.map(|time| time.as_nanos()) })
    }

    fn absolute(&self, path: &Path) -> PathBuf {
        std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
    }

    fn canonical(&self, path: &Path) -> PathBuf {
        let path = self.absolute(path);
        for folder in path.ancestors() {
            if let Ok(found) = folder.canonicalize() {
                // Nothing is added to the whole path: that would make a folder of it.
                let rest = path.strip_prefix(folder).ok().filter(|rest| !rest.as_os_str().is_empty());
                return rest.map_or_else(|| found.clone(), |rest| found.join(rest));
            }
        }
        path
    }

    fn walk(&self, folders: &[PathBuf], visit: &mut dyn FnMut(&Path) -> ControlFlow<()>) {
        let left_out = walk::walk(folders, &exclude(folders), &mut |entry| match entry {
            Ok(entry) => visit(entry.path()),
            // What cannot be entered is not part of the workspace.
            Err(_) => ControlFlow::Continue(()),
        });
        left_out.iter().for_each(|it| log::warn(&it.to_string()));
    }
}

/// What the configurations of the folders leave out.
fn exclude(folders: &[PathBuf]) -> Exclude {
    let configs = Configs::search(Arc::new(NativeFiles));
    let mut exclude = Exclude::default();
    for folder in folders {
        let found = configs.exclude(&folder.join("script.air"));
        let patterns = found.map(|(folder, patterns)| Patterns::new(&folder, &patterns));
        match patterns {
            Some(Ok(patterns)) => exclude.add(patterns),
            Some(Err(message)) => log::warn(&format!("[files] exclude: {message}")),
            None => {}
        }
    }
    exclude
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regular_files_within_the_limit() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x");
        std::fs::write(&file, "12345").unwrap();
        assert_eq!(NativeFiles.read(&file, 5).unwrap(), "12345");
        assert_eq!(NativeFiles.read(&file, 4), Err(FileError::too_large(4)));
        assert!(NativeFiles.read(folder.path(), 5).is_err());
        std::fs::write(&file, b"\xff").unwrap();
        assert!(matches!(NativeFiles.read(&file, 5), Err(FileError::NotText(_))));
        assert!(matches!(NativeFiles.read(&folder.path().join("y"), 5), Err(FileError::NotFound(_))));
        let data = NativeFiles.metadata(&file).unwrap();
        assert_eq!((data.kind, data.length, data.modified.is_some()), (FileKind::File, 1, true));
        assert_eq!(NativeFiles.metadata(folder.path()).unwrap().kind, FileKind::Folder);
    }

    #[cfg(unix)]
    #[test]
    fn devices_and_pipes() {
        assert!(matches!(NativeFiles.read(Path::new("/dev/zero"), 5), Err(FileError::Unreadable(_))));
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert!(NativeFiles.read(&pipe, 5).is_err());
    }

    fn scripts(folder: &Path) -> Vec<String> {
        let mut found = Vec::new();
        NativeFiles.walk(&[folder.to_owned()], &mut |path| {
            if path.extension().is_some_and(|extension| extension == "air") {
                found.push(path.file_name().unwrap().to_str().unwrap().to_owned());
            }
            ControlFlow::Continue(())
        });
        found.sort();
        found
    }

    #[test]
    fn what_is_ignored_is_not_walked() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir_all(at("inner")).unwrap();
        std::fs::write(at(".airignore"), "d.air\n").unwrap();
        std::fs::write(at("inner/.gitignore"), "e.air\n").unwrap();
        for name in ["a.air", "d.air", "inner/b.air", "inner/e.air"] {
            std::fs::write(at(name), "(null)").unwrap();
        }
        assert_eq!(scripts(folder.path()), ["a.air", "b.air"]);
        let mut seen = 0;
        NativeFiles.walk(&[folder.path().to_owned()], &mut |_| {
            seen += 1;
            ControlFlow::Break(())
        });
        assert_eq!(seen, 1);
    }

    #[cfg(unix)]
    #[test]
    fn pipes_and_links_hold_no_walk() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let pipe = |name: &str| {
            assert!(std::process::Command::new("mkfifo").arg(at(name)).status().unwrap().success());
        };
        std::fs::create_dir_all(at("inner")).unwrap();
        std::fs::write(at("a.air"), "(null)").unwrap();
        std::fs::write(at("inner/b.air"), "(null)").unwrap();
        std::os::unix::fs::symlink(folder.path(), at("loop")).unwrap();
        assert_eq!(scripts(folder.path()), ["a.air", "b.air"]);
        pipe("inner/.gitignore");
        assert_eq!(scripts(folder.path()), ["a.air"]);
        pipe(".airignore");
        assert_eq!(scripts(folder.path()), Vec::<String>::new());
    }
}
