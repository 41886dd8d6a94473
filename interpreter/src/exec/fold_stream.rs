//! `fold` over a stream or map: in rounds, each over the generations that came in since the last.

use std::collections::VecDeque;
use std::rc::Rc;

use super::fold::{FoldState, Items};
use super::stream::Cursor;
use super::values::Stored;
use super::{Flow, Machine, Stage};
use crate::program::{NodeId, NodeKind, Stream};
use crate::recorder::Wait;

/// A fold over a stream that is running.
#[derive(Debug)]
pub(crate) struct StreamFold {
    id: u32,
    stream: Stream,
    cursor: Cursor,
    generations: VecDeque<Rc<[Stored]>>,
    /// Generations begun, less one.
    round: u32,
    /// Whether any generation was complete.
    observed: bool,
    /// Values in the stream when it began.
    size: usize,
    /// Whether an error was swallowed.
    failed: bool,
}

impl Machine<'_> {
    pub(super) fn enter_stream_fold(&mut self, node: NodeId, operand: Stream) -> Flow {
        let Some(stream) = self.streams.get_mut(operand) else {
            // Nothing was ever written: wait, and leave no state.
            self.wait(Wait::Stream(self.program.name(operand.slot)));
            return Flow::Done;
        };
        let size = stream.size();
        let (slices, cursor) = stream.first_round();
        self.fold_count += 1;
        let id = self.fold_count;
        let started = self.trace.fold_start(id);
        if let Err(error) = self.traced(node, started) {
            return Flow::Failed(error);
        }
        if slices.is_empty() {
            return self.end_stream_fold(node, id, false);
        }
        self.stream_folds.push(StreamFold {
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
        let Some(fold) = self.stream_folds.last_mut() else { return Flow::Done };
        if fold.generations.is_empty()
            && let Some(stream) = self.streams.get_mut(fold.stream)
        {
            let (slices, cursor) = stream.next_round(fold.cursor);
            fold.cursor = cursor;
            fold.generations = slices.into();
        }
        let (id, observed, round) = (fold.id, fold.observed, fold.round);
        fold.round += 1;
        let Some(generation) = fold.generations.pop_front() else {
            // Rounds and completeness can be others when what is new now is read from data.
            let grown = self.streams.get_mut(fold.stream).is_none_or(|stream| stream.size() != fold.size);
            self.parking.unsteady |= (grown || fold.failed) && self.trace.is_fresh();
            self.stream_folds.pop();
            return self.end_stream_fold(node, id, observed);
        };
        let position = generation.first().map_or(0, |first| first.position);
        let started = self.trace.fold_iteration_start(id, position);
        if let Err(error) = self.traced(node, started) {
            return Flow::Failed(error);
        }
        let Some(NodeKind::Fold { iterator, body, .. }) = self.program.node(node).map(|node| &node.kind)
        else {
            return Flow::Done;
        };
        self.begin_fold(
            FoldState::new(Items::Stored(generation), node, Some(id)),
            round,
            *iterator,
            Stage::Generation,
            *body,
        )
    }

    /// One generation is done, well or with an error that is swallowed here.
    pub(super) fn end_generation(&mut self, node: NodeId, failed: bool) -> Flow {
        let complete = self.complete;
        let Some(fold) = self.stream_folds.last_mut() else { return Flow::Done };
        fold.failed |= failed;
        fold.observed |= complete;
        let ended = self.trace.fold_generation_end(fold.id);
        match self.traced(node, ended) {
            Ok(()) => self.next_generation(node),
            Err(error) => Flow::Failed(error),
        }
    }

    fn end_stream_fold(&mut self, node: NodeId, id: u32, observed: bool) -> Flow {
        self.complete = observed;
        let ended = self.trace.fold_end(id);
        self.traced(node, ended).map(|position| self.tell_written(position)).into()
    }
}
