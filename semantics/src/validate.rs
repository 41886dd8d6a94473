//! AquaVM's validator: what it refuses in scripts whose syntax is right.
//!
//! The rules are a set of order-dependent heuristics over names and spans, and are followed exactly,
//! quirks included: they decide whether a peer runs the script. AquaVM collects its facts whenever
//! an instruction is closed, so one pass over [`Hir::instrs`], which stand in closing order, feeds
//! all rules; each rule is a file of its own.
//!
//! AquaVM blames whole instructions. Each [`Finding`] points at the operand instead, says what is
//! related to it, and knows AquaVM's own text and span.

use air_syntax::{TextRange, TextSize};
use rustc_hash::FxHashSet;

use crate::codes::Code;
use crate::diagnostic::{Fix, Reference, Related};
use crate::hir::{Hir, Instr, InstrId, InstrKind, NameId, Operand, OperandKind, Role};

mod fail_code_zero;
mod instruction_after_next;
mod iterators;
mod multiple_iterables;
mod multiple_next;
mod new_on_iterator;
mod undefined_iterable;
mod undefined_variable;

/// Names, tags included, that the host supplies: defined at the start of the script.
pub type Given = FxHashSet<Box<str>>;

/// One thing that AquaVM's validator refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which rule: a `V…` code.
    pub code: Code,
    /// The instruction that AquaVM blames.
    pub instr: InstrId,
    /// The name it is about; all rules but one have it.
    pub name: Option<NameId>,
    /// The precise place.
    pub range: TextRange,
    /// Our text.
    pub message: String,
    /// Other places that explain it.
    pub related: Vec<Related>,
    /// Ways to mend it.
    pub fixes: Vec<Fix>,
}

/// All findings, rule by rule in the order in which AquaVM reports them, in text order within a
/// rule. Linear in the script.
pub fn validate(hir: &Hir, given: &Given) -> Vec<Finding> {
    let mut variables = undefined_variable::Variables::new(hir, given);
    let mut iterators = iterators::Iterators::new(hir);
    let mut marks = instruction_after_next::Marks::default();
    let mut zeroes = Vec::new();
    for (index, instr) in hir.instrs.iter().enumerate() {
        let id = InstrId(index as u32);
        variables.close(hir, id, instr);
        marks.close(hir, id, instr);
        match instr.kind {
            InstrKind::Fold | InstrKind::Next | InstrKind::New => iterators.close(hir, id, instr),
            InstrKind::Fail => zeroes.extend(fail_code_zero::check(hir, id, instr)),
            _ => {}
        }
    }
    let mut findings = variables.report(hir);
    findings.extend(undefined_iterable::report(hir, &iterators));
    findings.extend(multiple_next::report(hir, &iterators));
    findings.extend(new_on_iterator::report(hir, &iterators));
    findings.extend(multiple_iterables::report(hir, &iterators));
    findings.append(&mut zeroes);
    findings.extend(marks.report(hir));
    findings
}

impl Finding {
    /// AquaVM's own report of it.
    pub fn reference(&self, hir: &Hir) -> Reference {
        let name = self.name.map_or("", |name| hir.name(name));
        let message = match self.code {
            Code::UndefinedIterable => format!("iterable '{name}' wasn't defined"),
            Code::MultipleNext => format!(
                "multiple next instructions for iterator '{name}' found for one fold, that is prohibited"
            ),
            Code::NewOnIterator => {
                format!("new can't be applied to a '{name}' because it's an iterator")
            }
            Code::MultipleIterables => {
                format!("multiple iterable values found for iterator name '{name}'")
            }
            Code::FailCodeZero => "error code 0 with fail is unsupported".to_owned(),
            Code::InstructionAfterNext => "fold can not have instructions after next".to_owned(),
            _ => format!("variable '{name}' wasn't defined"),
        };
        let range = hir.instr(self.instr).map_or(TextRange::default(), |instr| instr.range);
        Reference { message, start: range.start().into(), end: range.end().into() }
    }
}

/// The operand's name without its lens: what a finding underlines.
fn name_range(hir: &Hir, operand: &Operand) -> TextRange {
    let Some(name) = operand.kind.name() else { return operand.range };
    TextRange::at(operand.range.start(), TextSize::of(hir.name(name)))
}

/// The name in that role, with its place.
fn named(hir: &Hir, instr: &Instr, role: Role) -> Option<(NameId, TextRange)> {
    let operand = hir.operand(instr, role)?;
    Some((operand.kind.name()?, name_range(hir, operand)))
}

/// The range of an instruction's operand in that role, or of its keyword.
fn role_range(hir: &Hir, id: InstrId, role: Role) -> TextRange {
    let Some(instr) = hir.instr(id) else { return TextRange::default() };
    named(hir, instr, role).map_or(instr.keyword, |(_, range)| range)
}

/// Whether a fold walks a stream or a stream map, whose end is not known beforehand.
fn walks_stream(hir: &Hir, fold: &Instr) -> bool {
    hir.operand(fold, Role::Iterable)
        .is_some_and(|operand| matches!(operand.kind, OperandKind::Stream(_) | OperandKind::StreamMap(_)))
}
