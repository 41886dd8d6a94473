//! What a machine keeps in mind while it runs to know whether it can stop at a call: see [`super::suspend`].

use rustc_hash::FxHashSet;

use super::stage::Stage;

/// What the machine keeps in mind to know whether it can stop.
#[derive(Debug, Default)]
pub(super) struct Suspension {
    /// The next run may not repeat this one.
    pub(super) unsteady: bool,
    /// Frames that have more to run, however what is inside them ends.
    pub(super) busy: u32,
    /// `seq`s in their left sides.
    lefts: u32,
    /// The request that the call which was just entered waits for.
    pub(super) waits: Option<u32>,
    /// Those that calls before it wait for.
    pub(super) earlier: FxHashSet<u32>,
    /// Whether everything was complete when the call was entered.
    pub(super) complete: bool,
}

impl Suspension {
    fn is_busy(&self, stage: Stage) -> bool {
        match stage {
            Stage::ParLeft | Stage::Generation => true,
            // The `par` is complete, so a `seq` around it goes on.
            Stage::ParRight { left_complete, .. } => left_complete && self.lefts > 0,
            Stage::First | Stage::Second | Stage::SeqLeft => false,
        }
    }

    pub(super) fn enters(&mut self, stage: Stage) {
        self.busy += u32::from(self.is_busy(stage));
        self.lefts += u32::from(stage == Stage::SeqLeft);
    }

    pub(super) fn leaves(&mut self, stage: Stage) {
        self.busy -= u32::from(self.is_busy(stage));
        self.lefts -= u32::from(stage == Stage::SeqLeft);
    }

    pub(super) fn waits_for(&mut self, request: u32) {
        self.waits = Some(request);
    }
}
