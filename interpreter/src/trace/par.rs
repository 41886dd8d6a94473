//! The branches of a `par` in the traces.

use super::handler::TraceHandler;
use super::open::ParMachine;
use super::slider::{Slider, TraceResult};
use crate::data::ParResult;
use crate::errors::TraceError;

impl TraceHandler {
    pub(crate) fn par_start(&mut self) -> TraceResult<()> {
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

    pub(crate) fn par_left_end(&mut self) -> TraceResult<()> {
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
    pub(crate) fn par_right_end(&mut self) -> TraceResult<u32> {
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
fn left_end(side: &Slider, par: ParResult) -> TraceResult<(u32, u32)> {
    Ok((move_by(side, par, par.left_size)?, par.left_size))
}

/// Where a side stands after both branches, and what remains to it.
fn right_end(side: &Slider, par: ParResult) -> TraceResult<(u32, u32)> {
    let whole = par.left_size.checked_add(par.right_size).ok_or(TraceError::ParLenOverflow(par))?;
    let position = move_by(side, par, whole)?;
    let remaining = side.remaining();
    Ok((position, remaining.checked_sub(whole).ok_or(TraceError::ParLenUnderflow(par, remaining))?))
}

fn move_by(side: &Slider, par: ParResult, count: u32) -> TraceResult<u32> {
    side.position().checked_add(count).ok_or(TraceError::ParPosOverflow(par, side.position()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::ExecutedState;
    use crate::trace::Generation;
    use crate::trace::handler::tests::ap;

    fn par(left_size: u32, right_size: u32) -> ExecutedState {
        ExecutedState::Par(ParResult { left_size, right_size })
    }

    #[test]
    fn each_branch_finds_its_own_states() {
        let mut trace = TraceHandler::new(vec![par(2, 1), ap(0), ap(1), ap(2), ap(3)], Vec::new());
        trace.par_start().unwrap();
        // The left branch ends early: its second state is left out.
        assert_eq!(trace.merge_ap(), Ok(Generation::Previous(0)));
        trace.push(ap(0));
        trace.par_left_end().unwrap();
        assert_eq!(trace.merge_ap(), Ok(Generation::Previous(2)));
        assert_eq!(trace.merge_ap(), Ok(Generation::New));
        trace.push(ap(2));
        trace.push(ap(7));
        trace.par_right_end().unwrap();
        assert_eq!(trace.merge_ap(), Ok(Generation::Previous(3)));
        assert_eq!(trace.states(), [par(1, 2), ap(0), ap(2), ap(7)]);
    }

    #[test]
    fn a_par_that_claims_more_states_than_there_are_does_not_fit() {
        let mut trace = TraceHandler::new(vec![par(1, 1), ap(0)], Vec::new());
        let claimed = ParResult { left_size: 1, right_size: 1 };
        assert_eq!(trace.par_start(), Err(TraceError::ParLenUnderflow(claimed, 1)));
        let mut trace = TraceHandler::new(vec![par(u32::MAX, 1)], Vec::new());
        assert!(matches!(
            trace.par_start(),
            Err(TraceError::ParPosOverflow(..) | TraceError::ParLenOverflow(_))
        ));
    }
}
