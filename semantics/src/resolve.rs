//! Which occurrences of a name mean the same variable.
//!
//! `new` and fold iterators make a variable of their own for the text they enclose; everything else
//! with the same full name (tag included) is one variable of the whole script. AquaVM's validator is
//! looser than that (see [`crate::validate`]), its execution is what this follows.

use air_syntax::{TextRange, TextSize};

use crate::hir::{AccessorKind, Hir, Instr, InstrId, InstrKind, Moved, NameId, Operand, OperandId, Role};

/// Index of a binding in [`Resolution::bindings`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BindingId(pub u32);

/// All names of a script, resolved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resolution {
    /// Every place where a name stands, in text order, disjoint.
    pub occurrences: Vec<Occurrence>,
    /// Every variable.
    pub bindings: Vec<Binding>,
    /// Indices into `occurrences`, binding by binding; see [`Resolution::occurrences_of`].
    grouped: Vec<u32>,
}

/// A place where a name stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// The name alone, tag included, without its lens.
    pub range: TextRange,
    /// The variable that it means there.
    pub binding: BindingId,
    /// What happens to the variable.
    pub access: Access,
    /// The operand that it is, or whose lens it is in.
    pub operand: OperandId,
    /// The instruction it belongs to.
    pub instr: InstrId,
}

/// What an occurrence does to its variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Access {
    /// `new` or a fold's iterator.
    Declare,
    /// Output of `call`, target of `ap` and `canon`.
    Write,
    /// Everything else, lenses included.
    Read,
}

/// A variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// Its name, with the sign (`$`, `%`, `#`).
    pub name: NameId,
    /// The script, a `new` or a `fold`.
    pub kind: BindingKind,
    /// Where it can be used: the `new`, the fold, or the whole text.
    pub scope: TextRange,
    /// How many of its places read it.
    pub reads: u32,
    /// How many write it; its declaration is none.
    pub writes: u32,
    /// Its places in `grouped`.
    occurrences: (u32, u32),
}

/// What makes a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BindingKind {
    /// The first occurrence of the name outside of all that follows.
    Script,
    /// `(new NAME …)`
    New(InstrId),
    /// `(fold … NAME …)`
    Iterator(InstrId),
}

const NONE: u32 = u32::MAX;

/// Resolves all names in one walk over the operands, which stand in text order: outer before inner.
///
/// ```
/// use air_semantics::Script;
/// use air_semantics::resolve::resolve;
///
/// // `new` makes an `x` of its own, so there are two variables of that name.
/// let script = Script::new("(seq (ap 1 x) (new x (ap 2 x)))");
/// let resolution = resolve(script.hir());
/// let writes: Vec<u32> = resolution.bindings.iter().map(|binding| binding.writes).collect();
/// assert_eq!(writes, [1, 1]);
/// ```
pub fn resolve(hir: &Hir) -> Resolution {
    let names = hir.name_ranges.len();
    let mut resolver = Resolver {
        hir,
        current: vec![NONE; names],
        open: Vec::new(),
        out: Resolution {
            occurrences: Vec::with_capacity(hir.operands.len()),
            // A name that folds or `new` declare again and again is a binding each time.
            bindings: Vec::with_capacity(2 * names),
            grouped: Vec::new(),
        },
        whole: TextRange::up_to(TextSize::of(&*hir.text)),
    };
    let mut owners = vec![InstrId(u32::MAX); hir.operands.len()];
    for (id, instr) in (0..).map(InstrId).zip(&hir.instrs) {
        if !instr.operands.is_empty()
            && let Some(owned) = owners.get_mut(instr.operands.start as usize..instr.operands.end as usize)
        {
            owned.fill(id);
        }
    }
    for ((id, operand), instr) in (0..).map(OperandId).zip(&hir.operands).zip(owners) {
        resolver.operand(id, operand, instr);
    }
    resolver.out.group();
    resolver.out
}

/// The name that an operand is, without its lens.
#[inline]
fn name_range(hir: &Hir, operand: &Operand) -> Option<TextRange> {
    let name = operand.kind.name()?;
    let length = hir.name_ranges.get(name.0 as usize).map_or(TextSize::new(0), |range| range.len());
    Some(TextRange::at(operand.range.start(), length))
}

struct Resolver<'h> {
    hir: &'h Hir,
    /// For each name, the binding that it means where the walk is.
    current: Vec<u32>,
    /// What `new` and folds around the walk declare, innermost last: where that ends, and what the name meant outside.
    open: Vec<(TextSize, NameId, u32)>,
    out: Resolution,
    whole: TextRange,
}

impl Resolver<'_> {
    fn operand(&mut self, id: OperandId, operand: &Operand, instr: InstrId) {
        let start = operand.range.start();
        if let Some(name) = operand.kind.name() {
            self.leave(start);
            let declares = matches!(operand.role, Role::Declared | Role::Iterator);
            let declared = match self.hir.instr(instr).filter(|_| declares) {
                Some(Instr { kind: InstrKind::New, range, .. }) => Some((BindingKind::New(instr), *range)),
                Some(Instr { kind: InstrKind::Fold, range, .. }) => {
                    Some((BindingKind::Iterator(instr), *range))
                }
                _ => None,
            };
            let access = if let Some((kind, scope)) = declared {
                let binding = self.bind(name, kind, scope);
                let outer = self.replace(name, binding);
                self.open.push((scope.end(), name, outer));
                Access::Declare
            } else if operand.role.is_write() {
                Access::Write
            } else {
                Access::Read
            };
            let range = name_range(self.hir, operand).unwrap_or(TextRange::empty(start));
            self.occur(name, range, access, id, instr);
        }
        if let Some(lens) = &operand.lens {
            self.leave(start);
            for accessor in self.hir.accessors_of(lens) {
                if let AccessorKind::Variable(name) = accessor.kind {
                    self.occur(name, accessor.range, Access::Read, id, instr);
                }
            }
        }
    }

    /// Gives names the meaning back that they had outside of what ends before an offset.
    fn leave(&mut self, offset: TextSize) {
        while let Some((_, name, outer)) = self.open.pop_if(|(end, ..)| *end <= offset) {
            self.replace(name, outer);
        }
    }

    #[inline(always)]
    fn occur(&mut self, name: NameId, range: TextRange, access: Access, operand: OperandId, instr: InstrId) {
        let mut binding = self.current.get(name.0 as usize).copied().unwrap_or(NONE);
        if binding == NONE {
            binding = self.bind(name, BindingKind::Script, self.whole);
            self.replace(name, binding);
        }
        self.out.occurrences.push(Occurrence { range, binding: BindingId(binding), access, operand, instr });
        if let Some(binding) = self.out.bindings.get_mut(binding as usize) {
            binding.occurrences.1 += 1;
            match access {
                Access::Read => binding.reads += 1,
                Access::Write => binding.writes += 1,
                Access::Declare => {}
            }
        }
    }

    fn bind(&mut self, name: NameId, kind: BindingKind, scope: TextRange) -> u32 {
        self.out.bindings.push(Binding { name, kind, scope, reads: 0, writes: 0, occurrences: (0, 0) });
        self.out.bindings.len() as u32 - 1
    }

    fn replace(&mut self, name: NameId, binding: u32) -> u32 {
        self.current.get_mut(name.0 as usize).map_or(NONE, |current| std::mem::replace(current, binding))
    }
}

impl Resolution {
    /// The same names after an edit that only moves them; `hir` is the arena after it.
    pub(crate) fn moved(&self, hir: &Hir, edit: &Moved) -> Option<Resolution> {
        let inside = edit.before();
        let first = self.occurrences.partition_point(|place| place.range.start() < inside.start());
        let end = self.occurrences.partition_point(|place| place.range.start() < inside.end());
        let after = |place: &Occurrence| Occurrence { range: edit.range(place.range), ..*place };
        let mut occurrences = Vec::with_capacity(self.occurrences.len());
        occurrences.extend_from_slice(self.occurrences.get(..first)?);
        let mut here = self.occurrences.get(first..end)?.iter();
        for operand in hir.operands_of(hir.instr(edit.instr)?) {
            let steps = operand.lens.iter().flat_map(|lens| hir.accessors_of(lens));
            let in_lens = steps.filter(|step| matches!(step.kind, AccessorKind::Variable(_)));
            for range in name_range(hir, operand).into_iter().chain(in_lens.map(|step| step.range)) {
                occurrences.push(Occurrence { range, ..*here.next()? });
            }
        }
        if here.next().is_some() {
            return None;
        }
        occurrences.extend(self.occurrences.get(end..)?.iter().map(after));
        let mut bindings = self.bindings.clone();
        for binding in &mut bindings {
            binding.scope = edit.range(binding.scope);
        }
        Some(Resolution { occurrences, bindings, grouped: self.grouped.clone() })
    }

    /// The occurrence that covers the offset or ends at it.
    pub fn at(&self, offset: TextSize) -> Option<&Occurrence> {
        let after = self.occurrences.partition_point(|occurrence| occurrence.range.start() <= offset);
        let occurrence = self.occurrences.get(after.checked_sub(1)?)?;
        (offset <= occurrence.range.end()).then_some(occurrence)
    }

    /// The variable.
    pub fn binding(&self, id: BindingId) -> Option<&Binding> {
        self.bindings.get(id.0 as usize)
    }

    /// All places of a variable, in text order.
    pub fn occurrences_of(&self, id: BindingId) -> impl Iterator<Item = &Occurrence> {
        let (start, end) = self.binding(id).map_or((0, 0), |binding| binding.occurrences);
        let places = self.grouped.get(start as usize..end as usize).unwrap_or_default();
        places.iter().filter_map(|index| self.occurrences.get(*index as usize))
    }

    /// The places of a variable in a part of the text, in text order.
    pub fn occurrences_within(&self, id: BindingId, range: TextRange) -> impl Iterator<Item = &Occurrence> {
        let (start, end) = self.binding(id).map_or((0, 0), |binding| binding.occurrences);
        let places = self.grouped.get(start as usize..end as usize).unwrap_or_default();
        let place = |index: &u32| self.occurrences.get(*index as usize);
        let before = |index: &u32| place(index).is_some_and(|place| place.range.start() < range.start());
        let first = places.partition_point(before);
        let inside = places.iter().skip(first).filter_map(place);
        inside.take_while(move |place| place.range.end() <= range.end())
    }

    /// All places of names in a part of the text.
    pub fn within(&self, range: TextRange) -> &[Occurrence] {
        let first = self.occurrences.partition_point(|place| place.range.start() < range.start());
        let end = self.occurrences.partition_point(|place| place.range.start() < range.end());
        self.occurrences.get(first..end).unwrap_or_default()
    }

    /// Sorts the occurrences by binding, by counting.
    fn group(&mut self) {
        let mut next = 0;
        for binding in &mut self.bindings {
            let count = binding.occurrences.1;
            binding.occurrences = (next, next);
            next += count;
        }
        self.grouped = vec![0; self.occurrences.len()];
        for (index, occurrence) in self.occurrences.iter().enumerate() {
            if let Some(binding) = self.bindings.get_mut(occurrence.binding.0 as usize)
                && let Some(place) = self.grouped.get_mut(binding.occurrences.1 as usize)
            {
                *place = index as u32;
                binding.occurrences.1 += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use expect_test::{Expect, expect};

    use super::{Access, BindingKind};
    use crate::Script;

    /// All places of what the name at `$0` means: `d`eclared, `w`ritten, `r`ead.
    fn check(text: &str, expected: Expect) {
        let offset = text.find("$0").unwrap();
        let text = text.replace("$0", "");
        let script = Script::new(text.as_str());
        let resolution = script.resolution();
        let Some(occurrence) = resolution.at((offset as u32).into()) else {
            return expected.assert_eq("nothing\n");
        };
        let binding = resolution.binding(occurrence.binding).unwrap();
        let mut marks: Vec<char> = text.chars().map(|c| if c == '\n' { c } else { ' ' }).collect();
        for place in resolution.occurrences_of(occurrence.binding) {
            let mark = match place.access {
                Access::Declare => 'd',
                Access::Write => 'w',
                Access::Read => 'r',
            };
            marks[std::ops::Range::<usize>::from(place.range)].fill(mark);
        }
        let marks: String = marks.into_iter().collect();
        let mut shown = match binding.kind {
            BindingKind::Script => "of the script\n".to_owned(),
            BindingKind::New(_) => "of a new\n".to_owned(),
            BindingKind::Iterator(_) => "of a fold\n".to_owned(),
        };
        for (line, marks) in text.lines().zip(marks.lines()) {
            let _ = writeln!(shown, "| {line}\n{}", format!("| {marks}").trim_end());
        }
        expected.assert_eq(&shown);
    }

    #[test]
    fn names_belong_to_the_script() {
        check(
            "(par (call \"p\" (\"s\" \"f\") [] x) (seq (ap $0x.$.[x] y) (ap 1 $x)))",
            expect![[r#"
                of the script
                | (par (call "p" ("s" "f") [] x) (seq (ap x.$.[x] y) (ap 1 $x)))
                |                             w           r    r
            "#]],
        );
    }

    #[test]
    fn new_makes_its_own() {
        check(
            "(seq (ap 1 $s)\n (new $s (seq (ap 2 $0$s) (canon \"p\" $s #s))))",
            expect![[r#"
                of a new
                | (seq (ap 1 $s)
                |
                |  (new $s (seq (ap 2 $s) (canon "p" $s #s))))
                |       dd            ww             rr
            "#]],
        );
        check(
            "(seq (ap 1 $0$s)\n (seq (new $s (ap 2 $s)) (fold $s i (next i))))",
            expect![[r#"
            of the script
            | (seq (ap 1 $s)
            |            ww
            |  (seq (new $s (ap 2 $s)) (fold $s i (next i))))
            |                                rr
        "#]],
        );
    }

    #[test]
    fn iterators_belong_to_their_fold() {
        check(
            "(seq (fold [] i (seq (ap $0i x) (next i)))\n (fold i i (next i)))",
            expect![[r#"
                of a fold
                | (seq (fold [] i (seq (ap i x) (next i)))
                |               d          r          r
                |  (fold i i (next i)))
                |
            "#]],
        );
        check(
            "(seq (fold [] i (next i))\n (fold $0i i (next i)))",
            expect![[r#"
                of the script
                | (seq (fold [] i (next i))
                |
                |  (fold i i (next i)))
                |        r
            "#]],
        );
    }

    #[test]
    fn lenses_read() {
        check(
            "(fold [] i (ap #all.$.[$0i].[i] x))",
            expect![[r#"
            of a fold
            | (fold [] i (ap #all.$.[i].[i] x))
            |          d             r   r
        "#]],
        );
    }

    #[test]
    fn what_is_no_name_resolves_to_nothing() {
        check(
            "(ap \"te$0xt\" x)",
            expect![[r#"
            nothing
        "#]],
        );
        check(
            "(ap x.$.fi$0eld y)",
            expect![[r#"
            nothing
        "#]],
        );
    }
}
