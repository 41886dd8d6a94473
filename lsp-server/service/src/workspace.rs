//! Scripts on disk under the workspace's folders.
//!
//! Files are looked at when a request needs them, on a thread of its own, so that nothing else ever
//! waits for a disk; what did not change since is not read again. Everything has a bound.

mod known_fields;
mod words;

use std::collections::HashSet;
use std::fmt;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use air_analysis::Analysis;
use air_ide::names::outside::{OutsideKind, outside_names};
use air_ide::names::results::{ResultField, result_fields};
use air_ide::surroundings::ForeignName;
use air_syntax::{LineCol, LineIndex, TextSize};
use dashmap::DashMap;

use crate::client::Client;
use crate::file_key::FileKey;
use crate::file_url;
use crate::host::{FileError, FileKind, Files, Host, Stop};
use crate::lsp::{self, Url};
use known_fields::KnownFields;
pub(crate) use words::Words;

/// How much is looked at.
#[derive(Debug, Clone, Copy)]
struct Limits {
    /// Scripts; of each, its names are kept.
    scripts: usize,
    /// Entries of folders that are walked over to find them.
    entries: usize,
    /// Bytes of all scripts together.
    bytes: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { scripts: 50_000, entries: 1_000_000, bytes: 512 << 20 }
    }
}

/// Larger files are left out; the compiler's largest have less than 2 MB.
pub(crate) const MAX_SCRIPT_BYTES: u64 = 32 << 20;

/// The most causes of messages that are remembered.
const MAX_CAUSES: usize = 1_000;

/// Why not all scripts of the workspace were looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cut {
    /// There are more scripts than that.
    Scripts(usize),
    /// The folders have more entries than that.
    Entries(usize),
    /// All scripts together have more bytes than that.
    Bytes(u64),
    /// This script alone is too large.
    Script(PathBuf),
    /// This script cannot be read, for this reason.
    Unreadable(PathBuf, FileError),
}

impl Cut {
    /// For programs.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Cut::Scripts(_) => "too-many-scripts",
            Cut::Entries(_) => "too-many-files",
            Cut::Bytes(_) => "too-many-bytes",
            Cut::Script(_) => "script-too-large",
            Cut::Unreadable(..) => "script-unreadable",
        }
    }

    /// The limit, in the unit of the code; `None` where another one would not help.
    pub(crate) fn limit(&self) -> Option<u64> {
        match self {
            Cut::Scripts(limit) | Cut::Entries(limit) => Some(*limit as u64),
            Cut::Bytes(limit) => Some(*limit),
            Cut::Script(_) => Some(MAX_SCRIPT_BYTES),
            Cut::Unreadable(..) => None,
        }
    }

    /// What is told once.
    pub(crate) fn cause(&self) -> String {
        match self {
            Cut::Unreadable(path, _) => format!("{} {}", self.code(), path.display()),
            _ => self.code().to_owned(),
        }
    }
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cut::Scripts(limit) => write!(f, "the workspace has more than {limit} scripts")?,
            Cut::Entries(limit) => write!(f, "the workspace has more than {limit} files and folders")?,
            Cut::Bytes(limit) => write!(f, "the workspace has more than {limit} bytes of scripts")?,
            Cut::Script(path) => write!(f, "{} has more than {MAX_SCRIPT_BYTES} bytes", path.display())?,
            Cut::Unreadable(path, error) => write!(f, "{} cannot be read: {error}", path.display())?,
        }
        f.write_str("; leave some out by an `.airignore`, or open a folder inside")
    }
}

/// The most names that completion gets.
const MAX_KNOWN_NAMES: usize = 2_000;
/// The most names among which those are chosen.
const MAX_NAMES_TOLD_APART: usize = 100_000;

/// Scripts on disk, and what is known of them. Shared by the service and all its workers.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    folders: Mutex<Vec<PathBuf>>,
    /// The client announces changes of files.
    watched: AtomicBool,
    /// Nothing has changed since the last look.
    looked: AtomicBool,
    /// A look was asked for since the last change.
    asked: AtomicBool,
    /// Why the last look did not see all.
    cut: Mutex<Option<Cut>>,
    limits: Limits,
    /// Causes of messages so far, and messages that wait to be shown.
    told: Mutex<(HashSet<String>, Vec<String>)>,
    /// Requests that look just now.
    lookers: AtomicUsize,
    /// Counts changes of settings: what was found under older ones is not kept.
    generation: AtomicU64,
    /// By the path under which they were found. Take the `Arc` out; never hold a guard over anything.
    files: DashMap<PathBuf, Arc<DiskFile>>,
    /// Names for completion, which must not wait.
    known: Mutex<Arc<[ForeignName]>>,
    fields: KnownFields,
    words: Words,
}

/// A script on disk as it was when it was read.
#[derive(Debug)]
pub(crate) struct DiskFile {
    /// Where it is.
    pub uri: Url,
    /// Which file it is, whatever its path.
    pub key: FileKey,
    path: PathBuf,
    stamp: Stamp,
    /// Names of peers, services and functions in it.
    pub names: Vec<FileName>,
    /// Its diagnostics with their id, once a request has asked for them.
    pub report: OnceLock<(String, Vec<lsp::Diagnostic>)>,
}

/// Time of the last change and length; without a time, nothing is known to be unchanged.
type Stamp = (Option<u128>, u64);

/// A name of something outside, in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileName {
    /// What it names.
    pub kind: OutsideKind,
    /// The service of a function.
    pub service: Option<Arc<str>>,
    /// As scripts write it, without quotes.
    pub name: Arc<str>,
    /// Of a function: its arguments.
    pub arity: u32,
    /// Where it stands.
    pub range: lsp::Range,
}

impl Workspace {
    /// Takes the folders, and whether the client watches files for us.
    pub(crate) fn set_folders(&self, folders: Vec<PathBuf>, watched: bool) {
        *lock(&self.folders) = folders;
        self.watched.store(watched, Ordering::Relaxed);
        self.changed();
    }

    /// Adds and removes folders.
    pub(crate) fn change_folders(&self, added: Vec<PathBuf>, removed: &[PathBuf]) {
        let mut folders = lock(&self.folders);
        folders.retain(|folder| !removed.contains(folder));
        folders.extend(added);
        drop(folders);
        self.changed();
    }

    /// Whether the service is told when scripts on disk change; there may be none.
    pub(crate) fn learns_of_changes(&self) -> bool {
        self.watched.load(Ordering::Relaxed) || lock(&self.folders).is_empty()
    }

    /// Files may have changed.
    pub(crate) fn changed(&self) {
        self.looked.store(false, Ordering::Relaxed);
        self.asked.store(false, Ordering::Relaxed);
    }

    /// Settings count for what is reported of files.
    pub(crate) fn settings_changed(&self) {
        self.changed();
        // In this order: whatever a look under way adds is either removed here, or the look sees that it is late.
        self.generation.fetch_add(1, Ordering::SeqCst);
        self.files.clear();
        self.fields.forget();
    }

    /// Why the last look did not see all scripts.
    pub(crate) fn cut(&self) -> Option<Cut> {
        lock(&self.cut).clone()
    }

    /// Has the user told something, once for each cause.
    pub(crate) fn tell_once(&self, cause: &str, message: String) {
        let mut told = lock(&self.told);
        if told.0.len() < MAX_CAUSES && told.0.insert(cause.to_owned()) {
            told.1.push(message);
        }
    }

    /// What is to be shown to the user.
    pub(crate) fn take_messages(&self) -> Vec<String> {
        std::mem::take(&mut lock(&self.told).1)
    }

    /// Names seen at the last look, for completion: never waits.
    pub(crate) fn known(&self) -> Arc<[ForeignName]> {
        Arc::clone(&lock(&self.known))
    }

    /// The same for fields of results.
    pub(crate) fn known_fields(&self) -> Arc<[ResultField]> {
        self.fields.shown()
    }

    /// Whether no look has happened since something may have changed, nor will; true once for each change.
    pub(crate) fn wants_look(&self) -> bool {
        !self.looked.load(Ordering::Relaxed)
            && !lock(&self.folders).is_empty()
            && !self.asked.swap(true, Ordering::Relaxed)
    }

    /// Whether more names than [`Workspace::known`] has are about to be known.
    pub(crate) fn looks(&self) -> bool {
        let begins = self.asked.load(Ordering::Relaxed) && !self.looked.load(Ordering::Relaxed);
        begins || self.lookers.load(Ordering::Relaxed) > 0
    }

    /// All scripts on disk, by path. Looks for changes unless the client would have announced them.
    pub(crate) fn files(&self, host: &Host, client: &Client, stop: &Stop) -> lsp::Result<Vec<Arc<DiskFile>>> {
        if self.looked.swap(true, Ordering::Relaxed) && self.watched.load(Ordering::Relaxed) {
            let files = self.files.iter().map(|file| Arc::clone(file.value())).collect();
            return Ok(sorted(files));
        }
        let Some(found) = self.look(host, client, stop) else {
            self.changed();
            return Err(lsp::Error::request_cancelled());
        };
        let found = sorted(found);
        *lock(&self.known) = known_in(&found);
        self.fields.show();
        Ok(found)
    }

    /// Walks the folders; `None` if it was stopped.
    fn look(&self, host: &Host, client: &Client, stop: &Stop) -> Option<Vec<Arc<DiskFile>>> {
        self.lookers.fetch_add(1, Ordering::Relaxed);
        let _looking = Looking(&self.lookers);
        let generation = self.generation.load(Ordering::SeqCst);
        let folders = lock(&self.folders).clone();
        let (mut found, mut entries, mut bytes, mut cut) = (Vec::new(), 0, 0, None);
        let limits = self.limits;
        host.files.walk(&folders, &mut |path| {
            if stop.is_set() {
                return ControlFlow::Break(());
            }
            if entries >= limits.entries {
                cut = Some(Cut::Entries(limits.entries));
                return ControlFlow::Break(());
            }
            entries += 1;
            let Some(stamp) = stamp_of(&*host.files, path) else { return ControlFlow::Continue(()) };
            if stamp.1 > MAX_SCRIPT_BYTES {
                cut = Some(Cut::Script(path.to_owned()));
                return ControlFlow::Continue(());
            }
            bytes += stamp.1;
            if found.len() >= limits.scripts || bytes > limits.bytes {
                let many = found.len() >= limits.scripts;
                cut = Some(if many { Cut::Scripts(limits.scripts) } else { Cut::Bytes(limits.bytes) });
                return ControlFlow::Break(());
            }
            match self.file(&*host.files, path, stamp, client) {
                Ok(file) => found.extend(file),
                // Gone meanwhile. What is not UTF-8 is no script, but another program's.
                Err(FileError::NotFound(_) | FileError::NotText(_)) => {}
                Err(error) => {
                    cut.get_or_insert_with(|| Cut::Unreadable(path.to_owned(), error));
                }
            }
            ControlFlow::Continue(())
        });
        if stop.is_set() {
            return None;
        }
        if let Some(cut) = &cut {
            host.log.warn(&cut.to_string());
        }
        *lock(&self.cut) = cut;
        let seen: HashSet<&Path> = found.iter().map(|file| &*file.path).collect();
        self.files.retain(|path, _| seen.contains(&**path));
        if self.generation.load(Ordering::SeqCst) != generation {
            self.files.clear();
        }
        self.words.tidy();
        Some(found)
    }

    /// A script as it is; `None` if its path is no URI.
    fn file(
        &self,
        files: &dyn Files,
        path: &Path,
        stamp: Stamp,
        client: &Client,
    ) -> Result<Option<Arc<DiskFile>>, FileError> {
        let known = self.files.get(path).map(|file| Arc::clone(file.value()));
        if let Some(same) = known.filter(|known| known.stamp == stamp && stamp.0.is_some()) {
            return Ok(Some(same));
        }
        let text = files.read(path, MAX_SCRIPT_BYTES)?;
        let Some(uri) = file_url::url(path) else { return Ok(None) };
        let analysis = Analysis::new(text);
        let names = names_of(&analysis, client, &self.words);
        self.fields.learn(result_fields(&analysis));
        let path = path.to_owned();
        let key = FileKey::of_path(&path, files);
        let file = DiskFile { uri, key, path: path.clone(), stamp, names, report: OnceLock::new() };
        let file = Arc::new(file);
        self.files.insert(path, Arc::clone(&file));
        Ok(Some(file))
    }
}

/// Of a script; `None` for everything else.
fn stamp_of(files: &dyn Files, path: &Path) -> Option<Stamp> {
    path.extension().filter(|extension| extension.eq_ignore_ascii_case("air"))?;
    let data = files.metadata(path).filter(|data| data.kind == FileKind::File)?;
    Some((data.modified, data.length))
}

/// Counts a look until it ends, however it ends.
struct Looking<'w>(&'w AtomicUsize);

impl Drop for Looking<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn sorted(mut files: Vec<Arc<DiskFile>>) -> Vec<Arc<DiskFile>> {
    files.sort_by(|one, other| one.path.cmp(&other.path));
    let mut seen = HashSet::new();
    files.retain(|file| seen.insert(file.key.clone()));
    files
}

/// Names of a script, in text order.
pub(crate) fn names_of(analysis: &Analysis, client: &Client, words: &Words) -> Vec<FileName> {
    let lines = LineIndex::new(&analysis.text);
    let position = |offset: TextSize| {
        let LineCol { line, col } = lines.line_col(offset, client.encoding);
        lsp::Position { line, character: col }
    };
    let mut names: Vec<_> = outside_names(analysis)
        .into_iter()
        .map(|it| FileName {
            kind: it.kind,
            service: it.service.map(|service| words.shared(service)),
            name: words.shared(it.name),
            arity: it.arity as u32,
            range: lsp::Range::new(position(it.range.start()), position(it.range.end())),
        })
        .collect();
    names.sort_by_key(|name| name.range.start);
    names.shrink_to_fit();
    names
}

/// The names that completion gets, each once.
fn known_in(files: &[Arc<DiskFile>]) -> Arc<[ForeignName]> {
    // Most names stand in many files: they are counted once before anything is made of them.
    let mut known = HashSet::new();
    for name in files.iter().flat_map(|file| &file.names) {
        if known.len() >= MAX_NAMES_TOLD_APART {
            break;
        }
        known.insert((name.kind, name.service.as_deref().unwrap_or_default(), &*name.name, name.arity));
    }
    let mut known: Vec<_> = known.into_iter().collect();
    known.sort_unstable();
    known.truncate(MAX_KNOWN_NAMES);
    let named = known.into_iter().map(|(kind, service, name, arity)| {
        let (service, name) = (service.to_owned(), name.to_owned());
        ForeignName { kind, service, name, arity: arity as usize }
    });
    named.collect()
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::memory::MemoryHost;

    fn all(workspace: &Workspace, memory: &MemoryHost) -> Vec<Arc<DiskFile>> {
        workspace.files(&memory.host(), &Client::default(), &Stop::default()).unwrap()
    }

    fn names(workspace: &Workspace, memory: &MemoryHost) -> Vec<String> {
        let shown = all(workspace, memory).into_iter().map(|file| {
            let names: Vec<_> = file.names.iter().map(|name| &*name.name).collect();
            format!("{}: {}", file.path.file_name().unwrap().to_str().unwrap(), names.join(" "))
        });
        shown.collect()
    }

    #[test]
    fn what_changed_is_read_again() {
        let memory = MemoryHost::default();
        let write = |name: &str, text: &str| memory.files.write(format!("/w/{name}"), text);
        write("a.air", "(call \"p\" (\"s\" \"f\") [])");
        write("b.air", "(null)");
        write("c.txt", "(call \"q\" (\"s\" \"f\") [])");
        let workspace = Workspace::default();
        workspace.set_folders(vec![PathBuf::from("/w")], true);
        assert_eq!(names(&workspace, &memory), ["a.air: p s f", "b.air: "]);
        assert_eq!(workspace.known().len(), 3);

        let first = all(&workspace, &memory);
        write("b.air", "(call \"p\" (\"s\" \"another\") [])");
        // No client has announced it.
        assert_eq!(names(&workspace, &memory), ["a.air: p s f", "b.air: "]);
        workspace.changed();
        assert_eq!(names(&workspace, &memory), ["a.air: p s f", "b.air: p s another"]);
        let second = all(&workspace, &memory);
        assert!(Arc::ptr_eq(&first[0], &second[0]), "not read again");
        memory.files.remove(Path::new("/w/a.air"));
        workspace.changed();
        assert_eq!(names(&workspace, &memory), ["b.air: p s another"]);
        workspace.settings_changed();
        assert!(!Arc::ptr_eq(&second[1], &all(&workspace, &memory)[0]), "reports are computed again");
    }

    #[test]
    fn what_is_cut_is_known() {
        let memory = MemoryHost::default();
        for name in ["c.air", "a.air", "b.air"] {
            memory.files.write(format!("/w/{name}"), "(null)");
        }
        let cut = |limits: Limits| {
            let workspace = Workspace { limits, ..Workspace::default() };
            workspace.set_folders(vec![PathBuf::from("/w")], true);
            (names(&workspace, &memory).len(), workspace.cut())
        };
        let limits = Limits::default();
        assert_eq!(cut(limits), (3, None));
        assert_eq!(cut(Limits { scripts: 3, entries: 3, bytes: 18 }), (3, None));
        assert_eq!(cut(Limits { scripts: 2, ..limits }), (2, Some(Cut::Scripts(2))));
        assert_eq!(cut(Limits { entries: 1, ..limits }), (1, Some(Cut::Entries(1))));
        assert_eq!(cut(Limits { bytes: 17, ..limits }), (2, Some(Cut::Bytes(17))));
    }

    #[test]
    fn a_script_that_cannot_be_read() {
        let memory = MemoryHost::default();
        memory.files.write("/w/a.air", "(null)");
        memory.files.refuse("/w/b.air");
        let workspace = Workspace::default();
        workspace.set_folders(vec![PathBuf::from("/w")], true);
        assert_eq!(names(&workspace, &memory), ["a.air: "]);
        let cut = workspace.cut().unwrap();
        assert!(cut.to_string().starts_with("/w/b.air cannot be read: permission denied; "), "{cut}");
        assert_eq!((cut.code(), cut.limit()), ("script-unreadable", None));
        memory.files.write("/w/b.air", "(null)");
        workspace.changed();
        assert_eq!((names(&workspace, &memory).len(), workspace.cut()), (2, None));
    }

    #[test]
    fn a_cancelled_look_is_made_up_for() {
        let memory = MemoryHost::default();
        memory.files.write("/w/a.air", "(null)");
        let workspace = Workspace::default();
        workspace.set_folders(vec![PathBuf::from("/w")], true);
        let stop = Stop::default();
        stop.stop();
        assert!(workspace.files(&memory.host(), &Client::default(), &stop).is_err());
        assert!(!workspace.looks());
        assert_eq!(names(&workspace, &memory), ["a.air: "]);
    }
}
