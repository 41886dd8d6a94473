//! Where lints report.

use std::borrow::Cow;

use air_syntax::TextRange;

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Fix, Related, Severity, TextEdit};

/// The most places shown beside a finding.
const MAX_RELATED: usize = 20;

/// Where lints report.
pub(crate) struct Report<'f> {
    found: &'f mut Vec<Diagnostic>,
    severity: fn(Code) -> Severity,
}

impl<'f> Report<'f> {
    pub(super) fn new(found: &'f mut Vec<Diagnostic>, severity: fn(Code) -> Severity) -> Report<'f> {
        Report { found, severity }
    }

    /// Reports a finding. The message is one sentence and begins with the thing: it is read alone, in a list.
    pub(crate) fn add(&mut self, code: Code, range: TextRange, message: impl Into<String>) -> Draft<'_> {
        let at = self.found.len();
        self.found.push(Diagnostic {
            code,
            severity: (self.severity)(code),
            message: message.into(),
            range,
            related: Vec::new(),
            reference: None,
            fixes: Vec::new(),
        });
        Draft { diagnostic: self.found.get_mut(at) }
    }
}

/// A finding that was just reported, to which places and fixes can be added.
pub(crate) struct Draft<'r> {
    diagnostic: Option<&'r mut Diagnostic>,
}

impl Draft<'_> {
    /// Another place that explains it; of thousands of places only the first are kept.
    pub(crate) fn related(self, range: TextRange, message: impl Into<Cow<'static, str>>) -> Self {
        self.also(|diagnostic| {
            if diagnostic.related.len() >= MAX_RELATED {
                return;
            }
            // Nearly always the only one.
            diagnostic.related.reserve_exact(1);
            diagnostic.related.push(Related { range, message: message.into() });
        })
    }

    /// A fix that keeps the meaning; none where there are no edits.
    pub(crate) fn safe(self, title: impl Into<Cow<'static, str>>, edits: Option<Vec<TextEdit>>) -> Self {
        self.fix(title.into(), true, edits)
    }

    /// A fix that changes the meaning: the author decides. None where there are no edits.
    pub(crate) fn offer(self, title: impl Into<Cow<'static, str>>, edits: Option<Vec<TextEdit>>) -> Self {
        self.fix(title.into(), false, edits)
    }

    fn fix(self, title: Cow<'static, str>, safe: bool, edits: Option<Vec<TextEdit>>) -> Self {
        let Some(mut edits) = edits.filter(|edits| !edits.is_empty()) else { return self };
        edits.retain(|edit| !(edit.range.is_empty() && edit.new_text.is_empty()));
        self.also(|diagnostic| {
            diagnostic.fixes.reserve_exact(1);
            diagnostic.fixes.push(Fix { title, safe, edits });
        })
    }

    fn also(mut self, change: impl FnOnce(&mut Diagnostic)) -> Self {
        if let Some(diagnostic) = &mut self.diagnostic {
            change(diagnostic);
        }
        self
    }
}
