//! `file:` URLs and paths: the one place where either becomes the other.

#[cfg(any(windows, test))]
pub(crate) mod windows;

use std::path::{Path, PathBuf};

use lsp_types::Url;

/// The path that a URL of scheme `file` names; `None` for other schemes, and for hosts that this system cannot reach.
#[cfg(unix)]
pub fn path(url: &Url) -> Option<PathBuf> {
    (url.scheme() == "file").then(|| url.to_file_path().ok()).flatten()
}

/// The URL of an absolute path.
#[cfg(unix)]
pub fn url(path: &Path) -> Option<Url> {
    Url::from_file_path(path).ok()
}

/// The path that a URL of scheme `file` names, as Explorer writes it; `None` for other schemes, and without a drive or a
/// server.
#[cfg(windows)]
pub fn path(url: &Url) -> Option<PathBuf> {
    windows::path(url).map(PathBuf::from)
}

/// The URL of an absolute path.
#[cfg(windows)]
pub fn url(path: &Path) -> Option<Url> {
    windows::url(path.to_str()?)
}

/// The path that a URL of scheme `file` names, for hosts without a file system: as on Unix, and UTF-8.
#[cfg(not(any(unix, windows)))]
pub fn path(url: &Url) -> Option<PathBuf> {
    let local =
        url.scheme() == "file" && url.host_str().is_none_or(|host| host.is_empty() || host == "localhost");
    local.then(|| percent_decoded(url.path())).flatten().map(PathBuf::from)
}

/// The URL of an absolute path, for hosts without a file system.
#[cfg(not(any(unix, windows)))]
pub fn url(path: &Path) -> Option<Url> {
    let path = path.to_str().filter(|path| path.starts_with('/'))?;
    let mut url = Url::parse("file:///").ok()?;
    // What ends a path in a URL, and what begins an escape; the rest is escaped there.
    url.set_path(&path.replace('%', "%25").replace('?', "%3F").replace('#', "%23").replace('\\', "%5C"));
    Some(url)
}

/// Text with its `%XX` decoded; `None` if they are broken or not UTF-8.
pub(crate) fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let (digits, tail) = rest.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?);
        rest = tail;
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        for file in ["/a.air", "/a b/é.air", "/100%/#1?.air"] {
            assert_eq!(path(&url(Path::new(file)).unwrap()).as_deref(), Some(Path::new(file)), "{file}");
        }
        assert!(url(Path::new("a.air")).is_none());
        for other in ["untitled:a.air", "https://example.org/a.air"] {
            assert!(path(&Url::parse(other).unwrap()).is_none(), "{other}");
        }
    }
}
