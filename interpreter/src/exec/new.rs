//! `new`: a name of its own for the body.

use super::machine::{Flow, InstrResult, Machine};
use super::stage::Stage;
use crate::program::{Declared, NodeId};

impl Machine<'_> {
    pub(super) fn enter_new(&mut self, id: NodeId, declared: Declared, body: NodeId) -> Flow {
        match declared {
            Declared::Variable(slot) => self.state.scopes.new_start(slot),
            Declared::Stream(slot) => {
                let span = self.run.program.node(id).map_or((0, 0), |node| (node.start, node.end));
                self.state.streams.new_start(slot, span);
            }
        }
        self.descend(id, Stage::First, body)
    }

    pub(super) fn resume_new(&mut self, declared: Declared, ended: InstrResult) -> Flow {
        let closed = match declared {
            Declared::Variable(slot) => self.state.scopes.new_end(slot, self.run.program.name(slot)),
            Declared::Stream(slot) => self.state.streams.new_end(slot, &mut self.state.trace),
        };
        // An error of the body counts more.
        match (ended, closed) {
            (Err(error), _) => Flow::Failed(error),
            (Ok(()), Err(error)) => Flow::failed(error),
            (Ok(()), Ok(())) => Flow::Done,
        }
    }
}
