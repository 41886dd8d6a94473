//! A host without threads and without a system: files in a map, jobs in a queue, runs in this very program. For the
//! browser and for tests.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ffi::OsStr;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{FileError, FileKind, Files, Host, Job, Jobs, Lane, Level, Log, Metadata};
use super::{RunError, RunLimits, Runner, Stop};
use crate::event::Event;

/// Parts of a [`Host`] that live in memory alone.
#[derive(Debug, Clone, Default)]
pub struct MemoryHost {
    /// Serves [`Host::files`].
    pub files: Arc<MemoryFiles>,
    /// Serves [`Host::jobs`]; the caller runs them with [`JobQueue::step`].
    pub jobs: Arc<JobQueue>,
}

impl MemoryHost {
    /// For [`crate::Service::new`]. What the service logs is dropped.
    pub fn host(&self) -> Host {
        Host {
            files: Arc::clone(&self.files) as Arc<dyn Files>,
            jobs: Arc::clone(&self.jobs) as Arc<dyn Jobs>,
            runner: Arc::new(DirectRunner),
            log: Arc::new(NoLog),
            test_sleep: None,
        }
    }
}

/// Files by their path from the root, which is the current folder, too. There are no ignore files.
#[derive(Debug, Default)]
pub struct MemoryFiles {
    files: Mutex<BTreeMap<PathBuf, Entry>>,
    /// Links, with what they lead to.
    links: Mutex<BTreeMap<PathBuf, PathBuf>>,
    /// Files that cannot be read.
    refused: Mutex<BTreeSet<PathBuf>>,
    /// The case of letters tells no files apart.
    caseless: AtomicBool,
}

#[derive(Debug)]
struct Entry {
    text: String,
    /// Counts changes, since there is no clock.
    change: u128,
}

impl MemoryFiles {
    /// Makes or replaces a file.
    pub fn write(&self, path: impl Into<PathBuf>, text: impl Into<String>) {
        let mut files = lock(&self.files);
        let change = 1 + files.values().map(|entry| entry.change).max().unwrap_or_default();
        let path = path.into();
        lock(&self.refused).remove(&path);
        files.insert(path, Entry { text: text.into(), change });
    }

    /// Makes or replaces a file that cannot be read.
    pub fn refuse(&self, path: impl Into<PathBuf>) {
        let path = path.into();
        self.write(path.clone(), "");
        lock(&self.refused).insert(path);
    }

    /// Removes a file, if it exists.
    pub fn remove(&self, path: &Path) {
        lock(&self.files).remove(path);
    }

    /// Makes a link to a file or folder.
    pub fn link(&self, path: impl Into<PathBuf>, target: impl Into<PathBuf>) {
        lock(&self.links).insert(path.into(), target.into());
    }

    /// From now on, the case of letters tells no files apart, as on Windows and macOS.
    pub fn ignore_case(&self) {
        self.caseless.store(true, Ordering::Relaxed);
    }

    fn same(&self, one: &OsStr, other: &OsStr) -> bool {
        one == other || self.caseless.load(Ordering::Relaxed) && one.eq_ignore_ascii_case(other)
    }

    /// The part of `path` after `start`, if it begins with that.
    fn after(&self, path: &Path, start: &Path) -> Option<PathBuf> {
        let mut parts = path.components();
        let begins = start
            .components()
            .all(|part| parts.next().is_some_and(|own| self.same(own.as_os_str(), part.as_os_str())));
        begins.then(|| parts.as_path().to_owned())
    }
}

impl Files for MemoryFiles {
    fn read(&self, path: &Path, limit: u64) -> Result<String, FileError> {
        let path = self.canonical(path);
        if lock(&self.refused).contains(&path) {
            return Err(FileError::Unreadable("permission denied".to_owned()));
        }
        let files = lock(&self.files);
        match files.get(&path) {
            Some(entry) if entry.text.len() as u64 > limit => Err(FileError::too_large(limit)),
            Some(entry) => Ok(entry.text.clone()),
            None => Err(FileError::NotFound("no such file".to_owned())),
        }
    }

    fn metadata(&self, path: &Path) -> Option<Metadata> {
        let path = &self.canonical(path);
        let files = lock(&self.files);
        if let Some(entry) = files.get(path) {
            let length = entry.text.len() as u64;
            return Some(Metadata { kind: FileKind::File, length, modified: Some(entry.change) });
        }
        let folder = files.keys().any(|file| file.starts_with(path));
        folder.then_some(Metadata { kind: FileKind::Folder, length: 0, modified: None })
    }

    fn absolute(&self, path: &Path) -> PathBuf {
        Path::new("/").join(path)
    }

    fn canonical(&self, path: &Path) -> PathBuf {
        let mut path = self.absolute(path);
        // Links may lead to links, and in a circle.
        for _ in 0..16 {
            let links = lock(&self.links);
            let led = links.iter().find_map(|(link, to)| Some((to, self.after(&path, link)?)));
            let Some((to, rest)) = led else { break };
            path = if rest.as_os_str().is_empty() { to.clone() } else { to.join(rest) };
        }
        let files = lock(&self.files);
        if files.contains_key(&path) {
            return path;
        }
        let mut all = files.keys();
        let own = all.find(|file| self.after(file, &path).is_some_and(|rest| rest.as_os_str().is_empty()));
        own.cloned().unwrap_or(path)
    }

    fn walk(&self, folders: &[PathBuf], visit: &mut dyn FnMut(&Path) -> ControlFlow<()>) {
        // Visitors read files.
        let paths: Vec<PathBuf> = lock(&self.files).keys().chain(lock(&self.links).keys()).cloned().collect();
        let inside = |path: &&PathBuf| folders.iter().any(|folder| path.starts_with(folder));
        for path in paths.iter().filter(inside) {
            if visit(path).is_break() {
                return;
            }
        }
    }
}

/// Jobs that wait until the host takes them, for hosts with a single thread.
#[derive(Debug, Default)]
pub struct JobQueue(Mutex<Lanes>);

#[derive(Default)]
struct Lanes(VecDeque<(Lane, Job)>);

impl std::fmt::Debug for Lanes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(lane, _)| lane)).finish()
    }
}

impl JobQueue {
    /// Does the next job; false if no job waits. Its event goes to [`crate::Service::handle`].
    pub fn step(&self, tell: impl FnOnce(Event)) -> bool {
        // Runs come last: they are what people wait for anyway.
        let next = {
            let mut lanes = lock(&self.0);
            let first = |wanted: fn(Lane) -> bool| lanes.0.iter().position(|(lane, _)| wanted(*lane));
            let at = first(|lane| lane != Lane::Run && lane != Lane::LongRun);
            let at = at.or_else(|| first(|lane| lane == Lane::Run)).unwrap_or_default();
            lanes.0.remove(at)
        };
        let Some((_, job)) = next else { return false };
        if let Some(event) = job() {
            tell(event);
        }
        true
    }
}

impl Jobs for JobQueue {
    fn run(&self, lane: Lane, job: Job) {
        lock(&self.0).0.push_back((lane, job));
    }
}

/// Runs scripts right here. Of the limits only those hold that the interpreter itself counts, and nothing stops a run
/// once it has begun.
#[derive(Debug, Clone, Copy, Default)]
pub struct DirectRunner;

impl Runner for DirectRunner {
    fn run(&self, request: &[u8], limits: &RunLimits, stop: &Stop) -> Result<Vec<u8>, RunError> {
        answered(air_simulation::run::run_json, request, limits, stop)
    }

    fn explore(&self, request: &[u8], limits: &RunLimits, stop: &Stop) -> Result<Vec<u8>, RunError> {
        answered(air_simulation::explore::explore_json, request, limits, stop)
    }
}

fn answered(
    entry: fn(&[u8]) -> Vec<u8>,
    request: &[u8],
    limits: &RunLimits,
    stop: &Stop,
) -> Result<Vec<u8>, RunError> {
    if stop.is_set() {
        return Err(RunError::Stopped);
    }
    let answer = entry(request);
    if answer.len() > limits.answer {
        return Err(RunError::Answer { length: answer.len(), limit: limits.answer });
    }
    Ok(answer)
}

/// Drops every line.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoLog;

impl Log for NoLog {
    fn line(&self, _: Level, _: &str) {}
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
