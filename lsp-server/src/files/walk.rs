//! Finding files in folders, without what ignore files exclude, and without what would hold up or lead astray.

use std::fmt;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::{DirEntry, WalkBuilder};

use super::exclude::Exclude;

/// Files that say what to leave out. A walk over a folder opens them.
const IGNORE_FILES: [&str; 4] = [".gitignore", ".ignore", ".airignore", ".git/info/exclude"];
/// Largest file that says what to leave out, in bytes: each file of the folder is compared with each of its lines.
const MAX_IGNORE_FILE_BYTES: u64 = 256 << 10;

/// What a walk did not look at although nobody excluded it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeftOut {
    /// A folder in which a pipe or a device stands for an ignore file: to read it would take for ever.
    Trap(PathBuf),
    /// A folder with an ignore file of this many bytes.
    LargeIgnoreFile(PathBuf, u64),
    /// A link to something outside of the folders that were named.
    LeadsOut(PathBuf),
}

impl LeftOut {
    /// The path that it is about.
    pub fn path(&self) -> &Path {
        match self {
            LeftOut::Trap(path) | LeftOut::LargeIgnoreFile(path, _) | LeftOut::LeadsOut(path) => path,
        }
    }

    /// What is the matter, as the rest of a sentence that begins with the path.
    pub fn reason(&self) -> String {
        match self {
            LeftOut::Trap(_) => "is not a regular file, so its folder was left out".to_owned(),
            LeftOut::LargeIgnoreFile(_, size) => {
                format!(
                    "has {size} bytes, the limit is {MAX_IGNORE_FILE_BYTES} bytes, so its folder was left out"
                )
            }
            LeftOut::LeadsOut(_) => {
                "is a link that leads out of the folder, so it was left out; name it to include it".to_owned()
            }
        }
    }
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.path().display(), self.reason())
    }
}

/// Visits all that is in folders, by path, until `visit` breaks. Hidden files are left out, and what .gitignore,
/// .ignore and .airignore exclude. Links to folders are not followed, links to files only if the file is in one of the
/// folders; what `exclude` leaves out is not entered, unless it was named. Returns what was left out for another reason.
pub fn walk(
    folders: &[PathBuf],
    exclude: &Exclude,
    visit: &mut dyn FnMut(Result<DirEntry, ignore::Error>) -> ControlFlow<()>,
) -> Vec<LeftOut> {
    let left_out = Arc::new(Mutex::new(Vec::new()));
    let note = {
        let left_out = Arc::clone(&left_out);
        move |it: LeftOut| left_out.lock().unwrap_or_else(PoisonError::into_inner).push(it)
    };
    // What stands above a folder is opened, too.
    let open = |folder: &&PathBuf| {
        let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf());
        whole.ancestors().find_map(trap).map(&note).is_none()
    };
    let folders: Vec<_> = folders.iter().filter(open).collect();
    if let Some((first, others)) = folders.split_first() {
        let roots: Vec<_> = folders.iter().filter_map(|folder| folder.canonicalize().ok()).collect();
        let mut builder = WalkBuilder::new(first);
        others.iter().for_each(|folder| {
            builder.add(folder);
        });
        builder.sort_by_file_path(Path::cmp);
        builder.add_custom_ignore_filename(".airignore").require_git(false);
        let exclude = exclude.clone();
        builder.filter_entry(move |entry| {
            let is_dir = entry.file_type().is_some_and(|kind| kind.is_dir());
            if entry.depth() > 0 && exclude.leaves_out(entry.path(), is_dir) {
                return false;
            }
            let found = match entry.file_type() {
                Some(kind) if kind.is_dir() => trap(entry.path()),
                Some(kind) if kind.is_symlink() => leads_out(entry.path(), &roots),
                _ => None,
            };
            found.map(&note).is_none()
        });
        for entry in builder.build() {
            if visit(entry).is_break() {
                break;
            }
        }
    }
    let mut left_out = left_out.lock().unwrap_or_else(PoisonError::into_inner);
    std::mem::take(&mut left_out)
}

/// What would hold up a walk through this folder.
fn trap(folder: &Path) -> Option<LeftOut> {
    IGNORE_FILES.iter().find_map(|name| {
        let file = folder.join(name);
        let metadata = file.metadata().ok()?;
        match metadata.is_file() {
            true if metadata.len() > MAX_IGNORE_FILE_BYTES => {
                Some(LeftOut::LargeIgnoreFile(file, metadata.len()))
            }
            false if !metadata.is_dir() => Some(LeftOut::Trap(file)),
            _ => None,
        }
    })
}

/// A link to a folder leads nowhere, since it is not followed; so does one to a file that is not there.
fn leads_out(link: &Path, roots: &[PathBuf]) -> Option<LeftOut> {
    let target = link.canonicalize().ok().filter(|target| target.is_file())?;
    // Other files are not looked for, wherever they are.
    let is_script = link.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("air"));
    let inside = roots.iter().any(|root| target.starts_with(root));
    (is_script && !inside).then(|| LeftOut::LeadsOut(link.to_owned()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn walked(folders: &[PathBuf], root: &Path) -> (Vec<String>, Vec<String>) {
        let short = |path: &Path| path.strip_prefix(root).unwrap().display().to_string();
        let mut found = Vec::new();
        let left_out = walk(folders, &Exclude::default(), &mut |entry| {
            let entry = entry.unwrap();
            if entry.path().extension().is_some_and(|extension| extension == "air") {
                found.push(short(entry.path()));
            }
            ControlFlow::Continue(())
        });
        (found, left_out.iter().map(|it| short(it.path())).collect())
    }

    #[cfg(unix)]
    #[test]
    fn links_that_lead_out() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        for name in ["in", "out"] {
            fs::create_dir(root.join(name)).unwrap();
            fs::write(root.join(name).join("a.air"), "(null)").unwrap();
        }
        let link = |target: &str, name: &str| std::os::unix::fs::symlink(target, root.join(name)).unwrap();
        link("../out/a.air", "in/out.air");
        link("../out/nothing.air", "in/dangling.air");
        link("a.air", "in/same.air");
        link("../out/a.air", "in/other.txt");
        let (found, left_out) = walked(&[root.join("in")], root);
        assert_eq!(found, ["in/a.air", "in/dangling.air", "in/same.air"]);
        assert_eq!(left_out, ["in/out.air"]);
        let (found, left_out) = walked(&[root.join("in"), root.join("out")], root);
        assert_eq!((found.len(), left_out.len()), (5, 0));
    }

    #[test]
    fn a_large_ignore_file() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("inner");
        fs::create_dir(&inner).unwrap();
        fs::write(folder.path().join("a.air"), "(null)").unwrap();
        fs::write(inner.join("b.air"), "(null)").unwrap();
        fs::write(inner.join(".gitignore"), "x\n".repeat(200_000)).unwrap();
        let (found, left_out) = walked(&[folder.path().to_owned()], folder.path());
        assert_eq!(found, ["a.air"]);
        assert_eq!(left_out, ["inner/.gitignore"]);
    }
}
