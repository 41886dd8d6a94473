//! Comparisons of a value with itself.

use air_semantics::control_flow::holds;
use air_semantics::hir::{Instr, InstrId, InstrKind, Role};

use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Report};

pub(crate) static ENTRY: Entry = entry(
    "L013",
    "same-operands",
    Severity::Warning,
    Page {
        summary: "a value is compared with itself",
        what: "Both sides of a `match` or `mismatch` are the same variable, with the same lens.",
        why: prose!(
            "A value always equals itself, so the comparison has no effect. Most often one side is a
mistake."
        ),
        example: r#"(seq
 (call %init_peer_id% ("service" "function") [] answer)
 (match answer answer
  (call %init_peer_id% ("service" "yes") [])))"#,
        fix: "Compare with what was meant, or keep only the body.",
        fixed: r#"(seq
 (call %init_peer_id% ("service" "function") [] answer)
 (match answer true
  (call %init_peer_id% ("service" "yes") [])))"#,
    },
);

pub(super) const LINT: Lint = Lint {
    code: Code::SameOperands,
    looks: &[Looks::Instr(&[InstrKind::Match, InstrKind::Mismatch], look)],
    fix: Fixing::Offered,
};

fn look(context: &Context<'_>, id: InstrId, instr: &Instr, report: &mut Report<'_>) {
    let (Some(left), Some(right)) = (context.operand(instr, Role::Left), context.operand(instr, Role::Right))
    else {
        return;
    };
    let same = left.kind == right.kind && context.text(left.range) == context.text(right.range);
    // Of constants another lint speaks.
    // A function of the source may be called with one value twice.
    if !same || holds(context.hir, instr).is_some() || context.is_compiled_if(id) {
        return;
    }
    let always = instr.kind == InstrKind::Match;
    let then = if always { "always" } else { "never" };
    let message =
        format!("`{}` of `{}` with itself {then} holds", context.keyword(instr), context.shown(left.range));
    let finding = report.add(Code::SameOperands, left.range.cover(right.range), message);
    if let Some(body) = context.child(instr, 0).and_then(|body| context.instr(body)).filter(|_| always) {
        finding.offer("replace `match` by its body", context.unwrap(instr.range, body.range));
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::code::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::SameOperands, text, expected);
    }

    #[test]
    fn both_kinds() {
        check(
            "(seq (ap 1 x) (par (match x.$.a x.$.a (null)) (mismatch %ttl% %ttl% (null))))",
            expect![[r#"
                | (seq (ap 1 x) (par (match x.$.a x.$.a (null)) (mismatch %ttl% %ttl% (null))))
                |                           ^^^^^^^^^^^ L013 `match` of `x.$.a` with itself always holds
                fix: replace `match` by its body: "(seq (ap 1 x) (par (null) (mismatch %ttl% %ttl% (null))))"
                | (seq (ap 1 x) (par (match x.$.a x.$.a (null)) (mismatch %ttl% %ttl% (null))))
                |                                                         ^^^^^^^^^^^ L013 `mismatch` of `%ttl%` with itself never holds
            "#]],
        );
    }

    #[test]
    fn other_lenses_are_other_values() {
        check(
            "(seq (ap 1 x) (par (match x.$.a x.$.b (null)) (match 1 1 (null))))",
            expect![[r#"
            nothing
        "#]],
        );
    }
}
