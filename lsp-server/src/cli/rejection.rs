//! Why AquaVM rejects a script, for commands that need an accepted one.

use air_analysis::Analysis;
use air_analysis::diagnostic::{Diagnostic, Origin};

use super::output::{Output, visible};
use super::report::Full;

/// Shows the errors of a rejected script on standard error.
pub fn show(name: &str, analysis: &Analysis, output: &mut Output) {
    let full = Full::new(output.err_colour(), 0);
    let rejecting = |found: &&Diagnostic| found.code.origin() != Origin::Lint;
    let mut none = true;
    for diagnostic in analysis.diagnostics().iter().filter(rejecting) {
        none = false;
        output.err_line(full.render(name, analysis, diagnostic).trim_end_matches('\n'));
        output.err_line("");
    }
    if none {
        // A directive hides the findings, but AquaVM does not read directives.
        for error in analysis.reference_errors() {
            output.error(format_args!("{name}: {}", visible(&error.message)));
        }
    }
}
