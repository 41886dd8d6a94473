//! `air check --fix`: applies the fixes that keep the meaning, until there are none.

use air_semantics::Analysis;
use air_semantics::fix_all::fix_all;

use crate::cli::report::checked::Fixed;
use crate::cli::report::span::Span;
use crate::config::Levels;

/// A script after mending.
pub struct Mended {
    /// Its analysis.
    pub analysis: Analysis,
    /// What was done; empty if the text is the old one.
    pub fixed: Vec<Fixed>,
}

/// Mends a script. What configuration allows is left alone.
pub fn mend(analysis: Analysis, levels: &Levels) -> Mended {
    let mut fixed = Vec::new();
    let mended = fix_all(
        &analysis,
        |diagnostics| levels.apply(diagnostics),
        |analysis, diagnostic, fix| {
            let span = Span::new(analysis.line_index(), diagnostic.range);
            fixed.push(Fixed {
                code: diagnostic.code.as_str().to_owned(),
                name: diagnostic.code.name().to_owned(),
                title: fix.title.to_string(),
                line: span.line,
                column: span.column,
            });
        },
    );
    Mended { analysis: mended.after.unwrap_or(analysis), fixed }
}
