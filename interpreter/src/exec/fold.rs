//! `fold` over arrays and canons.

use std::rc::Rc;

use super::iterator::{FoldState, Items};
use super::machine::{Flow, InstrResult, Machine};
use super::resolve::Origin;
use super::stage::Stage;
use super::values::with_lens;
use super::variables::ResolveResult;
use crate::errors::Catchable;
use crate::program::{NodeId, Operand, OperandIndex, Slot};

impl Machine<'_> {
    pub(super) fn enter_fold(
        &mut self,
        id: NodeId,
        iterable: OperandIndex,
        iterator: Slot,
        body: NodeId,
    ) -> Flow {
        match self.items_of(iterable) {
            Ok(items) if items.len() == 0 => Flow::Done,
            Ok(items) => self.begin_fold(FoldState::new(items, id, None), 0, iterator, Stage::First, body),
            Err(error) => self.wait_or_fail(error).into(),
        }
    }

    pub(super) fn resume_fold(&mut self, iterator: Slot, ended: InstrResult) -> Flow {
        self.end_fold(iterator);
        ended.into()
    }

    fn items_of(&self, operand: OperandIndex) -> ResolveResult<Items> {
        match self.run.program.operand(operand) {
            Operand::Canon(slot, None) => return Ok(Items::Elements(self.canon(slot)?.items.clone())),
            Operand::CanonMap(slot, None) => return Ok(Items::Elements(self.canon_map(slot)?.last_pairs())),
            // An empty map ends the fold before its lens is looked at.
            Operand::CanonMap(slot, Some(_)) if self.canon_map(slot)?.pairs.is_empty() => {
                return Ok(Items::Elements(Rc::from([])));
            }
            _ => {}
        }
        let resolved = self.resolve(operand)?;
        if resolved.value.as_array().is_none() {
            let expression = match self.run.program.operand(operand) {
                Operand::Scalar(_, Some(lens))
                | Operand::Canon(_, Some(lens))
                | Operand::CanonMap(_, Some(lens)) => {
                    self.run.program.lens(lens).map_or_else(String::new, |lens| lens.text.to_string())
                }
                _ => self.run.program.print_operand(operand),
            };
            return Err(Catchable::FoldIteratesOverNonArray { value: resolved.value, expression }.into());
        }
        let tetraplet = match resolved.origin {
            Origin::One(tetraplet) => tetraplet,
            Origin::Lensed(tetraplet, lens) => with_lens(&tetraplet, lens),
            Origin::Elements(_) => self.state.literal_tetraplet.clone(),
        };
        Ok(Items::Array { array: resolved.value, tetraplet, provenance: resolved.provenance })
    }
}
