//! `new`: a name of its own for the body.

use super::{Ended, Flow, Machine, Stage};
use crate::program::{Declared, NodeId};

impl Machine<'_> {
    pub(super) fn enter_new(&mut self, id: NodeId, declared: Declared, body: NodeId) -> Flow {
        match declared {
            Declared::Variable(slot) => self.scopes.new_start(slot),
            Declared::Stream(slot) => {
                let span = self.program.node(id).map_or((0, 0), |node| (node.start, node.end));
                self.streams.new_start(slot, span);
            }
        }
        self.descend(id, Stage::First, body)
    }

    pub(super) fn resume_new(&mut self, declared: Declared, ended: Ended) -> Flow {
        let closed = match declared {
            Declared::Variable(slot) => self.scopes.new_end(slot, self.program.name(slot)),
            Declared::Stream(slot) => self.streams.new_end(slot, &mut self.trace),
        };
        // An error of the body counts more.
        match (ended, closed) {
            (Err(error), _) => Flow::Failed(error),
            (Ok(()), Err(error)) => Flow::failed(error),
            (Ok(()), Ok(())) => Flow::Done,
        }
    }
}
