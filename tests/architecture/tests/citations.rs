//! What comments and pages cite is there: headings of specifications, and files of the repository.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use air_architecture::tree::root;

/// A place in a file that names another one.
struct Citation {
    /// File and line, for the report.
    from: String,
    /// The cited file, from the repository's folder.
    path: PathBuf,
    /// Number of the cited heading; empty where the file is cited as a whole.
    heading: String,
}

/// This file, whose examples are no citations.
const OWN_PATH: &str = "tests/architecture/tests/citations.rs";

/// Every Rust file and every page: its path from the repository's folder, with `/`, and its text.
fn texts() -> Vec<(String, String)> {
    let mut texts = Vec::new();
    let mut open = vec![root()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !name.starts_with('.') && !matches!(name.as_str(), "target" | "node_modules") {
                    open.push(path);
                }
            } else if name.ends_with(".rs") || name.ends_with(".md") {
                let shown = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
                texts.push((shown, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    texts.retain(|(path, _)| path != OWN_PATH);
    texts.sort();
    texts
}

/// `crate/spec/NAME.md §1.2`, wherever it stands in the text.
fn specifications(path: &str, text: &str) -> Vec<Citation> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for (at, _) in line.match_indices("spec/") {
            let start = line[..at]
                .rfind(|c: char| !is_path_char(c))
                .map_or(0, |before| before + line[before..].chars().next().map_or(1, char::len_utf8));
            let rest = &line[at..];
            let Some(end) = rest.find(".md").map(|end| at + end + ".md".len()) else { continue };
            if !line[start..end].chars().all(is_path_char) {
                continue;
            }
            let heading =
                line[end..].trim_start_matches(['`', ')', ' ']).strip_prefix('§').unwrap_or_default();
            let heading: String = heading.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
            found.push(Citation {
                from: format!("{path}:{}", number + 1),
                path: resolved(Path::new(path), &line[start..end]),
                heading: heading.trim_end_matches('.').to_owned(),
            });
        }
    }
    found
}

/// Links of a page to files of the repository: `[text](path)`.
fn links(path: &str, text: &str) -> Vec<Citation> {
    let mut found = Vec::new();
    let mut in_code = false;
    for (number, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        for (at, _) in line.match_indices("](") {
            let target = line[at + 2..].split(')').next().unwrap_or_default();
            let target = target.split('#').next().unwrap_or_default();
            if target.is_empty()
                || target.contains("://")
                || target.starts_with("mailto:")
                || !target.contains('.')
            {
                continue;
            }
            let folder = Path::new(path).parent().unwrap_or(Path::new(""));
            found.push(Citation {
                from: format!("{path}:{}", number + 1),
                path: normal(&folder.join(target)),
                heading: String::new(),
            });
        }
    }
    found
}

/// Files of the repository by their path in backticks: `folder/file.md`. From the repository's folder, from the
/// citing file's or from that of its crate, whichever holds the file.
fn quoted(path: &str, text: &str) -> Vec<Citation> {
    let own = Path::new(path);
    let folder = own.parent().unwrap_or(Path::new(""));
    let of_crate = own.components().take(1).collect::<PathBuf>();
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for cited in line.split('`').skip(1).step_by(2) {
            if !cited.ends_with(".md") || !cited.contains('/') || !cited.chars().all(is_path_char) {
                continue;
            }
            let places = [PathBuf::from(cited), normal(&folder.join(cited)), of_crate.join(cited)];
            let place = places.iter().find(|place| root().join(place).exists()).unwrap_or(&places[0]);
            found.push(Citation {
                from: format!("{path}:{}", number + 1),
                path: place.clone(),
                heading: String::new(),
            });
        }
    }
    found
}

fn is_path_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "/._-".contains(c)
}

/// Links of pages are relative to the page, all others start at the repository's folder.
fn resolved(from: &Path, cited: &str) -> PathBuf {
    match cited.starts_with("..") {
        true => normal(&from.parent().unwrap_or(Path::new("")).join(cited)),
        false => PathBuf::from(cited),
    }
}

/// The path without `..`.
fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(out.pop()),
            Component::CurDir => {}
            other => out.push(other),
        }
    }
    out
}

/// Numbers of the headings of a page: `1`, `1.2`.
fn headings(text: &str) -> Vec<&str> {
    let titles = text.lines().filter_map(|line| line.strip_prefix('#'));
    let numbers = titles.filter_map(|title| title.trim_start_matches('#').split_whitespace().next());
    numbers.map(|number| number.trim_end_matches('.')).collect()
}

#[test]
fn cited_files_and_headings_exist() {
    let texts = texts();
    let by_path: BTreeMap<&str, &str> =
        texts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let mut broken = Vec::new();
    let mut to_headings = 0;
    for (path, text) in &texts {
        let mut citations = specifications(path, text);
        citations.extend(quoted(path, text));
        if path.ends_with(".md") {
            citations.extend(links(path, text));
        }
        for Citation { from, path: cited, heading } in citations {
            if !root().join(&cited).exists() {
                broken.push(format!("{from}: there is no {}", cited.display()));
            } else if !heading.is_empty() {
                to_headings += 1;
                let page = by_path.get(cited.to_string_lossy().as_ref()).copied().unwrap_or_default();
                if !headings(page).contains(&heading.as_str()) {
                    broken.push(format!("{from}: {} has no heading {heading}", cited.display()));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    assert!(
        to_headings >= 10,
        "only {to_headings} citations of headings were found: does the test still see them?"
    );
}

#[test]
fn citations_are_found_and_read() {
    let text = "// (`a/spec/x.md §1.2` and §9) `b/spec/y.md` §3.\nsee [z](../spec/z.md)";
    let found = specifications("docs/page.md", text);
    let found: Vec<_> = found
        .iter()
        .map(|citation| format!("{} {} {}", citation.from, citation.path.display(), citation.heading))
        .collect();
    assert_eq!(
        found,
        ["docs/page.md:1 a/spec/x.md 1.2", "docs/page.md:1 b/spec/y.md 3", "docs/page.md:2 spec/z.md "]
    );
    let text = "[a](../README.md#top) [b](https://x.y/z.md) [c](#here)\n```\n[d](no.md)\n```";
    let found = links("docs/page.md", text);
    assert_eq!(found.iter().map(|link| link.path.display().to_string()).collect::<Vec<_>>(), ["README.md"]);
    let text = "see `docs/nowhere.md`, `README.md` and `docs/L0*.md`";
    let found = quoted("lsp-server/src/x.rs", text);
    assert_eq!(
        found.iter().map(|file| file.path.display().to_string()).collect::<Vec<_>>(),
        ["docs/nowhere.md"]
    );
    assert_eq!(headings("# T\n## 1. One\n### 1.2 Two\ntext"), ["T", "1", "1.2"]);
}
