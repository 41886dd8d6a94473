//! Structural editing: lists and words change places, and brackets always stay in pairs.
//!
//! What is moved are forms: a list with its brackets, or a word. The cursor's form is the word that it touches (a
//! keyword stands for its list), else the list that begins or ends there; between two forms there is none, and what
//! needs one does nothing. The list around the cursor is the innermost one that it is in, or that begins there.
//!
//! Commands do as told, whatever AquaVM says of the result; [`offers`] has only what leaves the script as good as it
//! was. What was edited is laid out where it stands, if it is sound. A command that moves the cursor only
//! has no edits.
//!
//! A new one is one file, one line in [`ALL`], and its part of `docs/structural-editing.md`, which
//! `UPDATE_EXPECT=1 cargo test -p air-semantics structural` writes.

use std::fmt::Write;

use air_analysis::Analysis;
use air_analysis::format::FormatOptions;
use air_syntax::{TextRange, TextSize};

use crate::refactor::{Change, Draft, verdict};

mod barf;
mod drag;
mod forms;
mod jump;
mod kill;
mod raise;
mod slurp;
mod splice;
#[cfg(test)]
mod testing;

use forms::Forms;

/// All of them, in the order in which they are offered.
pub static ALL: &[&Structural] = &[
    &slurp::FORWARD,
    &slurp::BACKWARD,
    &barf::FORWARD,
    &barf::BACKWARD,
    &raise::RAISE,
    &splice::SPLICE,
    &drag::FORWARD,
    &drag::BACKWARD,
    &kill::KILL,
    &jump::CLOSING,
    &jump::OPENING,
];

/// One command.
#[derive(Debug)]
pub struct Structural {
    /// Stable; the server's command is `air.` and this.
    pub name: &'static str,
    /// An imperative that says what changes.
    pub title: &'static str,
    /// What it does, in Markdown.
    pub what: &'static str,
    /// A script with `$0` for the cursor; the page shows what comes out.
    pub example: &'static str,
    /// What it does with the cursor there.
    run: fn(&Forms<'_>, TextSize) -> Option<Step>,
}

/// What a command does.
#[derive(Debug)]
enum Step {
    /// Other text, and the cursor in it.
    Edit(Draft),
    /// The cursor goes there.
    Go(TextSize),
}

impl Structural {
    /// Its edits and where the cursor goes; `None` if there is nothing to do.
    pub fn run(&self, analysis: &Analysis, offset: TextSize, options: &FormatOptions) -> Option<Change> {
        match (self.run)(&Forms::new(&analysis.text), offset)? {
            Step::Edit(draft) => Some(draft.change(analysis, options)),
            Step::Go(caret) => Some(Change { edits: Vec::new(), caret }),
        }
    }

    /// Whether it edits anything there, and leaves the script as good as it was.
    pub fn is_offered(&'static self, analysis: &Analysis, offset: TextSize) -> bool {
        self.fits(analysis, &Forms::new(&analysis.text), offset).is_some()
    }

    fn fits(&'static self, analysis: &Analysis, forms: &Forms<'_>, offset: TextSize) -> Option<Offer> {
        let Some(Step::Edit(draft)) = (self.run)(forms, offset) else { return None };
        let fits = verdict::changes(analysis, &draft) && verdict::as_good(analysis, &draft);
        fits.then_some(Offer { command: self, draft })
    }
}

/// A command that edits something at a place and leaves the script as good as it was.
#[derive(Debug)]
pub struct Offer {
    /// Which one.
    pub command: &'static Structural,
    draft: Draft,
}

impl Offer {
    /// Its edits and where the cursor goes.
    pub fn change(&self, analysis: &Analysis, options: &FormatOptions) -> Change {
        self.draft.change(analysis, options)
    }
}

/// The command with that name.
pub fn find(name: &str) -> Option<&'static Structural> {
    ALL.iter().copied().find(|structural| structural.name == name)
}

/// Those that edit something there and leave the script as good as it was.
pub fn offers(analysis: &Analysis, offset: TextSize) -> Vec<Offer> {
    let forms = Forms::new(&analysis.text);
    ALL.iter().filter_map(|structural| structural.fits(analysis, &forms, offset)).collect()
}

/// The page about all of them.
pub fn markdown() -> String {
    let mut out = String::from(
        "# Structural editing\n\nCommands that move whole lists and words, so that brackets stay in pairs. Each is a \
         command of the server (`air.` and its name), which answers with the edit and the place where the cursor \
         goes; as code actions they are offered where AquaVM's verdict gets no worse. A form is a list with its \
         brackets or a word; the keyword of an instruction stands for the instruction. The cursor is shown as `▮`.\n\n\
         This page is made from the program (`UPDATE_EXPECT=1 cargo test -p air-semantics structural`).\n",
    );
    for Structural { name, title, what, example, run } in ALL {
        let cursor = example.find("$0").unwrap_or_default();
        let text = example.replacen("$0", "", 1);
        let analysis = Analysis::new(text.as_str());
        let step = run(&Forms::new(&text), TextSize::new(cursor as u32));
        let change = match step {
            Some(Step::Edit(draft)) => draft.change(&analysis, &FormatOptions::default()),
            Some(Step::Go(caret)) => Change { edits: Vec::new(), caret },
            None => continue,
        };
        let mut after = air_semantics::text_edit::apply(&text, &change.edits);
        after.insert(change.caret.into(), '▮');
        let _ = write!(
            out,
            "\n## `air.{name}`\n\n{title}. {what}\n\n```air\n{}\n```\n\n```air\n{after}\n```\n",
            example.replacen("$0", "▮", 1)
        );
    }
    out
}

/// A stretch with another text, of which nothing is laid out.
fn raw(title: &str, region: TextRange, text: String, caret: usize) -> Step {
    let mut draft = Draft::form(title, region, text, caret);
    draft.form = None;
    Step::Edit(draft)
}

#[cfg(test)]
mod tests {
    use expect_test::expect_file;

    use super::*;

    #[test]
    fn documented_and_tested() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let page = markdown();
        expect_file![folder.join("docs/structural-editing.md")].assert_eq(&page);
        for structural in ALL {
            assert!(page.contains(&format!("## `air.{}`", structural.name)), "{}: example", structural.name);
            assert!(!structural.what.is_empty(), "{}", structural.name);
        }
        for file in std::fs::read_dir(folder.join("src/structural")).unwrap() {
            let file = file.unwrap().path();
            let source = std::fs::read_to_string(&file).unwrap();
            if source.contains("Structural = Structural {") {
                assert!(
                    source.contains("#[test]") && source.contains("$0"),
                    "{} has no tests",
                    file.display()
                );
            }
        }
    }

    /// Whatever the text and the place: brackets stay in pairs, edits and cursor lie in the text.
    #[test]
    fn any_place_of_broken_texts() {
        let texts = [
            "",
            ")",
            "(seq (a ; c\n) [b \"x\n(null)",
            "(a) ]) (é[ü] (\"ö\"))",
            "(call p (s f) [a b] $x)\r\n;é",
        ];
        for text in texts {
            let analysis = Analysis::new(text);
            for offset in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
                for structural in ALL {
                    let options = FormatOptions::default();
                    let Some(change) = structural.run(&analysis, TextSize::new(offset as u32), &options)
                    else {
                        continue;
                    };
                    let after = air_semantics::text_edit::apply(text, &change.edits);
                    assert!(
                        after.is_char_boundary(change.caret.into()),
                        "{} at {offset} of {text:?}",
                        structural.name
                    );
                    let surplus = |text: &str| {
                        text.matches(['(', '[']).count() as i32 - text.matches([')', ']']).count() as i32
                    };
                    assert_eq!(surplus(text), surplus(&after), "{} at {offset} of {text:?}", structural.name);
                }
            }
        }
    }
}
