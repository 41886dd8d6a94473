//! All that is known of one version of a script.
//!
//! Parts are computed when first asked for and kept; an analysis is shared as an `Arc`, also between
//! threads. It never changes: an edited text gets a new one.

use std::ops::Deref;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use air_syntax::{Edit, LineIndex, Parse, parse, reparse};

use crate::check::{self, Checked};
use crate::diagnostic::{Diagnostic, Reference};
use crate::directives::{Directive, directives};
use crate::facts::Facts;
use crate::hir::{self, Hir, lower};
use crate::idioms::{Idiom, recognise};
use crate::resolve::{Resolution, resolve};

/// One version of a script and what is known of it.
#[derive(Debug)]
pub struct Analysis {
    /// The text; all ranges are bytes of it.
    pub text: Arc<str>,
    hir: OnceLock<Hir>,
    directives: OnceLock<Vec<Directive>>,
    checked: OnceLock<Checked>,
    /// Held by the one who checks.
    checking: Mutex<()>,
    accepted: OnceLock<bool>,
    reference: OnceLock<Vec<Reference>>,
    resolution: OnceLock<Resolution>,
    facts: OnceLock<Facts>,
    idioms: OnceLock<Vec<Idiom>>,
    line_index: OnceLock<LineIndex>,
    /// Its tree and syntax errors. The last field: to free large blocks after thousands of small ones makes the
    /// allocator put those together first.
    pub parse: Tree,
}

/// The tree and syntax errors of an analysis, which [`Analysis::to_run`] leaves for later.
#[derive(Debug)]
pub struct Tree {
    text: Arc<str>,
    /// Not there only where no errors are.
    parse: OnceLock<Parse>,
}

impl Tree {
    /// See [`Parse::ok`]; known without the tree.
    pub fn ok(&self) -> bool {
        self.parse.get().is_none_or(Parse::ok)
    }
}

impl Deref for Tree {
    type Target = Parse;

    fn deref(&self) -> &Parse {
        self.parse.get_or_init(|| parse(&self.text))
    }
}

impl Analysis {
    /// Parses; everything else waits.
    pub fn new(text: impl Into<Arc<str>>) -> Analysis {
        let text = text.into();
        let parse = parse(&text);
        Analysis::of(text, parse)
    }

    /// Parses a text that came out of another by an edit; often only what was edited.
    pub fn after(before: &Analysis, text: impl Into<Arc<str>>) -> Analysis {
        let text = text.into();
        let parse = match Edit::between(&before.text, &text) {
            Some(edit) => reparse(&before.parse, &text, edit),
            None => parse(&text),
        };
        Analysis::of(text, parse)
    }

    /// For those who run the script or ask for the verdict, and hardly for the tree: if the syntax is right, that
    /// waits too, and the HIR is read from the text.
    pub fn to_run(text: impl Into<Arc<str>>) -> Analysis {
        let text = text.into();
        match hir::read(&text) {
            Some(hir) => Analysis::with(text, OnceLock::from(hir), OnceLock::new()),
            None => Analysis::new(text),
        }
    }

    /// The same for a text that is parsed already.
    pub fn of(text: Arc<str>, parse: Parse) -> Analysis {
        Analysis::with(text, OnceLock::new(), OnceLock::from(parse))
    }

    fn with(text: Arc<str>, hir: OnceLock<Hir>, parse: OnceLock<Parse>) -> Analysis {
        Analysis {
            parse: Tree { text: Arc::clone(&text), parse },
            text,
            hir,
            directives: OnceLock::new(),
            checked: OnceLock::new(),
            checking: Mutex::new(()),
            accepted: OnceLock::new(),
            reference: OnceLock::new(),
            resolution: OnceLock::new(),
            facts: OnceLock::new(),
            idioms: OnceLock::new(),
            line_index: OnceLock::new(),
        }
    }

    /// The script as an arena.
    pub fn hir(&self) -> &Hir {
        self.hir.get_or_init(|| lower(&self.parse, self.text.clone()))
    }

    /// The directives in its comments, in order.
    pub fn directives(&self) -> &[Directive] {
        self.directives.get_or_init(|| directives(&self.text))
    }

    /// All findings, by position. Directives are obeyed, configuration is not known here.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.checked().diagnostics
    }

    /// The same; `None` if `stop` says so, which is asked between the parts of the work. Somebody else may ask again.
    pub fn diagnostics_unless(&self, stop: &dyn Fn() -> bool) -> Option<&[Diagnostic]> {
        Some(&self.checked_unless(stop)?.diagnostics)
    }

    /// Whether AquaVM accepts the script once the host supplies the variables that `; air: given`
    /// names. `; air: allow` changes the reports, not the verdict. Without diagnostics that somebody has asked
    /// for already, only the rules are looked at, not the lints.
    pub fn accepted(&self) -> bool {
        match self.checked.get() {
            Some(checked) => checked.accepted,
            None => *self.accepted.get_or_init(|| check::accepted(self)),
        }
    }

    /// AquaVM's own error list, in its order (which is random for validator errors of one rule, and
    /// text order here). Variables that `; air: given` names count as defined.
    pub fn reference_errors(&self) -> &[Reference] {
        self.reference.get_or_init(|| check::reference_errors(self))
    }

    /// Which occurrences of a name mean the same variable.
    pub fn resolution(&self) -> &Resolution {
        self.resolution.get_or_init(|| resolve(self.hir()))
    }

    /// What can come of each instruction.
    pub fn facts(&self) -> &Facts {
        self.facts.get_or_init(|| Facts::new(self.hir(), self.resolution()))
    }

    /// What the Aqua compiler meant, with its default names of host services.
    pub fn idioms(&self) -> &[Idiom] {
        self.idioms.get_or_init(|| recognise(self.hir()))
    }

    /// Lines and columns of the text.
    pub fn line_index(&self) -> &LineIndex {
        self.line_index.get_or_init(|| LineIndex::new(&self.text))
    }

    fn checked(&self) -> &Checked {
        loop {
            // Nothing stops it, so the first one is there.
            if let Some(checked) = self.checked_unless(&|| false) {
                return checked;
            }
        }
    }

    fn checked_unless(&self, stop: &dyn Fn() -> bool) -> Option<&Checked> {
        if let Some(checked) = self.checked.get() {
            return Some(checked);
        }
        // Those who ask meanwhile wait, and go on with it if the first one gives up.
        let _held = self.checking.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(checked) = self.checked.get() {
            return Some(checked);
        }
        let checked = check::check(self, stop)?;
        Some(self.checked.get_or_init(|| checked))
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
