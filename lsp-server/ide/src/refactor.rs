//! Refactorings: changes of a script that a writer asks for, one file each.
//!
//! A refactoring looks at a place and drafts what it could do there. [`offers`] keeps the drafts that leave the
//! script as good as it was: what AquaVM accepts stays accepted, what is broken gets no further errors.
//! [`Offer::change`] then gives the edits: the new text of one stretch, laid out in the column where it stands, and
//! words elsewhere. Comments that belong to what is kept survive.
//!
//! Either a refactoring keeps what a script does, or its title says what changes ([`Refactoring::keeps`]). What
//! tetraplets tell of a value's origin is no part of that.
//!
//! A new one is one file, one line in [`ALL`], and its page in `docs/refactorings.md`, which
//! `UPDATE_EXPECT=1 cargo test -p air-semantics refactor` writes.

use std::fmt::Write;

use air_analysis::Analysis;
use air_analysis::diagnostic::TextEdit;
use air_analysis::format::{FormatOptions, LineEnding, column, format_form};
use air_semantics::hir::{Hir, Instr, InstrId};
use air_semantics::text_edit::trimmed;
use air_syntax::{TextRange, TextSize};

mod canonise;
mod extract_value;
mod fold_last;
mod generate_given;
mod hop;
mod inline_scalar;
mod introduce_lens;
mod invert_condition;
mod nest_seq;
mod pieces;
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

pub(crate) use pieces::{comments_between, trailing_comment};

/// All of them, in the order in which they are offered.
pub static ALL: &[&Refactoring] = &[
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

/// One refactoring.
#[derive(Debug)]
pub struct Refactoring {
    /// Stable, kebab-case.
    pub name: &'static str,
    /// What kind of change it is.
    pub kind: Kind,
    /// Whether the script does what it did. Where it does not, each title says what changes.
    pub keeps: Keeps,
    /// What it does and where it is offered, in Markdown.
    pub what: &'static str,
    /// A script with `$0` where it is asked for; the page shows what comes out.
    pub example: &'static str,
    /// What it could do at a place.
    offer: fn(&Context<'_>) -> Vec<Draft>,
}

/// Whether a script does what it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeps {
    /// Always.
    Meaning,
    /// Not always: the title has what changes behind its colon, and no colon where nothing does.
    Stated,
}

/// What kind of change it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Something gets a name of its own.
    Extract,
    /// A name goes.
    Inline,
    /// Everything else.
    Rewrite,
}

/// Something that can be done at a place.
#[derive(Debug, Clone)]
pub struct Offer {
    /// Which refactoring.
    pub refactoring: &'static Refactoring,
    /// An imperative, with what changes behind a colon.
    pub title: String,
    draft: Draft,
}

/// What to change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// Replacements, disjoint, in text order.
    pub edits: Vec<TextEdit>,
    /// Where the cursor belongs, in the new text.
    pub caret: TextSize,
}

/// A change before its layout.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) title: String,
    /// The stretch that gets a new text.
    pub(crate) region: TextRange,
    /// That text; blanks in it do not matter where it is laid out.
    pub(crate) text: String,
    /// Where in it the instruction starts that is to be laid out.
    pub(crate) form: Option<usize>,
    /// Where in it the cursor belongs; only what is not blank counts.
    pub(crate) caret: usize,
    /// Words elsewhere, in text order, none in the region.
    pub(crate) elsewhere: Vec<TextEdit>,
}

/// What a refactoring looks at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) analysis: &'a Analysis,
    pub(crate) hir: &'a Hir,
    /// What is selected, or where the cursor is.
    pub(crate) range: TextRange,
    /// The innermost instruction around it.
    pub(crate) instr: &'a Instr,
}

/// What can be done at a place: an empty range is a cursor.
pub fn offers(analysis: &Analysis, range: TextRange) -> Vec<Offer> {
    ALL.iter().flat_map(|refactoring| refactoring.offers(analysis, range)).collect()
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

impl Draft {
    /// One instruction for another.
    pub(crate) fn form(title: impl Into<String>, region: TextRange, text: String, caret: usize) -> Draft {
        Draft { title: title.into(), region, text, form: Some(0), caret, elsewhere: Vec::new() }
    }

    /// One word for another.
    fn word(title: impl Into<String>, region: TextRange, text: impl Into<String>) -> Draft {
        let (title, text) = (title.into(), text.into());
        Draft { title, region, text, form: None, caret: 0, elsewhere: Vec::new() }
    }

    /// Part of an instruction, and comments that were in it, for the whole of it.
    pub(crate) fn part<'a>(
        script: &'a str,
        title: impl Into<String>,
        outer: TextRange,
        mut comments: Vec<&'a str>,
        kept: &str,
        mut trail: Option<&'a str>,
    ) -> Draft {
        let own = trailing_comment(script, outer.end());
        let region = outer.cover(own);
        if let Some(own) = script.get(std::ops::Range::<usize>::from(own)).filter(|own| !own.is_empty()) {
            if trail.is_none() { trail = Some(own) } else { comments.push(own) }
        }
        let mut text = String::new();
        let indent = column(script.get(..region.start().into()).unwrap_or_default());
        let line_ending = LineEnding::of(script).as_str();
        let line = |text: &mut String, comment: &str| {
            text.push_str(comment);
            text.push_str(line_ending);
            text.push_str(&indent);
        };
        for comment in comments {
            line(&mut text, comment);
        }
        let form = text.len();
        text.push_str(kept);
        if let Some(trail) = trail {
            text.push(' ');
            // What followed on the line must not become part of the comment.
            let rest = script.get(region.end().into()..).unwrap_or_default();
            match rest.starts_with(['\n', '\r']) || rest.is_empty() {
                true => text.push_str(trail),
                false => line(&mut text, trail),
            }
        }
        Draft { title: title.into(), region, text, form: Some(form), caret: form, elsewhere: Vec::new() }
    }

    /// The script with it, and how far the region moves by what changes in front of it.
    pub(crate) fn applied(&self, text: &str) -> (String, usize) {
        let mut out = String::with_capacity(text.len() + self.text.len());
        let mut start = 0;
        let mut done = 0;
        let mut put = |out: &mut String, range: TextRange, new_text: &str| {
            out.push_str(text.get(done..range.start().into()).unwrap_or_default());
            out.push_str(new_text);
            done = range.end().into();
        };
        let (in_front, behind) = self
            .elsewhere
            .split_at(self.elsewhere.partition_point(|edit| edit.range.end() <= self.region.start()));
        for edit in in_front {
            put(&mut out, edit.range, &edit.new_text);
        }
        put(&mut out, TextRange::empty(self.region.start()), "");
        start += out.len();
        put(&mut out, self.region, &self.text);
        for edit in behind {
            put(&mut out, edit.range, &edit.new_text);
        }
        out.push_str(text.get(done..).unwrap_or_default());
        (out, start)
    }

    pub(crate) fn change(&self, analysis: &Analysis, options: &FormatOptions) -> Change {
        let (applied, start) = self.applied(&analysis.text);
        let laid_out = self.form.and_then(|form| {
            let after = verdict::reparsed(analysis, self, &applied);
            let at = TextSize::new((start + form) as u32);
            let (range, new) = format_form(&after, &applied, at, options)?;
            let end = usize::from(range.end()) - start;
            let (head, tail) = (self.text.get(..form)?, self.text.get(end..)?);
            Some(format!("{head}{new}{tail}"))
        });
        let text = laid_out.unwrap_or_else(|| self.text.clone());
        let caret = start + same_place(&self.text, self.caret, &text);
        let old = analysis.hir().text_at(self.region);
        let mut edits = self.elsewhere.clone();
        edits.push(trimmed(old, self.region.start(), &text));
        edits.sort_by_key(|edit| (edit.range.start(), edit.range.end()));
        edits.retain(|edit| !(edit.range.is_empty() && edit.new_text.is_empty()));
        Change { edits, caret: TextSize::new(caret as u32) }
    }
}

/// Where in a text with other blanks an offset lies: behind what it was directly behind, else before what follows.
pub(crate) fn same_place(old: &str, offset: usize, new: &str) -> usize {
    let before = old.get(..offset).unwrap_or(old);
    let count = before.chars().filter(|char| !char.is_whitespace()).count();
    let mut places = new.char_indices().filter(|(_, char)| !char.is_whitespace());
    if let Some(last) = count.checked_sub(1)
        && !before.ends_with(char::is_whitespace)
    {
        return places.nth(last).map_or(new.len(), |(at, char)| at + char.len_utf8());
    }
    places.nth(count).map_or(new.trim_end().len(), |(at, _)| at)
}

impl<'a> Context<'a> {
    fn new(analysis: &'a Analysis, range: TextRange) -> Option<Context<'a>> {
        let hir = analysis.hir();
        // Children stand before their parents. Between two brackets, what begins there is meant.
        let around = |instr: &Instr| instr.range.contains_range(range);
        let begins = |instr: &Instr| range.is_empty() && instr.range.start() == range.start();
        let inner = hir.instrs.iter().position(|instr| around(instr) && instr.range.end() > range.start());
        let index =
            hir.instrs.iter().rposition(begins).or(inner).or_else(|| hir.instrs.iter().position(around))?;
        let instr = hir.instrs.get(index)?;
        Some(Context { analysis, hir, range, instr })
    }

    pub(crate) fn get(&self, id: InstrId) -> Option<&'a Instr> {
        self.hir.instr(id)
    }

    pub(crate) fn parent(&self, instr: &Instr) -> Option<&'a Instr> {
        self.get(instr.parent?)
    }

    pub(crate) fn children(&self, instr: &Instr) -> Vec<&'a Instr> {
        self.hir.children_of(instr).iter().filter_map(|id| self.get(*id)).collect()
    }

    /// Whether an instruction is written out: its brackets close.
    pub(crate) fn whole(&self, instr: &Instr) -> bool {
        let text = self.hir.text_at(instr.range);
        text.starts_with('(')
            && text.ends_with(')')
            && !self.analysis.parse.errors().iter().any(|error| {
                instr.range.contains_range(error.range) && error.range.start() < instr.range.end()
            })
    }

    /// Whether the cursor is on the head of the instruction: in front of its first child.
    pub(crate) fn on_head(&self) -> bool {
        let first = self.hir.children_of(self.instr).first().and_then(|id| self.get(*id));
        first.is_none_or(|first| self.range.end() <= first.range.start())
    }
}

/// The page about all of them.
pub fn markdown() -> String {
    let mut out = String::from(
        "# Refactorings\n\nEditors offer these where the cursor is, as code actions. None is offered where AquaVM would \
         refuse the script afterwards. What a refactoring changes besides the text stands in its title, behind a \
         colon; without one the script does what it did. Comments stay with what they are about, and what was \
         edited is laid out where it stands.\n\nThis page is made from the program (`UPDATE_EXPECT=1 cargo test -p air-semantics refactor`).\n",
    );
    for refactoring in ALL {
        let Refactoring { name, what, example, .. } = refactoring;
        let cursor = example.find("$0").unwrap_or_default();
        let text = example.replacen("$0", "", 1);
        let analysis = Analysis::new(text.as_str());
        let place = TextRange::empty(TextSize::new(cursor as u32));
        let offers = refactoring.offers(&analysis, place);
        let _ = write!(out, "\n## `{name}`\n\n{what}\n\n```air\n{}\n```\n", example.replacen("$0", "▮", 1));
        for offer in offers {
            let change = offer.change(&analysis, &FormatOptions::default());
            let mut after = text.clone();
            for edit in change.edits.iter().rev() {
                after.replace_range(std::ops::Range::<usize>::from(edit.range), &edit.new_text);
            }
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
        for refactoring in ALL {
            names.push(refactoring.name);
            assert!(!refactoring.what.is_empty(), "{}", refactoring.name);
            let cursor = refactoring.example.find("$0").expect(refactoring.name);
            let analysis = Analysis::new(refactoring.example.replacen("$0", "", 1));
            let offers = refactoring.offers(&analysis, TextRange::empty(TextSize::new(cursor as u32)));
            assert!(!offers.is_empty(), "{} is not offered in its example", refactoring.name);
            for offer in offers {
                let says = offer.title.contains(':');
                assert!(!says || refactoring.keeps == Keeps::Stated, "{}", offer.title);
            }
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ALL.len(), "names are unique");
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

    #[test]
    fn carets_and_trimming() {
        assert_eq!(same_place("(a  b)", 4, "(a\n b)"), 4);
        assert_eq!(same_place("(a  b)", 2, "(a\n b)"), 2);
        assert_eq!(same_place("(a  b)", 6, "(a\n b)\n"), 6);
        let edit = trimmed("a\r\nb", 10.into(), "a\r\nc");
        assert_eq!((u32::from(edit.range.start()), edit.new_text.as_str()), (13, "c"));
        let edit = trimmed("é", 0.into(), "è");
        assert_eq!((u32::from(edit.range.start()), edit.new_text.as_str()), (0, "è"));
    }
}
