//! `par`s that have not come to their ends yet, and folds over streams.

use rustc_hash::FxHashMap;

use crate::data::{ExecutedState, FoldSubTraceLore, ParResult, SubTraceDesc};

/// A `par` that is running: where its state goes, and where the sides continue after each branch.
#[derive(Debug)]
pub(super) struct ParMachine {
    pub(super) place: usize,
    pub(super) mark: usize,
    pub(super) left: u32,
    pub(super) prev: ParResult,
    pub(super) current: ParResult,
    pub(super) left_end: [(u32, u32); 2],
    pub(super) right_end: [(u32, u32); 2],
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

/// The two pieces of one iteration: before and after `next`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pieces {
    pub(super) before: SubTraceDesc,
    pub(super) after: SubTraceDesc,
}

/// A fold that is running.
#[derive(Debug)]
pub(super) struct FoldMachine {
    pub(super) place: usize,
    pub(super) prev_lore: FxHashMap<u32, Pieces>,
    pub(super) current_lore: FxHashMap<u32, Pieces>,
    pub(super) prev_end: (u32, u32),
    pub(super) current_end: (u32, u32),
    pub(super) queue: Vec<Iteration>,
    pub(super) back: usize,
    pub(super) backward: bool,
    pub(super) lore: Vec<FoldSubTraceLore>,
}

#[derive(Debug)]
pub(super) struct Iteration {
    pub(super) value_pos: u32,
    pub(super) before: (u32, u32),
    pub(super) after: (u32, u32),
    pub(super) stage: Stage,
    pub(super) prev: Option<Pieces>,
    pub(super) current: Option<Pieces>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    BeforeStarted,
    BeforeCompleted,
    AfterStarted,
    AfterCompleted,
}

impl Iteration {
    pub(super) fn advance(&mut self) {
        self.stage = match self.stage {
            Stage::BeforeStarted => Stage::BeforeCompleted,
            Stage::BeforeCompleted => Stage::AfterStarted,
            Stage::AfterStarted | Stage::AfterCompleted => Stage::AfterCompleted,
        };
    }

    /// Whatever has not happened yet happens here.
    pub(super) fn finish(&mut self, position: u32) {
        if self.stage == Stage::BeforeStarted {
            self.before.1 = position;
        }
        if self.stage <= Stage::BeforeCompleted {
            self.after.0 = position;
        }
        if self.stage <= Stage::AfterStarted {
            self.after.1 = position;
        }
    }
}
