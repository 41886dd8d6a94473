//! `xor`: right, if left fails.

use super::{Ended, Flow, Machine, Stage};
use crate::errors::ExecutionError;
use crate::program::NodeId;

impl Machine<'_> {
    pub(super) fn enter_xor(&mut self, id: NodeId, left: NodeId) -> Flow {
        self.complete = true;
        self.descend(id, Stage::First, left)
    }

    pub(super) fn resume_xor(&mut self, id: NodeId, stage: Stage, right: NodeId, ended: Ended) -> Flow {
        if stage == Stage::Second {
            self.errors.xor_end(ended.is_ok());
            return ended.into();
        }
        match ended {
            Ok(()) => Flow::Done,
            Err(error) => match *error {
                ExecutionError::Catchable(error) => {
                    self.complete = true;
                    self.errors.xor_right(error);
                    self.descend(id, Stage::Second, right)
                }
                error => Flow::failed(error),
            },
        }
    }
}
