//! What lints know of a script.

use std::cell::{Cell, OnceCell};

use air_semantics::Script;
use air_semantics::control_flow::ControlFlow;
use air_semantics::hir::{AccessorKind, Hir, Instr, InstrId, Lens, NameId, Operand, Role};
use air_semantics::resolve::{Access, Binding, BindingId, BindingKind, Occurrence, Resolution};
use air_semantics::validate::Given;
use air_syntax::{TextRange, TextSize};
use rustc_hash::{FxHashMap, FxHashSet};

use super::compiler_names::Proof;

/// Steps of a lens that are looked at: real scripts have fewer.
const MAX_STEPS: usize = 8;

/// Of an operand in a message.
const MAX_BYTES_SHOWN: usize = 64;

/// What lints know of a script, which AquaVM has accepted.
///
/// Offsets and ranges are bytes of the script's text. Walks towards the root ([`Context::around`], or a lint's own with
/// [`Context::burn`]) share a budget of steps, so that all lints together stay linear in the script; a lint whose walk
/// ended early ([`Context::has_fuel`]) must stay silent rather than guess.
pub(crate) struct Context<'a> {
    /// Instructions, operands and names, with ranges.
    pub(crate) hir: &'a Hir,
    /// Which variable each name is, and where each variable is read and written.
    pub(crate) resolution: &'a Resolution,
    /// Which instructions can complete, fail or wait.
    pub(crate) control_flow: &'a ControlFlow,
    /// Names that the host supplies.
    pub(crate) given: &'a Given,
    /// Steps of walks that are left.
    fuel: Cell<usize>,
    /// For each name, its variables; made when first asked for.
    of_name: OnceCell<Vec<OfName>>,
    /// Names of canonicalised streams by spelling, likewise.
    canons: OnceCell<FxHashMap<&'a str, NameId>>,
    /// Where a field other than `length` is taken from, likewise.
    objects: OnceCell<FxHashSet<(BindingId, &'a str)>>,
    /// What names prove of who wrote the script, likewise.
    pub(super) proof: OnceCell<Proof>,
}

/// The variables of a name.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct OfName {
    /// The one outside of all `new` and folds.
    pub(crate) script: Option<BindingId>,
    /// The first that a `new` or a fold makes.
    pub(crate) scoped: Option<BindingId>,
    /// Whether a `new` or a fold makes another one.
    pub(crate) more: bool,
    /// Where the name is read last, whichever variable it means there.
    pub(crate) last_read: TextSize,
}

impl<'a> Context<'a> {
    pub(super) fn new(script: &'a Script) -> Context<'a> {
        let hir = script.hir();
        Context {
            hir,
            resolution: script.resolution(),
            control_flow: script.control_flow(),
            given: script.given(),
            fuel: Cell::new(1000 + 4 * hir.instrs.len()),
            of_name: OnceCell::new(),
            canons: OnceCell::new(),
            objects: OnceCell::new(),
            proof: OnceCell::new(),
        }
    }

    /// The instruction of that id; always there for ids of this script.
    pub(crate) fn instr(&self, id: InstrId) -> Option<&'a Instr> {
        self.hir.instr(id)
    }

    /// A child by its place among the children, from 0.
    pub(crate) fn child(&self, instr: &Instr, index: usize) -> Option<InstrId> {
        self.hir.children_of(instr).get(index).copied()
    }

    /// The first operand with that role.
    pub(crate) fn operand(&self, instr: &Instr, role: Role) -> Option<&'a Operand> {
        self.hir.operand(instr, role)
    }

    /// The source at a range.
    pub(crate) fn text(&self, range: TextRange) -> &'a str {
        self.hir.text_at(range)
    }

    /// The name of a variable, with its sign (`$`, `%`).
    pub(crate) fn name(&self, binding: &Binding) -> &'a str {
        self.hir.name(binding.name)
    }

    /// The word that an instruction begins with.
    pub(crate) fn keyword(&self, instr: &Instr) -> &'a str {
        self.text(instr.keyword)
    }

    /// An operand as a message shows it: on one line, and not longer than is read.
    pub(crate) fn shown(&self, range: TextRange) -> String {
        let text = self.text(range);
        match text.char_indices().find(|(at, char)| *at >= MAX_BYTES_SHOWN || *char == '\n' || *char == '\r')
        {
            Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
            None => text.to_owned(),
        }
    }

    /// Whether its name begins with that sign.
    pub(crate) fn begins(&self, binding: &Binding, sign: u8) -> bool {
        let range = self.hir.name_ranges.get(binding.name.0 as usize);
        range.is_some_and(|range| self.hir.text.as_bytes().get(usize::from(range.start())) == Some(&sign))
    }

    /// Whether the host supplies the variable.
    pub(crate) fn is_given(&self, binding: &Binding) -> bool {
        !self.given.is_empty() && self.given.contains(self.name(binding))
    }

    /// The places of a variable with that access.
    pub(crate) fn places(&self, id: BindingId, access: Access) -> impl Iterator<Item = &'a Occurrence> {
        self.resolution.occurrences_of(id).filter(move |place| place.access == access)
    }

    /// The variable that the operand is; not one in its lens.
    pub(crate) fn variable(&self, operand: &Operand) -> Option<(BindingId, &'a Binding)> {
        operand.kind.name()?;
        self.variable_at(operand.range.start())
    }

    /// The instructions around one, innermost first; ends early when all lints together have climbed
    /// too much.
    pub(crate) fn around(&self, id: InstrId) -> impl Iterator<Item = (InstrId, &'a Instr)> + '_ {
        let mut at = Some(id);
        std::iter::from_fn(move || {
            let parent = self.instr(at?)?.parent?;
            self.burn().then_some(())?;
            at = Some(parent);
            Some((parent, self.instr(parent)?))
        })
    }

    /// The variable whose name stands at that place.
    pub(crate) fn variable_at(&self, start: TextSize) -> Option<(BindingId, &'a Binding)> {
        let places = &self.resolution.occurrences;
        let index = places.partition_point(|place| place.range.start() < start);
        let place = places.get(index).filter(|place| place.range.start() == start)?;
        Some((place.binding, self.resolution.binding(place.binding)?))
    }

    /// Whether neither the script nor the host gives it a value, ever.
    pub(crate) fn is_never_set(&self, binding: &Binding) -> bool {
        let iterator = matches!(binding.kind, BindingKind::Iterator(_));
        binding.writes == 0 && !iterator && !self.is_given(binding)
    }

    /// The variables of that name, and where it is read last.
    pub(crate) fn of_name(&self, name: NameId) -> OfName {
        let of_name = self.of_name.get_or_init(|| {
            let mut of_name = vec![OfName::default(); self.hir.name_ranges.len()];
            for (id, binding) in (0..).map(BindingId).zip(&self.resolution.bindings) {
                let Some(of_name) = of_name.get_mut(binding.name.0 as usize) else { continue };
                match binding.kind {
                    BindingKind::Script => of_name.script = Some(id),
                    _ => {
                        of_name.more |= of_name.scoped.is_some();
                        of_name.scoped = of_name.scoped.or(Some(id));
                    }
                }
            }
            for place in self.resolution.occurrences.iter().filter(|place| place.access == Access::Read) {
                if let Some(binding) = self.resolution.binding(place.binding)
                    && let Some(of_name) = of_name.get_mut(binding.name.0 as usize)
                {
                    of_name.last_read = place.range.start();
                }
            }
            of_name
        });
        of_name.get(name.0 as usize).copied().unwrap_or_default()
    }

    /// The variable of that name outside of all `new` and folds.
    pub(crate) fn script_variable(&self, name: NameId) -> Option<(BindingId, &'a Binding)> {
        let id = self.of_name(name).script?;
        Some((id, self.resolution.binding(id)?))
    }

    /// The first variable of that name that a `new` or a fold makes.
    pub(crate) fn scoped_variable(&self, name: NameId) -> Option<(BindingId, &'a Binding)> {
        let id = self.of_name(name).scoped?;
        Some((id, self.resolution.binding(id)?))
    }

    /// The canonicalised stream of that spelling.
    pub(crate) fn canon(&self, spelling: &str) -> Option<NameId> {
        let canons = self.canons.get_or_init(|| {
            let names = (0..).map(NameId).zip(self.hir.names());
            names.filter(|(_, name)| name.starts_with('#')).map(|(id, name)| (name, id)).collect()
        });
        canons.get(spelling).copied()
    }

    /// Whether a field other than `length` is taken anywhere from that place in a variable: its name, and a lens up to
    /// the dot of a field.
    pub(crate) fn is_object(&self, id: BindingId, place: &str) -> bool {
        let objects = self.objects.get_or_init(|| {
            let mut objects = FxHashSet::default();
            for operand in &self.hir.operands {
                let Some(lens @ Lens::Path(_)) = &operand.lens else { continue };
                let Some((id, _)) = self.variable(operand) else { continue };
                for accessor in self.hir.accessors_of(lens).iter().take(MAX_STEPS) {
                    if accessor.kind == AccessorKind::Field && self.text(accessor.range) != "length" {
                        let place = TextRange::new(operand.range.start(), accessor.range.start());
                        objects.insert((id, self.text(place)));
                    }
                }
            }
            objects
        });
        objects.contains(&(id, place))
    }

    /// One step of a walk that is not bounded otherwise; whether it may be taken.
    pub(crate) fn burn(&self) -> bool {
        match self.fuel.get().checked_sub(1) {
            Some(fuel) => {
                self.fuel.set(fuel);
                true
            }
            None => false,
        }
    }

    /// Whether no walk has ended early yet.
    pub(crate) fn has_fuel(&self) -> bool {
        self.fuel.get() > 0
    }
}

/// Whether it is a stream's or a stream map's.
pub(crate) fn is_stream(name: &str) -> bool {
    name.starts_with(['$', '%'])
}
