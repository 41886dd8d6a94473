//! The new trace, the incoming ones, and where the script stands in them.

use rustc_hash::FxHashMap;
use smallvec::smallvec;

use super::open::{FoldMachine, ParMachine};
use super::slider::Slider;
use crate::data::{ApResult, CallResult, ExecutedState, ParResult, ValueRef};
use crate::errors::Uncatchable;

/// The generation of a new value until the end of the run or of its `new`, when generations are numbered; AquaVM's number,
/// which stays in the data if the stream is lost.
pub(crate) const GENERATION_STUB: u32 = 0xCAFE_BABE;

/// Bytes of a state with what it holds, of a fold over a stream that is running, and of one iteration of such a fold: a
/// growing list is copied while both copies are there. Numbers of 64-bit machines, so that all machines count the same.
const STATE_BYTES: u64 = 80;
const FOLD_BYTES: u64 = 512;
const ITERATION_BYTES: u64 = 96;

/// See the page of this module.
#[derive(Debug)]
pub(crate) struct TraceHandler {
    pub(super) prev: Slider,
    pub(super) current: Slider,
    pub(super) result: Vec<ExecutedState>,
    pub(super) prev_positions: Positions,
    pub(super) current_positions: Positions,
    pub(super) pars: Vec<ParMachine>,
    pub(super) folds: FxHashMap<u32, FoldMachine>,
    /// Iterations of folds over streams in all traces.
    pub(super) iterations: u64,
    /// Whether anything but previous data alone has decided something.
    pub(super) fresh: bool,
    resumed: Option<Resumed>,
}

/// What brings back the trace as it was when a run went on at a call.
#[derive(Debug)]
struct Resumed {
    /// Where the state of the call stood, the last one then.
    base: usize,
    /// States before it that were written again.
    overwritten: Vec<(usize, ExecutedState)>,
}

impl TraceHandler {
    pub(crate) fn new(prev: Vec<ExecutedState>, current: Vec<ExecutedState>) -> Self {
        let result = Vec::with_capacity(prev.len().max(current.len()) + 8);
        let iterations = |state: &ExecutedState| match state {
            ExecutedState::Fold(fold) => fold.lore.len() as u64,
            _ => 0,
        };
        let iterations = prev.iter().chain(&current).map(iterations).sum();
        TraceHandler {
            prev_positions: Positions::new(prev.len()),
            current_positions: Positions::new(current.len()),
            prev: Slider::new(prev),
            current: Slider::new(current),
            result,
            pars: Vec::new(),
            folds: FxHashMap::default(),
            iterations,
            fresh: false,
            resumed: None,
        }
    }

    /// Whether anything but previous data alone has decided something so far.
    pub(crate) fn is_fresh(&self) -> bool {
        self.fresh
    }

    pub(crate) fn set_fresh(&mut self) {
        self.fresh = true;
    }

    /// Completes the states of the `par`s that are open, all in their right branches: the run stops here.
    pub(crate) fn suspend(&mut self) {
        let size = self.result.len();
        for par in &self.pars {
            if let Some(slot) = self.result.get_mut(par.place()) {
                *slot = par.state(size);
            }
        }
    }

    /// The states of the `par`s that are open, innermost first.
    pub(crate) fn open_pars(&self) -> impl Iterator<Item = u32> {
        self.pars.iter().rev().map(|par| par.place() as u32)
    }

    /// Goes on at the last state, that of a call: it is what is left of previous data.
    pub(crate) fn resume(&mut self) {
        let state = self.result.pop();
        self.prev = Slider::new(state.into_iter().collect());
        self.current = Slider::new(Vec::new());
        self.prev_positions = Positions::new(1);
        self.current_positions = Positions::new(0);
        self.pars.iter_mut().for_each(ParMachine::exhaust);
        self.fresh = true;
        self.resumed = Some(Resumed { base: self.result.len(), overwritten: Vec::new() });
    }

    /// Writes a state in the place of another one.
    pub(super) fn overwrite(&mut self, place: usize, state: ExecutedState) {
        let Some(slot) = self.result.get_mut(place) else { return };
        let before = std::mem::replace(slot, state);
        if let Some(resumed) = &mut self.resumed
            && place < resumed.base
        {
            resumed.overwritten.push((place, before));
        }
    }

    /// Bytes of all traces, with the places of states in each other.
    pub(crate) fn held_bytes(&self) -> u64 {
        let states = self.result.len() + self.prev.trace_len() + self.current.trace_len();
        states as u64 * STATE_BYTES
            + (self.prev_positions.len() + self.current_positions.len()) as u64 * 4
            + self.folds.len() as u64 * FOLD_BYTES
            + self.iterations * ITERATION_BYTES
    }

    /// Where the next state will stand. Traces longer than positions can count are refused at the end.
    pub(crate) fn position(&self) -> u32 {
        u32::try_from(self.result.len()).unwrap_or(u32::MAX)
    }

    pub(crate) fn push(&mut self, state: ExecutedState) {
        self.result.push(state);
    }

    /// The state at a position.
    pub(crate) fn state(&self, position: u32) -> Option<&ExecutedState> {
        self.result.get(position as usize)
    }

    pub(super) fn push_placeholder(&mut self) -> usize {
        self.push(ExecutedState::Par(ParResult::default()));
        self.result.len() - 1
    }

    /// Writes the final generation of a value into its state.
    pub(crate) fn set_generation(&mut self, position: u32, new: u32) -> Result<(), Uncatchable> {
        let place = position as usize;
        // Most values are new ones: what stood there is not asked for again.
        if self.resumed.as_ref().is_none_or(|resumed| place >= resumed.base)
            && let Some(ExecutedState::Ap(ap)) = self.result.get_mut(place)
            && let [generation] = ap.res_generations.as_mut_slice()
        {
            *generation = new;
            return Ok(());
        }
        let state = match self.result.get(position as usize) {
            None => return Err(Uncatchable::GenerationPosition(position)),
            Some(ExecutedState::Ap(ap)) if *ap.res_generations.as_slice() == [new] => return Ok(()),
            Some(ExecutedState::Ap(_)) => ExecutedState::Ap(ApResult { res_generations: smallvec![new] }),
            Some(ExecutedState::Call(CallResult::Executed(ValueRef::Stream { cid, generation }))) => {
                if *generation == new {
                    return Ok(());
                }
                ExecutedState::Call(CallResult::Executed(ValueRef::Stream {
                    cid: cid.clone(),
                    generation: new,
                }))
            }
            Some(state) => return Err(Uncatchable::GenerationState(state.clone(), position)),
        };
        self.overwrite(position as usize, state);
        Ok(())
    }

    /// Previous data's trace, as it came.
    pub(crate) fn into_previous(self) -> Vec<ExecutedState> {
        let Some(resumed) = self.resumed else { return self.prev.into_trace() };
        let mut trace = self.result;
        trace.truncate(resumed.base);
        for (place, before) in resumed.overwritten.into_iter().rev() {
            if let Some(slot) = trace.get_mut(place) {
                *slot = before;
            }
        }
        trace.extend(self.prev.into_trace());
        trace
    }

    /// The new trace so far.
    pub(crate) fn states(&self) -> &[ExecutedState] {
        &self.result
    }

    pub(crate) fn into_result(self) -> Vec<ExecutedState> {
        self.result
    }
}

/// A value that was put into a stream, its generation not known yet.
pub(crate) fn new_ap() -> ExecutedState {
    ExecutedState::Ap(ApResult { res_generations: smallvec![GENERATION_STUB] })
}

/// Which old position a new one came from: a bijection, later pairs replace earlier ones.
#[derive(Debug)]
pub(super) struct Positions {
    old_of_new: Vec<u32>,
    new_of_old: Vec<u32>,
}

const NOWHERE: u32 = u32::MAX;

impl Positions {
    fn new(old_size: usize) -> Self {
        Positions { old_of_new: Vec::new(), new_of_old: vec![NOWHERE; old_size] }
    }

    fn len(&self) -> usize {
        self.old_of_new.len() + self.new_of_old.len()
    }

    pub(super) fn insert(&mut self, new: u32, old: u32) {
        if self.old_of_new.len() <= new as usize {
            self.old_of_new.resize(new as usize + 1, NOWHERE);
        }
        if let Some(slot) = self.new_of_old.get_mut(old as usize) {
            let before = std::mem::replace(slot, new);
            if before != new
                && let Some(slot) = self.old_of_new.get_mut(before as usize)
            {
                *slot = NOWHERE;
            }
        }
        if let Some(slot) = self.old_of_new.get_mut(new as usize) {
            let before = std::mem::replace(slot, old);
            if before != old
                && let Some(slot) = self.new_of_old.get_mut(before as usize)
            {
                *slot = NOWHERE;
            }
        }
    }

    pub(super) fn old(&self, new: u32) -> Option<u32> {
        self.old_of_new.get(new as usize).copied().filter(|&old| old != NOWHERE)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::data::{Cid, Sender};

    pub(in crate::trace) fn ap(generation: u32) -> ExecutedState {
        ExecutedState::Ap(ApResult { res_generations: smallvec![generation] })
    }

    pub(in crate::trace) fn scalar(cid: &str) -> CallResult {
        CallResult::Executed(ValueRef::Scalar(Cid(cid.into())))
    }

    pub(in crate::trace) fn sent(peer: &str) -> CallResult {
        CallResult::RequestSentBy(Sender::PeerId(std::rc::Rc::new(peer.to_owned())))
    }

    #[test]
    fn positions_are_pairs_and_later_ones_win() {
        let mut positions = Positions::new(3);
        positions.insert(0, 2);
        positions.insert(1, 2);
        assert_eq!((positions.old(0), positions.old(1)), (None, Some(2)));
        positions.insert(1, 0);
        assert_eq!((positions.old(1), positions.old(7)), (Some(0), None));
    }

    #[test]
    fn generations_are_written_into_states_that_have_one() {
        let mut trace = TraceHandler::new(Vec::new(), Vec::new());
        trace.push(new_ap());
        trace.push(ExecutedState::Call(scalar("x")));
        trace.set_generation(0, 3).unwrap();
        assert_eq!(trace.states()[0], ap(3));
        assert!(matches!(trace.set_generation(1, 0), Err(Uncatchable::GenerationState(_, 1))));
        assert_eq!(trace.set_generation(2, 0), Err(Uncatchable::GenerationPosition(2)));
    }

    #[test]
    fn previous_data_comes_back_after_going_on_at_a_call() {
        let before = [ap(0), ExecutedState::Call(sent("a"))];
        let mut trace = TraceHandler::new(Vec::new(), Vec::new());
        before.iter().for_each(|state| trace.push(state.clone()));
        trace.resume();
        trace.push(ExecutedState::Call(scalar("x")));
        trace.set_generation(0, 5).unwrap();
        assert_eq!(trace.states(), [ap(5), ExecutedState::Call(scalar("x"))]);
        assert_eq!(trace.into_previous(), before);
    }
}
