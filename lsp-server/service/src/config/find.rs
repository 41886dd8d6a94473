//! Which configuration counts for a script.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::Config;
use super::editorconfig;
use super::read::{self, ConfigError};
use crate::host::Files;

/// Names of configuration files; of two in one folder the first counts.
pub const NAMES: [&str; 2] = ["air.toml", ".air.toml"];

/// The configuration file next to or above a folder.
pub fn nearest(files: &dyn Files, folder: &Path) -> Option<PathBuf> {
    folder.ancestors().flat_map(|folder| NAMES.map(|name| folder.join(name))).find(|path| files.is_file(path))
}

/// Configurations by folder, each file read once.
#[derive(Debug)]
pub struct Configs {
    files: Arc<dyn Files>,
    source: Source,
    folders: Mutex<HashMap<PathBuf, Loaded>>,
}

type Loaded = Result<Arc<Config>, Arc<ConfigError>>;

#[derive(Debug)]
enum Source {
    /// The nearest file upwards.
    Search,
    /// One for all.
    Fixed(Arc<Config>),
    /// None, not even `.editorconfig`.
    Isolated,
}

impl Configs {
    /// Searches upwards from each script.
    pub fn search(files: Arc<dyn Files>) -> Configs {
        Configs::new(files, Source::Search)
    }

    /// The same for all scripts.
    pub fn fixed(files: Arc<dyn Files>, config: Config) -> Configs {
        Configs::new(files, Source::Fixed(Arc::new(config)))
    }

    /// Defaults for all scripts; configuration files are ignored.
    pub fn isolated(files: Arc<dyn Files>) -> Configs {
        Configs::new(files, Source::Isolated)
    }

    fn new(files: Arc<dyn Files>, source: Source) -> Configs {
        Configs { files, source, folders: Mutex::default() }
    }

    /// The configuration for a script; without a path, for the current folder. `.editorconfig`
    /// has filled in what the configuration file leaves open.
    pub fn get(&self, script: Option<&Path>) -> Loaded {
        let config = match &self.source {
            Source::Isolated => return Ok(Arc::new(Config::default())),
            Source::Fixed(config) => config.clone(),
            Source::Search => self.found(script)?,
        };
        let format = config.format;
        let silent = format.indent_width.is_none() || format.line_ending.is_none();
        let Some(script) = script.filter(|_| silent) else { return Ok(config) };
        let layout = editorconfig::layout(&*self.files, script);
        if layout == editorconfig::Layout::default() {
            return Ok(config);
        }
        let mut config = Config::clone(&config);
        config.format.indent_width = format.indent_width.or(layout.indent_width);
        config.format.line_ending = format.line_ending.or(layout.line_ending);
        Ok(Arc::new(config))
    }

    /// Which scripts the configuration of this one leaves out: the patterns, and the folder from which on they count.
    /// `None` without patterns or where the configuration cannot be read.
    pub fn exclude(&self, script: &Path) -> Option<(PathBuf, Vec<String>)> {
        let config = match &self.source {
            Source::Isolated => return None,
            Source::Fixed(config) => config.clone(),
            Source::Search => self.found(Some(script)).ok()?,
        };
        let patterns = config.files.exclude.clone().filter(|patterns| !patterns.is_empty())?;
        let here = self.files.absolute(Path::new("."));
        let folder = match &self.source {
            Source::Search => {
                nearest(&*self.files, self.files.absolute(script).parent()?)?.parent()?.to_owned()
            }
            _ => here,
        };
        Some((folder, patterns))
    }

    fn found(&self, script: Option<&Path>) -> Loaded {
        let folder = script.and_then(Path::parent).unwrap_or(Path::new(""));
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let folder = self.files.absolute(folder);
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = folders.get(&folder) {
            return known.clone();
        }
        let loaded = match nearest(&*self.files, &folder) {
            // Folders under one file share one value, so that a broken file is reported once.
            Some(file) => folders.entry(file.clone()).or_insert_with(|| self.load(&file)).clone(),
            None => Ok(Arc::default()),
        };
        folders.insert(folder, loaded.clone());
        loaded
    }

    fn load(&self, file: &Path) -> Loaded {
        // Messages show the path as the user would write it.
        let here = self.files.absolute(Path::new("."));
        let shown = file.strip_prefix(&here).unwrap_or(file);
        read::read(&*self.files, shown).map(Arc::new).map_err(Arc::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::memory::MemoryFiles;

    fn files(files: &[(&str, &str)]) -> Arc<MemoryFiles> {
        let all = MemoryFiles::default();
        files.iter().for_each(|(path, text)| all.write(*path, *text));
        Arc::new(all)
    }

    fn width(configs: &Configs, script: &str) -> Option<u8> {
        configs.get(Some(Path::new(script))).unwrap().format.indent_width
    }

    #[test]
    fn the_nearest_counts_alone() {
        let files = files(&[
            ("/air.toml", "[format]\nindent-width = 2"),
            ("/a/.air.toml", "[format]\ncompact = true"),
        ]);
        let configs = Configs::search(files.clone());
        assert_eq!(width(&configs, "/x.air"), Some(2));
        assert_eq!(width(&configs, "x.air"), Some(2), "from the current folder");
        assert_eq!(width(&configs, "/c/x.air"), Some(2));
        assert_eq!(width(&configs, "/a/b/x.air"), None);
        assert_eq!(width(&Configs::isolated(files.clone()), "/x.air"), None);
        let config = read::read(&*files, Path::new("/air.toml")).unwrap();
        assert_eq!(width(&Configs::fixed(files, config), "/a/b/x.air"), Some(2));
    }

    #[test]
    fn patterns_count_from_the_folder_of_their_file_on() {
        let files = files(&[("/a/air.toml", "[files]\nexclude = ['gen']"), ("/air.toml", "")]);
        let configs = Configs::search(files.clone());
        let found = configs.exclude(Path::new("/a/b/x.air"));
        assert_eq!(found, Some((PathBuf::from("/a"), vec!["gen".to_owned()])));
        assert_eq!(configs.exclude(Path::new("/x.air")), None);
        assert_eq!(Configs::isolated(files).exclude(Path::new("/a/b/x.air")), None);
    }

    #[test]
    fn editorconfig_fills_the_gap() {
        let files = files(&[
            ("/.editorconfig", "root = true\n[*.air]\nindent_size = 4\n"),
            ("/a/air.toml", "[format]\nindent-width = 2"),
        ]);
        let configs = Configs::search(files.clone());
        assert_eq!(width(&configs, "/x.air"), Some(4));
        assert_eq!(width(&configs, "/a/x.air"), Some(2));
        assert_eq!(width(&Configs::isolated(files), "/x.air"), None);
    }

    #[test]
    fn a_broken_file_is_one_error() {
        let configs = Configs::search(files(&[("/air.toml", "x")]));
        let (one, two) = (configs.get(Some(Path::new("/x.air"))), configs.get(Some(Path::new("/a/x.air"))));
        assert!(Arc::ptr_eq(&one.unwrap_err(), &two.unwrap_err()));
    }
}
