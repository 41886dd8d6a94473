//! What operands held, out of what was recorded.

use air_semantics::hir::{InstrId, InstrKind, Operand, Role as HirRole};

use super::record::{Kept, Recording, Slot};
use super::show::Show;
use super::{Role, ValueAt, Values};

/// All values by operand, in the order of the text. `made_up` says whether a call's answer at a place was.
pub(crate) fn values(
    recording: &mut Recording<'_>,
    show: &Show<'_>,
    made_up: &dyn Fn(InstrId, &Kept) -> bool,
) -> Vec<Values> {
    let hir = show.places.hir;
    let series = std::mem::take(&mut recording.series);
    let mut all: Vec<Values> = Vec::new();
    for ((id, slot), series) in series {
        let Some(instr) = hir.instr(id) else { continue };
        let operands = hir.operands_of(instr);
        let with = |role| operands.iter().find(|operand: &&Operand| operand.role == role);
        let operand = match (slot, instr.kind) {
            (Slot::Argument(index), _) => {
                operands.iter().filter(|operand| operand.role == HirRole::Argument).nth(index as usize)
            }
            (Slot::Set, InstrKind::Call) => with(HirRole::Output),
            (Slot::Set, InstrKind::Fold) => with(HirRole::Iterator),
            (Slot::Set, _) => with(HirRole::Target),
        };
        let Some(operand) = operand else { continue };
        let role = match operand.role {
            HirRole::Output => Role::Output,
            HirRole::Argument => Role::Argument,
            HirRole::Iterator => Role::Iterator,
            _ => Role::Target,
        };
        let values = series.values.iter().map(|kept| ValueAt {
            value: show.value(&kept.value, recording.sizes.text(&kept.value)),
            peer: show.peer(recording.peers.get(kept.peer as usize).map_or("", |peer| peer)),
            iteration: show.iterations(&kept.iterations),
            tetraplets: kept.tetraplets.iter().map(|tetraplet| show.tetraplet(tetraplet)).collect(),
            cid: kept.cid.as_deref().map(str::to_owned),
            made_up: role == Role::Output && made_up(id, kept),
        });
        all.push(Values {
            range: show.places.span(operand.range),
            instruction: show.places.instr(id),
            role,
            name: hir.text_at(operand.range).to_owned(),
            count: series.count,
            values: values.collect(),
        });
    }
    all.sort_by_key(|values| (values.range.start, values.range.end));
    all
}
