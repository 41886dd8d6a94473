//! Error objects read where no error can be in them.

use air_semantics::hir::{InstrId, InstrKind, Operand};

use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Report};

pub(crate) static ENTRY: Entry = entry(
    "L016",
    "unset-error",
    Severity::Warning,
    Page {
        summary: "an error object is read where no error can be in it",
        what: prose!(
            "`:error:` or `%last_error%` is read outside of the handler of any `xor`, and nothing
before it can have swallowed an error."
        ),
        why: r#"There it is always `{"error_code": 0, "message": ""}`, and reading `:error:.$.peer_id` fails."#,
        example: r#"(seq
 (call %init_peer_id% ("service" "function") [])
 (call %init_peer_id% ("service" "report") [:error:.$.message]))"#,
        fix: "Read it in the handler of an `xor` around the instruction that may fail.",
        fixed: r#"(xor
 (call %init_peer_id% ("service" "function") [])
 (call %init_peer_id% ("service" "report") [:error:.$.message]))"#,
    },
);

pub(super) const LINT: Lint = Lint {
    code: Code::UnsetError,
    looks: &[Looks::ErrorObject(look)],
    fix: Fixing::None("Only the author knows which instruction's error is meant."),
};

fn look(context: &Context<'_>, id: InstrId, operand: &Operand, report: &mut Report<'_>) {
    // Nearly all are found here to be fine.
    if context.control_flow.first_swallowed().is_some_and(|end| end <= operand.range.start()) {
        return;
    }
    for (_, around) in context.around(id) {
        let second = context.child(around, 1);
        let inside_second = second
            .and_then(|second| context.instr(second))
            .is_some_and(|second| second.range.contains_range(operand.range));
        let can_be_set = match around.kind {
            // In a later round what stands after it has run.
            InstrKind::Fold => true,
            InstrKind::Xor | InstrKind::Par => inside_second,
            _ => false,
        };
        if can_be_set {
            return;
        }
    }
    if context.has_fuel() {
        let name = context.text(operand.range);
        report.add(
            Code::UnsetError,
            operand.range,
            format!("`{name}` never has an error here: it is set in the handler of an `xor`"),
        );
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::code::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::UnsetError, text, expected);
    }

    #[test]
    fn before_and_in_what_is_tried() {
        check(
            r#"(seq (ap :error: $s) (xor (call "p" ("s" "f") [%last_error%.$.message]) (ap :error: $s)))"#,
            expect![[r#"
                | (seq (ap :error: $s) (xor (call "p" ("s" "f") [%last_error%.$.message]) (ap :error: $s)))
                |          ^^^^^^^ L016 `:error:` never has an error here: it is set in the handler of an `xor`
                | (seq (ap :error: $s) (xor (call "p" ("s" "f") [%last_error%.$.message]) (ap :error: $s)))
                |                                                ^^^^^^^^^^^^^^^^^^^^^^ L016 `%last_error%.$.message` never has an error here: it is set in the handler of an `xor`
            "#]],
        );
    }

    #[test]
    fn behind_what_swallows() {
        check(
            r#"(seq (par (call "p" ("s" "f") []) (null)) (ap %last_error% $s))"#,
            expect![[r#"
                nothing
            "#]],
        );
        check(
            r#"(par (call "p" ("s" "f") []) (ap :error: $s))"#,
            expect![[r#"
            nothing
        "#]],
        );
    }

    #[test]
    fn in_further_rounds() {
        check(
            r#"(seq (ap [] l) (fold l i (seq (ap :error: $s) (seq (xor (call i ("s" "f") []) (null)) (next i)))))"#,
            expect![[r#"
                nothing
            "#]],
        );
    }
}
