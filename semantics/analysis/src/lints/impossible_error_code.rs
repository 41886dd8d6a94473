//! Codes that `:error:` never has.

use air_semantics::hir::{AccessorKind, Instr, InstrId, InstrKind, Operand, OperandKind, Role};

use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Report, replace};

pub(crate) static ENTRY: Entry = entry(
    "L034",
    "impossible-error-code",
    Severity::Warning,
    Page {
        summary: "`:error:` is compared with a code that it never has",
        what: prose!(
            "`:error:.$.error_code` is compared with a number that is neither 0 nor one of AquaVM's
catchable error codes, 10000 to 10012."
        ),
        why: prose!(
            r#"After `(fail 42 "text")` the code in `:error:` is 10006; the 42 is in `%last_error%`.
The code of a failing service is in neither: there the code is 10000, and the service's own code is part of
the message."#
        ),
        example: r#"(xor
 (fail 42 "text")
 (match :error:.$.error_code 42
  (call %init_peer_id% ("service" "function") [])))"#,
        fix: "Compare `%last_error%.$.error_code` with the code of a `fail`.",
        fixed: r#"(xor
 (fail 42 "text")
 (match %last_error%.$.error_code 42
  (call %init_peer_id% ("service" "function") [])))"#,
    },
);

pub(super) const LINT: Lint = Lint {
    code: Code::ImpossibleErrorCode,
    looks: &[Looks::Instr(&[InstrKind::Match, InstrKind::Mismatch], look)],
    fix: Fixing::Offered,
};

fn look(context: &Context<'_>, _: InstrId, instr: &Instr, report: &mut Report<'_>) {
    let (Some(left), Some(right)) = (context.operand(instr, Role::Left), context.operand(instr, Role::Right))
    else {
        return;
    };
    let (code, object) = match (left.kind, right.kind) {
        (OperandKind::Int(code), OperandKind::Error) => (code, right),
        (OperandKind::Error, OperandKind::Int(code)) => (code, left),
        _ => return,
    };
    if code == 0 || (10000..=10012).contains(&code) || !is_code(context, object) {
        return;
    }
    let number = if left.kind == object.kind { right.range } else { left.range };
    report
        .add(
            Code::ImpossibleErrorCode,
            number,
            format!(
                "`:error:` never has the code {code}; the code of a `fail` is in `%last_error%.$.error_code`"
            ),
        )
        .offer(
            "replace by `%last_error%.$.error_code`",
            Some(vec![replace(object.range, "%last_error%.$.error_code")]),
        );
}

fn is_code(context: &Context<'_>, object: &Operand) -> bool {
    let accessors = object.lens.as_ref().map(|lens| context.hir.accessors_of(lens)).unwrap_or_default();
    let [only] = accessors else { return false };
    only.kind == AccessorKind::Field && context.text(only.range) == "error_code"
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::code::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::ImpossibleErrorCode, text, expected);
    }

    #[test]
    fn on_either_side() {
        check(
            r#"(xor (fail 7 "x") (xor (match 7 :error:.$.error_code (null)) (mismatch :error:.$.error_code 1 (null))))"#,
            expect![[r#"
                | (xor (fail 7 "x") (xor (match 7 :error:.$.error_code (null)) (mismatch :error:.$.error_code 1 (null))))
                |                               ^ L034 `:error:` never has the code 7; the code of a `fail` is in `%last_error%.$.error_code`
                fix: replace by `%last_error%.$.error_code`: "(xor (fail 7 \"x\") (xor (match 7 %last_error%.$.error_code (null)) (mismatch :error:.$.error_code 1 (null))))"
                | (xor (fail 7 "x") (xor (match 7 :error:.$.error_code (null)) (mismatch :error:.$.error_code 1 (null))))
                |                                                                                             ^ L034 `:error:` never has the code 1; the code of a `fail` is in `%last_error%.$.error_code`
                fix: replace by `%last_error%.$.error_code`: "(xor (fail 7 \"x\") (xor (match 7 :error:.$.error_code (null)) (mismatch %last_error%.$.error_code 1 (null))))"
            "#]],
        );
    }

    #[test]
    fn aquavms_own() {
        check(
            r#"(xor (fail 7 "x") (xor (match :error:.$.error_code 10006 (null)) (match %last_error%.$.error_code 7 (null))))"#,
            expect![[r#"
                nothing
            "#]],
        );
    }
}
