//! Files as the service sees them.

use std::fmt::{self, Debug};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// Files of the host. Nothing here may wait for ever: pipes and devices are not read.
pub trait Files: Debug + Send + Sync {
    /// The text of a regular file of at most `limit` bytes.
    fn read(&self, path: &Path, limit: u64) -> Result<String, FileError>;

    /// What is at a path, links followed; `None` if nothing is.
    fn metadata(&self, path: &Path) -> Option<Metadata>;

    /// A path from the root; relative ones begin at the host's current folder.
    fn absolute(&self, path: &Path) -> PathBuf;

    /// The one path of a file that may have several: links followed, letters in the file system's own case. Of what
    /// does not exist, the part that does.
    fn canonical(&self, path: &Path) -> PathBuf;

    /// Walks folders in the order of their paths, but for what their ignore files leave out, and gives each entry to `visit` until it breaks.
    /// Links to folders are not followed.
    fn walk(&self, folders: &[PathBuf], visit: &mut dyn FnMut(&Path) -> ControlFlow<()>);
}

/// What is at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metadata {
    /// What it is.
    pub kind: FileKind,
    /// In bytes.
    pub length: u64,
    /// Nanoseconds since 1970 of the last change; `None` where files have no such time.
    pub modified: Option<u128>,
}

/// Kinds of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A pipe, a device, a socket: what would hold a reader up.
    Other,
}

/// Why a file was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileError {
    /// No such file. With the system's words.
    NotFound(String),
    /// It is not UTF-8. With the system's words.
    NotText(String),
    /// It is not regular, too long, or the system refused.
    Unreadable(String),
}

impl FileError {
    /// Longer than so many bytes.
    pub fn too_large(limit: u64) -> FileError {
        FileError::Unreadable(format!("more than {} MiB", limit >> 20))
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (FileError::NotFound(message) | FileError::NotText(message) | FileError::Unreadable(message)) =
            self;
        f.write_str(message)
    }
}

impl dyn Files + '_ {
    /// Whether a regular file is at that path.
    pub fn is_file(&self, path: &Path) -> bool {
        self.metadata(path).is_some_and(|found| found.kind == FileKind::File)
    }
}
