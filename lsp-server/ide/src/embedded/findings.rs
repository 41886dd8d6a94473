//! What is wrong with a script in another file: what would be wrong whatever its holes stand for.

use std::sync::Arc;

use air_analysis::diagnostic::{Fix, Origin, Reference, Related};
use air_analysis::{Analysis, Code, Diagnostic};
use air_syntax::{TextRange, TextSize};

use super::EmbeddedScript;

impl EmbeddedScript {
    /// The script as any other; words stand for its holes.
    pub fn analysis(&self) -> Analysis {
        Analysis::new(Arc::clone(&self.text))
    }

    /// Those findings of [`EmbeddedScript::analysis`] that hold with every valid operand in place of each hole, and do
    /// not speak of a hole.
    pub fn sure<'d>(&'d self, found: &'d [Diagnostic]) -> impl Iterator<Item = &'d Diagnostic> {
        found.iter().filter(|found| self.is_sure(found))
    }

    fn is_sure(&self, found: &Diagnostic) -> bool {
        if self.holes.is_empty() {
            return true;
        }
        let mut ranges =
            std::iter::once(found.range).chain(found.related.iter().map(|related| related.range));
        if ranges.any(|range| self.touches_hole(range)) {
            return false;
        }
        match found.code.origin() {
            // A name in a hole may be the use that is missed, or the value that is expected.
            Origin::Lint => self.holes.iter().all(|hole| hole.role.is_text()),
            Origin::Syntax => !self.lists.uncertain_at(found.range),
            Origin::Validation => {
                let needs_definition =
                    matches!(found.code, Code::UndefinedVariable | Code::UndefinedIterable);
                !(needs_definition && self.holes.iter().any(|hole| hole.role.defines()))
            }
        }
    }

    /// Whether a range has a part of a hole in it, or stands at its edge without a space.
    pub(crate) fn touches_hole(&self, range: TextRange) -> bool {
        let (start, end) = (usize::from(range.start()), usize::from(range.end()));
        let next = self.holes.partition_point(|hole| hole.place.script.end <= start);
        let hole = self.holes.get(next);
        hole.is_some_and(|hole| hole.place.script.start < end.max(start + 1))
    }

    /// A finding at its place in the host file. Fixes that cannot be written there are left out.
    pub fn to_host(&self, host: &str, found: &Diagnostic) -> Diagnostic {
        let fix = |fix: &Fix| {
            let edits: Option<Vec<_>> = fix.edits.iter().map(|edit| self.edit_to_host(host, edit)).collect();
            Some(Fix { edits: edits?, ..fix.clone() })
        };
        let related =
            |related: &Related| Related { range: self.range_to_host(related.range), ..related.clone() };
        let reference = |reference: &Reference| {
            let size = self.text.len() as u32;
            let (start, end) = (reference.start.min(size), reference.end.min(size));
            let range = TextRange::new(TextSize::new(start.min(end)), TextSize::new(end));
            let range = self.range_to_host(range);
            Reference { start: range.start().into(), end: range.end().into(), ..reference.clone() }
        };
        Diagnostic {
            range: self.range_to_host(found.range),
            related: found.related.iter().map(related).collect(),
            // AquaVM would see other words.
            reference: found.reference.as_ref().filter(|_| self.holes.is_empty()).map(reference),
            fixes: found.fixes.iter().filter_map(fix).collect(),
            ..found.clone()
        }
    }
}
