//! Folds over nothing.

use air_semantics::hir::{Instr, InstrId, InstrKind, OperandKind, Role};

use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Report};

pub(crate) static ENTRY: Entry = entry(
    "L033",
    "empty-fold",
    Severity::Warning,
    Page {
        summary: "a fold over an empty list",
        what: "The list that a `fold` walks is `[]`.",
        why: "Neither its body nor its last instruction ever runs.",
        example: r#"(fold [] item
 (seq
  (call item ("service" "function") [])
  (next item)))"#,
        fix: "Walk a list with elements, or remove the fold.",
        fixed: r#"(seq
 (call %init_peer_id% ("service" "list") [] list)
 (fold list item
  (seq
   (call item ("service" "function") [])
   (next item))))"#,
    },
);

pub(super) const LINT: Lint =
    Lint { code: Code::EmptyFold, looks: &[Looks::Instr(&[InstrKind::Fold], look)], fix: Fixing::Offered };

fn look(context: &Context<'_>, id: InstrId, fold: &Instr, report: &mut Report<'_>) {
    let Some(iterable) = context.operand(fold, Role::Iterable) else { return };
    if iterable.kind == OperandKind::EmptyArray {
        report
            .add(Code::EmptyFold, iterable.range, "`fold` over `[]` never runs its body")
            .offer("remove this `fold`", context.remove(id));
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::code::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::EmptyFold, text, expected);
    }

    #[test]
    fn a_literal() {
        check(
            "(seq (ap 1 $s) (fold [] i (next i)))",
            expect![[r#"
            | (seq (ap 1 $s) (fold [] i (next i)))
            |                      ^^ L033 `fold` over `[]` never runs its body
            fix: remove this `fold`: "(ap 1 $s)"
        "#]],
        );
    }

    #[test]
    fn a_variable() {
        check(
            "(seq (ap [] l) (fold l i (next i)))",
            expect![[r#"
            nothing
        "#]],
        );
    }
}
