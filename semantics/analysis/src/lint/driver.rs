//! One walk over a script for all lints: instructions in closing order, their operands, then variables.

use air_semantics::Script;
use air_semantics::hir::{InstrId, InstrKind, OperandKind};
use air_semantics::resolve::BindingId;

use super::{Class, Context, Lint, Looks, OfInstr, OfOperand, OfText, OfVariable, Report};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Severity};

/// Adds what the lints say about a script that AquaVM accepts, each with the severity of its code; `None` once `stop`
/// says so.
pub(crate) fn run(
    schedule: &Schedule,
    script: &Script,
    severity: fn(Code) -> Severity,
    found: &mut Vec<Diagnostic>,
    stop: &dyn Fn() -> bool,
) -> Option<()> {
    let hir = script.hir();
    let resolution = script.resolution();
    let context = Context::new(script);
    let looks = schedule;
    let mut report = Report::new(found, severity);
    for look in &looks.text {
        look(&context, &script.text, &mut report);
    }
    for (id, instr) in (0..).map(InstrId).zip(&hir.instrs) {
        if id.0 % STEPS_BETWEEN_STOPS == 0 && stop() {
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
        if id.0 % STEPS_BETWEEN_STOPS == 0 && stop() {
            return None;
        }
        for look in looks.variable.get(Class::of(binding)).into_iter().flatten() {
            look(&context, id, binding, &mut report);
        }
    }
    Some(())
}

/// Instructions or variables between two calls of `stop`.
const STEPS_BETWEEN_STOPS: u32 = 4096;

/// The functions of all lints, by what they look at.
#[derive(Default)]
pub(crate) struct Schedule {
    of_kind: [Vec<OfInstr>; INSTR_KINDS],
    lens: Vec<OfOperand>,
    number: Vec<OfOperand>,
    error: Vec<OfOperand>,
    text: Vec<OfText>,
    cut: Vec<OfInstr>,
    variable: [Vec<OfVariable>; Class::COUNT],
}

impl Schedule {
    pub(crate) fn new(lints: &[Lint]) -> Schedule {
        let mut schedule = Schedule::default();
        for look in lints.iter().flat_map(|lint| lint.looks) {
            match *look {
                Looks::Instr(kinds, look) => {
                    for kind in kinds {
                        if let Some(looks) = schedule.of_kind.get_mut(*kind as usize) {
                            looks.push(look);
                        }
                    }
                }
                Looks::Lens(look) => schedule.lens.push(look),
                Looks::Number(look) => schedule.number.push(look),
                Looks::ErrorObject(look) => schedule.error.push(look),
                Looks::Text(look) => schedule.text.push(look),
                Looks::Cut(look) => schedule.cut.push(look),
                Looks::Variable(wanted, look) => {
                    for (index, looks) in schedule.variable.iter_mut().enumerate() {
                        if wanted(Class::at(index)) {
                            looks.push(look);
                        }
                    }
                }
            }
        }
        schedule
    }
}

/// How many kinds of instructions there are.
const INSTR_KINDS: usize = InstrKind::Unknown as usize + 1;
