//! The two ways to go to a peer.

use air_analysis::fresh::fresh;
use air_analysis::idioms::hop_canon;
use air_semantics::hir::{InstrKind, OperandKind, Role};

use super::context::Context;
use super::draft::Draft;
use super::refactoring::{Behaviour, Kind, Refactoring};

pub(super) static REFACTORING: Refactoring = Refactoring {
    name: "hop",
    kind: Kind::Rewrite,
    behaviour: Behaviour::ChangeInTitle,
    what: "Turns a hop of today's compiler, a canon of an empty stream on the target peer, into a hop of older compilers, \
           a call of `op.noop` there, and back.",
    example: "($0call \"relay\" (\"op\" \"noop\") [])",
    offer,
};

fn offer(context: &Context<'_>) -> Vec<Draft> {
    let Context { hir, instr, .. } = *context;
    if !context.whole(instr) {
        return Vec::new();
    }
    let literal = |role| {
        hir.operand(instr, role).filter(|it| it.kind == OperandKind::Literal).map(|it| hir.literal(it))
    };
    let bare = instr.kind == InstrKind::Call
        && !hir.operands_of(instr).iter().any(|it| matches!(it.role, Role::Argument | Role::Output));
    if bare && (literal(Role::Service), literal(Role::Function)) == (Some("op"), Some("noop")) {
        let Some(peer) = hir.operand(instr, Role::Peer) else { return Vec::new() };
        let name = fresh(hir, "", "hop");
        let text = format!("(new ${name} (new #{name} (canon {} ${name} #{name})))", hir.text_at(peer.range));
        let title = "Hop with `canon`: needs no service on the peer";
        return vec![Draft::form(title, instr.range, text, 0)];
    }
    // From anywhere in the three instructions.
    let mut outer = instr;
    for _ in 0..3 {
        if hop_canon(hir, outer).is_some() {
            let peer = hir
                .instrs
                .iter()
                .find(|it| it.kind == InstrKind::Canon && outer.range.contains_range(it.range));
            let Some(peer) = peer.and_then(|canon| hir.operand(canon, Role::Peer)) else { break };
            let comments = super::pieces::comments_between(&hir.text, outer.range);
            let text = format!("(call {} (\"op\" \"noop\") [])", hir.text_at(peer.range));
            let title = "Hop with `call`: needs the service `op` on the peer";
            return vec![Draft::part(&hir.text, title, outer.range, comments, &text, None)];
        }
        let Some(next) = context.parent(outer) else { break };
        outer = next;
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::refactor::testing::check;

    #[test]
    fn there_and_back() {
        check(
            &REFACTORING,
            "(ca$0ll relay.$.[0] (\"op\" \"noop\") []) ; go",
            expect![[r#"
            # Hop with `canon`: needs no service on the peer
            $0(new $hop
             (new #hop
              (canon relay.$.[0] $hop #hop)
             )
            ) ; go
        "#]],
        );
        check(
            &REFACTORING,
            "(seq\n (new $-hop-\n  ; there\n  (new #-hop-\n   (ca$0non \"p\" $-hop- #-hop-)\n  )\n )\n (null)\n)",
            expect![[r##"
                # Hop with `call`: needs the service `op` on the peer
                (seq
                 ; there
                 $0(call "p" ("op" "noop") [])
                 (null)
                )
            "##]],
        );
    }

    #[test]
    fn what_does_more_is_no_hop() {
        check(
            &REFACTORING,
            "(ca$0ll \"p\" (\"op\" \"noop\") [] x)",
            expect![[r#"
            nothing
        "#]],
        );
        check(
            &REFACTORING,
            "(ca$0ll \"p\" (\"op\" \"noop\") [1])",
            expect![[r#"
            nothing
        "#]],
        );
    }
}
