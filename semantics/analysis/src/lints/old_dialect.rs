//! Forms that older versions of AquaVM needed.

use air_semantics::hir::{Instr, InstrId, InstrKind, Operand, Role};
use air_syntax::TextSize;

use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Report, delete, replace};

pub(crate) static ENTRY: Entry = entry(
    "L030",
    "old-dialect",
    Severity::Hint,
    Page {
        summary: "a form from older versions of AquaVM",
        what: prose!(
            "A lens ends in `!`, which once took one value out of a list; or a `call` of the
service `op`, function `identity`, has neither arguments nor an output, which was once the way to hop to a
peer."
        ),
        why: prose!(
            "AquaVM now ignores the `!`. The `call` needs a service on that peer, which a hop with
`canon` does not."
        ),
        example: r#"(seq
 (call %init_peer_id% ("service" "list") [] list)
 (call %init_peer_id% ("service" "function") [list.$.[0]!]))"#,
        fix: "Remove the `!`; hop with `canon`.",
        fixed: r#"(seq
 (call %init_peer_id% ("service" "list") [] list)
 (call %init_peer_id% ("service" "function") [list.$.[0]]))"#,
    },
);

pub(super) const LINT: Lint = Lint {
    code: Code::OldDialect,
    looks: &[Looks::Lens(look), Looks::Instr(&[InstrKind::Call], hop)],
    fix: Fixing::Offered,
};

fn look(context: &Context<'_>, _: InstrId, operand: &Operand, report: &mut Report<'_>) {
    let text = context.text(operand.range);
    let marks = memchr::memchr_iter(b'!', text.as_bytes());
    let mut edits = Vec::new();
    for mark in marks {
        let start = operand.range.start() + TextSize::new(mark as u32);
        edits.push(delete(air_syntax::TextRange::at(start, TextSize::new(1))));
    }
    let Some(first) = edits.first() else { return };
    let title = format!("remove `!` from `{}`", context.shown(operand.range));
    let message = "`!` has no effect; older versions of AquaVM took one value out of a list by it";
    report.add(Code::OldDialect, first.range, message).safe(title, Some(edits));
}

fn hop(context: &Context<'_>, _: InstrId, call: &Instr, report: &mut Report<'_>) {
    // Peer, service and function are all there is.
    let [peer, service, function] = context.hir.operands_of(call) else { return };
    if context.hir.literal(function) != "identity" || context.hir.literal(service) != "op" {
        return;
    }
    if peer.role != Role::Peer {
        return;
    }
    let peer = context.text(peer.range);
    report
        .add(
            Code::OldDialect,
            call.range,
            format!("`call` of `op` `identity` is an old hop: it needs that service on `{peer}`"),
        )
        .offer(
            "replace this `call` by a hop",
            Some(vec![replace(
                call.range,
                format!("(new $-hop- (new #-hopc- (canon {peer} $-hop- #-hopc-)))"),
            )]),
        );
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::code::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::OldDialect, text, expected);
    }

    #[test]
    fn marks_and_hops() {
        check(
            r#"(xor (call "p" ("op" "identity") []) (ap :error:.$.a!.b! x))"#,
            expect![[r#"
                | (xor (call "p" ("op" "identity") []) (ap :error:.$.a!.b! x))
                |      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ L030 `call` of `op` `identity` is an old hop: it needs that service on `"p"`
                fix: replace this `call` by a hop: "(xor (new $-hop- (new #-hopc- (canon \"p\" $-hop- #-hopc-))) (ap :error:.$.a!.b! x))"
                | (xor (call "p" ("op" "identity") []) (ap :error:.$.a!.b! x))
                |                                                     ^ L030 `!` has no effect; older versions of AquaVM took one value out of a list by it
                fix: remove `!` from `:error:.$.a!.b!`: "(xor (call \"p\" (\"op\" \"identity\") []) (ap :error:.$.a.b x))"
            "#]],
        );
    }

    #[test]
    fn a_copy_is_no_hop() {
        check(
            r#"(call "p" ("op" "identity") [1] x)"#,
            expect![[r#"
            nothing
        "#]],
        );
        check(
            r#"(call "p" ("op" "noop") [])"#,
            expect![[r#"
            nothing
        "#]],
        );
    }
}
