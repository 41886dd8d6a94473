//! Advice of ours about scripts that AquaVM accepts: one file a lint.
//!
//! Each lint is an entry of the table of codes with its page, one function over what the shared facts
//! say ([`air_semantics::control_flow`], [`air_semantics::resolve`], the HIR), a fix or the reason why there is none, and tests.
//! They run in one pass: instructions in closing order, their operands, then variables.
//!
//! Precision first. A lint that cannot be sure is silent: names that only the Aqua compiler writes and
//! its idioms are not mistakes, and walks towards the root share a budget so that no script is slow.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::sync::LazyLock;

use air_syntax::{TextRange, TextSize};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::codes::Code;
use crate::diagnostic::{Diagnostic, Fix, Related, TextEdit};
use air_semantics::Script;
use air_semantics::control_flow::ControlFlow;
use air_semantics::hir::{
    AccessorKind, Hir, Instr, InstrId, InstrKind, Lens, NameId, Operand, OperandKind, Role,
};
use air_semantics::resolve::{Access, Binding, BindingId, BindingKind, Occurrence, Resolution};
use air_semantics::validate::Given;

/// A lint.
pub(crate) struct Lint {
    #[cfg_attr(not(test), allow(dead_code))]
    pub(crate) code: Code,
    looks: &'static [Looks],
    #[cfg_attr(not(test), allow(dead_code))]
    fix: Fixing,
}

/// What a lint looks at, and with which function.
enum Looks {
    /// Each instruction of these kinds.
    Instr(&'static [InstrKind], OfInstr),
    /// Each operand with a lens.
    Lens(OfOperand),
    /// Each number.
    Number(OfOperand),
    /// Each `:error:` and `%last_error%`, with or without a lens.
    ErrorObject(OfOperand),
    /// Each `seq` whose second part never runs.
    Cut(OfInstr),
    /// Each variable of those classes.
    Variable(fn(Class) -> bool, OfVariable),
}

/// What makes a variable and how often it is used: most lints look at few of these classes, and most variables are
/// set once and read.
#[derive(Clone, Copy)]
struct Class {
    made_by: Maker,
    read: bool,
    /// 2 for more.
    writes: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Maker {
    Script,
    New,
    Fold,
}

impl Class {
    const COUNT: usize = 18;

    fn of(binding: &Binding) -> usize {
        let maker = match binding.kind {
            BindingKind::Script => 0,
            BindingKind::New(_) => 1,
            BindingKind::Iterator(_) => 2,
        };
        maker * 6 + usize::from(binding.reads > 0) * 3 + binding.writes.min(2) as usize
    }

    fn at(index: usize) -> Class {
        let made_by = match index / 6 {
            0 => Maker::Script,
            1 => Maker::New,
            _ => Maker::Fold,
        };
        Class { made_by, read: index % 6 >= 3, writes: index % 3 }
    }
}

type OfInstr = fn(&Context<'_>, InstrId, &Instr, &mut Report<'_>);
type OfOperand = fn(&Context<'_>, InstrId, &Operand, &mut Report<'_>);
type OfVariable = fn(&Context<'_>, BindingId, &Binding, &mut Report<'_>);

/// Whether a lint offers a fix.
#[allow(dead_code)] // The reason is for readers, and for the test that wants one.
enum Fixing {
    Offered,
    None(&'static str),
}

macro_rules! lints {
    ($($lint:ident,)*) => {
        $(pub(crate) mod $lint;)*

        /// All lints.
        pub(crate) const ALL: &[Lint] = &[$($lint::LINT,)*];

        /// Their sources.
        #[cfg(test)]
        const SOURCES: &[(&str, &str)] =
            &[$((stringify!($lint), include_str!(concat!("lints/", stringify!($lint), ".rs"))),)*];
    };
}

lints! {
    unused_variable,
    unused_stream,
    unwritten_stream,
    unreachable_code,
    constant_match,
    reused_name,
    written_iterator,
    fold_without_next,
    unreachable_next,
    same_operands,
    swallowed_error,
    idle_xor,
    unset_error,
    impossible_lens,
    length_field,
    undefined_index,
    discarded_result,
    unreached_join,
    mutual_wait,
    endless_fold,
    bad_peer_id,
    useless_hop,
    unused_new,
    misspelt_special,
    similar_names,
    unusual_number,
    old_dialect,
    unset_variable,
    cleared_variable,
    empty_fold,
    impossible_error_code,
    not_a_text,
    hidden_scalar,
    crashing_lens,
    self_wait,
    reentered_fold,
}

/// Adds what the lints say about a script that AquaVM accepts.
pub(crate) fn run(script: &Script, found: &mut Vec<Diagnostic>, stop: &dyn Fn() -> bool) -> Option<()> {
    let hir = script.hir();
    let resolution = script.resolution();
    let context = Context {
        hir,
        resolution,
        control_flow: script.control_flow(),
        given: script.given(),
        fuel: Cell::new(1000 + 4 * hir.instrs.len()),
        of_name: OnceCell::new(),
        canons: OnceCell::new(),
        objects: OnceCell::new(),
    };
    let looks = &*SORTED;
    let mut report = Report { found };
    for (id, instr) in (0..).map(InstrId).zip(&hir.instrs) {
        if id.0 % STRIDE == 0 && stop() {
            return None;
        }
        if let Some(looks) = looks.of_kind.get(instr.kind as usize) {
            for look in looks {
                look(&context, id, instr, &mut report);
            }
        }
        if instr.operands.is_empty() {
            continue;
        }
        for operand in hir.operands_of(instr) {
            if operand.lens.is_some() {
                for look in &looks.lens {
                    look(&context, id, operand, &mut report);
                }
            }
            let of_kind = match operand.kind {
                OperandKind::Int(_) | OperandKind::Float(_) => &looks.number,
                OperandKind::Error | OperandKind::LastError => &looks.error,
                _ => continue,
            };
            for look in of_kind {
                look(&context, id, operand, &mut report);
            }
        }
    }
    for id in script.control_flow().cut() {
        let Some(seq) = hir.instr(*id) else { continue };
        for look in &looks.cut {
            look(&context, *id, seq, &mut report);
        }
    }
    for (id, binding) in (0..).map(BindingId).zip(&resolution.bindings) {
        if id.0 % STRIDE == 0 && stop() {
            return None;
        }
        for look in looks.variable.get(Class::of(binding)).into_iter().flatten() {
            look(&context, id, binding, &mut report);
        }
    }
    Some(())
}

/// Instructions or variables between two questions whether to stop.
const STRIDE: u32 = 4096;

static SORTED: LazyLock<Sorted> = LazyLock::new(Sorted::new);

/// All that looks, by what it looks at.
#[derive(Default)]
struct Sorted {
    of_kind: [Vec<OfInstr>; KINDS],
    lens: Vec<OfOperand>,
    number: Vec<OfOperand>,
    error: Vec<OfOperand>,
    cut: Vec<OfInstr>,
    variable: [Vec<OfVariable>; Class::COUNT],
}

impl Sorted {
    fn new() -> Sorted {
        let mut sorted = Sorted::default();
        for look in ALL.iter().flat_map(|lint| lint.looks) {
            match *look {
                Looks::Instr(kinds, look) => {
                    for kind in kinds {
                        if let Some(looks) = sorted.of_kind.get_mut(*kind as usize) {
                            looks.push(look);
                        }
                    }
                }
                Looks::Lens(look) => sorted.lens.push(look),
                Looks::Number(look) => sorted.number.push(look),
                Looks::ErrorObject(look) => sorted.error.push(look),
                Looks::Cut(look) => sorted.cut.push(look),
                Looks::Variable(wanted, look) => {
                    for (index, looks) in sorted.variable.iter_mut().enumerate() {
                        if wanted(Class::at(index)) {
                            looks.push(look);
                        }
                    }
                }
            }
        }
        sorted
    }
}

const KINDS: usize = InstrKind::Unknown as usize + 1;

/// What lints know.
struct Context<'a> {
    hir: &'a Hir,
    resolution: &'a Resolution,
    control_flow: &'a ControlFlow,
    given: &'a Given,
    /// Steps towards the root that are left.
    fuel: Cell<usize>,
    /// For each name, its variables; made when first asked for.
    of_name: OnceCell<Vec<OfName>>,
    /// Names of canonicalised streams by spelling, likewise.
    canons: OnceCell<FxHashMap<&'a str, NameId>>,
    /// Where a field other than `length` is taken from, likewise.
    objects: OnceCell<FxHashSet<(BindingId, &'a str)>>,
}

/// The variables of a name.
#[derive(Debug, Clone, Copy, Default)]
struct OfName {
    /// The one outside of all `new` and folds.
    script: Option<BindingId>,
    /// The first that a `new` or a fold makes.
    scoped: Option<BindingId>,
    /// Where the name is read last, whichever variable it means there.
    last_read: TextSize,
}

impl<'a> Context<'a> {
    fn instr(&self, id: InstrId) -> Option<&'a Instr> {
        self.hir.instr(id)
    }

    fn child(&self, instr: &Instr, index: usize) -> Option<InstrId> {
        self.hir.children_of(instr).get(index).copied()
    }

    fn operand(&self, instr: &Instr, role: Role) -> Option<&'a Operand> {
        self.hir.operand(instr, role)
    }

    fn text(&self, range: TextRange) -> &'a str {
        self.hir.text_at(range)
    }

    fn name(&self, binding: &Binding) -> &'a str {
        self.hir.name(binding.name)
    }

    /// The word that an instruction begins with.
    fn keyword(&self, instr: &Instr) -> &'a str {
        self.text(instr.keyword)
    }

    /// An operand as a message shows it: on one line, and not longer than is read.
    fn shown(&self, range: TextRange) -> String {
        let text = self.text(range);
        match text.char_indices().find(|(at, char)| *at >= MAX_BYTES_SHOWN || *char == '\n' || *char == '\r')
        {
            Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
            None => text.to_owned(),
        }
    }

    /// Whether its name begins with that sign.
    fn begins(&self, binding: &Binding, sign: u8) -> bool {
        let range = self.hir.name_ranges.get(binding.name.0 as usize);
        range.is_some_and(|range| self.hir.text.as_bytes().get(usize::from(range.start())) == Some(&sign))
    }

    fn is_given(&self, binding: &Binding) -> bool {
        !self.given.is_empty() && self.given.contains(self.name(binding))
    }

    /// The places of a variable with that access.
    fn places(&self, id: BindingId, access: Access) -> impl Iterator<Item = &'a Occurrence> {
        self.resolution.occurrences_of(id).filter(move |place| place.access == access)
    }

    /// The variable that the operand is; not one in its lens.
    fn variable(&self, operand: &Operand) -> Option<(BindingId, &'a Binding)> {
        operand.kind.name()?;
        self.variable_at(operand.range.start())
    }

    /// The instructions around one, innermost first; ends early when all lints together have climbed
    /// too much.
    fn around(&self, id: InstrId) -> impl Iterator<Item = (InstrId, &'a Instr)> + '_ {
        let mut at = Some(id);
        std::iter::from_fn(move || {
            let parent = self.instr(at?)?.parent?;
            self.burn().then_some(())?;
            at = Some(parent);
            Some((parent, self.instr(parent)?))
        })
    }

    /// The variable whose name stands at that place.
    fn variable_at(&self, start: TextSize) -> Option<(BindingId, &'a Binding)> {
        let places = &self.resolution.occurrences;
        let index = places.partition_point(|place| place.range.start() < start);
        let place = places.get(index).filter(|place| place.range.start() == start)?;
        Some((place.binding, self.resolution.binding(place.binding)?))
    }

    /// Whether neither the script nor the host gives it a value, ever.
    fn is_never_set(&self, binding: &Binding) -> bool {
        let iterator = matches!(binding.kind, BindingKind::Iterator(_));
        binding.writes == 0 && !iterator && !self.is_given(binding)
    }

    fn of_name(&self, name: NameId) -> OfName {
        let of_name = self.of_name.get_or_init(|| {
            let mut of_name = vec![OfName::default(); self.hir.name_ranges.len()];
            for (id, binding) in (0..).map(BindingId).zip(&self.resolution.bindings) {
                let Some(of_name) = of_name.get_mut(binding.name.0 as usize) else { continue };
                match binding.kind {
                    BindingKind::Script => of_name.script = Some(id),
                    _ => of_name.scoped = of_name.scoped.or(Some(id)),
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
    fn script_variable(&self, name: NameId) -> Option<(BindingId, &'a Binding)> {
        let id = self.of_name(name).script?;
        Some((id, self.resolution.binding(id)?))
    }

    /// The first variable of that name that a `new` or a fold makes.
    fn scoped_variable(&self, name: NameId) -> Option<(BindingId, &'a Binding)> {
        let id = self.of_name(name).scoped?;
        Some((id, self.resolution.binding(id)?))
    }

    /// The canonicalised stream of that spelling.
    fn canon(&self, spelling: &str) -> Option<NameId> {
        let canons = self.canons.get_or_init(|| {
            let names = (0..).map(NameId).zip(self.hir.names());
            names.filter(|(_, name)| name.starts_with('#')).map(|(id, name)| (name, id)).collect()
        });
        canons.get(spelling).copied()
    }

    /// Whether a field other than `length` is taken anywhere from that place in a variable: its name, and a lens up to
    /// the dot of a field.
    fn is_object(&self, id: BindingId, place: &str) -> bool {
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
    fn burn(&self) -> bool {
        match self.fuel.get().checked_sub(1) {
            Some(fuel) => {
                self.fuel.set(fuel);
                true
            }
            None => false,
        }
    }

    /// Whether no walk has ended early yet.
    fn has_fuel(&self) -> bool {
        self.fuel.get() > 0
    }

    /// Puts a child in its parent's place; `None` where a comment would be lost.
    fn unwrap(&self, outer: TextRange, inner: TextRange) -> Option<Vec<TextEdit>> {
        let before = TextRange::new(outer.start(), inner.start());
        let after = TextRange::new(inner.end(), outer.end());
        let comment = self.text(before).contains(';') || self.text(after).contains(';');
        (!comment).then(|| vec![delete(before), delete(after)])
    }

    /// Takes an instruction out: of a `seq` the other one stays, elsewhere `(null)` takes its place.
    fn remove(&self, id: InstrId) -> Option<Vec<TextEdit>> {
        let instr = self.instr(id)?;
        let parent = instr.parent.and_then(|parent| self.instr(parent));
        if let Some(parent) = parent
            && parent.kind == InstrKind::Seq
            && let [left, right] = *self.hir.children_of(parent)
        {
            let other = self.instr(if left == id { right } else { left })?;
            return self.unwrap(parent.range, other.range);
        }
        Some(vec![TextEdit { range: instr.range, new_text: "(null)".to_owned() }])
    }

    /// The title of a fix by [`Context::remove_write`].
    fn remove_write_title(&self, place: &Occurrence) -> String {
        match self.instr(place.instr) {
            Some(instr) if instr.kind != InstrKind::Call => format!("remove this `{}`", self.keyword(instr)),
            _ => format!("remove the output `{}`", self.text(place.range)),
        }
    }

    /// Takes a write out: the output of a call, all of another instruction.
    fn remove_write(&self, place: &Occurrence) -> Option<Vec<TextEdit>> {
        let instr = self.instr(place.instr)?;
        if instr.kind != InstrKind::Call {
            return self.remove(place.instr);
        }
        // With the spaces before it.
        let before = self.text(TextRange::new(instr.range.start(), place.range.start()));
        let start = instr.range.start() + TextSize::of(before.trim_end());
        Some(vec![delete(TextRange::new(start, place.range.end()))])
    }
}

fn delete(range: TextRange) -> TextEdit {
    TextEdit { range, new_text: String::new() }
}

fn replace(range: TextRange, new_text: impl Into<String>) -> TextEdit {
    TextEdit { range, new_text: new_text.into() }
}

/// Whether the name can only be the Aqua compiler's: what users write there has no dash.
fn is_compilers(name: &str) -> bool {
    name.contains('-')
}

/// Whether it is a stream's or a stream map's.
fn is_stream(name: &str) -> bool {
    name.starts_with(['$', '%'])
}

/// Steps of a lens that are looked at: real scripts have fewer.
const MAX_STEPS: usize = 8;

/// Of an operand in a message.
const MAX_BYTES_SHOWN: usize = 64;

/// The most places shown beside a finding.
const MAX_RELATED: usize = 20;

/// Where lints report.
struct Report<'f> {
    found: &'f mut Vec<Diagnostic>,
}

impl Report<'_> {
    fn add(&mut self, code: Code, range: TextRange, message: impl Into<String>) -> Finding<'_> {
        let at = self.found.len();
        self.found.push(Diagnostic {
            code,
            severity: code.severity(),
            message: message.into(),
            range,
            related: Vec::new(),
            reference: None,
            fixes: Vec::new(),
        });
        Finding { diagnostic: self.found.get_mut(at) }
    }
}

/// A finding that was just reported.
struct Finding<'r> {
    diagnostic: Option<&'r mut Diagnostic>,
}

impl Finding<'_> {
    /// Of thousands of places only the first are reported.
    fn related(self, range: TextRange, message: impl Into<Cow<'static, str>>) -> Self {
        self.also(|diagnostic| {
            if diagnostic.related.len() >= MAX_RELATED {
                return;
            }
            // Nearly always the only one.
            diagnostic.related.reserve_exact(1);
            diagnostic.related.push(Related { range, message: message.into() });
        })
    }

    /// A fix that keeps the meaning.
    fn safe(self, title: impl Into<Cow<'static, str>>, edits: Option<Vec<TextEdit>>) -> Self {
        self.fix(title.into(), true, edits)
    }

    /// A fix that changes the meaning: the author decides.
    fn offer(self, title: impl Into<Cow<'static, str>>, edits: Option<Vec<TextEdit>>) -> Self {
        self.fix(title.into(), false, edits)
    }

    fn fix(self, title: Cow<'static, str>, safe: bool, edits: Option<Vec<TextEdit>>) -> Self {
        let Some(mut edits) = edits.filter(|edits| !edits.is_empty()) else { return self };
        edits.retain(|edit| !(edit.range.is_empty() && edit.new_text.is_empty()));
        self.also(|diagnostic| {
            diagnostic.fixes.reserve_exact(1);
            diagnostic.fixes.push(Fix { title, safe, edits });
        })
    }

    fn also(mut self, change: impl FnOnce(&mut Diagnostic)) -> Self {
        if let Some(diagnostic) = &mut self.diagnostic {
            change(diagnostic);
        }
        self
    }
}

/// The entry of a lint in the table of codes, and what its file begins with.
mod page {
    pub(super) use crate::codes::{Code, Entry, Page, prose};
    pub(super) use crate::diagnostic::{Origin, Severity};

    pub(super) const fn entry(id: &'static str, name: &'static str, severity: Severity, page: Page) -> Entry {
        Entry { id, name, origin: Origin::Lint, severity, page }
    }
}

#[cfg(test)]
mod tests {
    use super::{ALL, Fixing, SOURCES};
    use crate::Analysis;

    #[test]
    fn each_has_tests_and_a_fix_or_a_reason() {
        assert!(ALL.len() == SOURCES.len());
        for (lint, (file, source)) in ALL.iter().zip(SOURCES) {
            let name = lint.code.name();
            assert_eq!(name.replace('-', "_"), *file, "a lint's file has its name");
            let (code, tests) =
                source.split_once("#[cfg(test)]").unwrap_or_else(|| panic!("{name}: no tests"));
            assert!(tests.matches("#[test]").count() >= 2, "{name}: what it finds, and what it lets pass");
            assert!(tests.contains(lint.code.as_str()), "{name}: a test that shows a finding");
            assert!(code.starts_with("//! "), "{name}: what it is about");
            let fixes = Analysis::new(lint.code.page().example)
                .diagnostics()
                .iter()
                .any(|diagnostic| diagnostic.code == lint.code && !diagnostic.fixes.is_empty());
            match lint.fix {
                Fixing::Offered => assert!(fixes, "{name}: its example shows no fix"),
                Fixing::None(reason) => assert!(!fixes && reason.ends_with('.'), "{name}: {reason}"),
            }
        }
    }

    #[test]
    fn fixes_end_the_finding() {
        for lint in ALL {
            let example = lint.code.page().example;
            for diagnostic in Analysis::new(example).diagnostics() {
                for fix in diagnostic.fixes.iter().filter(|_| diagnostic.code == lint.code) {
                    let mut text = example.to_owned();
                    for edit in fix.edits.iter().rev() {
                        text.replace_range(std::ops::Range::<usize>::from(edit.range), &edit.new_text);
                    }
                    let mended = Analysis::new(text.as_str());
                    assert!(mended.accepted(), "{}: {}: {text}", lint.code.name(), fix.title);
                    let left = mended.diagnostics().iter().filter(|other| other.code == lint.code).count();
                    assert_eq!(left, 0, "{}: {}: {text}", lint.code.name(), fix.title);
                }
            }
        }
    }
}
