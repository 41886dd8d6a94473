//! A window that moves over an incoming trace.

use crate::data::ExecutedState;
use crate::errors::TraceError;

pub(super) type TraceResult<T> = Result<T, TraceError>;

#[derive(Debug)]
pub(super) struct Slider {
    trace: Vec<ExecutedState>,
    position: u32,
    length: u32,
    seen: u32,
}

impl Slider {
    pub(super) fn new(trace: Vec<ExecutedState>) -> Self {
        let length = u32::try_from(trace.len()).unwrap_or(u32::MAX);
        Slider { trace, position: 0, length, seen: 0 }
    }

    pub(super) fn into_trace(self) -> Vec<ExecutedState> {
        self.trace
    }

    /// States in the whole trace, whatever of it is left.
    pub(super) fn trace_len(&self) -> usize {
        self.trace.len()
    }

    /// Moves on, if something is left; the state is then at [`Slider::last`].
    pub(super) fn next(&mut self) -> bool {
        if self.seen >= self.length || self.position as usize >= self.trace.len() {
            return false;
        }
        self.position += 1;
        self.seen += 1;
        true
    }

    /// Position of the state that was taken last.
    pub(super) fn last_position(&self) -> u32 {
        self.position.saturating_sub(1)
    }

    /// The state that was taken last.
    pub(super) fn last(&self) -> Option<&ExecutedState> {
        self.get(self.last_position())
    }

    pub(super) fn get(&self, position: u32) -> Option<&ExecutedState> {
        self.trace.get(position as usize)
    }

    pub(super) fn size(&self) -> usize {
        self.trace.len()
    }

    pub(super) fn position(&self) -> u32 {
        self.position
    }

    pub(super) fn remaining(&self) -> u32 {
        self.length.saturating_sub(self.seen)
    }

    pub(super) fn set_length(&mut self, length: u32) -> TraceResult<()> {
        let available = (self.trace.len()).checked_sub(self.position as usize).ok_or(TraceError::Position)?;
        if available < length as usize {
            return Err(TraceError::SubtraceLen { size: self.trace.len(), position: self.position, length });
        }
        self.seen = 0;
        self.length = length;
        Ok(())
    }

    pub(super) fn set_window(&mut self, position: u32, length: u32) -> TraceResult<()> {
        if length != 0 && u64::from(position) + u64::from(length) > self.trace.len() as u64 {
            return Err(TraceError::SubtraceLenAndPosition { size: self.trace.len(), length, position });
        }
        self.position = position;
        self.length = length;
        self.seen = 0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::handler::tests::ap;

    #[test]
    fn a_window_ends_before_the_trace_does() {
        let mut slider = Slider::new(vec![ap(0), ap(1), ap(2), ap(3)]);
        slider.set_window(1, 2).unwrap();
        assert!(slider.next());
        assert_eq!((slider.last(), slider.remaining()), (Some(&ap(1)), 1));
        assert!(slider.next() && !slider.next());
        slider.set_length(1).unwrap();
        assert!(slider.next());
        assert_eq!(slider.last_position(), 3);
    }

    #[test]
    fn a_window_beyond_the_trace_is_refused() {
        let mut slider = Slider::new(vec![ap(0), ap(1)]);
        let error = TraceError::SubtraceLenAndPosition { size: 2, length: 2, position: 1 };
        assert_eq!(slider.set_window(1, 2), Err(error));
        assert_eq!(slider.set_length(3), Err(TraceError::SubtraceLen { size: 2, position: 0, length: 3 }));
        // An empty one may be anywhere; what is beyond the trace is found out by what follows.
        slider.set_window(7, 0).unwrap();
        assert_eq!(slider.set_length(0), Err(TraceError::Position));
    }
}
