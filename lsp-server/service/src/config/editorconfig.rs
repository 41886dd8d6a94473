//! What `.editorconfig` says about the layout of a script.

use std::path::Path;

use ec4rs::property::{EndOfLine, IndentSize, IndentStyle, TabWidth};

use super::LineEnding;

/// Larger files are not read.
const LIMIT: u64 = 1 << 20;

/// The part of `.editorconfig` that concerns scripts.
///
/// Tabs are never used, so `indent_style = tab` gives no width; lines are never wrapped, so
/// `max_line_length` has nothing to say; `end_of_line = cr` is not supported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Layout {
    /// Blanks a level, 1 to 8.
    pub indent_width: Option<u8>,
    /// What ends a line.
    pub line_ending: Option<LineEnding>,
}

/// What is said for that script.
pub fn layout(script: &Path) -> Layout {
    let absolute = std::path::absolute(script).unwrap_or_else(|_| script.to_owned());
    if absolute.ancestors().skip(1).any(|folder| cannot_be_read(&folder.join(".editorconfig"))) {
        return Layout::default();
    }
    let Ok(mut properties) = ec4rs::properties_of(script) else { return Layout::default() };
    properties.use_fallbacks();
    let line_ending = match properties.get::<EndOfLine>() {
        Ok(EndOfLine::Lf) => Some(LineEnding::Lf),
        Ok(EndOfLine::CrLf) => Some(LineEnding::Crlf),
        _ => None,
    };
    Layout { indent_width: indent_width(&properties), line_ending }
}

/// To open a pipe is to wait for who writes to it; a device may have no end, and so may what is not ours.
fn cannot_be_read(file: &Path) -> bool {
    file.metadata().is_ok_and(|found| !found.is_file() || found.len() > LIMIT)
}

fn indent_width(properties: &ec4rs::Properties) -> Option<u8> {
    if matches!(properties.get::<IndentStyle>(), Ok(IndentStyle::Tabs)) {
        return None;
    }
    let width = match properties.get::<IndentSize>().ok()? {
        IndentSize::Value(width) => width,
        IndentSize::UseTabWidth => match properties.get::<TabWidth>().ok()? {
            TabWidth::Value(width) => width,
        },
    };
    u8::try_from(width).ok().filter(|width| (1..=8).contains(width))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn check(text: &str, indent_width: Option<u8>, line_ending: Option<LineEnding>) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(".editorconfig"), format!("root = true\n{text}")).unwrap();
        assert_eq!(layout(&folder.path().join("x.air")), Layout { indent_width, line_ending }, "{text}");
    }

    #[test]
    fn sizes() {
        check("[*]\nindent_size = 2", Some(2), None);
        check("[*]\nindent_size = 2\n[*.air]\nindent_size = unset", None, None);
        check("[*]\nindent_size = tab\ntab_width = 3", Some(3), None);
        check("[*]\nindent_style = tab\ntab_width = 3", None, None);
        check("[*]\nindent_size = 16", None, None);
        check("[*.aqua]\nindent_size = 2", None, None);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_says_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(".editorconfig");
        assert!(std::process::Command::new("mkfifo").arg(&file).status().unwrap().success());
        assert_eq!(layout(&folder.path().join("x.air")), Layout::default());
    }

    #[test]
    fn ends_of_lines() {
        check("[*]\nend_of_line = crlf", None, Some(LineEnding::Crlf));
        check("[*.air]\nend_of_line = lf", None, Some(LineEnding::Lf));
        check("[*]\nend_of_line = cr", None, None);
    }
}
