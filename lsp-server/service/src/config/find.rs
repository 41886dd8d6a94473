//! Which configuration counts for a script.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::Config;
use super::editorconfig;
use super::read::{self, ConfigError};

/// Names of configuration files; of two in one folder the first counts.
pub const NAMES: [&str; 2] = ["air.toml", ".air.toml"];

/// The configuration file next to or above a folder.
pub fn nearest(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().flat_map(|folder| NAMES.map(|name| folder.join(name))).find(|path| path.is_file())
}

/// Configurations by folder, each file read once.
#[derive(Debug, Default)]
pub struct Configs {
    source: Source,
    folders: Mutex<HashMap<PathBuf, Loaded>>,
}

type Loaded = Result<Arc<Config>, Arc<ConfigError>>;

#[derive(Debug, Default)]
enum Source {
    /// The nearest file upwards.
    #[default]
    Search,
    /// One for all.
    Fixed(Arc<Config>),
    /// None, not even `.editorconfig`.
    Isolated,
}

impl Configs {
    /// Searches upwards from each script.
    pub fn search() -> Configs {
        Configs::default()
    }

    /// The same file for all scripts.
    pub fn fixed(path: &Path) -> Result<Configs, ConfigError> {
        let config = read::read(path)?;
        Ok(Configs { source: Source::Fixed(Arc::new(config)), ..Configs::default() })
    }

    /// Defaults for all scripts, whatever lies about.
    pub fn isolated() -> Configs {
        Configs { source: Source::Isolated, ..Configs::default() }
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
        let layout = editorconfig::layout(script);
        if layout == editorconfig::Layout::default() {
            return Ok(config);
        }
        let mut config = Config::clone(&config);
        config.format.indent_width = format.indent_width.or(layout.indent_width);
        config.format.line_ending = format.line_ending.or(layout.line_ending);
        Ok(Arc::new(config))
    }

    fn found(&self, script: Option<&Path>) -> Loaded {
        let folder = script.and_then(Path::parent).unwrap_or(Path::new(""));
        let folder = std::path::absolute(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })
            .unwrap_or_else(|_| folder.to_owned());
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = folders.get(&folder) {
            return known.clone();
        }
        let loaded = match nearest(&folder) {
            // Folders under one file share one value, so that a broken file is told once.
            Some(file) => folders.entry(file.clone()).or_insert_with(|| load(&file)).clone(),
            None => Ok(Arc::default()),
        };
        folders.insert(folder, loaded.clone());
        loaded
    }
}

fn load(file: &Path) -> Loaded {
    // Messages name it as the user would.
    let here = std::env::current_dir().unwrap_or_default();
    read::read(file.strip_prefix(&here).unwrap_or(file)).map(Arc::new).map_err(Arc::new)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn width(configs: &Configs, script: &Path) -> Option<u8> {
        configs.get(Some(script)).unwrap().format.indent_width
    }

    #[test]
    fn the_nearest_counts_alone() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("a/b")).unwrap();
        fs::create_dir_all(root.join("c")).unwrap();
        fs::write(root.join("air.toml"), "[format]\nindent-width = 2").unwrap();
        fs::write(root.join("a/.air.toml"), "[format]\ncompact = true").unwrap();
        let configs = Configs::search();
        assert_eq!(width(&configs, &root.join("x.air")), Some(2));
        assert_eq!(width(&configs, &root.join("c/x.air")), Some(2));
        assert_eq!(width(&configs, &root.join("a/b/x.air")), None);
        assert_eq!(width(&Configs::isolated(), &root.join("x.air")), None);
        let fixed = Configs::fixed(&root.join("air.toml")).unwrap();
        assert_eq!(width(&fixed, &root.join("a/b/x.air")), Some(2));
    }

    #[test]
    fn editorconfig_fills_the_gap() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("a")).unwrap();
        fs::write(root.join(".editorconfig"), "root = true\n[*.air]\nindent_size = 4\n").unwrap();
        fs::write(root.join("a/air.toml"), "[format]\nindent-width = 2").unwrap();
        let configs = Configs::search();
        assert_eq!(width(&configs, &root.join("x.air")), Some(4));
        assert_eq!(width(&configs, &root.join("a/x.air")), Some(2));
        assert_eq!(width(&Configs::isolated(), &root.join("x.air")), None);
    }

    #[test]
    fn a_broken_file_is_one_error() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("a")).unwrap();
        fs::write(root.join("air.toml"), "x").unwrap();
        let configs = Configs::search();
        let (one, two) = (configs.get(Some(&root.join("x.air"))), configs.get(Some(&root.join("a/x.air"))));
        assert!(Arc::ptr_eq(&one.unwrap_err(), &two.unwrap_err()));
    }
}
