//! Shapes that the Aqua compiler writes by itself, in the forms of its versions 0.10 to 0.14.
//!
//! Lints leave these alone, and nothing else: a shape that people write as well is the compiler's only in a script with
//! names that are the compiler's. So a mistake that somebody wrote, or that a bug of the compiler left, is found in
//! its output too.

use air_semantics::hir::{Instr, InstrId, InstrKind, OperandKind, Role};

use super::compiler_names::{Proof, without_numbers};
use super::context::Context;

/// Steps that a walk through a handler takes.
const MAX_HANDLER_STEPS: usize = 64;

impl<'a> Context<'a> {
    /// Whether names of the script prove that the Aqua compiler wrote it.
    pub(crate) fn is_compiled(&self) -> bool {
        self.proof().compiled
    }

    fn proof(&self) -> Proof {
        *self.proof.get_or_init(|| Proof::of(self.hir.names()))
    }

    /// Whether a `match` or `mismatch` is the condition of an `if` of the source: first in an `xor`, and with the error
    /// of its branches kept apart where the script's compiler does that.
    pub(crate) fn is_compiled_if(&self, id: InstrId) -> bool {
        let proof = self.proof();
        if !proof.compiled {
            return false;
        }
        // In front of the `xor` there may be `seq`s, for the way to where the script goes on.
        let mut first = id;
        for (at, instr) in self.around(id) {
            match instr.kind {
                InstrKind::Seq | InstrKind::Xor if self.child(instr, 0) != Some(first) => return false,
                InstrKind::Seq => first = at,
                InstrKind::Xor if !proof.propagates => return true,
                InstrKind::Xor => {
                    return self.around(at).next().is_some_and(|(_, new)| {
                        let declared = self.operand(new, Role::Declared);
                        declared.is_some_and(|name| self.text(name.range) == "-if-error-")
                    });
                }
                _ => return false,
            }
        }
        false
    }

    /// Whether it ends with putting a value into an option, `?[value]`: an error leaves the option empty.
    pub(crate) fn fills_option(&self, instr: &'a Instr) -> bool {
        let target = self.last_step(instr).and_then(|last| self.operand(last, Role::Target));
        target.is_some_and(|target| {
            let name = self.text(target.range).strip_prefix('$');
            name.is_some_and(|name| without_numbers(name) == "option-inline")
        })
    }

    /// Whether the last thing it does is to pass the error on.
    pub(crate) fn rethrows(&self, handler: &'a Instr) -> bool {
        let failure = self.last_step(handler).and_then(|last| self.operand(last, Role::Failure));
        failure.is_some_and(|failure| matches!(failure.kind, OperandKind::Error | OperandKind::LastError))
    }

    /// Whether it is what the compiler puts around every function, and once around every `on`: one report of the error
    /// to the initiator, and the way there and back.
    pub(crate) fn is_compiled_report(&self, handler: InstrId) -> bool {
        if !self.is_compiled() {
            return false;
        }
        let mut reports = 0;
        let mut stack = vec![handler];
        for _ in 0..MAX_HANDLER_STEPS {
            let Some(id) = stack.pop() else { return reports == 1 };
            let Some(instr) = self.instr(id).filter(|_| self.burn()) else { return false };
            match instr.kind {
                InstrKind::Seq | InstrKind::New => stack.extend(self.hir.children_of(instr)),
                InstrKind::Canon | InstrKind::Null => {}
                InstrKind::Call if self.calls(instr, "op", "noop") => {}
                InstrKind::Call if self.calls(instr, "errorHandlingSrv", "error") => reports += 1,
                _ => return false,
            }
        }
        false
    }

    fn calls(&self, call: &Instr, service: &str, function: &str) -> bool {
        let literal = |role| self.operand(call, role).map_or("", |operand| self.hir.literal(operand));
        literal(Role::Service) == service && literal(Role::Function) == function
    }

    /// What a `seq` ends with, or the instruction itself.
    fn last_step(&self, mut instr: &'a Instr) -> Option<&'a Instr> {
        while instr.kind == InstrKind::Seq {
            if !self.burn() {
                return None;
            }
            instr = self.instr(self.child(instr, 1)?)?;
        }
        Some(instr)
    }
}
