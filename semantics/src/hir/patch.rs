//! The arena of an edited text, out of the arena before: what an edit inside one instruction leaves alone is moved.
//!
//! A walk over the tree waits for memory at every node, since the nodes of a grown tree lie anywhere; this runs over a
//! few arrays. That it gives what [`super::lower()`] gives is held by a test over edits of all kinds.

use std::ops::Range;
use std::sync::Arc;

use air_syntax::{Edit, TextRange, TextSize};

use super::{Accessor, AccessorKind, Hir, Instr, InstrId, Lens, NameId, Operand, OperandKind, Role, read};

/// What [`super::lower()`] gives for the text that `edit` makes of `before.text`. `None` if the edit is not inside
/// an instruction without children, or not a whole instruction comes of it. The syntax before has to be right;
/// where there is an arena, it is right after the edit, too. Linear.
pub(crate) fn patch(before: &Hir, text: &Arc<str>, edit: Edit) -> Option<Patched> {
    let id = instr_around(before, edit.removed)?;
    let old = before.instrs.get(id)?;
    let length = (old.range.len() + edit.inserted).checked_sub(edit.removed.len())?;
    // A whole instruction from bracket to bracket: the words before and after it are what they were.
    let fragment: Arc<str> = text.get(at(old.range.start())..at(old.range.start() + length))?.into();
    let new = read(&fragment)?;
    let [instr] = &*new.instrs else { return None };
    if instr.range != TextRange::up_to(length) {
        return None;
    }
    let accessors = accessors_in(before, old.range);
    let shift = Shift {
        end: old.range.end(),
        longer: i64::from(u32::from(edit.inserted)) - i64::from(u32::from(edit.removed.len())),
        operands: new.operands.len() as i64 - old.operands.len() as i64,
        accessors: new.accessors.len() as i64 - accessors.len() as i64,
    };
    let names = Names::new(before, &new, old, accessors.end, &shift)?;
    let is_moved = is_same_but_for_words(before, old, &new, instr, accessors.clone(), &names);
    let moved = Moved { instr: InstrId(id as u32), before: old.range, by: shift.longer };
    let moved = is_moved.then_some(moved);
    let hir = Hir {
        text: Arc::clone(text),
        instrs: instrs(before, id, old, instr, &shift),
        child_ids: before.child_ids.clone(),
        operands: operands(before, old, &new, accessors.start, &shift, &names)?,
        accessors: self::accessors(before, old, &new, accessors, &shift, &names)?,
        name_ranges: names.ranges,
        roots: before.roots.clone(),
    };
    Some(Patched { hir, moved })
}

/// An arena after an edit.
pub(crate) struct Patched {
    pub(crate) hir: Hir,
    /// What the edit did, if all instructions, operands and names keep their kinds and numbers.
    pub(crate) moved: Option<Moved>,
}

/// An edit in an instruction that changed words of no meaning to names and control flow: texts, numbers, fields.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moved {
    /// The instruction.
    pub(crate) instr: InstrId,
    /// Its range before the edit.
    before: TextRange,
    /// How many bytes longer it is now.
    by: i64,
}

impl Moved {
    /// Where a range is after the edit that does not begin or end within the instruction.
    pub(crate) fn range(&self, range: TextRange) -> TextRange {
        TextRange::new(self.offset(range.start()), self.offset(range.end()))
    }

    /// The same for an offset.
    pub(crate) fn offset(&self, offset: TextSize) -> TextSize {
        if offset < self.before.end() { offset } else { moved(offset, self.by) }
    }

    /// The instruction's range before the edit.
    pub(crate) fn before(&self) -> TextRange {
        self.before
    }
}

/// Whether an instruction, and so all others, have the kinds, operands and names that they had.
fn is_same_but_for_words(
    before: &Hir,
    old: &Instr,
    new: &Hir,
    instr: &Instr,
    accessors: Range<usize>,
    names: &Names,
) -> bool {
    let operands = before.operands_of(old);
    let steps = before.accessors.get(accessors.clone()).unwrap_or_default();
    let first = accessors.start as i64;
    let same_operand = |(old, new): (&Operand, &Operand)| {
        let kind = match (old.kind, renamed(new.kind, &|name| names.inner(name))) {
            // The error code of `fail` decides whether AquaVM takes it.
            (OperandKind::Int(_), OperandKind::Int(_)) => old.role != Role::FailCode || old.kind == new.kind,
            (OperandKind::Float(_), OperandKind::Float(_)) | (OperandKind::Bool(_), OperandKind::Bool(_)) => {
                true
            }
            (old, new) => old == new,
        };
        kind && old.role == new.role && old.lens == lens(&new.lens, first)
    };
    let same_step = |(old, new): (&Accessor, &Accessor)| match (
        old.kind,
        step_renamed(new.kind, &|name| names.inner(name)),
    ) {
        (AccessorKind::Index(_), AccessorKind::Index(_)) => true,
        (old, new) => old == new,
    };
    old.kind == instr.kind
        && names.are_as_before(before, new)
        && operands.len() == new.operands.len()
        && operands.iter().zip(&new.operands).all(same_operand)
        && steps.len() == new.accessors.len()
        && steps.iter().zip(&new.accessors).all(same_step)
}

/// The innermost instruction around a range, its brackets not touched, if it has no children.
fn instr_around(hir: &Hir, range: TextRange) -> Option<usize> {
    // Ends grow in closing order.
    let id = hir.instrs.partition_point(|instr| instr.range.end() <= range.end());
    let instr = hir.instrs.get(id)?;
    (instr.range.start() < range.start() && instr.children.is_empty()).then_some(id)
}

/// Indices of the accessors that stand in a range.
fn accessors_in(hir: &Hir, range: TextRange) -> Range<usize> {
    let before = |end: TextSize| hir.accessors.partition_point(|accessor| accessor.range.start() < end);
    before(range.start())..before(range.end())
}

/// How far what follows the instruction moves.
struct Shift {
    /// Where the instruction ended.
    end: TextSize,
    /// In bytes.
    longer: i64,
    operands: i64,
    accessors: i64,
}

impl Shift {
    fn offset(&self, offset: TextSize) -> TextSize {
        if offset < self.end { offset } else { moved(offset, self.longer) }
    }

    fn range(&self, range: TextRange) -> TextRange {
        let (start, end) = (self.offset(range.start()), self.offset(range.end()));
        TextRange::new(start, end.max(start))
    }
}

fn moved(offset: TextSize, by: i64) -> TextSize {
    TextSize::new(by_count(u32::from(offset), by))
}

fn by_count(number: u32, by: i64) -> u32 {
    u32::try_from(i64::from(number) + by).unwrap_or_default()
}

fn instrs(before: &Hir, id: usize, old: &Instr, new: &Instr, shift: &Shift) -> Vec<Instr> {
    let mut instrs = Vec::with_capacity(before.instrs.capacity());
    instrs.extend_from_slice(before.instrs.get(..id).unwrap_or_default());
    let start = old.range.start();
    let operands = old.operands.start..old.operands.start + new.operands.len() as u32;
    instrs.push(Instr {
        kind: new.kind,
        range: new.range + start,
        keyword: new.keyword + start,
        parent: old.parent,
        operands,
        children: old.children.clone(),
    });
    instrs.extend(before.instrs.get(id + 1..).unwrap_or_default().iter().map(|instr| {
        let mut operands = instr.operands.clone();
        // Others are around it, and have their operands before it.
        if instr.range.start() >= old.range.end() {
            operands = by_count(operands.start, shift.operands)..by_count(operands.end, shift.operands);
        }
        Instr {
            range: shift.range(instr.range),
            keyword: shift.range(instr.keyword),
            operands,
            children: instr.children.clone(),
            ..*instr
        }
    }));
    instrs
}

fn operands(
    before: &Hir,
    old: &Instr,
    new: &Hir,
    first_accessor: usize,
    shift: &Shift,
    names: &Names,
) -> Option<Vec<Operand>> {
    let place = old.operands.start as usize..old.operands.end as usize;
    let mut operands = Vec::with_capacity(before.operands.capacity());
    operands.extend_from_slice(before.operands.get(..place.start)?);
    operands.extend(new.operands.iter().map(|operand| Operand {
        range: operand.range + old.range.start(),
        kind: renamed(operand.kind, &|name| names.inner(name)),
        lens: lens(&operand.lens, first_accessor as i64),
        ..*operand
    }));
    let rest = before.operands.get(place.end..)?.iter().map(|operand| Operand {
        range: shift.range(operand.range),
        kind: renamed(operand.kind, &|name| names.outer(name)),
        lens: lens(&operand.lens, shift.accessors),
        ..*operand
    });
    operands.extend(rest);
    Some(operands)
}

fn accessors(
    before: &Hir,
    old: &Instr,
    new: &Hir,
    place: Range<usize>,
    shift: &Shift,
    names: &Names,
) -> Option<Vec<Accessor>> {
    let mut accessors = Vec::with_capacity(before.accessors.capacity());
    accessors.extend_from_slice(before.accessors.get(..place.start)?);
    accessors.extend(new.accessors.iter().map(|accessor| Accessor {
        range: accessor.range + old.range.start(),
        kind: step_renamed(accessor.kind, &|name| names.inner(name)),
    }));
    accessors.extend(before.accessors.get(place.end..)?.iter().map(|accessor| Accessor {
        range: shift.range(accessor.range),
        kind: step_renamed(accessor.kind, &|name| names.outer(name)),
    }));
    Some(accessors)
}

fn lens(lens: &Option<Lens>, by: i64) -> Option<Lens> {
    match lens {
        Some(Lens::Path(steps)) => Some(Lens::Path(by_count(steps.start, by)..by_count(steps.end, by))),
        other => other.clone(),
    }
}

fn renamed(kind: OperandKind, id: &dyn Fn(NameId) -> NameId) -> OperandKind {
    match kind {
        OperandKind::Scalar(name) => OperandKind::Scalar(id(name)),
        OperandKind::Stream(name) => OperandKind::Stream(id(name)),
        OperandKind::StreamMap(name) => OperandKind::StreamMap(id(name)),
        OperandKind::Canon(name) => OperandKind::Canon(id(name)),
        OperandKind::CanonMap(name) => OperandKind::CanonMap(id(name)),
        other => other,
    }
}

fn step_renamed(kind: AccessorKind, id: &dyn Fn(NameId) -> NameId) -> AccessorKind {
    match kind {
        AccessorKind::Variable(name) => AccessorKind::Variable(id(name)),
        other => other,
    }
}

/// The table of names after the edit. Names are numbered by where they stand first, so one that comes or goes moves
/// those that are first seen after it.
struct Names {
    ranges: Vec<TextRange>,
    /// By the number before the edit.
    old: Vec<NameId>,
    /// By the number in the instruction's own arena.
    new: Vec<NameId>,
}

impl Names {
    fn new(before: &Hir, new: &Hir, instr: &Instr, first_accessor: usize, shift: &Shift) -> Option<Names> {
        let start = instr.range.start();
        let known = before.name_ranges.partition_point(|range| range.start() < start);
        let after = before.name_ranges.partition_point(|range| range.start() < shift.end);
        // First seen in the instruction before: some may be in it still, some further on, some nowhere any more.
        let here = known..after;
        let mut settled = vec![false; before.name_ranges.len() - known];
        let mut ids = vec![NameId(0); new.name_ranges.len()];
        let mut found: Vec<NewName> = Vec::new();
        for (number, (text, range)) in new.names().zip(&new.name_ranges).enumerate() {
            match number_before(before, text) {
                Some(id) if (id.0 as usize) < known => *ids.get_mut(number)? = id,
                earlier => {
                    if let Some(id) = earlier {
                        *settled.get_mut(id.0 as usize - known)? = true;
                    }
                    found.push(NewName { range: *range + start, old: earlier, new: Some(number) });
                }
            }
        }
        let gone = here.clone().any(|id| settled.get(id - known) == Some(&false));
        if gone {
            // Where they stand next, if anywhere.
            let mut place = |id: NameId, range: TextRange| {
                let slot = (id.0 as usize).checked_sub(known).filter(|slot| *slot < here.len());
                if let Some(settled) =
                    slot.and_then(|slot| settled.get_mut(slot)).filter(|settled| !**settled)
                {
                    *settled = true;
                    found.push(NewName { range: shift.range(range), old: Some(id), new: None });
                }
            };
            for_names_after(before, instr, first_accessor, &mut place);
        }
        // Those first seen after the instruction, but for those that the instruction has now.
        for (id, range) in before.name_ranges.iter().enumerate().skip(after) {
            if settled.get(id - known) == Some(&false) {
                let id = NameId(u32::try_from(id).ok()?);
                found.push(NewName { range: shift.range(*range), old: Some(id), new: None });
            }
        }
        found.sort_by_key(|name| name.range.start());
        let mut ranges = before.name_ranges.get(..known)?.to_vec();
        let mut old: Vec<NameId> = (0..before.name_ranges.len() as u32).map(NameId).collect();
        for name in found {
            let id = NameId(ranges.len() as u32);
            ranges.push(name.range);
            if let Some(before) = name.old {
                *old.get_mut(before.0 as usize)? = id;
            }
            if let Some(number) = name.new {
                *ids.get_mut(number)? = id;
            }
        }
        Some(Names { ranges, old, new: ids })
    }

    /// Whether there are the same names with the same numbers, also in the instruction's own arena.
    fn are_as_before(&self, before: &Hir, new: &Hir) -> bool {
        self.ranges.len() == before.name_ranges.len()
            && (0..).zip(&self.old).all(|(id, name)| name.0 == id)
            && new.names().zip(&self.new).all(|(text, id)| before.name(*id) == text)
    }

    fn outer(&self, name: NameId) -> NameId {
        self.old.get(name.0 as usize).copied().unwrap_or(name)
    }

    fn inner(&self, name: NameId) -> NameId {
        self.new.get(name.0 as usize).copied().unwrap_or(name)
    }
}

/// A name whose number is not settled.
#[derive(Clone, Copy)]
struct NewName {
    /// Where it stands first.
    range: TextRange,
    /// Its number before the edit.
    old: Option<NameId>,
    /// Its number in the instruction's own arena.
    new: Option<usize>,
}

/// The number that a name had before the edit.
fn number_before(before: &Hir, text: &str) -> Option<NameId> {
    let position = before.names().position(|name| name == text)?;
    u32::try_from(position).ok().map(NameId)
}

/// Each name after an instruction, in text order.
fn for_names_after(
    before: &Hir,
    instr: &Instr,
    first_accessor: usize,
    visit: &mut dyn FnMut(NameId, TextRange),
) {
    let operands = before.operands.get(instr.operands.end as usize..).unwrap_or_default();
    let steps = before.accessors.get(first_accessor..).unwrap_or_default();
    let mut steps = steps.iter().peekable();
    for operand in operands {
        if let Some(name) = operand.kind.name() {
            let length = TextSize::of(before.name(name));
            visit(name, TextRange::at(operand.range.start(), length));
        }
        while let Some(step) = steps.next_if(|step| step.range.end() <= operand.range.end()) {
            if let AccessorKind::Variable(name) = step.kind {
                visit(name, step.range);
            }
        }
    }
}

fn at(offset: TextSize) -> usize {
    usize::from(offset)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::Script;
    use crate::hir::lower;

    const SCRIPT: &str = "(seq (call p (\"s\" \"f\") [x.$.a.[i].b #c y] out)
        (par (ap x.$.[i] $s) (seq (canon y $s #s) (xor (null) (fold #s i (seq (ap i y) (next i)))))))";

    /// All edits that put one of a few texts in the place of up to two bytes: how many were patched.
    fn all_edits(script: &str) -> (usize, usize) {
        let before = read(&script.into()).expect("right");
        let (mut patched, mut tried) = (0, 0);
        for start in 0..script.len() {
            for removed in 0..=2.min(script.len() - start) {
                for inserted in
                    ["", "x", "y", "newer", " ", "\"", ".$.[i]", "$s", "#s", "()", " z.$.[out] ", "; "]
                {
                    let text = format!("{}{inserted}{}", &script[..start], &script[start + removed..]);
                    let Some(edit) = Edit::between(script, &text) else { continue };
                    let text: Arc<str> = text.into();
                    tried += 1;
                    let Some(Patched { hir: after, .. }) = patch(&before, &text, edit) else { continue };
                    patched += 1;
                    let parse = air_syntax::parse(&text);
                    assert!(parse.ok(), "{text}");
                    assert_eq!(after, lower(&parse, Arc::clone(&text)), "{text}");
                }
            }
        }
        (patched, tried)
    }

    #[test]
    fn an_edit_gives_what_the_text_gives() {
        let (patched, tried) = all_edits(SCRIPT);
        assert!(patched > 300, "{patched} of {tried}");
    }

    #[test]
    fn names_come_go_and_move() {
        // The first `x` becomes `xx`: the second is the first now, and two numbers change.
        let before = read(&"(seq (ap x y) (seq (ap z y) (ap x w)))".into()).unwrap();
        let text: Arc<str> = "(seq (ap xx y) (seq (ap z y) (ap x w)))".into();
        let after = patch(&before, &text, Edit::between(&before.text, &text).unwrap()).unwrap().hir;
        assert_eq!(after.names().collect::<Vec<_>>(), ["xx", "y", "z", "x", "w"]);
    }

    /// What an edit that changes only words leaves of all that is known of a script.
    #[test]
    fn what_is_known_moves_with_the_text() {
        let script = "; air: given p x i\n(seq (call p (\"s\" \"f\") [x.$.a.[i].b 12 #c] out)
            (par (seq (new $s (canon \"q\" $s #s)) (fail 1 \"t\")) (xor (ap 1 y) (fold x k (seq (ap k.$.f z) (next k))))))";
        let script = script.replace(" #c]", " x.$.[0]]");
        let before = Script::new(script.as_str());
        assert!(before.accepted(), "{:?}", before.findings());
        before.control_flow();
        let (mut moved, mut tried) = (0, 0);
        for start in 0..script.len() {
            for (removed, inserted) in [(0, "x"), (1, ""), (1, "0"), (1, "; air: given r\n"), (2, "é")] {
                let end = (start + removed).min(script.len());
                let text = format!("{}{inserted}{}", &script[..start], &script[end..]);
                let Some(edit) = Edit::between(&script, &text) else { continue };
                let text: Arc<str> = text.into();
                let patched = patch(before.hir(), &text, edit);
                moved += usize::from(patched.is_some_and(|patched| patched.moved.is_some()));
                tried += 1;
                let (kept, fresh) =
                    (Script::after(&before, Arc::clone(&text)), Script::new(Arc::clone(&text)));
                assert_eq!(kept.hir(), fresh.hir(), "{text}");
                assert_eq!(kept.resolution(), fresh.resolution(), "{text}");
                assert_eq!(kept.control_flow(), fresh.control_flow(), "{text}");
                assert_eq!(kept.findings(), fresh.findings(), "{text}");
                assert_eq!(kept.reference_errors(), fresh.reference_errors(), "{text}");
            }
        }
        assert!(moved > 30, "{moved} of {tried}");
    }
}
