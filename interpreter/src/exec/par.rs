//! `par`: both branches, left first; it fails only if both fail.

use air_semantics::hir::InstrId;

use super::{Ended, Flow, Machine, Stage};
use crate::program::{NodeId, NodeKind};
use crate::recorder::Place;

impl Machine<'_> {
    pub(super) fn enter_par(&mut self, id: NodeId, left: NodeId) -> Flow {
        let started = self.trace.par_start();
        if let Err(error) = self.traced(id, started) {
            return Flow::Failed(error);
        }
        self.complete = !self.is_next(left);
        self.descend(id, Stage::ParLeft, left)
    }

    pub(super) fn resume_par(&mut self, id: NodeId, stage: Stage, right: NodeId, ended: Ended) -> Flow {
        if ended.is_err() {
            self.complete = false;
        }
        match stage {
            Stage::ParRight { left_complete, left_failed } => {
                let finished = self.trace.par_right_end();
                match self.traced(id, finished) {
                    Ok(position) => self.tell_written(position),
                    Err(error) => return Flow::Failed(error),
                }
                self.complete |= left_complete;
                match ended {
                    Err(error) if left_failed => Flow::Failed(error),
                    _ => {
                        self.errors.par_end();
                        Flow::Done
                    }
                }
            }
            _ => {
                let finished = self.trace.par_left_end();
                if let Err(error) = self.traced(id, finished) {
                    return Flow::Failed(error);
                }
                let stage = Stage::ParRight { left_complete: self.complete, left_failed: ended.is_err() };
                self.complete = !self.is_next(right);
                self.descend(id, stage, right)
            }
        }
    }

    /// States of `par` and `fold` get their place first and their content at the end.
    pub(super) fn tell_written(&mut self, position: u32) {
        if let Some(recorder) = self.recorder.as_deref_mut()
            && let Some(state) = self.trace.state(position)
        {
            let place = Place { instr: InstrId(self.at), iterations: &self.iterations };
            recorder.wrote(place, position, state);
        }
    }

    /// A branch that is nothing but `next` begins as not complete.
    fn is_next(&self, id: NodeId) -> bool {
        matches!(self.program.node(id).map(|node| &node.kind), Some(NodeKind::Next { .. }))
    }
}
