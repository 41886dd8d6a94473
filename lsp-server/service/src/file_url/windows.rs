//! Paths of Windows as text, so that what is so there can be tested anywhere: drives, servers, and the `\\?\` before the
//! paths that the system itself gives.

use lsp_types::Url;

use super::percent_decoded;

/// The path that a URL of scheme `file` names, as Explorer writes it; `None` without a drive or a server.
pub(crate) fn path(url: &Url) -> Option<String> {
    if url.scheme() != "file" {
        return None;
    }
    let rest = percent_decoded(url.path())?.replace('/', "\\");
    let path = match url.host_str() {
        None | Some("" | "localhost") => rest.strip_prefix('\\')?.to_owned(),
        // A `$` comes encoded.
        Some(host) => format!(r"\\{}{rest}", percent_decoded(host)?),
    };
    let named = drive(&path).is_some_and(|rest| rest.starts_with('\\')) || path.starts_with(r"\\");
    named.then(|| plain(&path))
}

/// The URL of an absolute path.
pub(crate) fn url(path: &str) -> Option<Url> {
    let path = plain(path);
    let mut url = Url::parse("file:///").ok()?;
    let (host, rest) = match path.strip_prefix(r"\\") {
        Some(rest) => {
            let (host, rest) = rest.split_once('\\')?;
            (Some(host), format!("/{rest}"))
        }
        None => {
            drive(&path).filter(|rest| rest.starts_with('\\'))?;
            (None, format!("/{path}"))
        }
    };
    url.set_host(host).ok()?;
    // What ends a path in a URL, and what begins an escape; the rest is escaped there.
    let rest = rest.replace('%', "%25").replace('?', "%3F").replace('#', "%23").replace('\\', "/");
    url.set_path(&rest);
    Some(url)
}

/// One spelling of a path: without the `\\?\` that the system puts before canonical ones, the drive in upper case, a
/// server in lower case.
pub(crate) fn plain(path: &str) -> String {
    let path = path.replace('/', "\\");
    let path = match path.strip_prefix(r"\\?\") {
        Some(verbatim) => match verbatim.get(..4) {
            Some(unc) if unc.eq_ignore_ascii_case(r"UNC\") => {
                format!(r"\{}", verbatim.get(3..).unwrap_or(""))
            }
            // Volumes by their number have no other name.
            _ if drive(verbatim).is_some() => verbatim.to_owned(),
            _ => return path,
        },
        None => path,
    };
    if drive(&path).is_some() {
        return path.get(..1).unwrap_or("").to_ascii_uppercase() + path.get(1..).unwrap_or("");
    }
    match path.strip_prefix(r"\\").and_then(|rest| rest.split_once('\\')) {
        Some((server, rest)) => format!(r"\\{}\{rest}", server.to_lowercase()),
        None => path,
    }
}

/// What follows a drive's letter and colon.
fn drive(path: &str) -> Option<&str> {
    let rest = path.strip_prefix(|letter: char| letter.is_ascii_alphabetic())?;
    rest.strip_prefix(':')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path_of(text: &str) -> Option<String> {
        path(&Url::parse(text).unwrap())
    }

    #[test]
    fn urls_to_paths() {
        for (url, path) in [
            ("file:///c%3A/a%20b/%C3%A4.air", r"C:\a b\ä.air"),
            ("file:///C:/a.air", r"C:\a.air"),
            ("file://localhost/c:/a.air", r"C:\a.air"),
            ("file://SERVER/Share/a.air", r"\\server\Share\a.air"),
            ("file://wsl%24/Ubuntu/a.air", r"\\wsl$\Ubuntu\a.air"),
        ] {
            assert_eq!(path_of(url).as_deref(), Some(path), "{url}");
        }
        for other in ["file:///a.air", "file:///c/a.air", "file:///c:", "untitled:a", "file:///c:/%ff.air"] {
            assert_eq!(path_of(other), None, "{other}");
        }
    }

    #[test]
    fn paths_to_urls_and_back() {
        for (path, expected) in [
            (r"C:\copy (2)\100%#.air", "file:///C:/copy%20(2)/100%25%23.air"),
            (r"\\server\share\a.air", "file://server/share/a.air"),
            (r"\\?\C:\a.air", "file:///C:/a.air"),
            (r"\\?\UNC\server\share\a.air", "file://server/share/a.air"),
        ] {
            let url = url(path).unwrap();
            assert_eq!(url.as_str(), expected);
            assert_eq!(path_of(expected), Some(plain(path)));
        }
        for relative in ["a.air", r"\a.air", r"C:a.air", r"\\server"] {
            assert!(url(relative).is_none(), "{relative}");
        }
    }

    #[test]
    fn names_of_volumes_stay() {
        let volume = r"\\?\Volume{b75e2c83-0000-0000-0000-602f00000000}\a.air";
        assert_eq!(plain(volume), volume);
    }
}
