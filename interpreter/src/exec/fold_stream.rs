//! `fold` over a stream or map: in rounds, each over the generations that came in since the last.

use super::iterator::{FoldState, Items, StreamFold};
use super::machine::{Flow, InstrResult, Machine};
use super::stage::Stage;
use crate::program::{NodeId, NodeKind, Slot, Stream};
use crate::recorder::Wait;

impl Machine<'_> {
    pub(super) fn enter_stream_fold(&mut self, node: NodeId, operand: Stream) -> Flow {
        let Some(stream) = self.state.streams.get_mut(operand) else {
            // Nothing was ever written: wait, and leave no state.
            self.wait(Wait::Stream(self.run.program.name(operand.slot)));
            return Flow::Done;
        };
        let size = stream.size();
        let (slices, cursor) = stream.first_round();
        self.state.fold_count += 1;
        let id = self.state.fold_count;
        let started = self.state.trace.fold_start(id);
        if let Err(error) = self.traced(node, started) {
            return Flow::Failed(error);
        }
        if slices.is_empty() {
            return self.end_stream_fold(node, id, false);
        }
        self.state.stream_folds.push(StreamFold {
            id,
            stream: operand,
            cursor,
            generations: slices.into(),
            round: 0,
            observed: false,
            size,
            failed: false,
        });
        self.next_generation(node)
    }

    fn next_generation(&mut self, node: NodeId) -> Flow {
        let Some(fold) = self.state.stream_folds.last_mut() else { return Flow::Done };
        if fold.generations.is_empty()
            && let Some(stream) = self.state.streams.get_mut(fold.stream)
        {
            let (slices, cursor) = stream.next_round(fold.cursor);
            fold.cursor = cursor;
            fold.generations = slices.into();
        }
        let (id, observed, round) = (fold.id, fold.observed, fold.round);
        fold.round += 1;
        let Some(generation) = fold.generations.pop_front() else {
            // Rounds and completeness can be others when what is new now is read from data.
            let grown =
                self.state.streams.get_mut(fold.stream).is_none_or(|stream| stream.size() != fold.size);
            self.state.suspension.unsteady |= (grown || fold.failed) && self.state.trace.is_fresh();
            self.state.stream_folds.pop();
            return self.end_stream_fold(node, id, observed);
        };
        let position = generation.first().map_or(0, |first| first.position);
        let started = self.state.trace.fold_iteration_start(id, position);
        if let Err(error) = self.traced(node, started) {
            return Flow::Failed(error);
        }
        let Some(NodeKind::Fold { iterator, body, .. }) = self.run.program.node(node).map(|node| &node.kind)
        else {
            return Flow::Done;
        };
        self.begin_fold(
            FoldState::new(Items::Elements(generation), node, Some(id)),
            round,
            *iterator,
            Stage::Generation,
            *body,
        )
    }

    /// One generation is done, well or with an error that is swallowed here.
    pub(super) fn resume_stream_fold(&mut self, node: NodeId, iterator: Slot, ended: InstrResult) -> Flow {
        self.end_fold(iterator);
        let (complete, failed) = (self.state.complete, ended.is_err());
        let Some(fold) = self.state.stream_folds.last_mut() else { return Flow::Done };
        fold.failed |= failed;
        fold.observed |= complete;
        let ended = self.state.trace.fold_generation_end(fold.id);
        match self.traced(node, ended) {
            Ok(()) => self.next_generation(node),
            Err(error) => Flow::Failed(error),
        }
    }

    fn end_stream_fold(&mut self, node: NodeId, id: u32, observed: bool) -> Flow {
        self.state.complete = observed;
        let ended = self.state.trace.fold_end(id);
        self.traced(node, ended).map(|position| self.report_written(position)).into()
    }
}
