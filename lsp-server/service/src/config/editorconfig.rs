//! What `.editorconfig` says about the layout of a script.

use std::path::{Path, PathBuf};

use ec4rs::property::{EndOfLine, IndentSize, IndentStyle, TabWidth};
use ec4rs::{ConfigParser, PropertiesSource as _};

use super::LineEnding;
use crate::host::{FileKind, Files, Metadata};

/// Larger files are not read.
const MAX_BYTES: u64 = 1 << 20;

/// The part of `.editorconfig` that concerns scripts.
///
/// Tabs are never used, so that `indent_style` says nothing and the width of a tab is no indent; lines are never wrapped, so
/// `max_line_length` has nothing to say; `end_of_line = cr` is not supported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Layout {
    /// Spaces per level, 1 to 8.
    pub indent_width: Option<u8>,
    /// Line ending.
    pub line_ending: Option<LineEnding>,
}

/// The layout of that script; empty where `.editorconfig` says nothing or cannot be used.
pub fn layout(files: &dyn Files, script: &Path) -> Layout {
    let Some(mut properties) = properties(files, script) else { return Layout::default() };
    let line_ending = match properties.get::<EndOfLine>() {
        Ok(EndOfLine::Lf) => Some(LineEnding::Lf),
        Ok(EndOfLine::CrLf) => Some(LineEnding::Crlf),
        _ => None,
    };
    Layout { indent_width: indent_width(&mut properties), line_ending }
}

/// All properties of a script: of the files up to the root, or to one that says it is the root; the nearest counts.
fn properties(files: &dyn Files, script: &Path) -> Option<ec4rs::Properties> {
    let absolute = files.absolute(script);
    let found: Vec<(&Path, PathBuf, Metadata)> = absolute
        .ancestors()
        .skip(1)
        .filter_map(|folder| {
            let file = folder.join(".editorconfig");
            let data = files.metadata(&file)?;
            Some((folder, file, data))
        })
        .collect();
    // A folder, a device or a huge file of that name is not a configuration. Reading the others alone would take
    // settings that the missing one may override, so none counts.
    if found.iter().any(|(_, _, data)| data.kind != FileKind::File || data.length > MAX_BYTES) {
        return None;
    }
    let mut texts = Vec::new();
    for (folder, file, _) in found {
        let Ok(text) = files.read(&file, MAX_BYTES) else { continue };
        let root = ConfigParser::new(text.as_bytes()).map(|parser| parser.is_root);
        texts.push((folder, text));
        if root.is_ok_and(|root| root) {
            break;
        }
    }
    let mut properties = ec4rs::Properties::new();
    for (folder, text) in texts.iter().rev() {
        let Ok(mut parser) = ConfigParser::new(text.as_bytes()) else { continue };
        let inside = script.strip_prefix(folder).unwrap_or(script);
        (&mut parser).apply_to(&mut properties, inside).ok()?;
    }
    Some(properties)
}

fn indent_width(properties: &mut ec4rs::Properties) -> Option<u8> {
    let said = properties.get::<IndentSize>().ok();
    let tabs = matches!(properties.get::<IndentStyle>(), Ok(IndentStyle::Tabs));
    if tabs && !matches!(said, Some(IndentSize::Value(_))) {
        return None;
    }
    properties.use_fallbacks();
    let width = match said.or_else(|| properties.get::<IndentSize>().ok())? {
        IndentSize::Value(width) => width,
        IndentSize::UseTabWidth => match properties.get::<TabWidth>().ok()? {
            TabWidth::Value(width) => width,
        },
    };
    u8::try_from(width).ok().filter(|width| (1..=8).contains(width))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::memory::MemoryFiles;

    fn check(text: &str, indent_width: Option<u8>, line_ending: Option<LineEnding>) {
        let files = MemoryFiles::default();
        files.write("/a/.editorconfig", format!("root = true\n{text}"));
        files.write("/.editorconfig", "[*]\nindent_size = 7\nend_of_line = lf\n");
        let found = layout(&files, Path::new("/a/b/x.air"));
        assert_eq!(found, Layout { indent_width, line_ending }, "{text}");
    }

    #[test]
    fn sizes() {
        check("[*]\nindent_size = 2", Some(2), None);
        check("[*]\nindent_size = 2\n[*.air]\nindent_size = unset", None, None);
        check("[*]\nindent_size = tab\ntab_width = 3", Some(3), None);
        check("[*]\nindent_style = tab\ntab_width = 3", None, None);
        check("[*]\nindent_style = tab\nindent_size = 4", Some(4), None);
        check("[*]\nindent_size = 16", None, None);
        check("[*.aqua]\nindent_size = 2", None, None);
    }

    #[test]
    fn files_above_count_where_those_below_are_silent() {
        let files = MemoryFiles::default();
        files.write("/.editorconfig", "[*]\nindent_size = 7\n[a/*.air]\nend_of_line = crlf\n");
        files.write("/a/.editorconfig", "[*.air]\nindent_size = 2\n");
        let both = Layout { indent_width: Some(2), line_ending: Some(LineEnding::Crlf) };
        assert_eq!(layout(&files, Path::new("/a/x.air")), both);
        files.write("/a/.editorconfig/x", "a folder of that name says nothing, and nothing else then");
        files.remove(Path::new("/a/.editorconfig"));
        assert_eq!(layout(&files, Path::new("/a/x.air")), Layout::default());
    }

    #[test]
    fn ends_of_lines() {
        check("[*]\nend_of_line = crlf", None, Some(LineEnding::Crlf));
        check("[*.air]\nend_of_line = lf", None, Some(LineEnding::Lf));
        check("[*]\nend_of_line = cr", None, None);
    }
}
