//! What operands held, out of what was recorded.

use air_semantics::hir::{InstrId, InstrKind, Operand, OperandKind, Role as HirRole};

use rustc_hash::FxHashMap;

use super::places::Places;
use super::record::{Recording, Slot};
use super::show::Show;
use super::types::{Role, ValueAt, Values};

/// All values by operand, in the order of the text. `made_up` says whether a call's answer at a place was.
pub(crate) fn values(
    recording: &mut Recording<'_>,
    show: &Show<'_>,
    made_up: &dyn Fn(InstrId) -> bool,
) -> Vec<Values> {
    let hir = show.places.hir;
    let series = std::mem::take(&mut recording.series);
    let mut all: Vec<Values> = Vec::new();
    for ((id, slot), series) in series {
        let Some(instr) = hir.instr(id).filter(|_| show.places.is_own(id)) else { continue };
        let operands = hir.operands_of(instr);
        let with = |role| operands.iter().find(|operand: &&Operand| operand.role == role);
        let operand = match (slot, instr.kind) {
            // Arguments stand together.
            (Slot::Argument(index), _) => {
                let first = operands.iter().position(|operand| operand.role == HirRole::Argument);
                let operand = first.and_then(|first| operands.get(first + index as usize));
                operand.filter(|operand| operand.role == HirRole::Argument)
            }
            (Slot::Side(0), _) => with(HirRole::Left),
            (Slot::Side(_), _) => with(HirRole::Right),
            (Slot::Set, InstrKind::Call) => with(HirRole::Output),
            (Slot::Set, InstrKind::Fold) => with(HirRole::Iterator),
            (Slot::Set, _) => with(HirRole::Target),
        };
        let Some(operand) = operand else { continue };
        let written =
            matches!(operand.kind, OperandKind::Literal | OperandKind::Int(_) | OperandKind::Float(_));
        if written || matches!(operand.kind, OperandKind::Bool(_) | OperandKind::EmptyArray) {
            continue;
        }
        let role = match operand.role {
            HirRole::Output => Role::Output,
            HirRole::Argument => Role::Argument,
            HirRole::Iterator => Role::Iterator,
            HirRole::Left | HirRole::Right => Role::Side,
            _ => Role::Target,
        };
        let values = series.values.iter().map(|kept| ValueAt {
            value: show.value(&kept.value, recording.sizes.text(&kept.value)),
            peer: show.peer(recording.peers.get(kept.peer as usize).map_or("", |peer| peer)),
            iteration: show.iterations(&kept.iterations),
            tetraplets: kept.tetraplets.iter().map(|tetraplet| show.tetraplet(tetraplet)).collect(),
            cid: kept.cid.as_deref().map(str::to_owned),
            made_up: role == Role::Output && made_up(id),
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

/// What `match` and `mismatch` compared last, in short.
pub(crate) fn sides(values: &[Values], places: &Places<'_>) -> FxHashMap<InstrId, (String, String)> {
    let last = |start: u32| {
        let at = values.partition_point(|values| values.range.start < start);
        let values =
            values.get(at).filter(|values| values.range.start == start && values.role == Role::Side)?;
        values.values.last().map(|value| value.value.short.clone())
    };
    let mut sides = FxHashMap::default();
    for (index, instr) in places.hir.instrs.iter().enumerate() {
        if !matches!(instr.kind, InstrKind::Match | InstrKind::Mismatch) {
            continue;
        }
        let side = |role| {
            let operand = places.hir.operand(instr, role)?;
            let text = places.hir.text_at(operand.range);
            Some(match last(places.span(operand.range).start) {
                Some(value) if value == text => value,
                Some(value) => format!("{text} = {value}"),
                None => text.to_owned(),
            })
        };
        if let (Some(left), Some(right)) = (side(HirRole::Left), side(HirRole::Right)) {
            sides.insert(InstrId(index as u32), (left, right));
        }
    }
    sides
}
