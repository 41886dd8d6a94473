//! What describes a structural command, and what it does at a place.

use air_analysis::Analysis;
use air_analysis::format::FormatOptions;
use air_syntax::{TextRange, TextSize};

use super::forms::Forms;
use crate::refactor::{Change, Draft, verdict};

/// A structural command: what describes it, and what it does.
#[derive(Debug)]
pub struct Command {
    /// Stable; the server's command is `air.` and this.
    pub name: &'static str,
    /// An imperative that says what changes.
    pub title: &'static str,
    /// What it does, in Markdown.
    pub what: &'static str,
    /// A script with `$0` for the cursor; the page shows what comes out.
    pub example: &'static str,
    /// What it does with the cursor there.
    pub(super) run: fn(&Forms<'_>, TextSize) -> Option<Effect>,
}

/// What a command does.
#[derive(Debug)]
pub(super) enum Effect {
    /// Other text, and the cursor in it.
    Edit(Draft),
    /// The cursor goes there.
    Go(TextSize),
}

impl Command {
    /// Its edits and where the cursor goes; `None` if there is nothing to do.
    pub fn run(&self, analysis: &Analysis, offset: TextSize, options: &FormatOptions) -> Option<Change> {
        match (self.run)(&Forms::new(&analysis.text), offset)? {
            Effect::Edit(draft) => Some(draft.change(analysis, options)),
            Effect::Go(caret) => Some(Change { edits: Vec::new(), caret }),
        }
    }

    /// Whether it edits anything there, and leaves the script as good as it was.
    pub fn is_offered(&'static self, analysis: &Analysis, offset: TextSize) -> bool {
        self.fits(analysis, &Forms::new(&analysis.text), offset).is_some()
    }

    pub(super) fn fits(
        &'static self,
        analysis: &Analysis,
        forms: &Forms<'_>,
        offset: TextSize,
    ) -> Option<CommandOffer> {
        let Some(Effect::Edit(draft)) = (self.run)(forms, offset) else { return None };
        let fits = verdict::changes(analysis, &draft) && verdict::as_good(analysis, &draft);
        fits.then_some(CommandOffer { command: self, draft })
    }
}

/// A command that edits something at a place and leaves the script as good as it was.
#[derive(Debug)]
pub struct CommandOffer {
    /// The command that edits.
    pub command: &'static Command,
    draft: Draft,
}

impl CommandOffer {
    /// Its edits and where the cursor goes.
    pub fn change(&self, analysis: &Analysis, options: &FormatOptions) -> Change {
        self.draft.change(analysis, options)
    }
}

/// A stretch with another text, of which nothing is laid out.
pub(super) fn raw(title: &str, region: TextRange, text: String, caret: usize) -> Effect {
    let mut draft = Draft::form(title, region, text, caret);
    draft.form = None;
    Effect::Edit(draft)
}

#[cfg(test)]
mod tests {
    use super::*;

    static TO_THE_END: Command = Command {
        name: "",
        title: "",
        what: "",
        example: "$0",
        run: |forms, _| Some(Effect::Go(TextSize::of(forms.text))),
    };
    static NONSENSE: Command = Command {
        name: "",
        title: "",
        what: "",
        example: "$0",
        run: |_, at| Some(raw("", TextRange::empty(at), "x".to_owned(), 1)),
    };

    #[test]
    fn only_edits_that_keep_the_script_as_good_are_offered() {
        let analysis = Analysis::new("(null)");
        let go = TO_THE_END.run(&analysis, 0.into(), &FormatOptions::default()).unwrap();
        assert_eq!((go.edits.len(), u32::from(go.caret)), (0, 6));
        assert!(!TO_THE_END.is_offered(&analysis, 0.into()));
        let edit = NONSENSE.run(&analysis, 5.into(), &FormatOptions::default()).unwrap();
        assert_eq!(air_semantics::text_edit::apply(&analysis.text, &edit.edits), "(nullx)");
        assert!(!NONSENSE.is_offered(&analysis, 5.into()));
    }
}
