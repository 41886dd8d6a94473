//! Lenses at which AquaVM's parser stops working.

use air_semantics::hir::{AccessorKind, InstrId, Operand};

use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Report};

pub(crate) static ENTRY: Entry = entry(
    "L037",
    "crashing-lens",
    Severity::Warning,
    Page {
        summary: "a lens that crashes AquaVM",
        what: "A field or index in a lens ends in a character that is not ASCII.",
        why: prose!(
            "The grammar allows it, but AquaVM's parser cuts the name inside its last character and
crashes."
        ),
        example: r#"(seq
 (call %init_peer_id% ("service" "function") [] answer)
 (call %init_peer_id% ("service" "function") [answer.$.café]))"#,
        fix: prose!(
            "Let the field end in an ASCII character. If another service names the field, pass the
whole value to a service that takes the field out."
        ),
        fixed: r#"(seq
 (call %init_peer_id% ("service" "function") [] answer)
 (call %init_peer_id% ("service" "function") [answer.$.cafe]))"#,
    },
);

pub(super) const LINT: Lint = Lint {
    code: Code::CrashingLens,
    looks: &[Looks::Lens(look)],
    fix: Fixing::None("The value determines the field's name, so another name would not fit."),
};

fn look(context: &Context<'_>, _: InstrId, operand: &Operand, report: &mut Report<'_>) {
    for accessor in operand.lens.iter().flat_map(|lens| context.hir.accessors_of(lens)) {
        if matches!(accessor.kind, AccessorKind::Index(_)) {
            continue;
        }
        let name = context.text(accessor.range);
        if let Some(last) = name.chars().next_back().filter(|last| !last.is_ascii()) {
            report.add(
                Code::CrashingLens,
                accessor.range,
                format!("`{name}` crashes AquaVM: what a lens takes must end in an ASCII character, not in `{last}`"),
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
        check_lint(Code::CrashingLens, text, expected);
    }

    #[test]
    fn fields_and_indices() {
        check(
            "(seq (ap :error: é) (ap é.$.éa.aé.[é] x))",
            expect![[r#"
            | (seq (ap :error: é) (ap é.$.éa.aé.[é] x))
            |                                ^^ L037 `aé` crashes AquaVM: what a lens takes must end in an ASCII character, not in `é`
            | (seq (ap :error: é) (ap é.$.éa.aé.[é] x))
            |                                    ^ L037 `é` crashes AquaVM: what a lens takes must end in an ASCII character, not in `é`
        "#]],
        );
    }

    #[test]
    fn inside_of_a_name_it_is_fine() {
        check(
            "(seq (ap :error: é) (ap é.$.éa.[0] x))",
            expect![[r#"
            nothing
        "#]],
        );
    }
}
