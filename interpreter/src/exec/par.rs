//! `par`: both branches, left first; it fails only if both fail.

use super::machine::{Flow, InstrResult, Machine};
use super::stage::Stage;
use crate::program::{NodeId, NodeKind};

impl Machine<'_> {
    pub(super) fn enter_par(&mut self, id: NodeId, left: NodeId) -> Flow {
        let started = self.state.trace.par_start();
        if let Err(error) = self.traced(id, started) {
            return Flow::Failed(error);
        }
        self.state.complete = !self.is_next(left);
        self.descend(id, Stage::ParLeft, left)
    }

    pub(super) fn resume_par(&mut self, id: NodeId, stage: Stage, right: NodeId, ended: InstrResult) -> Flow {
        if ended.is_err() {
            self.state.complete = false;
        }
        match stage {
            Stage::ParRight { left_complete, left_failed } => {
                let finished = self.state.trace.par_right_end();
                match self.traced(id, finished) {
                    Ok(position) => self.report_written(position),
                    Err(error) => return Flow::Failed(error),
                }
                self.state.complete |= left_complete;
                match ended {
                    Err(error) if left_failed => Flow::Failed(error),
                    _ => {
                        self.state.errors.par_end();
                        Flow::Done
                    }
                }
            }
            _ => {
                let finished = self.state.trace.par_left_end();
                if let Err(error) = self.traced(id, finished) {
                    return Flow::Failed(error);
                }
                let stage =
                    Stage::ParRight { left_complete: self.state.complete, left_failed: ended.is_err() };
                self.state.complete = !self.is_next(right);
                self.descend(id, stage, right)
            }
        }
    }

    /// A branch that is nothing but `next` begins as not complete.
    fn is_next(&self, id: NodeId) -> bool {
        matches!(self.run.program.node(id).map(|node| &node.kind), Some(NodeKind::Next { .. }))
    }
}
