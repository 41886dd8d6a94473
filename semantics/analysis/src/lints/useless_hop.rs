//! Ways to the peer that the particle is at.

use air_semantics::hir::{Instr, InstrId, InstrKind, Operand, OperandKind, Role};

use crate::idioms::hop_canon;
use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Report, is_compilers};

pub(crate) static ENTRY: Entry = entry(
    "L025",
    "useless-hop",
    Severity::Info,
    Page {
        summary: "a hop to the peer where the script already is",
        what: prose!(
            "A hop (a `canon` of an empty stream of its own) goes to the peer of the `call`,
`canon` or hop directly before it in a `seq`. Hops that the Aqua compiler made are left alone."
        ),
        why: "The hop only makes the data longer.",
        example: r#"(seq
 (call "relay" ("service" "function") [])
 (new $hop
  (new #hop
   (canon "relay" $hop #hop))))"#,
        fix: "Remove the hop, or name the peer that was meant.",
        fixed: r#"(call "relay" ("service" "function") [])"#,
    },
);

pub(super) const LINT: Lint =
    Lint { code: Code::UselessHop, looks: &[Looks::Instr(&[InstrKind::New], look)], fix: Fixing::Offered };

fn look(context: &Context<'_>, id: InstrId, instr: &Instr, report: &mut Report<'_>) {
    // Cheap tests first: most `new` are not hops.
    let seq = instr.parent.and_then(|parent| context.instr(parent));
    let Some(seq) = seq.filter(|seq| seq.kind == InstrKind::Seq) else { return };
    let declared = context.operand(instr, Role::Declared).map_or("", |name| context.text(name.range));
    // The compiler hops once too often at times, which is not the author's doing.
    if is_compilers(declared) {
        return;
    }
    let Some(canon) = hop_canon(context.hir, instr) else { return };
    let Some(peer) = context.operand(canon, Role::Peer) else { return };
    let before = match *context.hir.children_of(seq) {
        [left, right] if right == id => context.instr(left),
        // A first child follows what its `seq` follows.
        _ => seq.parent.and_then(|outer| context.instr(outer)).and_then(|outer| {
            let left = context.child(outer, 0).and_then(|left| context.instr(left))?;
            (outer.kind == InstrKind::Seq && left.range.end() <= seq.range.start()).then_some(left)
        }),
    };
    let Some(last) = before.and_then(|before| last_peer(context, before)) else { return };
    if !same(context, peer, last) {
        return;
    }
    let peer_shown = context.shown(peer.range);
    let message = format!("`{peer_shown}` is where the script already is: this hop has no effect");
    report
        .add(Code::UselessHop, peer.range, message)
        .related(last.range, format!("the script comes to `{peer_shown}` here"))
        .safe("remove this hop", context.remove(id));
}

/// Where the script is when an instruction has completed, if one `call` or `canon` decides that.
pub(super) fn last_peer<'a>(context: &Context<'a>, mut instr: &'a Instr) -> Option<&'a Operand> {
    loop {
        let next = match instr.kind {
            InstrKind::Call | InstrKind::Canon => return context.operand(instr, Role::Peer),
            InstrKind::Seq => context.child(instr, 1)?,
            InstrKind::New => context.child(instr, 0)?,
            _ => return None,
        };
        if !context.burn() {
            return None;
        }
        instr = context.instr(next)?;
    }
}

/// Whether both are surely the same peer.
fn same(context: &Context<'_>, one: &Operand, other: &Operand) -> bool {
    if context.text(one.range) != context.text(other.range) {
        return false;
    }
    match one.kind {
        OperandKind::Literal | OperandKind::InitPeerId => true,
        _ => {
            let binding = |operand| context.variable(operand).map(|(id, _)| id);
            binding(one) == binding(other)
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::code::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::UselessHop, text, expected);
    }

    #[test]
    fn behind_a_call_and_a_hop() {
        check(
            r#"(seq (seq (null) (call "p" ("s" "f") [])) (seq (new $h (new #h (canon "p" $h #h))) (new $h (new #h (canon "p" $h #h)))))"#,
            expect![[r#"
                | (seq (seq (null) (call "p" ("s" "f") [])) (seq (new $h (new #h (canon "p" $h #h))) (new $h (new #h (canon "p" $h #h)))))
                |                                                                       ^^^ L025 `"p"` is where the script already is: this hop has no effect
                | (seq (seq (null) (call "p" ("s" "f") [])) (seq (new $h (new #h (canon "p" $h #h))) (new $h (new #h (canon "p" $h #h)))))
                |                        --- the script comes to `"p"` here
                fix: remove this hop: "(seq (seq (null) (call \"p\" (\"s\" \"f\") [])) (new $h (new #h (canon \"p\" $h #h))))"
                | (seq (seq (null) (call "p" ("s" "f") [])) (seq (new $h (new #h (canon "p" $h #h))) (new $h (new #h (canon "p" $h #h)))))
                |                                                                                                           ^^^ L025 `"p"` is where the script already is: this hop has no effect
                | (seq (seq (null) (call "p" ("s" "f") [])) (seq (new $h (new #h (canon "p" $h #h))) (new $h (new #h (canon "p" $h #h)))))
                |                                                                       --- the script comes to `"p"` here
                fix: remove this hop: "(seq (seq (null) (call \"p\" (\"s\" \"f\") [])) (new $h (new #h (canon \"p\" $h #h))))"
            "#]],
        );
    }

    #[test]
    fn elsewhere_or_unknown() {
        check(
            r#"(seq (seq (call "p" ("s" "f") []) (new $h (new #h (canon "q" $h #h)))) (seq (par (null) (null)) (new $h (new #h (canon "q" $h #h)))))"#,
            expect![[r#"
                nothing
            "#]],
        );
    }
}
