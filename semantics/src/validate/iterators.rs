//! Which fold encloses which `next`, `new` and inner fold of the same name: facts for four rules.

use air_syntax::TextRange;

use super::{Place, named};
use crate::hir::{Hir, Instr, InstrId, InstrKind, NameId, OperandKind, Role};

/// A `next`, a fold, or a `new` of a scalar.
pub(super) struct Event {
    pub(super) instr: InstrId,
    pub(super) kind: InstrKind,
    pub(super) name: NameId,
    /// The iterator's or the declared name's place.
    pub(super) range: TextRange,
    /// The innermost fold around it whose iterator has that name: an index of an event.
    pub(super) fold: Option<usize>,
    /// Start of the instruction.
    start: Place,
    /// The event of the same name before it that no fold has claimed.
    unclaimed: u32,
}

/// All of them in closing order.
pub(super) struct Iterators {
    pub(super) events: Vec<Event>,
    /// For each name, its last event that no fold has claimed.
    unclaimed: Vec<u32>,
}

const NONE: u32 = u32::MAX;

impl Iterators {
    pub(super) fn new(hir: &Hir) -> Iterators {
        Iterators { events: Vec::new(), unclaimed: vec![NONE; hir.name_ranges.len()] }
    }

    /// One more name.
    pub(super) fn add_name(&mut self) {
        self.unclaimed.push(NONE);
    }

    /// A fold claims the events of its name that began after it did: as spans never overlap in
    /// part, those are the ones inside it, and inner folds have claimed theirs already. Each event
    /// is claimed once, so this is linear.
    pub(super) fn close(&mut self, hir: &Hir, id: InstrId, instr: &Instr, start: Place) {
        let role = if instr.kind == InstrKind::New { Role::Declared } else { Role::Iterator };
        let Some(operand) = hir.operand(instr, role) else { return };
        // Iterators are scalars; another `new` cannot hit one.
        if !matches!(operand.kind, OperandKind::Scalar(_)) {
            return;
        }
        let Some((name, range)) = named(hir, instr, role) else { return };
        let Some(last) = self.unclaimed.get_mut(name.0 as usize) else { return };
        let index = self.events.len();
        if instr.kind == InstrKind::Fold {
            while let Some(event) = self.events.get_mut(*last as usize)
                && event.start > start
            {
                event.fold = Some(index);
                *last = event.unclaimed;
            }
        }
        let unclaimed = std::mem::replace(last, index as u32);
        self.events.push(Event { instr: id, kind: instr.kind, name, range, fold: None, start, unclaimed });
    }

    pub(super) fn of_kind(&self, kind: InstrKind) -> impl Iterator<Item = &Event> {
        self.events.iter().filter(move |event| event.kind == kind)
    }

    /// The fold that has claimed the event.
    pub(super) fn fold_of(&self, event: &Event) -> Option<&Event> {
        self.events.get(event.fold?)
    }
}

#[cfg(test)]
mod tests {
    use super::super::place;
    use super::*;
    use crate::Script;

    /// Each event with the line of the fold that has claimed it, in closing order.
    fn events(text: &str) -> Vec<String> {
        let script = Script::new(text);
        let hir = script.hir();
        let mut iterators = Iterators::new(hir);
        for (id, instr) in (0..).map(InstrId).zip(&hir.instrs) {
            if matches!(instr.kind, InstrKind::Fold | InstrKind::Next | InstrKind::New) {
                iterators.close(hir, id, instr, place(instr));
            }
        }
        let line = |event: &Event| hir.text[..event.range.start().into()].lines().count();
        let shown = iterators.events.iter().map(|event| match iterators.fold_of(event) {
            Some(fold) => format!("{:?} in the fold of line {}", event.kind, line(fold)),
            None => format!("{:?}", event.kind),
        });
        shown.collect()
    }

    #[test]
    fn the_innermost_fold_of_the_name_claims() {
        let text = "(fold xs i\n (seq\n (fold ys i\n (next i))\n (next i)))";
        assert_eq!(
            events(text),
            [
                "Next in the fold of line 3",
                "Fold in the fold of line 1",
                "Next in the fold of line 1",
                "Fold"
            ]
        );
    }

    #[test]
    fn other_names_and_places_stay_unclaimed() {
        assert_eq!(events("(seq (next i) (fold xs i (next j)))"), ["Next", "Next", "Fold"]);
        assert_eq!(
            events("(fold xs i (new i (next i)))"),
            ["Next in the fold of line 1", "New in the fold of line 1", "Fold"]
        );
        assert_eq!(events("(new $s (null))"), [""; 0], "only scalars are iterators");
    }
}
