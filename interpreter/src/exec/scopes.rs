//! Scalars, canons and canon maps: a stack of cells for each name, and a depth that folds move.
//!
//! AquaVM keeps three tables; their names differ by their tags and all three move together, so one does.
//!
//! Outside of folds a name is set once. In a fold it may be set as often as one likes; each `next` opens a depth of its
//! own, whose values cannot be seen from the other iterations and are gone when the fold ends. Only the top cell of a name
//! is ever looked at: a value that an earlier iteration has set hides the global one and reads as not there, so what
//! reads it waits.

use std::rc::Rc;

use smallvec::SmallVec;

use super::values::{CanonMap, CanonStream, StoredValue};
use crate::errors::Uncatchable;
use crate::program::Slot;

/// What a variable is bound to.
#[derive(Debug, Clone)]
pub(crate) enum Binding {
    Scalar(StoredValue),
    Canon(Rc<CanonStream>),
    CanonMap(Rc<CanonMap>),
}

/// What a name reads as.
pub(crate) enum Lookup<'a> {
    Value(&'a Binding),
    /// Declared by `new` and not set.
    Unset,
    /// Never set, or set where it cannot be seen from here.
    Absent,
}

#[derive(Debug)]
struct Cell {
    depth: u32,
    binding: Option<Binding>,
}

#[derive(Debug)]
pub(crate) struct Scopes {
    /// Most names have one cell.
    cells: Vec<SmallVec<[Cell; 1]>>,
    depth: u32,
    /// Whether values of a depth can be seen, by depth.
    visible: Vec<bool>,
    /// Cells that folds have to take away again: slot and depth.
    journal: Vec<(Slot, u32)>,
}

impl Scopes {
    pub(crate) fn new(names: usize) -> Self {
        Scopes {
            cells: std::iter::repeat_with(SmallVec::new).take(names).collect(),
            depth: 0,
            visible: vec![true],
            journal: Vec::new(),
        }
    }

    /// Values of folds that are running.
    pub(crate) fn journalled(&self) -> usize {
        self.journal.len()
    }

    pub(crate) fn get(&self, slot: Slot) -> Lookup<'_> {
        match self.cells.get(slot as usize).and_then(|cells| cells.last()) {
            Some(cell) if self.is_visible(cell.depth) => match &cell.binding {
                Some(binding) => Lookup::Value(binding),
                None => Lookup::Unset,
            },
            _ => Lookup::Absent,
        }
    }

    fn is_visible(&self, depth: u32) -> bool {
        self.visible.get(depth as usize).copied().unwrap_or(false)
    }

    /// Whether the name may be set here: in folds always, outside only once.
    pub(crate) fn can_set(&self, slot: Slot) -> bool {
        self.depth != 0
            || (self.cells.get(slot as usize))
                .and_then(|cells| cells.last())
                .is_none_or(|cell| cell.binding.is_none())
    }

    /// Sets a variable; the caller has looked whether it may.
    pub(crate) fn set(&mut self, slot: Slot, binding: Binding) {
        let depth = self.depth;
        let Some(cells) = self.cells.get_mut(slot as usize) else { return };
        match cells.last_mut() {
            Some(cell) if cell.depth == depth => cell.binding = Some(binding),
            _ => {
                cells.push(Cell { depth, binding: Some(binding) });
                if depth > 0 {
                    self.journal.push((slot, depth));
                }
            }
        }
    }

    pub(crate) fn new_start(&mut self, slot: Slot) {
        let depth = self.depth;
        if let Some(cells) = self.cells.get_mut(slot as usize) {
            cells.push(Cell { depth, binding: None });
        }
    }

    /// # Errors
    /// If the cell on top is of another depth, by which the name goes into the error.
    pub(crate) fn new_end(&mut self, slot: Slot, name: &str) -> Result<(), Uncatchable> {
        let top = self.cells.get_mut(slot as usize).and_then(SmallVec::pop);
        match top {
            Some(cell) if cell.depth == self.depth => Ok(()),
            _ => Err(Uncatchable::ScopeCorrupted(name.into(), self.depth)),
        }
    }

    /// A fold begins.
    pub(crate) fn fold_start(&mut self) {
        self.depth += 1;
        self.show(true);
    }

    /// A fold ends.
    pub(crate) fn fold_end(&mut self) {
        self.show(false);
        self.depth = self.depth.saturating_sub(1);
        self.clean_up();
    }

    /// `next` is about to run the body again.
    pub(crate) fn next_before(&mut self) {
        self.show(false);
        self.depth += 1;
        self.show(true);
    }

    /// `next` has run the body again.
    pub(crate) fn next_after(&mut self) {
        self.show(false);
        self.depth = self.depth.saturating_sub(1);
        self.show(true);
        self.clean_up();
    }

    fn show(&mut self, visible: bool) {
        let at = self.depth as usize;
        if self.visible.len() <= at {
            self.visible.resize(at + 1, false);
        }
        if let Some(slot) = self.visible.get_mut(at) {
            *slot = visible;
        }
    }

    /// Takes away what deeper scopes have set.
    fn clean_up(&mut self) {
        while let Some(&(slot, depth)) = self.journal.last()
            && depth > self.depth
        {
            self.journal.pop();
            if let Some(cells) = self.cells.get_mut(slot as usize)
                && cells.last().is_some_and(|cell| cell.depth > self.depth)
            {
                cells.pop();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::exec::tests::check;

    #[test]
    fn in_a_fold_a_name_may_be_set_again_and_is_gone_after_it() {
        check(
            r##"(seq (call "a" ("s" "f") [] l) (seq (fold l i (seq (ap i x) (seq (ap i x) (next i)))) (ap x y)))"##,
            &["[1,2]"],
            expect![[r#"
                a: asks s.f()
                a: done
                0: call [1,2] <a:s:f>
            "#]],
        );
    }

    /// The second iteration waits for `x`: the value of the first one hides the global one and cannot be seen.
    #[test]
    fn an_outer_iteration_hides_the_global_value() {
        check(
            r##"(seq (seq (ap 0 x) (call "a" ("s" "f") [] l)) (fold l i (seq (seq (call "a" ("s" "g") [x]) (ap i x)) (next i))))"##,
            &["[1,2]", "0"],
            expect![[r#"
                a: asks s.f()
                a: asks s.g(0)
                a: done
                0: call [1,2] <a:s:f>
                1: call, result not kept
            "#]],
        );
    }

    #[test]
    fn outside_of_folds_a_second_value_is_refused() {
        check(
            r##"(seq (ap 1 x) (ap 2 x))"##,
            &[],
            expect![[r#"
            a: error 20007: trying to shadow variable 'x', but shadowing is allowed only inside fold blocks
        "#]],
        );
    }
}
