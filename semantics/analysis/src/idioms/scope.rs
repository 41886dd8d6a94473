//! Which `new` each operand's name belongs to, and how often each `new`'s name is used.
//!
//! The compiler never mangles `-hop-` or `-if-error-`: shadowing is normal, so templates compare
//! bindings, not spellings.

use air_semantics::hir::{AccessorKind, Hir, InstrId, InstrKind, Lens, NameId, Role};

pub(super) struct Scope {
    /// All instructions, parents before children, in text order.
    pub(super) preorder: Vec<InstrId>,
    /// Per operand: the `new` that its name belongs to, as id + 1.
    binding: Vec<u32>,
    /// Per instruction, for a `new`: how its name is used inside.
    uses: Vec<Uses>,
}

/// How often the name of a `new` is used inside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Uses {
    pub(super) reads: u32,
    pub(super) writes: u32,
}

enum Step {
    Enter(InstrId),
    /// End of a `new`: the name belongs again to what it belonged to before.
    Leave(NameId, u32),
}

impl Scope {
    pub(super) fn new(hir: &Hir) -> Scope {
        let mut scope = Scope {
            preorder: Vec::with_capacity(hir.instrs.len()),
            binding: vec![0; hir.operands.len()],
            uses: vec![Uses::default(); hir.instrs.len()],
        };
        let mut current = vec![0u32; hir.name_ranges.len()];
        let mut stack: Vec<Step> = hir.roots.iter().rev().map(|&root| Step::Enter(root)).collect();
        while let Some(step) = stack.pop() {
            match step {
                Step::Leave(name, before) => set(&mut current, name, before),
                Step::Enter(id) => {
                    scope.preorder.push(id);
                    let Some(instr) = hir.instr(id) else { continue };
                    let declared = (instr.kind == InstrKind::New)
                        .then(|| hir.operand(instr, Role::Declared)?.kind.name())
                        .flatten();
                    if let Some(name) = declared {
                        stack.push(Step::Leave(name, get(&current, name)));
                        set(&mut current, name, id.0.saturating_add(1));
                    }
                    scope.operands(hir, id, &current);
                    stack.extend(hir.children_of(instr).iter().rev().map(|&child| Step::Enter(child)));
                }
            }
        }
        scope
    }

    /// The `new` that the operand's name belongs to.
    pub(super) fn binding(&self, operand: u32) -> Option<InstrId> {
        self.binding.get(operand as usize)?.checked_sub(1).map(InstrId)
    }

    /// How the name that this `new` declares is used.
    pub(super) fn uses(&self, new: InstrId) -> Uses {
        self.uses.get(new.0 as usize).copied().unwrap_or_default()
    }

    fn operands(&mut self, hir: &Hir, id: InstrId, current: &[u32]) {
        let Some(instr) = hir.instr(id) else { return };
        for (index, operand) in (instr.operands.start..).zip(hir.operands_of(instr)) {
            if let Some(name) = operand.kind.name() {
                let binding = get(current, name);
                if let Some(slot) = self.binding.get_mut(index as usize) {
                    *slot = binding;
                }
                if operand.role != Role::Declared {
                    self.count(binding, operand.role.is_write());
                }
            }
            for accessor in operand.lens.iter().flat_map(|lens: &Lens| hir.accessors_of(lens)) {
                if let AccessorKind::Variable(name) = accessor.kind {
                    self.count(get(current, name), false);
                }
            }
        }
    }

    fn count(&mut self, binding: u32, write: bool) {
        let slot = binding.checked_sub(1).and_then(|new| self.uses.get_mut(new as usize));
        if let Some(uses) = slot {
            if write {
                uses.writes += 1;
            } else {
                uses.reads += 1;
            }
        }
    }
}

fn get(current: &[u32], name: NameId) -> u32 {
    current.get(name.0 as usize).copied().unwrap_or(0)
}

fn set(current: &mut [u32], name: NameId, to: u32) {
    if let Some(slot) = current.get_mut(name.0 as usize) {
        *slot = to;
    }
}

#[cfg(test)]
mod tests {
    use air_semantics::Script;

    use super::*;

    /// `new` and its uses, outer before inner.
    fn uses(text: &str) -> Vec<(u32, u32)> {
        let script = Script::new(text);
        let hir = script.hir();
        let scope = Scope::new(hir);
        let news = scope.preorder.iter().filter(|id| hir.instr(**id).unwrap().kind == InstrKind::New);
        news.map(|new| (scope.uses(*new).reads, scope.uses(*new).writes)).collect()
    }

    #[test]
    fn each_new_has_the_uses_of_its_own_name() {
        assert_eq!(uses("(new $s (seq (ap 1 $s) (fold $s i (next i))))"), [(1, 1)]);
        assert_eq!(uses("(new $s (seq (ap 1 $s) (new $s (ap 2 $s))))"), [(0, 1), (0, 1)]);
        assert_eq!(uses("(seq (ap 1 $s) (new $s (null)))"), [(0, 0)]);
        assert_eq!(uses("(new i (seq (ap 0 i) (ap xs.$.[i] y)))"), [(1, 1)], "an index in a lens is a read");
    }

    #[test]
    fn a_name_belongs_to_the_innermost_new() {
        let script = Script::new("(seq (ap 1 $s) (new $s (ap 2 $s)))");
        let hir = script.hir();
        let scope = Scope::new(hir);
        let targets = (0..).zip(&hir.operands).filter(|(_, operand)| operand.role == Role::Target);
        let news: Vec<bool> = targets.map(|(at, _)| scope.binding(at).is_some()).collect();
        assert_eq!(news, [false, true]);
    }
}
