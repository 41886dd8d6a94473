//! What `--exclude` and `[files] exclude` leave out of folders.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::config::Configs;
use crate::files::exclude::{Exclude, Patterns};

/// The rules of the command line and of all configurations that a search meets.
#[derive(Debug)]
pub struct Excluded<'a> {
    configs: &'a Configs,
    given: Option<Patterns>,
    /// By the folder of the configuration.
    read: RefCell<HashMap<PathBuf, Option<Patterns>>>,
    /// Patterns that cannot be read: the file and the reason.
    problems: RefCell<Vec<(String, String)>>,
}

impl<'a> Excluded<'a> {
    /// `given`: the patterns of the command line, which count from the current folder on.
    pub fn new(given: &[String], configs: &'a Configs) -> Excluded<'a> {
        let mut problems = Vec::new();
        let patterns = (!given.is_empty()).then(|| Patterns::new(Path::new("."), given));
        let given = patterns.and_then(|patterns| {
            patterns.map_err(|error| problems.push(("--exclude".to_owned(), error))).ok()
        });
        Excluded { configs, given, read: RefCell::default(), problems: RefCell::new(problems) }
    }

    /// What a walk through a folder does not enter.
    pub fn of_folder(&self, folder: &Path) -> Exclude {
        let mut exclude = Exclude::default();
        [self.of_config(&folder.join("script.air")), self.given.clone()]
            .into_iter()
            .flatten()
            .for_each(|patterns| exclude.add(patterns));
        exclude
    }

    /// Whether the nearest configuration leaves a script out that a walk has found.
    pub fn leaves_out(&self, script: &Path) -> bool {
        self.of_config(script).is_some_and(|patterns| patterns.leave_out(script))
    }

    /// What could not be read so far.
    pub fn into_problems(self) -> Vec<(String, String)> {
        self.problems.into_inner()
    }

    fn of_config(&self, script: &Path) -> Option<Patterns> {
        let (folder, patterns) = self.configs.exclude(script)?;
        let mut read = self.read.borrow_mut();
        let entry = read.entry(folder).or_insert_with_key(|folder| {
            let patterns = Patterns::new(folder, &patterns);
            let tell = |error| self.problems.borrow_mut().push(("[files] exclude".to_owned(), error));
            patterns.map_err(tell).ok()
        });
        entry.clone()
    }
}
