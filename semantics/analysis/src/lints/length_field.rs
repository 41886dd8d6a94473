//! `.$.length` where `.length` is meant.

use air_semantics::hir::{AccessorKind, InstrId, Operand, OperandKind};
use air_syntax::TextRange;

use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Report, replace};

pub(crate) static ENTRY: Entry = entry(
    "L018",
    "length-field",
    Severity::Warning,
    Page {
        summary: "a field `length` where the number of elements is meant",
        what: prose!(
            "A lens ends in the field `length`. The number of elements of a list is `NAME.length`,
without `$`, and such a lens has no other steps. Where another field is taken from the same value, the value
is an object and may well have a field `length`."
        ),
        why: "A list has no field `length`: the lens fails with error 10007.",
        example: r#"(seq
 (call %init_peer_id% ("service" "list") [] list)
 (call %init_peer_id% ("service" "function") [list.$.length]))"#,
        fix: "Write `list.length`. If the list is in a field, take it out first: `(ap value.$.list list)`.",
        fixed: r#"(seq
 (call %init_peer_id% ("service" "list") [] list)
 (call %init_peer_id% ("service" "function") [list.length]))"#,
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
    // What another field is taken from is an object; a canonicalised stream never is.
    let may_be_object = accessors.len() > 1 || matches!(operand.kind, OperandKind::Scalar(_));
    let place = TextRange::new(operand.range.start(), last.range.start());
    if may_be_object
        && context.variable(operand).is_some_and(|(id, _)| context.is_object(id, context.text(place)))
    {
        return;
    }
    let name = context.hir.name(name);
    let alone = accessors.len() == 1;
    let message = if alone {
        format!("`length` is a field here; the number of elements is `{name}.length`, without `$`")
    } else {
        "`length` is a field here; for the number of elements, take the list out first by `ap`".to_owned()
    };
    let finding = report.add(Code::LengthField, last.range, message);
    if alone {
        finding.offer(
            format!("replace by `{name}.length`"),
            Some(vec![replace(operand.range, format!("{name}.length"))]),
        );
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::code::Code;
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
                |                                        ^^^^^^ L018 `length` is a field here; the number of elements is `#ss.length`, without `$`
                fix: replace by `#ss.length`: "(seq (canon \"p\" $s #ss) (seq (ap #ss.length n) (ap #ss.$.[0].list.length m)))"
                | (seq (canon "p" $s #ss) (seq (ap #ss.$.length n) (ap #ss.$.[0].list.length m)))
                |                                                                     ^^^^^^ L018 `length` is a field here; for the number of elements, take the list out first by `ap`
            "#]],
        );
    }

    #[test]
    fn objects_may_have_a_length() {
        check(
            r#"(seq (call "p" ("s" "f") [] x) (call "p" ("s" "f") [x.$.length x.$.width x.$.a.length x.$.a.b.c]))"#,
            expect![[r#"
                nothing
            "#]],
        );
        check(
            r#"(seq (call "p" ("s" "f") [] x) (call "p" ("s" "f") [x.$.list.length x.$.width]))"#,
            expect![[r#"
                | (seq (call "p" ("s" "f") [] x) (call "p" ("s" "f") [x.$.list.length x.$.width]))
                |                                                              ^^^^^^ L018 `length` is a field here; for the number of elements, take the list out first by `ap`
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
