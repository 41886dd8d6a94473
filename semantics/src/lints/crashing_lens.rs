//! Lenses at which AquaVM's parser stops working.

use super::page::*;
use super::{Context, Fixing, Lint, Looks, Report};
use crate::hir::{AccessorKind, InstrId, Operand};

pub(crate) static ENTRY: Entry = entry(
    "L037",
    "crashing-lens",
    Severity::Warning,
    Page {
        summary: "a lens at which AquaVM stops working",
        what: "A field or index in a lens ends in a letter that is not ASCII.",
        why: prose!("The grammar allows it, but AquaVM's parser cuts the name inside of its last letter and
crashes."),
        example: r#"(seq
 (call %init_peer_id% ("service" "function") [] answer)
 (call %init_peer_id% ("service" "function") [answer.$.café]))"#,
        fix: prose!("Let the field end in an ASCII letter. Of a service that is not yours, take the whole
value and the field from it in another service."),
        fixed: r#"(seq
 (call %init_peer_id% ("service" "function") [] answer)
 (call %init_peer_id% ("service" "function") [answer.$.cafe]))"#,
    },
);

pub(super) const LINT: Lint = Lint {
    code: Code::CrashingLens,
    looks: &[Looks::Lens(look)],
    fix: Fixing::None("The field's name is given by the value, which other letters do not fit."),
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
                format!("AquaVM crashes at a name in a lens that ends in `{last}`, which is not ASCII"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::codes::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::CrashingLens, text, expected);
    }

    #[test]
    fn fields_and_indices() {
        check("(seq (ap :error: é) (ap é.$.éa.aé.[é] x))", expect![[r#"
            | (seq (ap :error: é) (ap é.$.éa.aé.[é] x))
            |                                ^^ L037 AquaVM crashes at a name in a lens that ends in `é`, which is not ASCII
            | (seq (ap :error: é) (ap é.$.éa.aé.[é] x))
            |                                    ^ L037 AquaVM crashes at a name in a lens that ends in `é`, which is not ASCII
        "#]]);
    }

    #[test]
    fn inside_of_a_name_it_is_fine() {
        check("(seq (ap :error: é) (ap é.$.éa.[0] x))", expect![[r#"
            nothing
        "#]]);
    }
}
