//! What lies in the workspace: open documents, and the scripts on disk under its folders.
//!
//! Files are looked at when a request needs them, on a thread of its own, so that nothing else ever
//! waits for a disk; what did not change since is not read again. Everything has a bound.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::SystemTime;

use air_semantics::Analysis;
use air_semantics::names::outside::{OutsideKind, outside_names};
use air_semantics::teach::around::Known;
use air_syntax::{LineCol, LineIndex, TextSize};
use ignore::WalkBuilder;

use super::client::Client;
use super::disk;
use super::document::{Cancel, Document};
use super::log;
use super::lsp::{self, Url};
use super::settings::Settings;
use crate::config::Configs;

/// The most files that are looked at.
const FILES: usize = 5_000;

/// The most entries of folders that are walked over to find them.
const ENTRIES: usize = 200_000;

/// Larger files are left out; the compiler's largest have less than 2 MB.
const SIZE: u64 = 8 << 20;

/// The most that is read of all of them together.
const ALL: u64 = 256 << 20;

/// Files that say what to leave out. Whoever walks a folder opens them.
const IGNORES: [&str; 4] = [".gitignore", ".ignore", ".airignore", ".git/info/exclude"];

/// The most names that completion is told of.
const KNOWN: usize = 2_000;

/// Scripts on disk, and what is known of them.
#[derive(Debug, Default)]
pub(super) struct Workspace {
    folders: Mutex<Vec<PathBuf>>,
    /// The client tells when files change.
    watched: AtomicBool,
    /// Something may have changed since the last look.
    looked: AtomicBool,
    /// Somebody was told to look since.
    looking: AtomicBool,
    /// Held by the one who looks.
    files: Mutex<Arc<[Arc<DiskFile>]>>,
    /// Names for completion, which must not wait.
    known: Mutex<Arc<[Known]>>,
}

/// A script on disk as it was when it was read.
#[derive(Debug)]
pub(super) struct DiskFile {
    /// Where it is.
    pub uri: Url,
    path: PathBuf,
    stamp: (Option<SystemTime>, u64),
    /// Names of peers, services and functions in it.
    pub names: Vec<FileName>,
    /// Its diagnostics with their id, once somebody asked.
    pub report: OnceLock<(String, Vec<lsp::Diagnostic>)>,
}

/// A name of something outside, in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FileName {
    /// What it names.
    pub kind: OutsideKind,
    /// The service of a function.
    pub service: Option<Box<str>>,
    /// The name.
    pub name: Box<str>,
    /// Of a function: its arguments.
    pub arity: usize,
    /// Where it stands.
    pub range: lsp::Range,
}

impl Workspace {
    /// Takes the folders, and whether the client watches files for us.
    pub(super) fn set_folders(&self, folders: Vec<PathBuf>, watched: bool) {
        *lock(&self.folders) = folders;
        self.watched.store(watched, Ordering::Relaxed);
        self.changed();
    }

    /// Adds and removes folders.
    pub(super) fn change_folders(&self, added: Vec<PathBuf>, removed: &[PathBuf]) {
        let mut folders = lock(&self.folders);
        folders.retain(|folder| !removed.contains(folder));
        folders.extend(added);
        drop(folders);
        self.changed();
    }

    /// Files may have changed.
    pub(super) fn changed(&self) {
        self.looked.store(false, Ordering::Relaxed);
        self.looking.store(false, Ordering::Relaxed);
    }

    /// Names seen at the last look, for completion: waits for nobody.
    pub(super) fn known(&self) -> Arc<[Known]> {
        Arc::clone(&lock(&self.known))
    }

    /// Whether nobody has looked since something may have changed, or will; asked once for each change.
    pub(super) fn wants_look(&self) -> bool {
        !self.looked.load(Ordering::Relaxed)
            && !lock(&self.folders).is_empty()
            && !self.looking.swap(true, Ordering::Relaxed)
    }

    /// Whether somebody is about to know more names than [`Workspace::known`] has.
    pub(super) fn looks(&self) -> bool {
        let begins = self.looking.load(Ordering::Relaxed) && !self.looked.load(Ordering::Relaxed);
        begins || self.files.try_lock().is_err()
    }

    /// All scripts on disk. Looks for changes unless the client would have told of them.
    pub(super) fn files(&self, client: &Client, cancel: &Cancel) -> lsp::Result<Arc<[Arc<DiskFile>]>> {
        let mut files = lock(&self.files);
        if self.looked.swap(true, Ordering::Relaxed) && self.watched.load(Ordering::Relaxed) {
            return Ok(Arc::clone(&files));
        }
        let folders = lock(&self.folders).clone();
        let before: HashMap<&Path, &Arc<DiskFile>> = files.iter().map(|file| (&*file.path, file)).collect();
        match look(&folders, &before, client, cancel) {
            Some(found) => {
                *lock(&self.known) = known_in(&found);
                *files = found.into();
                Ok(Arc::clone(&files))
            }
            None => {
                self.changed();
                Err(lsp::Error::request_cancelled())
            }
        }
    }

    /// Settings count for what is reported of files.
    pub(super) fn settings_changed(&self) {
        self.changed();
        *lock(&self.files) = Arc::default();
    }
}

/// Walks the folders; `None` if cancelled.
fn look(
    folders: &[PathBuf],
    before: &HashMap<&Path, &Arc<DiskFile>>,
    client: &Client,
    cancel: &Cancel,
) -> Option<Vec<Arc<DiskFile>>> {
    let mut found: Vec<Arc<DiskFile>> = Vec::new();
    // What stands above a folder is opened too.
    let folders: Vec<_> = folders.iter().filter(|folder| folder.ancestors().all(can_be_walked)).collect();
    let Some((first, others)) = folders.split_first() else { return Some(found) };
    let mut walk = WalkBuilder::new(first);
    others.iter().for_each(|folder| {
        walk.add(folder);
    });
    walk.add_custom_ignore_filename(".airignore").require_git(false);
    walk.filter_entry(|entry| {
        !entry.file_type().is_some_and(|it| it.is_dir()) || can_be_walked(entry.path())
    });
    let mut read = 0;
    for (number, entry) in walk.build().enumerate() {
        if cancel.is_set() {
            return None;
        }
        if number >= ENTRIES || found.len() >= FILES || read >= ALL {
            log::warn(&format!("the workspace is large: only {} scripts are looked at", found.len()));
            break;
        }
        let Ok(entry) = entry else { continue };
        let path = entry.path();
        if path.extension().is_none_or(|it| it != "air") {
            continue;
        }
        let Ok(data) = path.metadata() else { continue };
        if !data.is_file() || data.len() > SIZE {
            continue;
        }
        let stamp = (data.modified().ok(), data.len());
        if let Some(same) = before.get(path).filter(|same| same.stamp == stamp && stamp.0.is_some()) {
            found.push(Arc::clone(same));
            continue;
        }
        read += data.len();
        let (Ok(text), Ok(uri)) = (disk::read(path, SIZE), Url::from_file_path(path)) else {
            continue;
        };
        let names = names_of(&Analysis::new(text), client);
        let path = path.to_owned();
        found.push(Arc::new(DiskFile { uri, path, stamp, names, report: OnceLock::new() }));
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    found.dedup_by(|one, other| one.path == other.path);
    Some(found)
}

/// Whether no pipe or device stands where the walk would read what to leave out: it would wait for ever.
fn can_be_walked(folder: &Path) -> bool {
    let trap = IGNORES.iter().map(|name| folder.join(name)).find(|file| disk::is_trap(file));
    if let Some(trap) = &trap {
        log::warn(&format!("{} is no file: its folder is not looked at", trap.display()));
    }
    trap.is_none()
}

/// Names of a script, in text order.
pub(super) fn names_of(analysis: &Analysis, client: &Client) -> Vec<FileName> {
    let lines = LineIndex::new(&analysis.text);
    let position = |offset: TextSize| {
        let LineCol { line, col } = lines.line_col(offset, client.encoding);
        lsp::Position { line, character: col }
    };
    let mut names: Vec<_> = outside_names(analysis)
        .into_iter()
        .map(|it| FileName {
            kind: it.kind,
            service: it.service.map(Box::from),
            name: it.name.into(),
            arity: it.arity,
            range: lsp::Range::new(position(it.range.start()), position(it.range.end())),
        })
        .collect();
    names.sort_by_key(|name| name.range.start);
    names
}

/// What completion is told: each name once.
fn known_in(files: &[Arc<DiskFile>]) -> Arc<[Known]> {
    let mut known: Vec<Known> = Vec::new();
    for name in files.iter().flat_map(|file| &file.names) {
        let service = name.service.as_deref().unwrap_or_default().to_owned();
        known.push(Known { kind: name.kind, service, name: name.name.to_string(), arity: name.arity });
        // Doubles go now and then, so that many files cost no more memory than their names.
        if known.len() >= 16 * KNOWN {
            tidy(&mut known);
            known.truncate(8 * KNOWN);
        }
    }
    tidy(&mut known);
    known.truncate(KNOWN);
    known.into()
}

fn tidy(known: &mut Vec<Known>) {
    known.sort_unstable();
    known.dedup();
}

/// The workspace as one request sees it.
#[derive(Debug, Clone, Default)]
pub(super) struct View {
    /// Scripts on disk.
    pub workspace: Arc<Workspace>,
    /// Open documents; for requests that are about one document only its sample data, or none.
    pub open: Arc<[Arc<Document>]>,
    /// The client's settings, for files.
    pub settings: Arc<Settings>,
}

impl View {
    /// Scripts on disk that are not open.
    pub(super) fn closed(&self, client: &Client, cancel: &Cancel) -> lsp::Result<Vec<Arc<DiskFile>>> {
        let files = self.workspace.files(client, cancel)?;
        let open: HashSet<_> = self.open.iter().map(|document| &document.uri).collect();
        Ok(files.iter().filter(|file| !open.contains(&file.uri)).cloned().collect())
    }

    /// A document, open or on disk.
    pub(super) fn document(&self, uri: &Url) -> Option<Arc<Document>> {
        if let Some(open) = self.open.iter().find(|document| document.uri == *uri) {
            return Some(Arc::clone(open));
        }
        let path = uri.to_file_path().ok().filter(|path| path.extension().is_some_and(|it| it == "air"))?;
        let text = disk::read(&path, SIZE).ok()?;
        let (settings, _) = self.settings.with_files(uri, &Configs::search());
        Some(Arc::new(Document::new(uri.clone(), 0, text.into(), settings, Arc::default())))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(workspace: &Workspace) -> Vec<String> {
        let files = workspace.files(&Client::default(), &Cancel::default()).unwrap();
        let shown = files.iter().map(|file| {
            let names: Vec<_> = file.names.iter().map(|name| &*name.name).collect();
            format!("{}: {}", file.path.file_name().unwrap().to_str().unwrap(), names.join(" "))
        });
        shown.collect()
    }

    #[test]
    fn what_changed_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        write("a.air", "(call \"p\" (\"s\" \"f\") [])");
        write("b.air", "(null)");
        write("c.txt", "(call \"q\" (\"s\" \"f\") [])");
        write(".airignore", "d.air\n");
        write("d.air", "(call \"q\" (\"s\" \"f\") [])");
        let workspace = Workspace::default();
        workspace.set_folders(vec![folder.path().to_owned()], true);
        assert_eq!(names(&workspace), ["a.air: p s f", "b.air: "]);
        assert_eq!(workspace.known().len(), 3);

        let first = workspace.files(&Client::default(), &Cancel::default()).unwrap();
        write("b.air", "(call \"p\" (\"s\" \"another\") [])");
        // Nobody has told of it.
        assert_eq!(names(&workspace), ["a.air: p s f", "b.air: "]);
        workspace.changed();
        assert_eq!(names(&workspace), ["a.air: p s f", "b.air: p s another"]);
        let second = workspace.files(&Client::default(), &Cancel::default()).unwrap();
        assert!(Arc::ptr_eq(&first[0], &second[0]), "not read again");
        std::fs::remove_file(folder.path().join("a.air")).unwrap();
        workspace.changed();
        assert_eq!(names(&workspace), ["b.air: p s another"]);
    }

    #[cfg(unix)]
    #[test]
    fn pipes_and_devices_hold_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let pipe = |name: &str| {
            assert!(std::process::Command::new("mkfifo").arg(at(name)).status().unwrap().success());
        };
        std::fs::create_dir_all(at("inner")).unwrap();
        std::fs::write(at("a.air"), "(null)").unwrap();
        std::fs::write(at("inner/b.air"), "(null)").unwrap();
        pipe("pipe.air");
        std::os::unix::fs::symlink("/dev/zero", at("zero.air")).unwrap();
        std::os::unix::fs::symlink(folder.path(), at("loop")).unwrap();
        let workspace = Workspace::default();
        workspace.set_folders(vec![folder.path().to_owned()], false);
        assert_eq!(names(&workspace), ["a.air: ", "b.air: "]);
        pipe("inner/.gitignore");
        assert_eq!(names(&workspace), ["a.air: "]);
        pipe(".airignore");
        assert_eq!(names(&workspace), Vec::<String>::new());
    }

    #[test]
    fn a_cancelled_look_is_made_up_for() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.air"), "(null)").unwrap();
        let workspace = Workspace::default();
        workspace.set_folders(vec![folder.path().to_owned()], true);
        let cancel = Cancel::default();
        cancel.set();
        assert!(workspace.files(&Client::default(), &cancel).is_err());
        assert_eq!(names(&workspace), ["a.air: "]);
    }
}
