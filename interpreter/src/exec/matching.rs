//! `match` and `mismatch`: a body behind a comparison.

use super::machine::{Flow, Machine};
use super::stage::Stage;
use crate::errors::Catchable;
use crate::program::{NodeId, OperandIndex};

impl Machine<'_> {
    pub(super) fn enter_match(
        &mut self,
        id: NodeId,
        (left, right): (OperandIndex, OperandIndex),
        body: NodeId,
        equal: bool,
    ) -> Flow {
        let values = self.value_of(left).and_then(|left| Ok((left, self.value_of(right)?)));
        if let Ok((left, right)) = &values {
            self.watch(|recorder, place| recorder.compared(place, left, right));
        }
        match values.map(|(left, right)| left == right) {
            Ok(result) if result == equal => self.descend(id, Stage::First, body),
            Ok(_) if equal => Flow::failed(Catchable::MatchValuesNotEqual),
            Ok(_) => Flow::failed(Catchable::MismatchValuesEqual),
            Err(error) => self.wait_or_fail(error).into(),
        }
    }
}
