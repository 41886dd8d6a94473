//! `xor`: right, if left fails.

use super::machine::{Flow, InstrResult, Machine};
use super::stage::Stage;
use crate::errors::ExecutionError;
use crate::program::NodeId;

impl Machine<'_> {
    pub(super) fn enter_xor(&mut self, id: NodeId, left: NodeId) -> Flow {
        self.state.complete = true;
        self.descend(id, Stage::First, left)
    }

    pub(super) fn resume_xor(&mut self, id: NodeId, stage: Stage, right: NodeId, ended: InstrResult) -> Flow {
        if stage == Stage::Second {
            self.state.errors.xor_end(ended.is_ok());
            return ended.into();
        }
        match ended {
            Ok(()) => Flow::Done,
            Err(error) => match *error {
                ExecutionError::Catchable(error) => {
                    self.state.complete = true;
                    self.state.errors.xor_right(error);
                    self.descend(id, Stage::Second, right)
                }
                error => Flow::failed(error),
            },
        }
    }
}
