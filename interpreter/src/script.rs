//! A script as an invocation takes it: ready to run, or the report of why not.

use air_semantics::Script;
use air_semantics::finding::Reference;
use codespan_reporting::diagnostic::{Diagnostic, Label};
use codespan_reporting::files::SimpleFile;
use codespan_reporting::term;

use crate::program::Program;

/// A script, checked and made ready once, for any number of invocations.
#[derive(Debug, Clone)]
pub struct ParsedScript {
    size: usize,
    program: Result<Program, String>,
}

impl ParsedScript {
    /// Checks a script as AquaVM does.
    pub fn new(text: &str) -> Self {
        ParsedScript::of(&Script::to_run(text))
    }

    /// The same for a script that is analysed already.
    pub fn of(analysis: &Script) -> Self {
        let program = if analysis.accepted() {
            Program::new(analysis.hir()).map_err(|error| error.to_string())
        } else {
            Err(report(&analysis.text, analysis.reference_errors()))
        };
        ParsedScript { size: analysis.text.len(), program }
    }

    /// Bytes of the text.
    pub fn size(&self) -> usize {
        self.size
    }

    /// What invocations run.
    ///
    /// # Errors
    /// With the report of what is wrong, as AquaVM words it.
    pub fn program(&self) -> Result<&Program, &str> {
        self.program.as_ref().map_err(String::as_str)
    }
}

/// Most errors that the report draws. The renderer's time grows with the third power of the labels on a line: at 1,600
/// AquaVM itself takes half a minute.
const MAX_LABELS: usize = 400;

/// The report of AquaVM, by the renderer that it uses. After [`MAX_LABELS`] errors it only counts them, other than
/// AquaVM.
fn report(text: &str, errors: &[Reference]) -> String {
    let labels = errors.iter().take(MAX_LABELS).map(|error| {
        Label::primary((), error.start as usize..error.end as usize).with_message(&error.message)
    });
    let mut diagnostic = Diagnostic::error().with_labels(labels.collect());
    if let Some(more @ 1..) = errors.len().checked_sub(MAX_LABELS) {
        diagnostic.notes.push(format!("{more} more errors"));
    }
    let mut out = term::termcolor::NoColor::new(Vec::new());
    // Writing into memory does not fail; what a broken span leaves out is only text.
    let _ = term::emit(&mut out, &term::Config::default(), &SimpleFile::new("script.air", text), &diagnostic);
    String::from_utf8_lossy(&out.into_inner()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_errors_on_one_line_are_counted() {
        let nested = |depth: usize| format!("{}(null){}", "(fold l i ".repeat(depth), ")".repeat(depth));
        let report = |depth: usize| ParsedScript::new(&nested(depth)).program().unwrap_err().to_owned();
        assert!(!report(40).contains("more errors"));
        let long = report(450);
        assert!(long.trim_end().ends_with(" more errors"), "{} bytes", long.len());
    }
}
