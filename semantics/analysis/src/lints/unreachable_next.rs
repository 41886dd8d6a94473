//! A `next` after something that never completes.

use air_semantics::hir::{Instr, InstrId};

use super::unreachable_code::dead;
use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Report, replace};

pub(crate) static ENTRY: Entry = entry(
    "L012",
    "unreachable-next",
    Severity::Warning,
    Page {
        summary: "a `next` can never run",
        what: "A `next` is the second instruction of a `seq` whose first instruction never completes.",
        why: "The fold never gets to its second element.",
        example: r#"(seq
 (call %init_peer_id% ("service" "list") [] list)
 (fold list item
  (seq
   (seq
    (call item ("service" "function") [])
    (never))
   (next item))))"#,
        fix: "Run both with `par`, or let the instruction before it complete.",
        fixed: r#"(seq
 (call %init_peer_id% ("service" "list") [] list)
 (fold list item
  (par
   (seq
    (call item ("service" "function") [])
    (never))
   (next item))))"#,
    },
);

pub(super) const LINT: Lint =
    Lint { code: Code::UnreachableNext, looks: &[Looks::Cut(look)], fix: Fixing::Offered };

fn look(context: &Context<'_>, _: InstrId, seq: &Instr, report: &mut Report<'_>) {
    let Some(dead) = dead(context, seq) else { return };
    let (Some(_), Some(before)) = (dead.next, context.instr(dead.before)) else { return };
    let why = if dead.fails { "always fails" } else { "never completes" };
    let cause = context.keyword(before);
    report
        .add(
            Code::UnreachableNext,
            dead.instr.range,
            format!(
                "`next` never runs and the `fold` stays at its first element: the `{cause}` before it {why}"
            ),
        )
        .related(before.keyword, format!("this `{cause}` {why}"))
        .offer("replace `seq` by `par`, which runs both", Some(vec![replace(seq.keyword, "par")]));
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::code::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::UnreachableNext, text, expected);
    }

    #[test]
    fn behind_never_and_fail() {
        check(
            "(seq (ap [] l) (fold l i (seq (never) (next i))))",
            expect![[r#"
            | (seq (ap [] l) (fold l i (seq (never) (next i))))
            |                                       ^^^^^^^^ L012 `next` never runs and the `fold` stays at its first element: the `never` before it never completes
            | (seq (ap [] l) (fold l i (seq (never) (next i))))
            |                                ----- this `never` never completes
            fix: replace `seq` by `par`, which runs both: "(seq (ap [] l) (fold l i (par (never) (next i))))"
        "#]],
        );
        check(
            r#"(seq (ap [] l) (fold l i (seq (xor (never) (null)) (next i))))"#,
            expect![[r#"
            | (seq (ap [] l) (fold l i (seq (xor (never) (null)) (next i))))
            |                                                    ^^^^^^^^ L012 `next` never runs and the `fold` stays at its first element: the `xor` before it never completes
            | (seq (ap [] l) (fold l i (seq (xor (never) (null)) (next i))))
            |                                --- this `xor` never completes
            fix: replace `seq` by `par`, which runs both: "(seq (ap [] l) (fold l i (par (xor (never) (null)) (next i))))"
        "#]],
        );
        check(
            r#"(seq (ap [] l) (fold l i (seq (fail 1 "x") (next i))))"#,
            expect![[r#"
            | (seq (ap [] l) (fold l i (seq (fail 1 "x") (next i))))
            |                                            ^^^^^^^^ L012 `next` never runs and the `fold` stays at its first element: the `fail` before it always fails
            | (seq (ap [] l) (fold l i (seq (fail 1 "x") (next i))))
            |                                ---- this `fail` always fails
            fix: replace `seq` by `par`, which runs both: "(seq (ap [] l) (fold l i (par (fail 1 \"x\") (next i))))"
        "#]],
        );
    }

    #[test]
    fn beside_it_is_fine() {
        check(
            "(seq (ap [] l) (fold l i (par (never) (next i))))",
            expect![[r#"
            nothing
        "#]],
        );
    }
}
