//! How bad the two arms of a comparison look.
//!
//! An arm looks bad if it raises an error of its own, tells an error handler, says "err" or "timeout",
//! or waits for ever. Passing a caught error on says nothing: every compiled condition does it.

use crate::hir::{Hir, Instr, InstrId, InstrKind, OperandKind, Role};

/// How bad each instruction looks, with all that is in it.
pub(super) struct Arms(Vec<u16>);

impl Arms {
    /// One pass, children before parents.
    pub(super) fn new(hir: &Hir) -> Arms {
        let mut bad: Vec<u16> = Vec::with_capacity(hir.instrs.len());
        for instr in &hir.instrs {
            let inside =
                hir.children_of(instr).iter().map(|child| bad.get(child.0 as usize).copied().unwrap_or(0));
            let sum = inside.fold(own(hir, instr), u16::saturating_add);
            bad.push(sum);
        }
        Arms(bad)
    }

    /// How much better the arm that a `match` or `mismatch` runs looks than what runs instead: above
    /// zero if the body should run. A body that looks no worse should run.
    pub(super) fn preference(&self, hir: &Hir, id: InstrId) -> i32 {
        let of = |id: &InstrId| i32::from(self.0.get(id.0 as usize).copied().unwrap_or(0));
        let Some(instr) = hir.instr(id) else { return 1 };
        let body = hir.children_of(instr).first().map_or(0, of);
        // What catches the error of the comparison: the other arm of the nearest `xor` around it, as
        // long as nothing ran before in a sequence.
        let mut inner = id;
        let mut instead = UNCAUGHT;
        for _ in 0..MAX_STEPS_TO_XOR {
            let Some(outer) = hir.instr(inner).and_then(|instr| instr.parent) else { break };
            let Some(instr) = hir.instr(outer) else { break };
            match instr.kind {
                InstrKind::Xor => match hir.children_of(instr) {
                    [left, right, ..] if *left == inner => {
                        instead = of(right);
                        break;
                    }
                    _ => {}
                },
                InstrKind::Fold | InstrKind::Par => break,
                _ => {}
            }
            inner = outer;
        }
        let preference = (instead - body).clamp(-UNCAUGHT, UNCAUGHT);
        if preference == 0 { 1 } else { preference * 2 }
    }
}

/// An error that nothing near catches.
const UNCAUGHT: i32 = 5;
/// How far around a comparison its `xor` is looked for.
const MAX_STEPS_TO_XOR: usize = 4;

fn own(hir: &Hir, instr: &Instr) -> u16 {
    match instr.kind {
        InstrKind::Fail => match hir.operand(instr, Role::FailCode) {
            Some(_) => 3,
            None => 0,
        },
        InstrKind::Never => 1,
        InstrKind::Call => {
            let mut bad = 0;
            for operand in hir.operands_of(instr) {
                if operand.kind != OperandKind::Literal {
                    continue;
                }
                let text = hir.literal(operand);
                let name = matches!(operand.role, Role::Service | Role::Function);
                if name && contains(text, "err") {
                    bad += 3;
                } else if contains(text, "error") || contains(text, "timeout") || contains(text, "fail") {
                    bad += 1;
                }
            }
            bad
        }
        _ => 0,
    }
}

/// Without regard to case.
fn contains(text: &str, part: &str) -> bool {
    text.as_bytes().windows(part.len()).any(|window| window.eq_ignore_ascii_case(part.as_bytes()))
}
