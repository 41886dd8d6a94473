//! Structural editing: lists and words change places, and brackets always stay in pairs.
//!
//! What is moved are forms: a list with its brackets, or a word. The cursor's form is the word that it touches (a
//! keyword stands for its list), else the list that begins or ends there; between two forms there is none, and what
//! needs one does nothing. The list around the cursor is the innermost one that it is in, or that begins there.
//!
//! A command does what it says, whatever AquaVM says of the result; [`offers`] has only what leaves the script as good as it
//! was. What was edited is laid out where it stands, if it is sound. A command that moves the cursor only
//! has no edits.
//!
//! A new one is one file, one line in [`COMMANDS`], and its part of `lsp-server/ide/docs/structural-editing.md`, which
//! `UPDATE_EXPECT=1 cargo test -p air-ide structural` writes.

use std::fmt::Write;

use air_analysis::Analysis;
use air_analysis::format::FormatOptions;
use air_syntax::TextSize;

use crate::refactor::Change;

mod barf;
mod command;
mod drag;
mod forms;
mod jump;
mod kill;
mod raise;
mod slurp;
mod splice;
#[cfg(test)]
mod testing;

use command::Effect;
pub use command::{Command, CommandOffer};
use forms::Forms;

/// All commands, in the order in which they are offered.
pub static COMMANDS: &[&Command] = &[
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

/// The command with that name.
pub fn find(name: &str) -> Option<&'static Command> {
    COMMANDS.iter().copied().find(|structural| structural.name == name)
}

/// Those that edit something there and leave the script as good as it was.
pub fn offers(analysis: &Analysis, offset: TextSize) -> Vec<CommandOffer> {
    let forms = Forms::new(&analysis.text);
    COMMANDS.iter().filter_map(|structural| structural.fits(analysis, &forms, offset)).collect()
}

/// The page about all of them.
pub fn markdown() -> String {
    let mut out = String::from(
        "# Structural editing\n\nCommands that move whole lists and words, so that brackets stay in pairs. Each is a \
         command of the server (`air.` and its name), which answers with the edit and the place where the cursor \
         goes; as code actions they are offered where AquaVM's verdict gets no worse. A form is a list with its \
         brackets or a word; the keyword of an instruction stands for the instruction. The cursor is shown as `▮`.\n\n\
         This page is made from the program (`UPDATE_EXPECT=1 cargo test -p air-ide structural`).\n",
    );
    for Command { name, title, what, example, run } in COMMANDS {
        let cursor = example.find("$0").unwrap_or_default();
        let text = example.replacen("$0", "", 1);
        let analysis = Analysis::new(text.as_str());
        let step = run(&Forms::new(&text), TextSize::new(cursor as u32));
        let change = match step {
            Some(Effect::Edit(draft)) => draft.change(&analysis, &FormatOptions::default()),
            Some(Effect::Go(caret)) => Change { edits: Vec::new(), caret },
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

#[cfg(test)]
mod tests {
    use expect_test::expect_file;

    use super::*;

    #[test]
    fn documented_and_tested() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let page = markdown();
        expect_file![folder.join("docs/structural-editing.md")].assert_eq(&page);
        for structural in COMMANDS {
            assert!(page.contains(&format!("## `air.{}`", structural.name)), "{}: example", structural.name);
            assert!(!structural.what.is_empty(), "{}", structural.name);
        }
        for file in std::fs::read_dir(folder.join("src/structural")).unwrap() {
            let file = file.unwrap().path();
            let source = std::fs::read_to_string(&file).unwrap();
            if source.contains("Command = Command {") {
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
                for structural in COMMANDS {
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
