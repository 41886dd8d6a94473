//! Errors that are caught and not reported.

use air_semantics::hir::{Instr, InstrId, InstrKind};

use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Report, replace};

pub(crate) static ENTRY: Entry = entry(
    "L014",
    "swallowed-error",
    Severity::Hint,
    Page {
        summary: "an error is caught and not reported",
        what: prose!(
            "The handler of an `xor` is `(null)`, which drops every error of the first instruction.
An `xor` that only decides is left alone: its first instruction is a `match`, a `mismatch` or an `ap`, or
several of them in turn."
        ),
        why: "The caller never learns why something did not happen.",
        example: r#"(xor
 (call %init_peer_id% ("service" "function") [])
 (null))"#,
        fix: "Report the error, or allow this finding with a directive if the error does not matter.",
        fixed: r#"(xor
 (call %init_peer_id% ("service" "function") [])
 (call %init_peer_id% ("errorHandlingSrv" "error") [:error: 0]))"#,
    },
);

pub(super) const LINT: Lint = Lint {
    code: Code::SwallowedError,
    looks: &[Looks::Instr(&[InstrKind::Xor], look)],
    fix: Fixing::Offered,
};

const REPORT: &str = "(call %init_peer_id% (\"errorHandlingSrv\" \"error\") [:error: 0])";

fn look(context: &Context<'_>, _: InstrId, xor: &Instr, report: &mut Report<'_>) {
    let [left, right] = *context.hir.children_of(xor) else { return };
    let (Some(tried), Some(handler)) = (context.instr(left), context.instr(right)) else { return };
    if handler.kind != InstrKind::Null
        || !context.control_flow.outcomes(left).fails()
        || decides(context, tried)
        || begins_with_compiled_if(context, left)
        || context.fills_option(tried)
    {
        return;
    }
    report
        .add(
            Code::SwallowedError,
            handler.range,
            "`(null)` as the handler of `xor` swallows every error without a report",
        )
        .related(xor.keyword, "this `xor` catches the errors")
        .offer("report the error to the initiator", Some(vec![replace(handler.range, REPORT)]));
}

/// Whether the first thing it does is the condition of an `if` of the source, whose handler is "nothing else".
fn begins_with_compiled_if(context: &Context<'_>, mut id: InstrId) -> bool {
    while let Some(instr) = context.instr(id).filter(|_| context.burn()) {
        match (instr.kind, context.hir.children_of(instr)) {
            (InstrKind::Seq, [first, _]) => id = *first,
            (InstrKind::Match | InstrKind::Mismatch, _) => return context.is_compiled_if(id),
            _ => return false,
        }
    }
    false
}

/// Whether it only chooses: a condition, an optional value, or several of them in turn.
fn decides<'a>(context: &Context<'a>, mut tried: &'a Instr) -> bool {
    let one = |instr: &Instr| {
        matches!(instr.kind, InstrKind::Match | InstrKind::Mismatch | InstrKind::Ap | InstrKind::Null)
    };
    while tried.kind == InstrKind::Xor {
        let [left, right] = *context.hir.children_of(tried) else { return false };
        let (Some(left), Some(right)) = (context.instr(left), context.instr(right)) else { return false };
        if !one(right) || !context.burn() {
            return false;
        }
        tried = left;
    }
    one(tried)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::code::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::SwallowedError, text, expected);
    }

    #[test]
    fn of_calls() {
        check(
            r#"(xor (seq (null) (call "p" ("s" "f") [])) (null))"#,
            expect![[r#"
            | (xor (seq (null) (call "p" ("s" "f") [])) (null))
            |                                           ^^^^^^ L014 `(null)` as the handler of `xor` swallows every error without a report
            | (xor (seq (null) (call "p" ("s" "f") [])) (null))
            |  --- this `xor` catches the errors
            fix: report the error to the initiator: "(xor (seq (null) (call \"p\" (\"s\" \"f\") [])) (call %init_peer_id% (\"errorHandlingSrv\" \"error\") [:error: 0]))"
        "#]],
        );
    }

    #[test]
    fn deciding_is_no_mistake() {
        check(
            r#"(seq (xor (xor (match %ttl% 1 (null)) (match %ttl% 2 (null))) (null)) (par (xor (ap :error:.$.message x) (null)) (xor (null) (null))))"#,
            expect![[r#"
                nothing
            "#]],
        );
    }
}
