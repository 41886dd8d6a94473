//! `fail` with the code that means success.

use super::Finding;
use crate::codes::Code;
use crate::hir::{Hir, Instr, InstrId, OperandKind, Role};

/// Zero in any spelling (`0`, `-0`, `00`) is refused.
pub(super) fn check(hir: &Hir, id: InstrId, instr: &Instr) -> Option<Finding> {
    let code = hir.operand(instr, Role::FailCode).filter(|code| code.kind == OperandKind::Int(0))?;
    Some(Finding {
        code: Code::FailCodeZero,
        instr: id,
        name: None,
        range: code.range,
        message: "error code 0 means success; `fail` needs another number".to_owned(),
        related: Vec::new(),
        fixes: Vec::new(),
    })
}
