//! Instructions out of another arena: what an edit leaves alone need not be read again.

use air_syntax::{TextRange, TextSize};

use super::build::Builder;
use super::{Accessor, AccessorKind, Hir, Instr, InstrId, Lens, NameId, Operand, OperandKind};

/// Takes instructions out of an arena, in text order.
pub(crate) struct TakeOver<'h> {
    from: &'h Hir,
    /// By their number in `from`: the numbers that names have in the builder, if they were met.
    names: Vec<Option<NameId>>,
}

/// From the numbers and offsets of one arena to those of the other.
struct Shift {
    bytes: i64,
    instrs: i64,
    children: i64,
    operands: i64,
}

impl<'h> TakeOver<'h> {
    pub(crate) fn new(from: &'h Hir) -> TakeOver<'h> {
        TakeOver { from, names: vec![None; from.name_ranges.len()] }
    }

    /// The instruction at exactly that range.
    pub(crate) fn instr_at(&self, range: TextRange) -> Option<InstrId> {
        // Ends grow in closing order.
        let id = self.from.instrs.partition_point(|instr| instr.range.end() < range.end());
        let instr = self.from.instrs.get(id)?;
        (instr.range == range).then_some(InstrId(id as u32))
    }

    /// Adds an instruction, with all in it, that stands in the builder's text at `start` as it stands in the other.
    pub(crate) fn take(&mut self, id: InstrId, start: TextSize, builder: &mut Builder<'_>) -> Option<()> {
        let from = self.from;
        let range = from.instr(id)?.range;
        let last = id.0 as usize;
        let first = from.instrs.partition_point(|instr| instr.range.end() <= range.start());
        let before = |end: TextSize| from.operands.partition_point(|operand| operand.range.start() < end);
        let operands = before(range.start())..before(range.end());
        let instrs = from.instrs.get(first..=last)?;
        let children = instrs.first()?.children.start as usize..instrs.last()?.children.end as usize;
        let by = |to: usize, from: usize| to as i64 - from as i64;
        let shift = Shift {
            bytes: i64::from(u32::from(start)) - i64::from(u32::from(range.start())),
            instrs: by(builder.instrs.len(), first),
            children: by(builder.child_ids.len(), children.start),
            operands: by(builder.operands.len(), operands.start),
        };
        let (outermost, inner) = instrs.split_last()?;
        let parent = |id: InstrId| InstrId(by_count(id.0, shift.instrs));
        builder.instrs.extend(inner.iter().map(|instr| shift.instr(instr, instr.parent.map(parent))));
        builder.instrs.push(shift.instr(outermost, None));
        builder.child_ids.extend(from.child_ids.get(children)?.iter().map(|id| parent(*id)));
        builder.operands.reserve(operands.len());
        for operand in from.operands.get(operands)? {
            self.operand(operand, &shift, builder);
        }
        builder.orphans.push(InstrId(builder.instrs.len() as u32 - 1));
        Some(())
    }

    fn operand(&mut self, operand: &Operand, shift: &Shift, builder: &mut Builder<'_>) {
        let range = shift.range(operand.range);
        let mut name = |name: NameId| {
            let length =
                self.from.name_ranges.get(name.0 as usize).map_or(TextSize::new(0), |range| range.len());
            self.names_in(name, TextRange::at(range.start(), length), builder)
        };
        let kind = match operand.kind {
            OperandKind::Scalar(id) => OperandKind::Scalar(name(id)),
            OperandKind::Stream(id) => OperandKind::Stream(name(id)),
            OperandKind::StreamMap(id) => OperandKind::StreamMap(name(id)),
            OperandKind::Canon(id) => OperandKind::Canon(name(id)),
            OperandKind::CanonMap(id) => OperandKind::CanonMap(name(id)),
            other => other,
        };
        let lens = match &operand.lens {
            Some(Lens::Path(steps)) => {
                let first = builder.accessors.len() as u32;
                for step in
                    self.from.accessors.get(steps.start as usize..steps.end as usize).unwrap_or_default()
                {
                    let range = shift.range(step.range);
                    let kind = match step.kind {
                        AccessorKind::Variable(id) => {
                            AccessorKind::Variable(self.names_in(id, range, builder))
                        }
                        other => other,
                    };
                    builder.accessors.push(Accessor { kind, range });
                }
                Some(Lens::Path(first..builder.accessors.len() as u32))
            }
            other => other.clone(),
        };
        builder.operands.push(Operand { role: operand.role, kind, range, lens });
    }

    /// The builder's number of a name that stands at `range` of its text.
    fn names_in(&mut self, name: NameId, range: TextRange, builder: &mut Builder<'_>) -> NameId {
        let Some(known) = self.names.get_mut(name.0 as usize) else { return name };
        *known.get_or_insert_with(|| builder.intern(builder.text_at(range)))
    }
}

impl Shift {
    fn range(&self, range: TextRange) -> TextRange {
        TextRange::at(by_count(range.start().into(), self.bytes).into(), range.len())
    }

    fn instr(&self, instr: &Instr, parent: Option<InstrId>) -> Instr {
        let moved = |range: &std::ops::Range<u32>, by| by_count(range.start, by)..by_count(range.end, by);
        Instr {
            kind: instr.kind,
            range: self.range(instr.range),
            keyword: self.range(instr.keyword),
            parent,
            operands: moved(&instr.operands, self.operands),
            children: moved(&instr.children, self.children),
        }
    }
}

fn by_count(number: u32, by: i64) -> u32 {
    u32::try_from(i64::from(number) + by).unwrap_or_default()
}
