//! The scripts that paths on the command line stand for.

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use air_ide::embedded::HostLanguage;

use super::excluded::Excluded;
use crate::files::identity::{FileIdentity, identity, identity_of};
use crate::files::reader::{self, ReadError};
use crate::files::walk::{self, LeftOut};

/// Which scripts to work on; shared by the commands that take many.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct InputArgs {
    /// Files or folders; `-` is standard input [default: the current folder]
    ///
    /// Folders are searched for `*.air`, without hidden files and without what .gitignore, .ignore and .airignore
    /// exclude, without `node_modules` and `target`, and without links that lead out of the folder. A file named here
    /// is always included.
    #[arg(value_name = "PATHS", value_hint = clap::ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,

    /// Leave out what fits this pattern when folders are searched; may be repeated
    ///
    /// As in .gitignore, from the current folder; `!target` includes again. `[files] exclude` of air.toml says the same
    /// for a project.
    #[arg(long, value_name = "PATTERN")]
    pub exclude: Vec<String>,

    /// Look for scripts in TypeScript, JavaScript, Rust and Markdown files too when folders are searched
    ///
    /// In template strings, strings and fenced blocks that are marked as AIR or hold a whole script. A file named here is
    /// looked into without this option.
    #[arg(long)]
    pub embedded: bool,

    /// Read standard input and treat it as this file, in messages and for the configuration
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub stdin_filepath: Option<PathBuf>,
}

/// One script to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// Standard input, perhaps under the name of a file.
    Stdin(Option<PathBuf>),
    /// A file.
    File(PathBuf),
}

impl Input {
    /// The only script of a command: a file, or standard input under some name.
    pub fn one(path: Option<&PathBuf>, stdin_filepath: Option<&PathBuf>) -> Input {
        match path {
            Some(path) if path.as_os_str() != "-" => Input::File(path.clone()),
            _ => Input::Stdin(stdin_filepath.cloned()),
        }
    }

    /// How messages call it.
    pub fn name(&self) -> String {
        match self {
            Input::Stdin(None) => "<stdin>".to_owned(),
            Input::Stdin(Some(path)) | Input::File(path) => path.display().to_string(),
        }
    }

    /// The path whose configuration counts.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Input::Stdin(path) => path.as_deref(),
            Input::File(path) => Some(path),
        }
    }

    /// The language that its scripts are written into, if it is not a script itself.
    pub fn host_language(&self) -> Option<HostLanguage> {
        self.path().and_then(HostLanguage::of_path)
    }

    /// Its text; see [`reader::read_file`].
    pub fn read(&self, limit: u64) -> Result<String, ReadError> {
        self.read_bytes(limit).and_then(reader::text)
    }

    /// Its bytes, which need not be text.
    pub fn read_bytes(&self, limit: u64) -> Result<Vec<u8>, ReadError> {
        match self {
            Input::Stdin(_) => reader::read_stdin(limit),
            Input::File(path) => reader::read_bytes(path, limit),
        }
    }
}

/// Refuses files to write that are among those to read, or one another.
///
/// # Errors
/// A sentence that begins with the path.
pub fn keep_apart<'a>(
    outputs: impl IntoIterator<Item = &'a Path>,
    inputs: impl IntoIterator<Item = &'a Input>,
) -> Result<(), String> {
    let mut outputs = outputs.into_iter().peekable();
    // Most of the time there are none.
    if outputs.peek().is_none() {
        return Ok(());
    }
    let mut taken: HashMap<FileIdentity, &str> = HashMap::new();
    for input in inputs {
        if let Input::File(path) = input {
            taken.insert(identity(path), "is to be read, so nothing is written over it");
        }
    }
    for output in outputs {
        let taken = taken.insert(identity(output), "is named for two outputs");
        if let Some(reason) = taken {
            return Err(format!("{}: {reason}; name another file", output.display()));
        }
    }
    Ok(())
}

/// Scripts in stable order, and what went wrong while looking for them.
#[derive(Debug, Default)]
pub struct InputList {
    /// Each script once, whatever names it has: in the order of the command line, by path within a folder.
    pub inputs: Vec<Input>,
    /// Paths that cannot be worked on, with the reason.
    pub problems: Vec<(String, String)>,
    /// Links in folders that lead out of them.
    pub left_out: Vec<LeftOut>,
    /// Folders without any script.
    pub empty: Vec<PathBuf>,
}

/// Finds the scripts.
pub fn find(args: &InputArgs, excluded: &Excluded<'_>) -> InputList {
    let mut found = InputList::default();
    let mut seen = HashSet::new();
    let stdin = Input::Stdin(args.stdin_filepath.clone());
    let here = [PathBuf::from(".")];
    let paths: &[PathBuf] = match args.paths.as_slice() {
        [] if args.stdin_filepath.is_some() => {
            found.inputs.push(stdin);
            return found;
        }
        [] => &here,
        paths => paths,
    };
    for path in paths {
        if path.as_os_str() == "-" {
            if seen.insert(FileIdentity::Path(PathBuf::from("-"))) {
                found.inputs.push(stdin.clone());
            }
        } else if path.is_dir() {
            walk(path, args.embedded, excluded, &mut seen, &mut found);
        } else {
            if seen.insert(identity(path)) {
                found.inputs.push(Input::File(without_dot(path)));
            }
        }
    }
    found
}

fn walk(
    folder: &Path,
    embedded: bool,
    excluded: &Excluded<'_>,
    seen: &mut HashSet<FileIdentity>,
    found: &mut InputList,
) {
    let wanted = |path: &Path| {
        path.extension().is_some_and(is_air) || embedded && HostLanguage::of_path(path).is_some()
    };
    let mut any = false;
    let left_out = walk::walk(&[folder.to_owned()], &excluded.of_folder(folder), &mut |entry| {
        match entry {
            Ok(entry) if wanted(entry.path()) => {
                if excluded.leaves_out(entry.path()) {
                    return ControlFlow::Continue(());
                }
                // Links are followed: a link to a script is a script, a folder `x.air` is not.
                let Ok(metadata) = entry.path().metadata() else { return ControlFlow::Continue(()) };
                any |= metadata.is_file();
                if metadata.is_file() && seen.insert(identity_of(entry.path(), &metadata)) {
                    found.inputs.push(Input::File(without_dot(entry.path())));
                }
            }
            Ok(_) => {}
            Err(error) => {
                any = true;
                let (path, reason) = told(folder, &error);
                found.problems.push((path.display().to_string(), reason));
            }
        }
        ControlFlow::Continue(())
    });
    for it in left_out {
        any = true;
        match it {
            LeftOut::LeadsOut(_) => found.left_out.push(it),
            _ => found.problems.push((it.path().display().to_string(), it.reason())),
        }
    }
    if !any {
        found.empty.push(folder.to_owned());
    }
}

/// The extension of scripts, in any case: some file systems know one case only.
fn is_air(extension: &OsStr) -> bool {
    extension.eq_ignore_ascii_case("air")
}

/// The path that an error of a walk is about, and the system's words for it.
fn told(folder: &Path, error: &ignore::Error) -> (PathBuf, String) {
    match error {
        ignore::Error::WithPath { path, err } => {
            let reason = err.io_error().map_or_else(|| err.to_string(), io_words);
            (without_dot(path), reason)
        }
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => told(folder, err),
        error => (folder.to_owned(), error.io_error().map_or_else(|| error.to_string(), io_words)),
    }
}

/// A walk adds its own words to the system's.
fn io_words(error: &std::io::Error) -> String {
    let kind = std::io::Error::from(error.kind()).to_string();
    if error.kind() == std::io::ErrorKind::Other { error.to_string() } else { kind }
}

fn without_dot(path: &Path) -> PathBuf {
    path.strip_prefix(".").unwrap_or(path).to_owned()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::config::Configs;

    fn found(args: &InputArgs) -> InputList {
        let configs = Configs::isolated(std::sync::Arc::new(crate::host::NativeFiles));
        find(args, &Excluded::new(&args.exclude, &configs))
    }

    #[test]
    fn walks_with_rules_and_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("b/deep")).unwrap();
        fs::create_dir_all(root.join("folder.air")).unwrap();
        for file in
            ["c.air", "a.AIR", "b/x.air", "b/deep/y.air", "b/skip.air", "git.air", "note.txt", ".h.air"]
        {
            fs::write(root.join(file), "(null)").unwrap();
        }
        fs::write(root.join(".gitignore"), "git.air\n").unwrap();
        fs::write(root.join(".airignore"), "skip.air\n").unwrap();

        let names = |paths: &[&str]| {
            let paths = paths.iter().map(|path| root.join(path)).collect();
            let found = found(&InputArgs { paths, ..InputArgs::default() });
            assert!(found.problems.is_empty(), "{:?}", found.problems);
            found
                .inputs
                .iter()
                .map(|input| input.path().unwrap().strip_prefix(root).unwrap().display().to_string())
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(names(&["."]), "a.AIR b/deep/y.air b/x.air c.air");
        // Named files come whatever the rules say, and nothing comes twice.
        assert_eq!(names(&["git.air", "b", "b/x.air"]), "git.air b/deep/y.air b/x.air");
    }

    #[test]
    fn standard_input() {
        let stdin = |paths: &[&str], name: Option<&str>| {
            let paths = paths.iter().map(PathBuf::from).collect();
            found(&InputArgs { paths, stdin_filepath: name.map(PathBuf::from), ..InputArgs::default() })
                .inputs
        };
        assert_eq!(stdin(&["-", "-"], None), [Input::Stdin(None)]);
        assert_eq!(stdin(&[], Some("x.air")), [Input::Stdin(Some("x.air".into()))]);
    }
}
