//! What a refactoring looks at: a place of a script.

use air_analysis::Analysis;
use air_semantics::hir::{Hir, Instr, InstrId};
use air_syntax::TextRange;

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

impl<'a> Context<'a> {
    pub(super) fn new(analysis: &'a Analysis, range: TextRange) -> Option<Context<'a>> {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts of the innermost instruction and of its parent; whether the place is on its head.
    fn at(analysis: &Analysis, start: u32, end: u32) -> Option<(&str, &str, bool)> {
        let context = Context::new(analysis, TextRange::new(start.into(), end.into()))?;
        let parent = context.parent(context.instr).map_or("", |it| context.hir.text_at(it.range));
        Some((context.hir.text_at(context.instr.range), parent, context.on_head()))
    }

    #[test]
    fn the_innermost_instruction() {
        let text = "(seq (null)(ap 1 x))";
        let analysis = Analysis::new(text);
        assert_eq!(at(&analysis, 11, 11), Some(("(ap 1 x)", text, true)), "what begins between two brackets");
        assert_eq!(at(&analysis, 7, 7), Some(("(null)", text, true)));
        assert_eq!(at(&analysis, 2, 2), Some((text, "", true)));
        assert_eq!(at(&analysis, 7, 13), Some((text, "", false)), "around a selection");
        assert_eq!(at(&Analysis::new(""), 0, 0), None);
    }

    #[test]
    fn without_its_bracket_an_instruction_is_not_whole() {
        let analysis = Analysis::new("(seq (null) (ap 1 x)");
        let context = Context::new(&analysis, TextRange::empty(2.into())).unwrap();
        assert!(!context.whole(context.instr));
        assert!(context.children(context.instr).iter().all(|child| context.whole(child)));
    }
}
