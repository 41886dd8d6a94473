//! Work that is done again whenever a script, its sample data or a configuration changes.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::exit::Exit;
use super::output::Output;
use super::report::summary::counted;
use crate::files::exclude::Exclude;
use crate::files::walk;

/// An editor writes a file in several steps; what follows so soon belongs to the same change.
const SETTLE: Duration = Duration::from_millis(60);

/// Does the work, and again after each change below `paths`, until the program is ended from outside.
///
/// # Errors
/// If the system cannot watch files.
pub(crate) fn watch(
    paths: &[PathBuf],
    output: &mut Output,
    work: &mut dyn FnMut(&mut Output) -> Exit,
) -> Result<Exit, String> {
    if paths.iter().any(|path| path.as_os_str() == "-") {
        return Err("--watch needs files: standard input does not change".to_owned());
    }
    let (sender, changes) = channel();
    let mut watcher = notify::recommended_watcher(sender).map_err(told)?;
    let mut watched = HashSet::new();
    loop {
        // Before the work, so that a change during it is not lost; again each time, since folders come and go.
        let folders = folders(paths);
        for folder in &folders {
            if watched.insert(folder.clone()) {
                watcher.watch(folder, RecursiveMode::NonRecursive).map_err(told)?;
            }
        }
        watched.retain(|folder| folders.contains(folder) || unwatch(&mut watcher, folder));
        work(output);
        output.note(format_args!("watching {}; Ctrl-C ends it", counted(watched.len(), "folder")));
        output.flush();
        let Some(changed) = change(&changes) else { return Ok(Exit::Failed) };
        if output.out_is_terminal() {
            // Clears the screen and what has scrolled away.
            output.bytes(b"\x1b[2J\x1b[3J\x1b[H");
        }
        output.note(format_args!("{} changed", shown(&changed).display()));
    }
}

/// As a user would write it.
fn shown(path: &Path) -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    let path: PathBuf = path.components().collect();
    path.strip_prefix(here).map_or_else(|_| path.clone(), Path::to_owned)
}

fn told(error: notify::Error) -> String {
    format!("files cannot be watched: {error}")
}

/// Always false: the folder is watched no longer.
fn unwatch(watcher: &mut RecommendedWatcher, folder: &Path) -> bool {
    // What was removed is not watched any more, which is no error.
    let _ = watcher.unwatch(folder);
    false
}

/// The folders around files, and all below folders but for what is left out of them.
fn folders(paths: &[PathBuf]) -> HashSet<PathBuf> {
    let here = [PathBuf::from(".")];
    let paths = if paths.is_empty() { &here } else { paths };
    let mut found = HashSet::new();
    for path in paths {
        if !path.is_dir() {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            found.insert(folder.unwrap_or(Path::new(".")).to_owned());
            continue;
        }
        walk::walk(std::slice::from_ref(path), &Exclude::default(), &mut |entry| {
            if let Ok(entry) = entry
                && entry.file_type().is_some_and(|kind| kind.is_dir())
            {
                found.insert(entry.path().to_owned());
            }
            ControlFlow::Continue(())
        });
    }
    found.retain(|folder| folder.is_dir());
    found
}

/// Waits for a change that matters, and for the rest of it; `None` if nothing can come any more.
fn change(changes: &Receiver<notify::Result<Event>>) -> Option<PathBuf> {
    let changed = loop {
        let event = changes.recv().ok()?;
        if let Some(path) = event.ok().and_then(matters) {
            break path;
        }
    };
    loop {
        match changes.recv_timeout(SETTLE) {
            Ok(_) => {}
            Err(RecvTimeoutError::Timeout) => return Some(changed),
            Err(RecvTimeoutError::Disconnected) => return None,
        }
    }
}

/// The first path of an event that can change what the work says.
fn matters(event: Event) -> Option<PathBuf> {
    if matches!(event.kind, EventKind::Access(_)) {
        return None;
    }
    let is_dir = |path: &Path| path.is_dir() || path.extension().is_none();
    event.paths.into_iter().find(|path| {
        let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
        let extension = path.extension().unwrap_or_default();
        ["air", "json", "toml"].iter().any(|known| extension.eq_ignore_ascii_case(known))
            || [".editorconfig", ".airignore", ".gitignore", ".ignore"].contains(&name)
            // A folder that came or went has scripts in it, perhaps.
            || (!matches!(event.kind, EventKind::Modify(_)) && is_dir(path))
    })
}

#[cfg(test)]
mod tests {
    use notify::event::{AccessKind, CreateKind, ModifyKind};

    use super::*;

    #[test]
    fn what_matters() {
        let event = |kind, path: &str| matters(Event::new(kind).add_path(path.into())).is_some();
        let modified = EventKind::Modify(ModifyKind::Any);
        assert!(
            event(modified, "/x/a.air") && event(modified, "a.sample.json") && event(modified, ".airignore")
        );
        assert!(!event(modified, "a.txt") && !event(EventKind::Access(AccessKind::Any), "a.air"));
        assert!(!event(modified, "folder") && event(EventKind::Create(CreateKind::Folder), "folder"));
    }
}
