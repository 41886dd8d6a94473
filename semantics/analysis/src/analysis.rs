//! A script with all that is found in it.

use std::ops::Deref;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use air_semantics::Script;
use air_semantics::hir::InstrId;

use crate::check::check;
use crate::diagnostic::Diagnostic;
use crate::idioms::{Idiom, recognise, recognise_at};

/// One version of a script with its findings, which are computed when first asked for and kept. What is known of the
/// script is reached through it.
///
/// ```
/// use air_analysis::Analysis;
///
/// let analysis = Analysis::new("; air: given relay\n(call relay (\"op\" \"noop\") [])");
/// assert!(analysis.accepted() && analysis.diagnostics().is_empty());
/// assert_eq!(analysis.idioms()[0].label, "hop relay (by service)");
///
/// // The next version, after an edit.
/// let next = Analysis::after(&analysis, "; air: given relay\n(call relay (\"op\" \"noop\"))");
/// assert_eq!(next.diagnostics()[0].code.name(), "missing-operand");
/// ```
#[derive(Debug)]
pub struct Analysis {
    diagnostics: OnceLock<Vec<Diagnostic>>,
    /// Held while the script is checked.
    checking: Mutex<()>,
    idioms: OnceLock<Vec<Idiom>>,
    /// The script; last, as in [`Script`] the tree.
    pub script: Script,
}

impl Deref for Analysis {
    type Target = Script;

    fn deref(&self) -> &Script {
        &self.script
    }
}

impl From<Script> for Analysis {
    fn from(script: Script) -> Analysis {
        Analysis { diagnostics: OnceLock::new(), checking: Mutex::new(()), idioms: OnceLock::new(), script }
    }
}

impl Analysis {
    /// Parses; everything else waits.
    pub fn new(text: impl Into<Arc<str>>) -> Analysis {
        Script::new(text).into()
    }

    /// Parses a text that came out of another by an edit; often only what was edited.
    pub fn after(before: &Script, text: impl Into<Arc<str>>) -> Analysis {
        Script::after(before, text).into()
    }

    /// All findings, by position. Directives are applied, configuration is not known here.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        loop {
            // Nothing stops it, so the first round returns.
            if let Some(diagnostics) = self.diagnostics_unless(&|| false) {
                return diagnostics;
            }
        }
    }

    /// The same; `None` if `stop` says so, which is asked between the parts of the work. A later call starts again.
    pub fn diagnostics_unless(&self, stop: &dyn Fn() -> bool) -> Option<&[Diagnostic]> {
        if let Some(diagnostics) = self.diagnostics.get() {
            return Some(diagnostics);
        }
        // Other callers wait meanwhile, and go on with it if the first one gives up.
        let _held = self.checking.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(diagnostics) = self.diagnostics.get() {
            return Some(diagnostics);
        }
        let diagnostics = check(&self.script, stop)?;
        Some(self.diagnostics.get_or_init(|| diagnostics))
    }

    /// What the Aqua compiler meant, with its default names of host services.
    pub fn idioms(&self) -> &[Idiom] {
        self.idioms.get_or_init(|| recognise(self.hir()))
    }

    /// The one of them with that root; cheaper than all.
    pub fn idiom_at(&self, root: InstrId) -> Option<Idiom> {
        match self.idioms.get() {
            Some(idioms) => idioms.iter().find(|idiom| idiom.root == root).cloned(),
            None => recognise_at(self.hir(), root),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::Analysis;

    #[test]
    fn can_be_shared_between_threads() {
        fn shared<T: Send + Sync + 'static>() {}
        shared::<Analysis>();
    }

    /// Wherever the check is given up, it says nothing, and the next one says all.
    #[test]
    fn given_up_and_done_again() {
        let accepted = format!("(seq (ap 1 x) {}(null){})", "(seq (ap x y) ".repeat(5000), ")".repeat(5000));
        for text in [accepted.as_str(), "(seq (ap x y) (nul))", "(seq (ap x y) (null))"] {
            let whole = Analysis::new(text).diagnostics().to_vec();
            let mut looks = 0_usize;
            loop {
                let (script, left) = (Analysis::new(text), Cell::new(looks));
                let stop = || left.replace(left.get().saturating_sub(1)) == 0;
                let found = script.diagnostics_unless(&stop).map(<[_]>::to_vec);
                assert_eq!(script.diagnostics(), whole);
                if let Some(found) = found {
                    assert_eq!(found, whole);
                    break;
                }
                looks += 1;
            }
            assert!(looks >= 3, "{looks} looks");
        }
    }
}
