//! What describes a refactoring, and what it offers at a place.

use air_analysis::Analysis;
use air_analysis::format::FormatOptions;
use air_syntax::TextRange;

use super::change::Change;
use super::context::Context;
use super::draft::Draft;
use super::verdict;

/// A refactoring: what describes it, and what it drafts.
#[derive(Debug)]
pub struct Refactoring {
    /// Stable, kebab-case: part of the protocol.
    pub name: &'static str,
    /// What kind of change it is.
    pub kind: Kind,
    /// Whether the script does what it did. Where it does not, each title says what changes.
    pub behaviour: Behaviour,
    /// What it does and where it is offered, in Markdown.
    pub what: &'static str,
    /// A script with `$0` where it is asked for; the page shows what comes out.
    pub example: &'static str,
    /// What it could do at a place.
    pub(super) offer: fn(&Context<'_>) -> Vec<Draft>,
}

/// Whether a script does what it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behaviour {
    /// The script does what it did.
    Same,
    /// Not always: the title has what changes after its colon, and no colon where nothing does.
    ChangeInTitle,
}

/// What kind of change it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Something gets a name of its own.
    Extract,
    /// A name is removed.
    Inline,
    /// Neither of these.
    Rewrite,
}

/// Something that can be done at a place.
#[derive(Debug, Clone)]
pub struct Offer {
    /// The refactoring that makes it.
    pub refactoring: &'static Refactoring,
    /// An imperative, with what changes after a colon.
    pub title: String,
    draft: Draft,
}

impl Refactoring {
    /// What this one can do at a place.
    pub fn offers(&'static self, analysis: &Analysis, range: TextRange) -> Vec<Offer> {
        let Some(context) = Context::new(analysis, range) else { return Vec::new() };
        let good = (self.offer)(&context).into_iter().filter(|draft| verdict::as_good(analysis, draft));
        good.map(|draft| Offer { refactoring: self, title: draft.title.clone(), draft }).collect()
    }
}

impl Offer {
    /// The edits, laid out.
    pub fn change(&self, analysis: &Analysis, options: &FormatOptions) -> Change {
        self.draft.change(analysis, options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(context: &Context<'_>, text: &str) -> Draft {
        Draft::word(format!("Read `{text}`"), context.instr.keyword, text)
    }

    static REFACTORING: Refactoring = Refactoring {
        name: "null-or-nonsense",
        kind: Kind::Rewrite,
        behaviour: Behaviour::ChangeInTitle,
        what: "",
        example: "(nev$0er)",
        offer: |context| vec![word(context, "null"), word(context, "nonsense")],
    };

    #[test]
    fn only_what_leaves_the_script_as_good() {
        let analysis = Analysis::new("(never)");
        let offers = REFACTORING.offers(&analysis, TextRange::empty(4.into()));
        let titles: Vec<&str> = offers.iter().map(|offer| offer.title.as_str()).collect();
        assert_eq!(titles, ["Read `null`"]);
        let change = offers.first().unwrap().change(&analysis, &FormatOptions::default());
        assert_eq!(air_semantics::text_edit::apply(&analysis.text, &change.edits), "(null)");
    }
}
