//! Indices in lenses that nothing sets.

use air_semantics::hir::{AccessorKind, InstrId, Operand};

use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Report};

pub(crate) static ENTRY: Entry = entry(
    "L019",
    "undefined-index",
    Severity::Warning,
    Page {
        summary: "an index in a lens is never set",
        what: prose!(
            "A lens of `:error:` or `%last_error%`, or of a value whose definition AquaVM does not
check, takes an element by a variable that is never set."
        ),
        why: "AquaVM does not check these names. The instruction waits for a variable that never comes.",
        example: r#"(xor
 (call %init_peer_id% ("service" "function") [])
 (call %init_peer_id% ("service" "function") [:error:.$.[field]]))"#,
        fix: "Set the variable first, or name the field itself: `.$.field`.",
        fixed: r#"(xor
 (call %init_peer_id% ("service" "function") [])
 (call %init_peer_id% ("service" "function") [:error:.$.message]))"#,
    },
);

pub(super) const LINT: Lint = Lint {
    code: Code::UndefinedIndex,
    looks: &[Looks::Lens(look)],
    fix: Fixing::None("Only the author knows whether a variable or a field is meant."),
};

fn look(context: &Context<'_>, _: InstrId, operand: &Operand, report: &mut Report<'_>) {
    let Some(lens) = &operand.lens else { return };
    for accessor in context.hir.accessors_of(lens) {
        if !matches!(accessor.kind, AccessorKind::Variable(_)) {
            continue;
        }
        let Some((_, binding)) = context.variable_at(accessor.range.start()) else { continue };
        if context.is_never_set(binding) {
            let name = context.name(binding);
            let hint = if name.parse::<i64>().is_ok() { "; indices count from 0" } else { "" };
            report.add(
                Code::UndefinedIndex,
                accessor.range,
                format!("`{name}` is never set: the instruction waits for it for ever{hint}"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::code::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::UndefinedIndex, text, expected);
    }

    #[test]
    fn of_errors() {
        check(
            "(xor (match %ttl% 1 (null)) (ap :error:.$.[name].[-1] $s))",
            expect![[r#"
            | (xor (match %ttl% 1 (null)) (ap :error:.$.[name].[-1] $s))
            |                                            ^^^^ L019 `name` is never set: the instruction waits for it for ever
            | (xor (match %ttl% 1 (null)) (ap :error:.$.[name].[-1] $s))
            |                                                   ^^ L019 `-1` is never set: the instruction waits for it for ever; indices count from 0
        "#]],
        );
    }

    #[test]
    fn set_or_given_or_an_iterator() {
        check(
            "; air: given g\n(seq (ap 1 i) (seq (ap [] l) (fold l j (seq (ap %last_error%.$.[i].[j].[g] $s) (next j)))))",
            expect![[r#"
                nothing
            "#]],
        );
    }

    #[test]
    fn of_undefined_names_aquavm_speaks() {
        check(
            "(seq (ap 1 x) (ap x.$.[i] y))",
            expect![[r#"
            nothing
        "#]],
        );
    }
}
