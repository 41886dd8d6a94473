//! Handlers that never run.

use air_semantics::hir::{Instr, InstrId, InstrKind};

use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Report};

pub(crate) static ENTRY: Entry = entry(
    "L015",
    "idle-xor",
    Severity::Warning,
    Page {
        summary: "an `xor` whose first instruction never fails",
        what: prose!(
            "Nothing in the first instruction of an `xor` can end in an error that `xor` catches. A
`fold` over a stream and a `par` swallow errors themselves, and waiting is not an error."
        ),
        why: "The handler never runs.",
        example: r#"(xor
 (seq
  (ap 1 $log)
  (fold $log entry (par (call entry ("service" "function") []) (next entry))))
 (call %init_peer_id% ("errorHandlingSrv" "error") [:error: 0]))"#,
        fix: prose!(
            "Put the `xor` where the error occurs, for instance into the body of the fold, or remove
its handler."
        ),
        fixed: r#"(seq
 (ap 1 $log)
 (fold $log entry
  (par
   (xor
    (call entry ("service" "function") [])
    (call %init_peer_id% ("errorHandlingSrv" "error") [:error: 0]))
   (next entry))))"#,
    },
);

pub(super) const LINT: Lint =
    Lint { code: Code::IdleXor, looks: &[Looks::Instr(&[InstrKind::Xor], look)], fix: Fixing::Offered };

fn look(context: &Context<'_>, _: InstrId, xor: &Instr, report: &mut Report<'_>) {
    let [left, right] = *context.hir.children_of(xor) else { return };
    if context.control_flow.outcomes(left).fails() {
        return;
    }
    let (Some(tried), Some(handler)) = (context.instr(left), context.instr(right)) else { return };
    // An optional value, a constant condition (which is another finding), and the compiler's way out of a block.
    let option = matches!(tried.kind, InstrKind::Ap | InstrKind::Xor)
        && matches!(handler.kind, InstrKind::Null | InstrKind::Ap);
    let condition = matches!(tried.kind, InstrKind::Match | InstrKind::Mismatch);
    if option || condition || context.rethrows(handler) {
        return;
    }
    // Older compilers put the handlers of functions, `on` and options around everything, and an `if` or `try` of the
    // source may have nothing that fails.
    let empty = handler.kind == InstrKind::Null;
    let nested = tried.kind == InstrKind::Xor && context.is_compiled();
    if empty && context.fills_option(tried) || nested || context.is_compiled_report(right) {
        return;
    }
    report
        .add(
            Code::IdleXor,
            xor.keyword,
            "`xor` never runs its handler: nothing in its first instruction can fail",
        )
        .related(handler.keyword, "the handler that never runs starts here")
        .offer("remove the handler of this `xor`", context.unwrap(xor.range, tried.range));
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::code::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::IdleXor, text, expected);
    }

    #[test]
    fn nothing_to_catch() {
        check(
            r#"(xor (never) (fail 1 "x"))"#,
            expect![[r#"
            | (xor (never) (fail 1 "x"))
            |  ^^^ L015 `xor` never runs its handler: nothing in its first instruction can fail
            | (xor (never) (fail 1 "x"))
            |               ---- the handler that never runs starts here
            fix: remove the handler of this `xor`: "(never)"
        "#]],
        );
        check(
            r#"(xor (par (fail 1 "x") (null)) (null))"#,
            expect![[r#"
            | (xor (par (fail 1 "x") (null)) (null))
            |  ^^^ L015 `xor` never runs its handler: nothing in its first instruction can fail
            | (xor (par (fail 1 "x") (null)) (null))
            |                                 ---- the handler that never runs starts here
            fix: remove the handler of this `xor`: "(par (fail 1 \"x\") (null))"
        "#]],
        );
        check(
            r#"(seq (ap 1 $s) (xor (fold $s i (call i ("s" "f") [])) (null)))"#,
            expect![[r#"
            | (seq (ap 1 $s) (xor (fold $s i (call i ("s" "f") [])) (null)))
            |                 ^^^ L015 `xor` never runs its handler: nothing in its first instruction can fail
            | (seq (ap 1 $s) (xor (fold $s i (call i ("s" "f") [])) (null)))
            |                                                        ---- the handler that never runs starts here
            fix: remove the handler of this `xor`: "(seq (ap 1 $s) (fold $s i (call i (\"s\" \"f\") [])))"
        "#]],
        );
    }

    #[test]
    fn something_to_catch() {
        check(
            r#"(xor (par (fail 1 "x") (fail 2 "y")) (xor (match %ttl% 1 (null)) (ap [] x)))"#,
            expect![[r#"
            nothing
        "#]],
        );
        check(
            "(new x (xor (ap x y) (null)))",
            expect![[r#"
            nothing
        "#]],
        );
    }
}
