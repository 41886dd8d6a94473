//! What is left out when folders are searched, besides what ignore files say.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// Folders into which other tools put copies of other people's files.
const DEFAULTS: [&str; 2] = ["node_modules", "target"];

/// Patterns as in `.gitignore`, from some folder on.
#[derive(Debug, Clone)]
pub struct Patterns(Arc<Gitignore>);

impl Patterns {
    /// Reads patterns that count from `folder` on.
    ///
    /// # Errors
    /// Which pattern cannot be read, and why.
    pub fn new(folder: &Path, patterns: &[String]) -> Result<Patterns, String> {
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        let mut builder = GitignoreBuilder::new(folder);
        builder.allow_unclosed_class(false);
        for pattern in patterns {
            builder.add_line(None, pattern).map_err(|error| told(pattern, &error))?;
        }
        builder.build().map(|rules| Patterns(Arc::new(rules))).map_err(|error| told("", &error))
    }

    /// What they say of a path; of one outside of their folder, what they say of its name.
    fn matched(&self, path: &Path, is_dir: bool) -> Option<bool> {
        match self.0.matched(path, is_dir) {
            Match::Ignore(_) => Some(true),
            Match::Whitelist(_) => Some(false),
            Match::None => None,
        }
    }

    /// Whether they leave out a file, or a folder around it that is below theirs.
    pub fn leave_out(&self, file: &Path) -> bool {
        let file = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
        file.strip_prefix(self.0.path())
            .is_ok_and(|inside| self.0.matched_path_or_any_parents(inside, false).is_ignore())
    }
}

fn told(pattern: &str, error: &ignore::Error) -> String {
    let reason = match error {
        ignore::Error::Glob { err, .. } => err.clone(),
        error => error.to_string(),
    };
    format!("the pattern `{pattern}` cannot be read: {reason}")
}

/// What a walk leaves out.
#[derive(Debug, Clone, Default)]
pub struct Exclude {
    /// What comes later counts more.
    rules: Vec<Patterns>,
}

impl Exclude {
    /// Adds patterns that count more than those before.
    pub fn add(&mut self, patterns: Patterns) {
        self.rules.push(patterns);
    }

    /// Whether a walk leaves this path out, and all that is below it.
    pub fn leaves_out(&self, path: &Path, is_dir: bool) -> bool {
        if !self.rules.is_empty() {
            let whole = std::path::absolute(path).unwrap_or_else(|_| PathBuf::from(path));
            let said = self.rules.iter().rev().find_map(|rules| rules.matched(&whole, is_dir));
            if let Some(said) = said {
                return said;
            }
        }
        is_dir && path.file_name().is_some_and(|name| DEFAULTS.iter().any(|default| name == *default))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patterns(list: &[&str]) -> Patterns {
        let list: Vec<String> = list.iter().map(|it| (*it).to_owned()).collect();
        Patterns::new(Path::new("/a"), &list).unwrap()
    }

    #[test]
    fn defaults_and_what_counts_more() {
        let out = |exclude: &Exclude, path: &str| exclude.leaves_out(Path::new(path), !path.ends_with("air"));
        let mut exclude = Exclude::default();
        assert!(out(&exclude, "/a/node_modules") && out(&exclude, "/a/b/target") && !out(&exclude, "/a/src"));
        assert!(!out(&exclude, "/a/target.air"));
        exclude.add(patterns(&["/gen", "*.out.air", "!node_modules"]));
        assert!(out(&exclude, "/a/gen") && !out(&exclude, "/a/b/gen"));
        assert!(out(&exclude, "/a/b/x.out.air") && !out(&exclude, "/a/node_modules"));
        exclude.add(patterns(&["!gen"]));
        assert!(!out(&exclude, "/a/gen"));
    }

    #[test]
    fn a_file_in_a_folder_that_is_left_out() {
        let rules = patterns(&["gen/"]);
        assert!(rules.leave_out(Path::new("/a/b/gen/c/x.air")) && !rules.leave_out(Path::new("/a/b/x.air")));
        assert!(!rules.leave_out(Path::new("/b/gen/x.air")), "outside of the folder");
    }

    #[test]
    fn what_is_no_pattern() {
        let error = Patterns::new(Path::new("/a"), &["a[".to_owned()]).unwrap_err();
        assert!(error.starts_with("the pattern `a[` cannot be read: "), "{error}");
    }
}
