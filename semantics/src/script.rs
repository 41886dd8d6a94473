//! All that is known of one version of a script.
//!
//! Parts are computed when first asked for and kept; a script is shared as an `Arc`, also between
//! threads. It never changes: an edited text gets a new one.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use air_syntax::{Edit, LineIndex, Parse, parse, reparse};

use crate::control_flow::ControlFlow;
use crate::directives::{Directive, DirectiveKind, directives};
use crate::finding::{Finding, Reference};
use crate::hir::{self, Hir, Moved, Patched, lower};
use crate::reference;
use crate::resolve::{Resolution, resolve};
use crate::validate::{Given, validate};

/// One version of a script and what is known of it.
#[derive(Debug)]
pub struct Script {
    /// The text; all ranges are bytes of it.
    pub text: Arc<str>,
    hir: OnceLock<Hir>,
    directives: OnceLock<Vec<Directive>>,
    given: OnceLock<Given>,
    findings: OnceLock<Vec<Finding>>,
    reference_errors: OnceLock<Vec<Reference>>,
    resolution: OnceLock<Resolution>,
    control_flow: OnceLock<ControlFlow>,
    line_index: OnceLock<LineIndex>,
    /// Its tree and syntax errors. The last field: to free large blocks after thousands of small ones makes the
    /// allocator put those together first.
    pub parse: Tree,
}

/// The tree and syntax errors of a script, which [`Script::to_run`] leaves for later.
#[derive(Debug)]
pub struct Tree {
    text: Arc<str>,
    /// Empty only where there are no errors.
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

impl Script {
    /// Parses; everything else waits.
    ///
    /// ```
    /// use air_semantics::Script;
    ///
    /// let script = Script::new("(seq (ap 1 x) (fold $s i (next i)))");
    /// assert!(script.parse.ok());
    /// assert_eq!(script.findings()[0].message, "variable `$s` is not defined");
    /// ```
    pub fn new(text: impl Into<Arc<str>>) -> Script {
        let text = text.into();
        let parse = parse(&text);
        Script::of(text, parse)
    }

    /// Parses a text that came out of another by an edit; often only what was edited.
    pub fn after(before: &Script, text: impl Into<Arc<str>>) -> Script {
        let text = text.into();
        let Some(edit) = Edit::between(&before.text, &text) else { return Script::new(text) };
        let arena = before.hir.get();
        let patched = arena.filter(|_| before.parse.ok()).and_then(|arena| hir::patch(arena, &text, edit));
        let parse = reparse(&before.parse, &text, edit);
        if let Some(Patched { hir, moved }) = patched {
            let script = Script::with(text, OnceLock::from(hir), OnceLock::from(parse));
            return match moved {
                Some(moved) => script.with_moved(before, &moved),
                None => script,
            };
        }
        let kept = arena.filter(|_| parse.settled_ranges().next().is_some());
        let hir = kept.map(|arena| hir::lower_after(arena, &parse, Arc::clone(&text), edit));
        Script::with(text, hir.map_or_else(OnceLock::new, OnceLock::from), OnceLock::from(parse))
    }

    /// Takes over what was known of the script before an edit that only moves names and instructions.
    fn with_moved(self, before: &Script, edit: &Moved) -> Script {
        let moved = before.resolution.get().and_then(|resolution| resolution.moved(self.hir(), edit));
        let resolution = moved.map_or_else(OnceLock::new, OnceLock::from);
        let control_flow = before.control_flow.get().map(|control_flow| control_flow.moved(edit));
        let control_flow = control_flow.map_or_else(OnceLock::new, OnceLock::from);
        // An edit may be of a comment within the instruction.
        let accepted = before.findings.get().is_some_and(Vec::is_empty) && before.given() == self.given();
        let findings = if accepted { OnceLock::from(Vec::new()) } else { OnceLock::new() };
        Script { resolution, control_flow, findings, ..self }
    }

    /// For those who run the script or ask for the verdict, and hardly for the tree: if the syntax is right, that
    /// waits too, and the HIR is read from the text.
    pub fn to_run(text: impl Into<Arc<str>>) -> Script {
        let text = text.into();
        match hir::read(&text) {
            Some(hir) => Script::with(text, OnceLock::from(hir), OnceLock::new()),
            None => Script::new(text),
        }
    }

    /// As AquaVM reads it: comments mean nothing, so no `; air: given` defines a variable.
    pub fn without_directives(text: impl Into<Arc<str>>) -> Script {
        Script { directives: OnceLock::from(Vec::new()), ..Script::to_run(text) }
    }

    /// The same for a text that is parsed already.
    pub fn of(text: Arc<str>, parse: Parse) -> Script {
        Script::with(text, OnceLock::new(), OnceLock::from(parse))
    }

    fn with(text: Arc<str>, hir: OnceLock<Hir>, parse: OnceLock<Parse>) -> Script {
        Script {
            parse: Tree { text: Arc::clone(&text), parse },
            text,
            hir,
            directives: OnceLock::new(),
            given: OnceLock::new(),
            findings: OnceLock::new(),
            reference_errors: OnceLock::new(),
            resolution: OnceLock::new(),
            control_flow: OnceLock::new(),
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

    /// The names that `; air: given` says the host supplies.
    pub fn given(&self) -> &Given {
        self.given.get_or_init(|| {
            let mut given = Given::default();
            for directive in self.directives() {
                if let DirectiveKind::Given(names) = &directive.kind {
                    given.extend(names.iter().map(|name| self.hir().text_at(*name).into()));
                }
            }
            given
        })
    }

    /// What AquaVM's validator refuses. In a text with syntax errors it sees what recovery could save.
    pub fn findings(&self) -> &[Finding] {
        self.findings.get_or_init(|| validate(self.hir(), self.given()))
    }

    /// Whether AquaVM accepts the script once the host supplies the variables that `; air: given` names.
    pub fn accepted(&self) -> bool {
        self.parse.ok() && self.findings().is_empty()
    }

    /// AquaVM's own error list, in its order (which is random for validator errors of one rule, and
    /// text order here). Variables that `; air: given` names count as defined.
    pub fn reference_errors(&self) -> &[Reference] {
        self.reference_errors.get_or_init(|| {
            if self.parse.ok() {
                self.findings().iter().map(|finding| finding.reference(self.hir())).collect()
            } else {
                let settled = self.parse.settled_ranges();
                reference::errors_around(&self.text, self.given(), settled, Some(self.hir()))
            }
        })
    }

    /// Which occurrences of a name mean the same variable.
    pub fn resolution(&self) -> &Resolution {
        self.resolution.get_or_init(|| resolve(self.hir()))
    }

    /// What can come of each instruction.
    pub fn control_flow(&self) -> &ControlFlow {
        self.control_flow.get_or_init(|| ControlFlow::new(self.hir(), self.resolution()))
    }

    /// Lines and columns of the text.
    pub fn line_index(&self) -> &LineIndex {
        self.line_index.get_or_init(|| LineIndex::new(&self.text))
    }
}

#[cfg(test)]
mod tests {
    use super::Script;

    #[test]
    fn can_be_shared_between_threads() {
        fn shared<T: Send + Sync + 'static>() {}
        shared::<Script>();
    }

    #[test]
    fn for_aquavm_comments_mean_nothing() {
        assert!(!Script::without_directives("; air: given y\n(ap y x)").accepted());
        assert!(Script::without_directives("; air: given y\n(ap 1 x)").accepted());
    }

    #[test]
    fn the_verdict_does_not_need_the_tree() {
        for (text, accepted) in [("(ap 1 x)", true), ("(ap y x)", false), ("; air: given y\n(ap y x)", true)]
        {
            let (read, parsed) = (Script::to_run(text), Script::new(text));
            assert_eq!((read.accepted(), parsed.accepted()), (accepted, accepted), "{text}");
            assert_eq!(read.reference_errors(), parsed.reference_errors(), "{text}");
        }
        assert!(!Script::to_run("(ap 1 x").accepted());
    }
}
