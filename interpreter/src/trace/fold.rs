//! The iterations of a fold over a stream or map in the traces.
//!
//! Iterations are matched by *value*: the position of its state in the new trace leads to the old
//! positions, and these to the pieces of the old traces that belong to it.

use rustc_hash::FxHashMap;

use super::handler::TraceHandler;
use super::open::{FoldMachine, Iteration, Pieces, Stage};
use super::slider::{Slider, TraceResult};
use crate::data::{CallResult, ExecutedState, FoldResult, FoldSubTraceLore, SubTraceDesc, ValueRef};
use crate::errors::TraceError;

impl TraceHandler {
    pub(crate) fn fold_start(&mut self, id: u32) -> TraceResult<()> {
        let (prev, current) = self.merge_fold()?;
        let (prev_lore, prev_count) = resolve(&self.prev, prev.as_ref())?;
        let (current_lore, current_count) = resolve(&self.current, current.as_ref())?;
        let place = self.push_placeholder();
        let prev_end = end(&self.prev, &prev_lore, prev_count, "previous")?;
        let current_end = end(&self.current, &current_lore, current_count, "current")?;
        let machine = FoldMachine {
            place,
            prev_lore,
            current_lore,
            prev_end,
            current_end,
            queue: Vec::new(),
            back: 0,
            backward: false,
            lore: Vec::new(),
        };
        self.folds.insert(id, machine);
        Ok(())
    }

    /// `value_pos`: where the state of the value stands in the new trace.
    pub(crate) fn fold_iteration_start(&mut self, id: u32, value_pos: u32) -> TraceResult<()> {
        self.iterations += 1;
        let position = self.position();
        let fold = self.folds.get_mut(&id).ok_or(TraceError::FoldNotFound(id))?;
        let take = |lore: &mut FxHashMap<u32, Pieces>, old: Option<u32>| lore.remove(&old?);
        let prev = take(&mut fold.prev_lore, self.prev_positions.old(value_pos));
        let current = take(&mut fold.current_lore, self.current_positions.old(value_pos));
        enter(&mut self.prev, prev.map(|pieces| pieces.before))?;
        enter(&mut self.current, current.map(|pieces| pieces.before))?;
        let (before, after) = ((position, position), (position, position));
        fold.queue.push(Iteration { value_pos, before, after, stage: Stage::BeforeStarted, prev, current });
        fold.back += 1;
        Ok(())
    }

    pub(crate) fn fold_iteration_end(&mut self, id: u32) -> TraceResult<()> {
        let position = self.position();
        let fold = self.folds.get_mut(&id).ok_or(TraceError::FoldNotFound(id))?;
        if let Some(iteration) = fold.back.checked_sub(1).and_then(|at| fold.queue.get_mut(at)) {
            iteration.before.1 = position;
            iteration.advance();
        }
        Ok(())
    }

    pub(crate) fn fold_back(&mut self, id: u32) -> TraceResult<()> {
        let position = self.position();
        let fold = self.folds.get_mut(&id).ok_or(TraceError::FoldNotFound(id))?;
        if fold.backward {
            if let Some(iteration) = fold.back.checked_sub(1).and_then(|at| fold.queue.get_mut(at)) {
                iteration.after.1 = position;
                iteration.advance();
            }
            fold.back = fold.back.saturating_sub(1);
        }
        let forward = !std::mem::replace(&mut fold.backward, true);
        let Some(iteration) = fold.back.checked_sub(1).and_then(|at| fold.queue.get_mut(at)) else {
            return Ok(());
        };
        if forward && iteration.stage == Stage::BeforeStarted {
            iteration.before.1 = position;
            iteration.advance();
        }
        iteration.after.0 = position;
        iteration.advance();
        let (prev, current) = (iteration.prev, iteration.current);
        enter(&mut self.prev, prev.map(|pieces| pieces.after))?;
        enter(&mut self.current, current.map(|pieces| pieces.after))
    }

    pub(crate) fn fold_generation_end(&mut self, id: u32) -> TraceResult<()> {
        let position = self.position();
        let fold = self.folds.get_mut(&id).ok_or(TraceError::FoldNotFound(id))?;
        fold.back = 0;
        fold.backward = false;
        for mut iteration in fold.queue.drain(..) {
            iteration.finish(position);
            let piece = |(start, end): (u32, u32)| SubTraceDesc {
                begin_pos: start,
                subtrace_len: end.saturating_sub(start),
            };
            let subtraces_desc = vec![piece(iteration.before), piece(iteration.after)];
            fold.lore.push(FoldSubTraceLore { value_pos: iteration.value_pos, subtraces_desc });
        }
        Ok(())
    }

    /// Gives the position of the state that is now complete.
    pub(crate) fn fold_end(&mut self, id: u32) -> TraceResult<u32> {
        let fold = self.folds.remove(&id).ok_or(TraceError::FoldNotFound(id))?;
        if let Some(slot) = self.result.get_mut(fold.place) {
            *slot = ExecutedState::Fold(FoldResult { lore: fold.lore });
        }
        let _ = self.prev.set_window(fold.prev_end.0, fold.prev_end.1);
        let _ = self.current.set_window(fold.current_end.0, fold.current_end.1);
        Ok(fold.place as u32)
    }
}

fn enter(side: &mut Slider, piece: Option<SubTraceDesc>) -> TraceResult<()> {
    match piece {
        Some(piece) => side.set_window(piece.begin_pos, piece.subtrace_len),
        None => side.set_length(0),
    }
}

fn end(
    side: &Slider,
    lore: &FxHashMap<u32, Pieces>,
    count: u32,
    name: &'static str,
) -> TraceResult<(u32, u32)> {
    let position = side.position();
    let fold = || format!("{lore:?} of {count} states");
    let end = position.checked_add(count).ok_or_else(|| TraceError::FoldPosOverflow {
        fold: fold(),
        position,
        side: name,
    })?;
    let left = side.remaining().checked_sub(count);
    Ok((end, left.ok_or_else(|| TraceError::FoldLenUnderflow { fold: fold(), position, side: name })?))
}

/// The pieces of each value, their lengths extended over everything that `next` brings inside them
/// within one generation; and the number of all states.
fn resolve(side: &Slider, fold: Option<&FoldResult>) -> TraceResult<(FxHashMap<u32, Pieces>, u32)> {
    let Some(fold) = fold else { return Ok((FxHashMap::default(), 0)) };
    let overflow = |at: usize| TraceError::SubtraceLenOverflow(fold.clone(), at);
    let mut count = 0_u32;
    let mut lengths: Vec<(u32, u32)> = Vec::with_capacity(fold.lore.len());
    let (mut last_generation, mut start, mut after_sum) = (0, 0, 0_u32);
    for (at, lore) in fold.lore.iter().enumerate() {
        let &[before, after] = lore.subtraces_desc.as_slice() else {
            return Err(TraceError::SubtracesCount(lore.subtraces_desc.len()));
        };
        let generation = generation(side, lore.value_pos)?;
        if generation != last_generation {
            extend(&mut lengths, start).ok_or_else(|| overflow(at))?;
            last_generation = generation;
            start = at;
            after_sum = 0;
        }
        let sum = count.checked_add(before.subtrace_len).and_then(|sum| sum.checked_add(after.subtrace_len));
        count = sum.ok_or_else(|| overflow(at))?;
        after_sum = after_sum.checked_add(after.subtrace_len).ok_or_else(|| overflow(at))?;
        lengths.push((before.subtrace_len, after_sum));
    }
    extend(&mut lengths, start).ok_or_else(|| overflow(fold.lore.len()))?;
    let mut pieces = FxHashMap::default();
    for (lore, (before_length, after_length)) in fold.lore.iter().zip(lengths) {
        let &[before, after] = lore.subtraces_desc.as_slice() else { continue };
        let piece =
            |desc: SubTraceDesc, subtrace_len| SubTraceDesc { begin_pos: desc.begin_pos, subtrace_len };
        let resolved = Pieces { before: piece(before, before_length), after: piece(after, after_length) };
        if pieces.insert(lore.value_pos, resolved).is_some() {
            return Err(TraceError::SamePosition(fold.clone(), lore.value_pos));
        }
    }
    Ok((pieces, count))
}

/// From the last iteration of a generation back to its first: each contains the following ones.
fn extend(lengths: &mut [(u32, u32)], start: usize) -> Option<()> {
    let after = lengths.last().map_or(0, |last| last.1);
    let mut sum = 0_u32;
    for length in lengths.get_mut(start..)?.iter_mut().rev() {
        sum = sum.checked_add(length.0)?;
        length.0 = sum.checked_add(after)?;
    }
    Some(())
}

fn generation(side: &Slider, position: u32) -> TraceResult<u32> {
    match side.get(position) {
        None => Err(TraceError::NoElement { position, size: side.size() }),
        Some(ExecutedState::Call(CallResult::Executed(ValueRef::Stream { generation, .. }))) => {
            Ok(*generation)
        }
        Some(ExecutedState::Ap(ap)) => match ap.res_generations.first() {
            Some(&generation) => Ok(generation),
            None => Err(TraceError::Generations(ap.clone())),
        },
        Some(state) => Err(TraceError::NoStreamState(state.clone())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::ApResult;
    use smallvec::smallvec;

    #[test]
    fn lengths_cover_what_next_brings() {
        let trace: Vec<_> = [0, 0, 0, 1, 1, 2]
            .into_iter()
            .map(|generation| ExecutedState::Ap(ApResult { res_generations: smallvec![generation] }))
            .collect();
        let side = Slider::new(trace);
        let piece = |length| SubTraceDesc { begin_pos: 6, subtrace_len: length };
        let lore = [1, 2, 3, 4, 5, 1].into_iter().enumerate().map(|(at, length)| FoldSubTraceLore {
            value_pos: at as u32,
            subtraces_desc: vec![piece(length), piece(length)],
        });
        let (pieces, count) = resolve(&side, Some(&FoldResult { lore: lore.collect() })).unwrap();
        let lengths: Vec<_> =
            (0..6).map(|at| (pieces[&at].before.subtrace_len, pieces[&at].after.subtrace_len)).collect();
        assert_eq!(lengths, [(12, 1), (11, 3), (9, 6), (18, 4), (14, 9), (2, 1)]);
        assert_eq!(count, 32);
    }

    #[test]
    fn iterations_of_other_shapes_do_not_fit() {
        let side = Slider::new(vec![ExecutedState::Par(Default::default())]);
        let of = |count, value_pos| {
            let subtraces_desc = vec![SubTraceDesc::default(); count];
            let lore = vec![FoldSubTraceLore { value_pos, subtraces_desc }];
            resolve(&side, Some(&FoldResult { lore })).map(|_| ())
        };
        assert_eq!(of(1, 0), Err(TraceError::SubtracesCount(1)));
        assert_eq!(of(2, 9), Err(TraceError::NoElement { position: 9, size: 1 }));
        assert!(matches!(of(2, 0), Err(TraceError::NoStreamState(_))));
    }
}
