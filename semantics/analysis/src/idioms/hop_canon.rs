//! The shape of a hop, which AquaVM's beautifier prints as `hopon PEER`.

use air_semantics::hir::{Hir, Instr, InstrKind, OperandKind, Role};

/// The `canon` inside `(new $X (new #Y (canon PEER $X #Y)))`, where PEER is no lens over `#Y`.
/// This is AquaVM's test, whatever the names are.
pub fn hop_canon<'h>(hir: &'h Hir, outer: &Instr) -> Option<&'h Instr> {
    let inner = only_child(hir, outer, InstrKind::New)?;
    let canon = only_child(hir, inner, InstrKind::Canon)?;
    let stream = hir.operand(outer, Role::Declared)?.kind;
    let target = hir.operand(inner, Role::Declared)?.kind;
    let fits = outer.kind == InstrKind::New
        && canon.children.is_empty()
        && matches!(stream, OperandKind::Stream(_))
        && matches!(target, OperandKind::Canon(_))
        && hir.operand(canon, Role::Source)?.kind == stream
        && hir.operand(canon, Role::Target)?.kind == target
        && hir.operand(canon, Role::Peer)?.kind != target;
    fits.then_some(canon)
}

fn only_child<'h>(hir: &'h Hir, instr: &Instr, kind: InstrKind) -> Option<&'h Instr> {
    let [child] = hir.children_of(instr) else { return None };
    hir.instr(*child).filter(|child| child.kind == kind)
}
