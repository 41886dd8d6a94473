//! Numbers that are not what they look like.

use air_semantics::hir::{InstrId, Operand, OperandKind};

use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Report, replace};

pub(crate) static ENTRY: Entry = entry(
    "L029",
    "unusual-number",
    Severity::Info,
    Page {
        summary: "a number that AquaVM reads differently from how it is written",
        what: prose!(
            "A number has a leading `+`, leading zeros or a dot with nothing after it, or is a
negative zero."
        ),
        why: prose!(
            "AquaVM reads `007` as 7, `+5` as 5, `-0` as 0 and `1.` as the fraction 1.0, which is
not equal to 1."
        ),
        example: r#"(call %init_peer_id% ("service" "function") [007])"#,
        fix: "Write the number as AquaVM reads it, or as a string if its digits matter.",
        fixed: r#"(call %init_peer_id% ("service" "function") [7])"#,
    },
);

pub(super) const LINT: Lint =
    Lint { code: Code::UnusualNumber, looks: &[Looks::Number(look)], fix: Fixing::Offered };

fn look(context: &Context<'_>, _: InstrId, operand: &Operand, report: &mut Report<'_>) {
    let text = context.text(operand.range);
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let whole = digits.split('.').next().unwrap_or_default();
    let padded = whole.len() > 1 && whole.starts_with('0');
    let negative_zero = operand.kind == OperandKind::Int(0) && sign == "-";
    if !padded && !text.starts_with('+') && !text.ends_with('.') && !negative_zero {
        return;
    }
    let read = match operand.kind {
        OperandKind::Int(value) => value.to_string(),
        _ => {
            let digits = digits.trim_start_matches('0');
            let zero = if digits.starts_with('.') { "0" } else { "" };
            let end = if digits.ends_with('.') { "0" } else { "" };
            format!("{sign}{zero}{digits}{end}")
        }
    };
    report
        .add(
            Code::UnusualNumber,
            operand.range,
            format!("`{}` means `{read}` to AquaVM", context.shown(operand.range)),
        )
        .safe(format!("replace by `{read}`"), Some(vec![replace(operand.range, read)]));
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::code::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::UnusualNumber, text, expected);
    }

    #[test]
    fn signs_zeros_and_dots() {
        check(
            r#"(call "p" ("s" "f") [+5 007 -0 1. +00.50])"#,
            expect![[r#"
            | (call "p" ("s" "f") [+5 007 -0 1. +00.50])
            |                      ^^ L029 `+5` means `5` to AquaVM
            fix: replace by `5`: "(call \"p\" (\"s\" \"f\") [5 007 -0 1. +00.50])"
            | (call "p" ("s" "f") [+5 007 -0 1. +00.50])
            |                         ^^^ L029 `007` means `7` to AquaVM
            fix: replace by `7`: "(call \"p\" (\"s\" \"f\") [+5 7 -0 1. +00.50])"
            | (call "p" ("s" "f") [+5 007 -0 1. +00.50])
            |                             ^^ L029 `-0` means `0` to AquaVM
            fix: replace by `0`: "(call \"p\" (\"s\" \"f\") [+5 007 0 1. +00.50])"
            | (call "p" ("s" "f") [+5 007 -0 1. +00.50])
            |                                ^^ L029 `1.` means `1.0` to AquaVM
            fix: replace by `1.0`: "(call \"p\" (\"s\" \"f\") [+5 007 -0 1.0 +00.50])"
            | (call "p" ("s" "f") [+5 007 -0 1. +00.50])
            |                                   ^^^^^^ L029 `+00.50` means `0.50` to AquaVM
            fix: replace by `0.50`: "(call \"p\" (\"s\" \"f\") [+5 007 -0 1. 0.50])"
        "#]],
        );
    }

    #[test]
    fn usual_ones() {
        check(
            r#"(call "p" ("s" "f") [0 5 -7 100 0.5 -0.25 1.0])"#,
            expect![[r#"
            nothing
        "#]],
        );
    }
}
