//! Previous and current trace merged into the new one, state by state.
//!
//! Two sliders walk the incoming traces while the script runs. Where an instruction writes a state
//! it first takes what both sides have for it; `par` and `fold` cut the traces into pieces so that
//! leaving a branch early does not bring the sides out of step.

mod fold;
mod merge;
mod par;
mod slider;

use rustc_hash::FxHashMap;
use smallvec::smallvec;

use crate::data::{ApResult, CallResult, ExecutedState, ParResult, ValueRef};
use crate::errors::{TraceError, Uncatchable};
use slider::Slider;

pub(crate) use merge::{Generation, MergedCall};

/// The generation of values that are not compactified yet.
pub(crate) const GENERATION_STUB: u32 = 0xCAFE_BABE;

/// The incoming traces, the new one, and where the script stands in them.
#[derive(Debug)]
pub(crate) struct TraceHandler {
    prev: Slider,
    current: Slider,
    result: Vec<ExecutedState>,
    prev_positions: Positions,
    current_positions: Positions,
    pars: Vec<par::ParMachine>,
    folds: FxHashMap<u32, fold::FoldMachine>,
    /// Whether anything but previous data alone had a say.
    fresh: bool,
    resumed: Option<Resumed>,
}

/// What brings back the trace as it was when a run went on at a call.
#[derive(Debug)]
struct Resumed {
    /// Where the state of the call stood, and nothing behind it.
    base: usize,
    /// States before it that were written again.
    overwritten: Vec<(usize, ExecutedState)>,
}

impl TraceHandler {
    pub(crate) fn new(prev: Vec<ExecutedState>, current: Vec<ExecutedState>) -> Self {
        let result = Vec::with_capacity(prev.len().max(current.len()) + 8);
        TraceHandler {
            prev_positions: Positions::new(prev.len()),
            current_positions: Positions::new(current.len()),
            prev: Slider::new(prev),
            current: Slider::new(current),
            result,
            pars: Vec::new(),
            folds: FxHashMap::default(),
            fresh: false,
            resumed: None,
        }
    }

    /// Whether anything but previous data alone had a say so far.
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
        self.pars.iter_mut().for_each(par::ParMachine::exhaust);
        self.fresh = true;
        self.resumed = Some(Resumed { base: self.result.len(), overwritten: Vec::new() });
    }

    /// Writes a state in the place of another one.
    fn overwrite(&mut self, place: usize, state: ExecutedState) {
        let Some(slot) = self.result.get_mut(place) else { return };
        let before = std::mem::replace(slot, state);
        if let Some(resumed) = &mut self.resumed
            && place < resumed.base
        {
            resumed.overwritten.push((place, before));
        }
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

    fn push_placeholder(&mut self) -> usize {
        self.push(ExecutedState::Par(ParResult::default()));
        self.result.len() - 1
    }

    /// Writes the final generation of a value into its state.
    pub(crate) fn set_generation(&mut self, position: u32, new: u32) -> Result<(), Uncatchable> {
        let place = position as usize;
        // Most values are new ones: nobody has to know what stood there.
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
struct Positions {
    old_of_new: Vec<u32>,
    new_of_old: Vec<u32>,
}

const NOWHERE: u32 = u32::MAX;

impl Positions {
    fn new(old_size: usize) -> Self {
        Positions { old_of_new: Vec::new(), new_of_old: vec![NOWHERE; old_size] }
    }

    fn insert(&mut self, new: u32, old: u32) {
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

    fn old(&self, new: u32) -> Option<u32> {
        self.old_of_new.get(new as usize).copied().filter(|&old| old != NOWHERE)
    }
}

type Traced<T> = Result<T, TraceError>;
