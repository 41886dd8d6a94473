//! The scope and the iterator that every `fold` gives its body.

use air_semantics::hir::InstrId;

use super::iterator::FoldState;
use super::machine::{Flow, Machine};
use super::stage::Stage;
use super::values::StoredValue;
use crate::errors::Uncatchable;
use crate::program::{NodeId, Slot};
use crate::recorder::{Bound, Iteration};

impl Machine<'_> {
    /// Opens the scope and runs the body on the first element.
    pub(super) fn begin_fold(
        &mut self,
        mut state: FoldState,
        round: u32,
        iterator: Slot,
        stage: Stage,
        body: NodeId,
    ) -> Flow {
        let node = state.node;
        state.level = self.state.iterations.len();
        match self.state.iterators.get_mut(iterator as usize) {
            Some(slot @ None) => *slot = Some(Box::new(state)),
            _ => return Flow::failed(Uncatchable::MultipleIterables(self.name(iterator))),
        }
        self.state.iterations.push(Iteration { fold: InstrId(node), round, index: 0 });
        self.report_element(iterator);
        self.state.scopes.fold_start();
        self.descend(node, stage, body)
    }

    /// Closes the scope, whatever happened inside.
    pub(super) fn end_fold(&mut self, iterator: Slot) {
        if let Some(slot) = self.state.iterators.get_mut(iterator as usize) {
            *slot = None;
        }
        self.state.iterations.pop();
        self.state.scopes.fold_end();
    }

    /// The element under the cursor is what the iterator is bound to.
    pub(super) fn report_element(&mut self, iterator: Slot) {
        if self.run.recorder.is_none() {
            return;
        }
        let state = self.state.iterators.get(iterator as usize).and_then(Option::as_deref);
        let Some(StoredValue { value, tetraplet, provenance, .. }) = state.map(FoldState::current) else {
            return;
        };
        let name = self.run.program.name(iterator);
        self.watch(|recorder, place| {
            let bound = Bound { name, value: &value, tetraplet: &tetraplet, provenance: &provenance };
            recorder.bound(place, bound);
        });
    }

    /// An iterator has moved.
    pub(super) fn note_cursor(&mut self, level: usize, cursor: usize) {
        if let Some(iteration) = self.state.iterations.get_mut(level) {
            iteration.index = cursor as u32;
        }
    }
}
