//! The branches of a `par` in the traces.

use super::slider::Slider;
use super::{TraceHandler, Traced};
use crate::data::{ExecutedState, ParResult};
use crate::errors::TraceError;

/// A `par` that is running: where its state goes, and where the sides continue after each branch.
#[derive(Debug)]
pub(super) struct ParMachine {
    place: usize,
    mark: usize,
    left: u32,
    prev: ParResult,
    current: ParResult,
    left_end: [(u32, u32); 2],
    right_end: [(u32, u32); 2],
}

impl ParMachine {
    pub(super) fn place(&self) -> usize {
        self.place
    }

    /// What it is if its right branch ends with a trace of this size.
    pub(super) fn state(&self, size: usize) -> ExecutedState {
        let right_size = size.saturating_sub(self.mark) as u32;
        ExecutedState::Par(ParResult { left_size: self.left, right_size })
    }

    /// No side has anything for what follows.
    pub(super) fn exhaust(&mut self) {
        (self.prev, self.current) = (ParResult::default(), ParResult::default());
        (self.left_end, self.right_end) = ([(0, 0); 2], [(0, 0); 2]);
    }
}

impl TraceHandler {
    pub(crate) fn par_start(&mut self) -> Traced<()> {
        let (prev, current) = self.merge_par()?;
        let (prev, current) = (prev.unwrap_or_default(), current.unwrap_or_default());
        let place = self.push_placeholder();
        let left_end = [left_end(&self.prev, prev)?, left_end(&self.current, current)?];
        let right_end = [right_end(&self.prev, prev)?, right_end(&self.current, current)?];
        self.prev.set_length(prev.left_size)?;
        self.current.set_length(current.left_size)?;
        self.pars.push(ParMachine {
            place,
            mark: self.result.len(),
            left: 0,
            prev,
            current,
            left_end,
            right_end,
        });
        Ok(())
    }

    pub(crate) fn par_left_end(&mut self) -> Traced<()> {
        let size = self.result.len();
        let par = self.pars.last_mut().ok_or(TraceError::ParQueueIsEmpty)?;
        par.left = (size - par.mark) as u32;
        par.mark = size;
        let [prev_end, current_end] = par.left_end;
        // Where a side cannot follow it has nothing to say.
        let _ = self.prev.set_window(prev_end.0, prev_end.1);
        let _ = self.current.set_window(current_end.0, current_end.1);
        let _ = self.prev.set_length(par.prev.right_size);
        let _ = self.current.set_length(par.current.right_size);
        Ok(())
    }

    /// Gives the position of the state that is now complete.
    pub(crate) fn par_right_end(&mut self) -> Traced<u32> {
        let par = self.pars.pop().ok_or(TraceError::ParQueueIsEmpty)?;
        let state = par.state(self.result.len());
        self.overwrite(par.place, state);
        let [prev_end, current_end] = par.right_end;
        let _ = self.prev.set_window(prev_end.0, prev_end.1);
        let _ = self.current.set_window(current_end.0, current_end.1);
        Ok(par.place as u32)
    }
}

/// Where a side stands after the left branch, and the length that it then has: for the moment only,
/// the right branch sets its own.
fn left_end(side: &Slider, par: ParResult) -> Traced<(u32, u32)> {
    Ok((move_by(side, par, par.left_size)?, par.left_size))
}

/// Where a side stands after both branches, and what remains to it.
fn right_end(side: &Slider, par: ParResult) -> Traced<(u32, u32)> {
    let whole = par.left_size.checked_add(par.right_size).ok_or(TraceError::ParLenOverflow(par))?;
    let position = move_by(side, par, whole)?;
    let remaining = side.remaining();
    Ok((position, remaining.checked_sub(whole).ok_or(TraceError::ParLenUnderflow(par, remaining))?))
}

fn move_by(side: &Slider, par: ParResult, count: u32) -> Traced<u32> {
    side.position().checked_add(count).ok_or(TraceError::ParPosOverflow(par, side.position()))
}
