//! Refactorings: changes of a script that a writer asks for, one file each.
//!
//! A refactoring looks at a place and drafts what it could do there. [`offers`] keeps the drafts that leave the
//! script as good as it was: what AquaVM accepts stays accepted, what is broken gets no further errors.
//! [`Offer::change`] then gives the edits: the new text of one stretch, laid out in the column where it stands, and
//! words elsewhere. Comments that belong to what is kept survive.
//!
//! Either a refactoring keeps what a script does, or its title says what changes ([`Refactoring::behaviour`]). What
//! tetraplets record of a value's origin is not part of that.
//!
//! A new one is one file, one line in [`REFACTORINGS`], and its page in `lsp-server/ide/docs/refactorings.md`, which
//! `UPDATE_EXPECT=1 cargo test -p air-ide refactor` writes.

use std::fmt::Write;

use air_analysis::Analysis;
use air_analysis::format::FormatOptions;
use air_syntax::{TextRange, TextSize};

mod canonise;
mod change;
mod context;
mod draft;
mod extract_value;
mod fold_last;
mod generate_given;
mod hop;
mod inline_scalar;
mod introduce_lens;
mod invert_condition;
mod nest_seq;
mod pieces;
mod refactoring;
mod replace_by_null;
mod split_literals;
mod swap_branches;
mod swap_sides;
#[cfg(test)]
mod testing;
mod unwrap;
pub(crate) mod verdict;
mod wrap;
mod wrap_in_new;
mod wrap_with_handler;

pub use change::Change;
pub(crate) use draft::Draft;
pub(crate) use pieces::{comments_between, trailing_comment};
pub use refactoring::{Behaviour, Kind, Offer, Refactoring};

/// All refactorings, in the order in which they are offered.
pub static REFACTORINGS: &[&Refactoring] = &[
    &canonise::REFACTORING,
    &generate_given::REFACTORING,
    &extract_value::REFACTORING,
    &split_literals::REFACTORING,
    &inline_scalar::REFACTORING,
    &introduce_lens::REFACTORING,
    &invert_condition::REFACTORING,
    &swap_sides::REFACTORING,
    &swap_branches::REFACTORING,
    &nest_seq::REFACTORING,
    &fold_last::REFACTORING,
    &hop::REFACTORING,
    &wrap_with_handler::REFACTORING,
    &wrap::SEQ,
    &wrap::PAR,
    &wrap::XOR,
    &wrap_in_new::REFACTORING,
    &unwrap::REFACTORING,
    &replace_by_null::REFACTORING,
];

/// What can be done at a place: an empty range is a cursor.
pub fn offers(analysis: &Analysis, range: TextRange) -> Vec<Offer> {
    REFACTORINGS.iter().flat_map(|refactoring| refactoring.offers(analysis, range)).collect()
}

/// The page about all of them.
pub fn markdown() -> String {
    let mut out = String::from(
        "# Refactorings\n\nEditors offer these where the cursor is, as code actions. None is offered where AquaVM would \
         refuse the script afterwards. What a refactoring changes besides the text is said in its title, \
         after a colon; without one, the script does what it did before. Comments stay with what they are about, and what was \
         edited is laid out where it stands.\n\nThis page is made from the program (`UPDATE_EXPECT=1 cargo test -p air-ide refactor`).\n",
    );
    for refactoring in REFACTORINGS {
        let Refactoring { name, what, example, .. } = refactoring;
        let cursor = example.find("$0").unwrap_or_default();
        let text = example.replacen("$0", "", 1);
        let analysis = Analysis::new(text.as_str());
        let place = TextRange::empty(TextSize::new(cursor as u32));
        let offers = refactoring.offers(&analysis, place);
        let _ = write!(out, "\n## `{name}`\n\n{what}\n\n```air\n{}\n```\n", example.replacen("$0", "▮", 1));
        for offer in offers {
            let change = offer.change(&analysis, &FormatOptions::default());
            let after = air_semantics::text_edit::apply(&text, &change.edits);
            let _ = write!(out, "\n{}\n\n```air\n{after}\n```\n", offer.title);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use expect_test::expect_file;

    use super::*;

    /// Each has a page with an example that it is offered in; each file has tests.
    #[test]
    fn documented_and_tested() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        expect_file![folder.join("docs/refactorings.md")].assert_eq(&markdown());
        let mut names = Vec::new();
        for refactoring in REFACTORINGS {
            names.push(refactoring.name);
            assert!(!refactoring.what.is_empty(), "{}", refactoring.name);
            let cursor = refactoring.example.find("$0").expect(refactoring.name);
            let analysis = Analysis::new(refactoring.example.replacen("$0", "", 1));
            let offers = refactoring.offers(&analysis, TextRange::empty(TextSize::new(cursor as u32)));
            assert!(!offers.is_empty(), "{} is not offered in its example", refactoring.name);
            for offer in offers {
                let says = offer.title.contains(':');
                assert!(!says || refactoring.behaviour == Behaviour::ChangeInTitle, "{}", offer.title);
            }
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), REFACTORINGS.len(), "names are unique");
        for file in std::fs::read_dir(folder.join("src/refactor")).unwrap() {
            let file = file.unwrap().path();
            let source = std::fs::read_to_string(&file).unwrap();
            if source.contains("Refactoring = Refactoring {") {
                assert!(
                    source.contains("#[test]") && source.contains("$0"),
                    "{} has no tests",
                    file.display()
                );
            }
        }
    }
}
