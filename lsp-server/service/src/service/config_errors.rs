//! Mistakes in configuration files, shown in those files: a log is read by few.

use air_syntax::{Encoding, LineCol, LineIndex, TextSize};

use super::Service;
use crate::config::read::{ConfigError, ConfigProblem, MAX_BYTES, parse};
use crate::file_url;
use crate::lsp::{self, Url};

impl Service {
    /// Publishes what is wrong with a file; it stays until the file is mended.
    pub(super) fn show_config_error(&mut self, error: &ConfigError) {
        let path = self.host.files.absolute(&error.path);
        let Some(url) = file_url::url(&path) else { return };
        let text = self.host.files.read(&path, MAX_BYTES).unwrap_or_default();
        let found = error.problems.iter().map(|problem| diagnostic(&text, problem, self.client.encoding));
        self.outbox.publish(lsp::PublishDiagnosticsParams::new(url.clone(), found.collect(), None));
        self.broken_configs.insert(url);
    }

    /// Takes back what is no longer so: the file was mended, or is gone.
    pub(super) fn clear_config_errors(&mut self) {
        let files = &self.host.files;
        let mended = |url: &Url| {
            let path = file_url::path(url)?;
            Some(!files.is_file(&path) || parse(&files.read(&path, MAX_BYTES).ok()?).is_ok())
        };
        let outbox = &self.outbox;
        self.broken_configs.retain(|url| {
            let mended = mended(url).unwrap_or_default();
            if mended {
                outbox.publish(lsp::PublishDiagnosticsParams::new(url.clone(), Vec::new(), None));
            }
            !mended
        });
    }
}

/// From the place of the mistake to the end of its line.
fn diagnostic(text: &str, problem: &ConfigProblem, encoding: Encoding) -> lsp::Diagnostic {
    let line = problem.line.saturating_sub(1);
    let written = text.lines().nth(line).unwrap_or_default().trim_end();
    let column = problem.column.saturating_sub(1);
    let start: usize = written.chars().take(column).map(char::len_utf8).sum();
    let index = LineIndex::new(written);
    let position = |offset: usize| {
        let LineCol { col, .. } = index.line_col(TextSize::new(offset as u32), encoding);
        lsp::Position::new(line as u32, col)
    };
    let end = written.len().max(start);
    lsp::Diagnostic {
        range: lsp::Range::new(position(start), position(end)),
        severity: Some(lsp::DiagnosticSeverity::ERROR),
        source: Some("air".to_owned()),
        message: format!("{}; until then the defaults are used", problem.message),
        ..Default::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_the_clients() {
        let problem = ConfigProblem { message: "wrong".to_owned(), line: 2, column: 3 };
        let range = diagnostic("[a]\n😀 = é \n", &problem, Encoding::Utf16).range;
        assert_eq!(range, lsp::Range::new(lsp::Position::new(1, 3), lsp::Position::new(1, 6)));
        let whole = ConfigProblem { message: "cannot be read".to_owned(), line: 0, column: 0 };
        assert_eq!(diagnostic("", &whole, Encoding::Utf8).range, lsp::Range::default());
    }
}
