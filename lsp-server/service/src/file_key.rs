//! Which file a URI names. Clients spell one file in many ways: VS Code writes `file:///c%3A/copy%20%282%29/a.air` where
//! a path becomes `file:///C:/copy%20(2)/a.air`; links and the case of letters do the rest.

use std::path::{Path, PathBuf};

use lsp_types::Url;

use crate::file_url;
use crate::host::Files;

/// No system has longer ones; to look at each folder of a path takes time that grows with its square.
pub(crate) const MAX_PATH_BYTES: usize = 32 << 10;

/// A file, or what else a URI names. Equal for all spellings of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum FileKey {
    /// Of the scheme `file`.
    Path(PathBuf),
    /// Of any other: scheme and the rest, with as little percent-encoding as possible.
    Uri(String),
}

impl FileKey {
    /// The same for all ways to write one name; asks no file system, so links and case tell names apart.
    pub(crate) fn spelled(uri: &Url) -> FileKey {
        match file_url::path(uri) {
            Some(path) => FileKey::Path(one_spelling(path)),
            None => FileKey::Uri(plain(uri.as_str())),
        }
    }

    /// The same for all names of one file: links are followed, and the case of letters is the file system's.
    pub(crate) fn of(uri: &Url, files: &dyn Files) -> FileKey {
        match file_url::path(uri) {
            Some(path) => FileKey::of_path(&path, files),
            None => FileKey::spelled(uri),
        }
    }

    /// The same for a path.
    pub(crate) fn of_path(path: &Path, files: &dyn Files) -> FileKey {
        if path.as_os_str().len() > MAX_PATH_BYTES {
            return FileKey::Path(one_spelling(path.to_owned()));
        }
        FileKey::Path(one_spelling(files.canonical(path)))
    }
}

/// The system writes `\\?\C:\a.air` where it was asked for `c:\a.air`.
#[cfg(windows)]
fn one_spelling(path: PathBuf) -> PathBuf {
    match path.to_str() {
        Some(text) => file_url::windows::plain(text).into(),
        None => path,
    }
}

/// `c:` and `C:` are one drive; in a path as Unix reads it, the drive comes after the first slash.
#[cfg(not(windows))]
fn one_spelling(path: PathBuf) -> PathBuf {
    let Some(text) = path.to_str() else { return path };
    let start = usize::from(text.starts_with('/'));
    match text.as_bytes().get(start..start + 2) {
        Some([letter, b':']) if letter.is_ascii_lowercase() => {
            let mut text = text.to_owned();
            if let Some(letter) = text.get_mut(start..=start) {
                letter.make_ascii_uppercase();
            }
            PathBuf::from(text)
        }
        _ => path,
    }
}

/// Percent-encoding undone but for what would then be read as the end of a part.
fn plain(uri: &str) -> String {
    let mut bytes = Vec::with_capacity(uri.len());
    let mut rest = uri.as_bytes();
    while let [first, tail @ ..] = rest {
        let digits = tail.split_at_checked(2).filter(|_| *first == b'%');
        let decoded = digits.and_then(|(digits, after)| {
            let byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
            (!b"/?#%".contains(&byte)).then_some((byte, after))
        });
        let (byte, after) = decoded.unwrap_or((*first, tail));
        bytes.push(byte);
        rest = after;
    }
    // Broken UTF-8 stays as it was written.
    String::from_utf8(bytes).unwrap_or_else(|_| uri.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::memory::MemoryFiles;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn spellings() {
        for (one, other) in [
            ("file:///%40x%2B%281%29/one%27s.air", "file:///@x+(1)/one's.air"),
            ("file:///copy%20%282%29/c%2B%2B/%5Bslug%5D.air", "file:///copy%20(2)/c++/[slug].air"),
            ("file:///%c3%a4.air", "file:///ä.air"),
            ("file:///c%3A/x/a.air", "file:///C:/x/a.air"),
            ("file:///c%3a/x/a.air", "file:///c:/x/a.air"),
            ("vscode-vfs://github/o/a%20%281%29.air", "vscode-vfs://github/o/a%20(1).air"),
        ] {
            assert_eq!(FileKey::spelled(&url(one)), FileKey::spelled(&url(other)), "{one}");
        }
        for (one, other) in [
            ("untitled:Untitled-1", "untitled:Untitled-2"),
            ("x:a%3Fb", "x:a?b"),
            ("x:a%2523", "x:a%23"),
            ("file:///a.air", "x:///a.air"),
            ("file:///a.air", "file:///A.air"),
        ] {
            assert_ne!(FileKey::spelled(&url(one)), FileKey::spelled(&url(other)), "{one}");
        }
    }

    /// What VS Code's own library writes; `file_key/vscode_uri.mjs` made it.
    #[derive(serde::Deserialize)]
    struct Row {
        system: String,
        /// As the system names the file.
        path: String,
        /// As VS Code sends it, and without needless escapes.
        uri: String,
        loose: String,
        /// As VS Code gives it to the file system.
        back: String,
    }

    fn rows(system: &str) -> Vec<Row> {
        #[derive(serde::Deserialize)]
        struct Table {
            rows: Vec<Row>,
        }
        let table: Table = serde_json::from_str(include_str!("file_key/vscode_uri.json")).unwrap();
        table.rows.into_iter().filter(|row| row.system == system).collect()
    }

    /// Without escapes, a name with `%` in it is another one.
    fn can_be_loose(row: &Row) -> bool {
        !row.path.contains('%')
    }

    #[cfg(unix)]
    #[test]
    fn spellings_of_vs_code() {
        let rows = rows("linux");
        assert!(rows.len() > 8);
        let files = MemoryFiles::default();
        for row in rows {
            let file = FileKey::of_path(Path::new(&row.path), &files);
            assert_eq!(FileKey::of_path(Path::new(&row.back), &files), file, "{}", row.back);
            assert_eq!(FileKey::spelled(&url(&row.uri)), file, "{}", row.uri);
            assert_eq!(FileKey::of(&url(&row.uri), &files), file, "{}", row.uri);
            if can_be_loose(&row) && !row.path.contains('\\') {
                assert_eq!(FileKey::spelled(&url(&row.loose)), file, "{}", row.loose);
            }
            let own = file_url::url(Path::new(&row.path)).unwrap();
            assert_eq!(FileKey::spelled(&own), file, "{own}");
        }
    }

    /// The same for Windows, whose paths are text here.
    #[test]
    fn spellings_of_vs_code_on_windows() {
        use crate::file_url::windows;

        let rows = rows("win32");
        assert!(rows.len() > 12);
        for row in rows {
            let file = windows::plain(&row.path);
            assert_eq!(windows::plain(&row.back), file, "{}", row.back);
            let own = windows::url(&row.path).unwrap();
            assert_eq!(windows::path(&own).as_ref(), Some(&file), "{own}");
            // As the system answers when asked for the canonical path.
            let canonical = match file.strip_prefix(r"\\") {
                Some(server) => format!(r"\\?\UNC\{server}"),
                None => format!(r"\\?\{file}"),
            };
            assert_eq!(windows::plain(&canonical), file, "{canonical}");
            if row.path.starts_with(r"\\?\") {
                // VS Code takes the `?` for a server, which is no URL.
                assert!(Url::parse(&row.uri).is_err(), "{}", row.uri);
                continue;
            }
            assert_eq!(windows::path(&url(&row.uri)).as_ref(), Some(&file), "{}", row.uri);
            if can_be_loose(&row) {
                assert_eq!(windows::path(&url(&row.loose)).as_ref(), Some(&file), "{}", row.loose);
            }
        }
    }

    #[test]
    fn links_and_case() {
        let files = MemoryFiles::default();
        files.write("/real/A.air", "(null)");
        files.link("/link", "/real");
        let key = |uri: &str| FileKey::of(&url(uri), &files);
        assert_eq!(key("file:///link/A.air"), key("file:///real/A.air"));
        assert_eq!(key("file:///link/new.air"), key("file:///real/new.air"));
        assert_ne!(key("file:///real/a.air"), key("file:///real/A.air"));
        files.ignore_case();
        assert_eq!(key("file:///LINK/a.air"), key("file:///real/A.air"));
    }
}
