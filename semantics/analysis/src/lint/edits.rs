//! Edits that several lints offer.

use air_semantics::hir::{InstrId, InstrKind};
use air_semantics::resolve::Occurrence;
use air_semantics::text_edit::TextEdit;
use air_syntax::{TextRange, TextSize};

use super::Context;

/// Takes a text out.
pub(crate) fn delete(range: TextRange) -> TextEdit {
    TextEdit { range, new_text: String::new() }
}

/// Puts another text in its place.
pub(crate) fn replace(range: TextRange, new_text: impl Into<String>) -> TextEdit {
    TextEdit { range, new_text: new_text.into() }
}

impl Context<'_> {
    /// Puts a child in its parent's place; `None` where a comment would be lost.
    pub(crate) fn unwrap(&self, outer: TextRange, inner: TextRange) -> Option<Vec<TextEdit>> {
        let before = TextRange::new(outer.start(), inner.start());
        let after = TextRange::new(inner.end(), outer.end());
        let comment = self.text(before).contains(';') || self.text(after).contains(';');
        (!comment).then(|| vec![delete(before), delete(after)])
    }

    /// Takes an instruction out: of a `seq` the other one stays, elsewhere `(null)` takes its place.
    pub(crate) fn remove(&self, id: InstrId) -> Option<Vec<TextEdit>> {
        let instr = self.instr(id)?;
        let parent = instr.parent.and_then(|parent| self.instr(parent));
        if let Some(parent) = parent
            && parent.kind == InstrKind::Seq
            && let [left, right] = *self.hir.children_of(parent)
        {
            let other = self.instr(if left == id { right } else { left })?;
            return self.unwrap(parent.range, other.range);
        }
        Some(vec![TextEdit { range: instr.range, new_text: "(null)".to_owned() }])
    }

    /// The title of a fix by [`Context::remove_write`].
    pub(crate) fn remove_write_title(&self, place: &Occurrence) -> String {
        match self.instr(place.instr) {
            Some(instr) if instr.kind != InstrKind::Call => {
                ["remove this `", self.keyword(instr), "`"].concat()
            }
            _ => ["remove the output `", self.text(place.range), "`"].concat(),
        }
    }

    /// Takes a write out: the output of a call, all of another instruction.
    pub(crate) fn remove_write(&self, place: &Occurrence) -> Option<Vec<TextEdit>> {
        let instr = self.instr(place.instr)?;
        if instr.kind != InstrKind::Call {
            return self.remove(place.instr);
        }
        // With the spaces before it.
        let before = self.text(TextRange::new(instr.range.start(), place.range.start()));
        let start = instr.range.start() + TextSize::of(before.trim_end());
        Some(vec![delete(TextRange::new(start, place.range.end()))])
    }
}
