//! The shape of a hop, which AquaVM's beautifier prints as `hopon PEER`.

use air_semantics::hir::{Hir, Instr, InstrKind, OperandKind, Role};

/// The `canon` inside `(new $X (new #Y (canon PEER $X #Y)))`, where PEER is not a lens over `#Y`.
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

#[cfg(test)]
mod tests {
    use air_semantics::Script;

    use super::*;

    fn is_hop(text: &str) -> bool {
        let script = Script::new(text);
        let root = script.hir().instr(script.hir().roots[0]).unwrap();
        hop_canon(script.hir(), root).is_some()
    }

    #[test]
    fn any_names_will_do() {
        assert!(is_hop("(new $-hop- (new #-hopc- (canon -relay- $-hop- #-hopc-)))"));
        assert!(is_hop("(new $a (new #b (canon \"p\" $a #b)))"));
    }

    #[test]
    fn other_shapes_are_not_hops() {
        assert!(!is_hop("(new #b (new $a (canon \"p\" $a #b)))"), "the stream is outside");
        assert!(!is_hop("(new $a (new #b (canon \"p\" $c #b)))"), "another stream");
        assert!(!is_hop("(new $a (new #b (canon #b.$.[0] $a #b)))"), "the peer is in the canon itself");
        assert!(!is_hop("(new $a (new #b (seq (canon \"p\" $a #b) (null))))"), "more than a hop");
    }
}
