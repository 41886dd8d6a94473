//! `air check --fix` and its sisters: applies fixes until there are none.

use air_analysis::Analysis;
use air_analysis::fix_all::{Extent, fix_all};

use crate::cli::report::checked::AppliedFix;
use crate::config::Levels;
use air_simulation::report::Span;

/// A script after its fixes.
pub(super) struct FixedScript {
    /// Its analysis.
    pub(super) analysis: Analysis,
    /// What was done; empty if the text is the old one.
    pub(super) fixed: Vec<AppliedFix>,
}

/// Fixes a script. Findings that the configuration allows are left alone.
pub(super) fn apply(analysis: Analysis, extent: Extent, levels: &Levels) -> FixedScript {
    let mut fixed = Vec::new();
    let fixes = fix_all(
        &analysis,
        extent,
        |diagnostics| levels.apply(diagnostics),
        |analysis, diagnostic, fix| {
            let span = Span::new(analysis.line_index(), diagnostic.range);
            fixed.push(AppliedFix {
                code: diagnostic.code.as_str().to_owned(),
                name: diagnostic.code.name().to_owned(),
                title: fix.title.to_string(),
                line: span.line,
                column: span.column,
            });
        },
    );
    FixedScript { analysis: fixes.after.unwrap_or(analysis), fixed }
}
