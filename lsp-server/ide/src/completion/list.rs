//! Items, and the list that each kind of item is added to.

use air_analysis::Analysis;
use air_semantics::hir::InstrKind;
use air_syntax::{TextRange, TextSize};

use crate::cursor_context::CursorContext;
use crate::surroundings::Surroundings;

/// The answer for a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completions {
    /// The text that the chosen item replaces.
    pub replace: TextRange,
    /// The most fitting first.
    pub items: Vec<Item>,
}

/// What can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What is shown and compared with what was typed.
    pub label: String,
    /// The text that is written, a snippet if `snippet` says so.
    pub insert: String,
    /// Whether `insert` has places to fill in, `$1` or `${1:…}`, and `$0` for the last.
    pub snippet: bool,
    /// What the item is, for its icon.
    pub kind: ItemKind,
    /// A few words beside the label.
    pub detail: String,
    /// For [`documentation()`](super::documentation()); empty where there is none.
    pub topic: String,
}

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum ItemKind {
    Instruction,
    Variable,
    Iterator,
    Special,
    Field,
    Peer,
    Service,
    Function,
    Comment,
    Code,
    Value,
}

/// The items of one place, while they are collected.
pub(super) struct List<'a> {
    pub(super) analysis: &'a Analysis,
    pub(super) here: &'a CursorContext,
    pub(super) offset: TextSize,
    pub(super) surroundings: &'a dyn Surroundings,
    pub(super) items: Vec<Item>,
}

impl List<'_> {
    pub(super) fn add(&mut self, kind: ItemKind, label: &str, detail: &str, topic: String) {
        let (label, detail) = (label.to_owned(), detail.to_owned());
        self.items.push(Item { insert: label.clone(), label, snippet: false, kind, detail, topic });
    }

    pub(super) fn snippet(&mut self, label: &str, insert: &str, detail: &str) {
        self.items.push(Item {
            label: label.to_owned(),
            insert: insert.to_owned(),
            snippet: true,
            kind: ItemKind::Value,
            detail: detail.to_owned(),
            topic: format!("value {label}"),
        });
    }

    /// The instruction around the cursor.
    pub(super) fn kind(&self) -> Option<InstrKind> {
        self.here.around.map(|(kind, _)| kind)
    }
}

/// A part of the script; empty if it is not one.
pub(super) fn text_of(analysis: &Analysis, range: TextRange) -> &str {
    analysis.text.get(std::ops::Range::<usize>::from(range)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cursor_context::cursor_context;
    use crate::surroundings::NoSurroundings;

    #[test]
    fn words_and_snippets() {
        let analysis = Analysis::new("(call p ");
        let here = cursor_context(&analysis.text, 8.into());
        let mut list = List {
            analysis: &analysis,
            here: &here,
            offset: 8.into(),
            surroundings: &NoSurroundings,
            items: Vec::new(),
        };
        assert_eq!(list.kind(), Some(InstrKind::Call));
        list.add(ItemKind::Value, "true", "a boolean", "value true".to_owned());
        list.snippet("[]", "[$1]$0", "arguments");
        let shown: Vec<_> = list.items.iter().map(|it| (&*it.insert, it.snippet, &*it.topic)).collect();
        assert_eq!(shown, [("true", false, "value true"), ("[$1]$0", true, "value []")]);
        assert_eq!(text_of(&analysis, TextRange::new(1.into(), 5.into())), "call");
    }
}
