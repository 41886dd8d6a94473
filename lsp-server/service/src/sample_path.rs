//! Where the sample data of a script is: beside it, under its name without the last extension. `my.airport.air` has
//! `my.airport.sample.json`, `script.txt` has `script.sample.json`. Nothing else in the house may say so.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use lsp_types::Url;

/// What sample data's names end with.
const ENDING: &str = ".sample.json";

/// Sample data beside a script.
#[derive(Debug, Clone, Copy)]
pub struct SamplePath;

impl SamplePath {
    /// Of a script; `None` for a path without a file's name.
    pub fn of(script: &Path) -> Option<PathBuf> {
        let mut name = script.file_stem()?.to_owned();
        name.push(ENDING);
        Some(script.with_file_name(name))
    }

    /// The script that sample data is beside. Several may share it: the one with the extension `air` is meant, since
    /// it is the only one that tools look for by themselves.
    pub fn script_of(sample: &Path) -> Option<PathBuf> {
        let name =
            sample.file_name().and_then(OsStr::to_str)?.strip_suffix(ENDING).filter(|it| !it.is_empty())?;
        Some(sample.with_file_name(format!("{name}.air")))
    }

    /// The same as [`SamplePath::of`] for URLs of any scheme that has folders.
    pub fn of_url(script: &Url) -> Option<Url> {
        let file = script.path_segments()?.next_back().filter(|file| !file.is_empty())?;
        let stem = match file.rfind('.') {
            Some(dot) if dot > 0 => file.get(..dot)?,
            _ => file,
        };
        script.join(&format!("./{stem}{ENDING}")).ok()
    }

    /// The same as [`SamplePath::script_of`] for URLs.
    pub fn script_of_url(sample: &Url) -> Option<Url> {
        let file = sample.path_segments()?.next_back()?;
        sample.join(&format!("./{}.air", file.strip_suffix(ENDING).filter(|it| !it.is_empty())?)).ok()
    }

    /// Whether a document is sample data by its name.
    pub fn is_sample(url: &Url) -> bool {
        url.path().ends_with(ENDING)
    }

    /// The name of the sample data's file as people read it, and the same without its ending.
    pub fn names(sample: &Url) -> Option<(String, String)> {
        let file = sample.path_segments()?.next_back()?;
        let file = crate::file_url::percent_decoded(file).unwrap_or_else(|| file.to_owned());
        let stem = file.strip_suffix(ENDING)?.to_owned();
        Some((file, stem))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beside_the_script_for_the_last_extension_only() {
        for (script, sample, back) in [
            ("/d/script.air", "/d/script.sample.json", "/d/script.air"),
            ("/d/script.txt", "/d/script.sample.json", "/d/script.air"),
            ("/d/script", "/d/script.sample.json", "/d/script.air"),
            ("/d/my.airport.air", "/d/my.airport.sample.json", "/d/my.airport.air"),
            ("/d/a b.air", "/d/a b.sample.json", "/d/a b.air"),
            ("/d/.air", "/d/.air.sample.json", "/d/.air.air"),
        ] {
            assert_eq!(SamplePath::of(Path::new(script)).as_deref(), Some(Path::new(sample)), "{script}");
            assert_eq!(
                SamplePath::script_of(Path::new(sample)).as_deref(),
                Some(Path::new(back)),
                "{sample}"
            );
            let url = |path: &str| crate::file_url::url(Path::new(path)).unwrap();
            assert_eq!(SamplePath::of_url(&url(script)), Some(url(sample)), "{script}");
            assert_eq!(SamplePath::script_of_url(&url(sample)), Some(url(back)), "{sample}");
        }
        assert_eq!(SamplePath::of(Path::new("/")), None);
        assert_eq!(SamplePath::script_of(Path::new("/d/.sample.json")), None);
        assert_eq!(SamplePath::script_of(Path::new("/d/script.json")), None);
    }

    #[test]
    fn documents_that_are_nowhere_have_none() {
        assert_eq!(SamplePath::of_url(&Url::parse("untitled:Untitled-1").unwrap()), None);
        let remote = Url::parse("vscode-vfs://github/org/x.air").unwrap();
        let sample = SamplePath::of_url(&remote).unwrap();
        assert_eq!(sample.as_str(), "vscode-vfs://github/org/x.sample.json");
        assert!(SamplePath::is_sample(&sample) && !SamplePath::is_sample(&remote));
    }

    #[test]
    fn names_for_people() {
        let sample = crate::file_url::url(Path::new("/d/a b.sample.json")).unwrap();
        assert_eq!(SamplePath::names(&sample), Some(("a b.sample.json".to_owned(), "a b".to_owned())));
    }
}
