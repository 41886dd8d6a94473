//! `seq`: left, then right if left is complete.

use super::machine::{Flow, InstrResult, Machine};
use super::stage::Stage;
use crate::program::NodeId;

impl Machine<'_> {
    pub(super) fn enter_seq(&mut self, id: NodeId, left: NodeId) -> Flow {
        self.state.complete = true;
        self.descend(id, Stage::SeqLeft, left)
    }

    pub(super) fn resume_seq(&mut self, id: NodeId, stage: Stage, right: NodeId, ended: InstrResult) -> Flow {
        if stage == Stage::SeqLeft && ended.is_ok() && self.state.complete {
            return self.descend(id, Stage::Second, right);
        }
        ended.into()
    }
}
