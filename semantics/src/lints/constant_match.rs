//! Comparisons of two constants.

use super::page::*;
use super::{Context, Fixing, Lint, Looks, Report};
use crate::facts::holds;
use crate::hir::{Instr, InstrId, InstrKind, Operand, OperandKind, Role};

pub(crate) static ENTRY: Entry = entry(
    "L008",
    "constant-match",
    Severity::Warning,
    Page {
        summary: "a comparison of two constants",
        what: "Both sides of a `match` or `mismatch` are constants, so it always or never holds. Kinds of numbers never \
mix: `1` and `1.0` differ.",
        why: "Either the body always runs and the comparison is idle, or it never runs and the comparison always fails.",
        example: "(match 1 1\n (call %init_peer_id% (\"service\" \"function\") []))",
        fix: "Keep the body alone, or compare with a variable.",
        fixed: "(call %init_peer_id% (\"service\" \"function\") [])",
    },
);

pub(super) const LINT: Lint = Lint {
    code: Code::ConstantMatch,
    looks: &[Looks::Instr(&[InstrKind::Match, InstrKind::Mismatch], look)],
    fix: Fixing::Offered,
};

fn look(context: &Context<'_>, _: InstrId, instr: &Instr, report: &mut Report<'_>) {
    let Some(holds) = holds(context.hir, instr) else { return };
    let sides = |role| context.operand(instr, role).map_or(instr.keyword, |operand| operand.range);
    let range = sides(Role::Left).cover(sides(Role::Right));
    let kinds = [Role::Left, Role::Right].map(|role| context.operand(instr, role));
    let mut message = if holds { "this always holds" } else { "this never holds: it always fails" }.to_owned();
    if let [Some(left), Some(right)] = kinds
        && numbers_of_two_kinds(left, right)
    {
        message += "; whole numbers and fractions are never equal, whatever their values";
    }
    let finding = report.add(Code::ConstantMatch, range, message);
    let body = context.child(instr, 0).and_then(|body| context.instr(body));
    if holds && let Some(body) = body {
        finding.safe("keep the body alone", context.unwrap(instr.range, body.range));
    }
}

fn numbers_of_two_kinds(left: &Operand, right: &Operand) -> bool {
    use OperandKind::{Float, Int};
    matches!((left.kind, right.kind), (Int(_), Float(_)) | (Float(_), Int(_)))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::codes::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::ConstantMatch, text, expected);
    }

    #[test]
    fn always_and_never() {
        check(
            r#"(seq (match "a" "a" (null)) (seq (mismatch 1 1 (null)) (match 1 1.0 (null))))"#,
            expect![[r#"
                | (seq (match "a" "a" (null)) (seq (mismatch 1 1 (null)) (match 1 1.0 (null))))
                |             ^^^^^^^ L008 this always holds
                fix: keep the body alone: "(seq (null) (seq (mismatch 1 1 (null)) (match 1 1.0 (null))))"
                | (seq (match "a" "a" (null)) (seq (mismatch 1 1 (null)) (match 1 1.0 (null))))
                |                                            ^^^ L008 this never holds: it always fails
                | (seq (match "a" "a" (null)) (seq (mismatch 1 1 (null)) (match 1 1.0 (null))))
                |                                                               ^^^^^ L008 this never holds: it always fails; whole numbers and fractions are never equal, whatever their values
            "#]],
        );
    }

    #[test]
    fn comments_are_not_lost() {
        check("(match [] [] ; why\n (null))", expect![[r#"
            | (match [] [] ; why
            |        ^^^^^ L008 this always holds
        "#]]);
    }

    #[test]
    fn variables_may_be_anything() {
        check("(new x (match x 1 (match %ttl% 1 (null))))", expect![[r#"
            nothing
        "#]]);
    }
}
