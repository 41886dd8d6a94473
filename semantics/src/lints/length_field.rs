//! `.$.length` where `.length` is meant.

use super::page::*;
use super::{Context, Fixing, Lint, Looks, Report, replace};
use crate::hir::{AccessorKind, InstrId, Operand, OperandKind};

pub(crate) static ENTRY: Entry = entry(
    "L018",
    "length-field",
    Severity::Warning,
    Page {
        summary: "a field `length` where the number of elements is meant",
        what: "A lens ends in the field `length`. The number of elements of a list is `NAME.length`, without `$`, and \
nothing else can be in such a lens.",
        why: "Lists have no field `length`: it fails with error 10007.",
        example: "(seq\n (call %init_peer_id% (\"service\" \"list\") [] list)\n (call %init_peer_id% (\"service\" \"function\") \
[list.$.length]))",
        fix: "Write `list.length`. Of a list in a field, take the field out first: `(ap value.$.list list)`.",
        fixed: "(seq\n (call %init_peer_id% (\"service\" \"list\") [] list)\n (call %init_peer_id% (\"service\" \"function\") \
[list.length]))",
    },
);

pub(super) const LINT: Lint =
    Lint { code: Code::LengthField, looks: &[Looks::Lens(look)], fix: Fixing::Offered };

fn look(context: &Context<'_>, _: InstrId, operand: &Operand, report: &mut Report<'_>) {
    let accessors = operand.lens.as_ref().map(|lens| context.hir.accessors_of(lens)).unwrap_or_default();
    let Some(last) = accessors.last().filter(|last| last.kind == AccessorKind::Field) else { return };
    // Errors and maps have names of their own.
    let list = matches!(operand.kind, OperandKind::Scalar(_) | OperandKind::Canon(_));
    let Some(name) = operand.kind.name().filter(|_| list && context.text(last.range) == "length") else {
        return;
    };
    let name = context.hir.name(name);
    let alone = accessors.len() == 1;
    let message = if alone {
        format!("this is a field; the number of elements is `{name}.length`, without `$`")
    } else {
        "this is a field; for the number of elements take the list out first, by `ap`".to_owned()
    };
    let finding = report.add(Code::LengthField, last.range, message);
    if alone {
        finding.offer("take the number of elements", Some(vec![replace(operand.range, format!("{name}.length"))]));
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::codes::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::LengthField, text, expected);
    }

    #[test]
    fn alone_and_behind_fields() {
        check(
            r#"(seq (canon "p" $s #ss) (seq (ap #ss.$.length n) (ap #ss.$.[0].list.length m)))"#,
            expect![[r#"
                | (seq (canon "p" $s #ss) (seq (ap #ss.$.length n) (ap #ss.$.[0].list.length m)))
                |                                        ^^^^^^ L018 this is a field; the number of elements is `#ss.length`, without `$`
                fix: take the number of elements: "(seq (canon \"p\" $s #ss) (seq (ap #ss.length n) (ap #ss.$.[0].list.length m)))"
                | (seq (canon "p" $s #ss) (seq (ap #ss.$.length n) (ap #ss.$.[0].list.length m)))
                |                                                                     ^^^^^^ L018 this is a field; for the number of elements take the list out first, by `ap`
            "#]],
        );
    }

    #[test]
    fn other_fields_and_the_length_itself() {
        check(
            r#"(seq (canon "p" $s #ss) (seq (ap #ss.length n) (ap #ss.$.[0].lengths m)))"#,
            expect![[r#"
                nothing
            "#]],
        );
    }
}
