//! The tree-sitter grammar of `editors/tree-sitter-air`, for its tests.

use std::ops::Range;
use std::path::{Path, PathBuf};

use tree_sitter::{Language, Parser, Query, QueryCursor, StreamingIterator, Tree};
use tree_sitter_language::LanguageFn;

unsafe extern "C" {
    fn tree_sitter_air() -> *const ();
}

/// The folder of the grammar.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../editors/tree-sitter-air")
}

/// The committed parser.
pub fn language() -> Language {
    // SAFETY: that is the function which the committed `parser.c` defines for exactly this purpose.
    Language::new(unsafe { LanguageFn::from_raw(tree_sitter_air) })
}

/// The tree of a text.
pub fn parse(text: &str) -> Tree {
    let mut parser = Parser::new();
    parser.set_language(&language()).expect("a version that the library knows");
    parser.parse(text, None).expect("no limit was set")
}

/// The query in a file, e.g. `highlights.scm` of [`folder`]'s `queries`.
pub fn query(path: &Path) -> Result<Query, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Query::new(&language(), &text).map_err(|error| format!("{}: {error:?}", path.display()))
}

/// What a query captures in a text: bytes and the capture's name, outer nodes before inner ones, and for one
/// node in the order of the query's patterns.
pub fn captures(query: &Query, text: &str) -> Vec<(Range<usize>, String)> {
    let (tree, mut cursor) = (parse(text), QueryCursor::new());
    let mut found = Vec::new();
    let mut matches = cursor.matches(query, tree.root_node(), text.as_bytes());
    while let Some(one) = matches.next() {
        for capture in one.captures() {
            let name = query.capture_names()[capture.index as usize];
            found.push((capture.node.byte_range(), one.pattern_index, name.to_owned()));
        }
    }
    found.sort_by_key(|(range, pattern, _)| (range.start, std::cmp::Reverse(range.end), *pattern));
    found.into_iter().map(|(range, _, name)| (range, name)).collect()
}

/// What Neovim 0.7, Emacs 29 and Helix 24 load as well as newer ones do.
const ABI: usize = 14;

/// Generates the parser into a folder, from the `grammar.js` of ours. Needs Node.js.
pub fn generate(into: &Path) -> Result<(), String> {
    let mut findings = Vec::new();
    tree_sitter_generate::generate_parser_in_directory(
        folder(),
        Some(into),
        None::<&Path>,
        ABI,
        None,
        Some("node"),
        true,
        tree_sitter_generate::OptLevel::default(),
        &mut findings,
    )
    .map_err(|error| error.to_string())?;
    if findings.is_empty() { Ok(()) } else { Err(format!("{findings:?}")) }
}
