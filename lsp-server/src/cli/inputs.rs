//! The scripts that paths on the command line stand for.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use super::file_reader::{self, ReadError};

/// Which scripts to work on; shared by the commands that take many.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct InputArgs {
    /// Files or folders; `-` is standard input [default: the current folder]
    ///
    /// Folders are searched for `*.air`, without hidden files and without what .gitignore, .ignore and .airignore
    /// exclude. A file named here is always included.
    #[arg(value_name = "PATHS")]
    pub paths: Vec<PathBuf>,

    /// Read standard input and treat it as this file, in messages and for the configuration
    #[arg(long, value_name = "FILE")]
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

    /// Its text; see [`file_reader::read_file`].
    pub fn read(&self, limit: u64) -> Result<String, ReadError> {
        match self {
            Input::Stdin(_) => file_reader::read_stdin(limit),
            Input::File(path) => file_reader::read_file(path, limit),
        }
    }
}

/// Scripts in stable order, and what went wrong while looking for them.
#[derive(Debug, Default)]
pub struct InputList {
    /// Each script once: in the order of the command line, by path within a folder.
    pub inputs: Vec<Input>,
    /// Paths that cannot be worked on, with the reason.
    pub problems: Vec<(String, String)>,
    /// Folders without any script.
    pub empty: Vec<PathBuf>,
}

/// Finds the scripts.
pub fn find(args: &InputArgs) -> InputList {
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
            if seen.insert(PathBuf::from("-")) {
                found.inputs.push(stdin.clone());
            }
        } else if path.is_dir() {
            walk(path, &mut seen, &mut found);
        } else {
            let path = without_dot(path);
            if seen.insert(path.clone()) {
                found.inputs.push(Input::File(path));
            }
        }
    }
    found
}

fn walk(folder: &Path, seen: &mut HashSet<PathBuf>, found: &mut InputList) {
    let mut builder = WalkBuilder::new(folder);
    builder.add_custom_ignore_filename(".airignore").require_git(false);
    builder.sort_by_file_name(|left, right| left.cmp(right));
    let mut any = false;
    for entry in builder.build() {
        match entry {
            // `is_file` follows links: a link to a script is a script, a folder `x.air` is not.
            Ok(entry) if entry.path().extension().is_some_and(|it| it == "air") && entry.path().is_file() => {
                any = true;
                let path = without_dot(entry.path());
                if seen.insert(path.clone()) {
                    found.inputs.push(Input::File(path));
                }
            }
            Ok(_) => {}
            Err(error) => {
                any = true;
                found.problems.push((folder.display().to_string(), error.to_string()));
            }
        }
    }
    if !any {
        found.empty.push(folder.to_owned());
    }
}

fn without_dot(path: &Path) -> PathBuf {
    path.strip_prefix(".").unwrap_or(path).to_owned()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn walks_with_rules_and_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("b/deep")).unwrap();
        fs::create_dir_all(root.join("folder.air")).unwrap();
        for file in
            ["c.air", "a.air", "b/x.air", "b/deep/y.air", "b/skip.air", "git.air", "note.txt", ".h.air"]
        {
            fs::write(root.join(file), "(null)").unwrap();
        }
        fs::write(root.join(".gitignore"), "git.air\n").unwrap();
        fs::write(root.join(".airignore"), "skip.air\n").unwrap();

        let names = |paths: &[&str]| {
            let paths = paths.iter().map(|path| root.join(path)).collect();
            let found = find(&InputArgs { paths, stdin_filepath: None });
            assert!(found.problems.is_empty(), "{:?}", found.problems);
            found
                .inputs
                .iter()
                .map(|input| input.path().unwrap().strip_prefix(root).unwrap().display().to_string())
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(names(&["."]), "a.air b/deep/y.air b/x.air c.air");
        // Named files come whatever the rules say, and nothing comes twice.
        assert_eq!(names(&["git.air", "b", "b/x.air"]), "git.air b/deep/y.air b/x.air");
    }

    #[test]
    fn standard_input() {
        let stdin = |paths: &[&str], name: Option<&str>| {
            let paths = paths.iter().map(PathBuf::from).collect();
            find(&InputArgs { paths, stdin_filepath: name.map(PathBuf::from) }).inputs
        };
        assert_eq!(stdin(&["-", "-"], None), [Input::Stdin(None)]);
        assert_eq!(stdin(&[], Some("x.air")), [Input::Stdin(Some("x.air".into()))]);
    }
}
