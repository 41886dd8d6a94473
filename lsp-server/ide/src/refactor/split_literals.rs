//! Takes the literals out of a call.

use air_analysis::fresh::fresh_beside;
use air_semantics::hir::{InstrKind, OperandKind, Role};

use super::context::Context;
use super::draft::Draft;
use super::extract_value::{literal_name, replaced};
use super::refactoring::{Behaviour, Kind, Refactoring};

pub(super) static REFACTORING: Refactoring = Refactoring {
    name: "split-literals",
    kind: Kind::Extract,
    behaviour: Behaviour::Same,
    what: "Puts the literal arguments of a call, where there are two or more, into scalars of their own in front of it.",
    example: "($0call \"peer\" (\"srv\" \"fn\") [\"name\" 7])",
    offer,
};

/// Longer lists are data.
const MAX_LITERALS: usize = 16;

fn offer(context: &Context<'_>) -> Vec<Draft> {
    let Context { hir, instr, .. } = *context;
    if instr.kind != InstrKind::Call || !context.whole(instr) {
        return Vec::new();
    }
    let literals: Vec<_> = hir
        .operands_of(instr)
        .iter()
        .filter(|operand| {
            operand.role == Role::Argument
                && matches!(
                    operand.kind,
                    OperandKind::Literal
                        | OperandKind::Int(_)
                        | OperandKind::Float(_)
                        | OperandKind::Bool(_)
                        | OperandKind::EmptyArray
                )
        })
        .collect();
    if !(2..=MAX_LITERALS).contains(&literals.len()) {
        return Vec::new();
    }
    let mut names: Vec<String> = Vec::new();
    let mut text = String::new();
    let mut words = Vec::new();
    for literal in literals {
        let name = fresh_beside(hir, "", &literal_name(hir, literal), &names);
        text.push_str(&format!("(seq (ap {} {name}) ", hir.text_at(literal.range)));
        words.push((literal.range, name.clone()));
        names.push(name);
    }
    text.push_str(&replaced(context, &words));
    text.extend(names.iter().map(|_| ')'));
    let title = "Split the call's literal arguments into scalars";
    vec![Draft::form(title, context.attached(instr), text, "(seq (ap ".len())]
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::refactor::testing::check;

    #[test]
    fn each_with_a_name() {
        check(
            &REFACTORING,
            "(call \"p\" (\"srv\" \"f$0n\") [\"a b\" \"a b\" x.$.y [] 7] out) ; ok = 1",
            expect![[r##"
                # Split the call's literal arguments into scalars
                (seq
                 (ap $0"a b" text)
                 (seq
                  (ap "a b" text_2)
                  (seq
                   (ap [] empty)
                   (seq
                    (ap 7 number)
                    (call "p" ("srv" "fn") [text text_2 x.$.y empty number] out) ; ok = 1
                   )
                  )
                 )
                )
            "##]],
        );
        check(
            &REFACTORING,
            "; air: given x\n(call \"p\" (\"srv\" \"f$0n\") [\"a b\" \"a b\" x.$.y [] 7] out) ; ok = 1",
            expect![[r##"
                # Split the call's literal arguments into scalars
                ; air: given x
                (seq
                 (ap $0"a b" text)
                 (seq
                  (ap "a b" text_2)
                  (seq
                   (ap [] empty)
                   (seq
                    (ap 7 number)
                    (call "p" ("srv" "fn") [text text_2 x.$.y empty number] out) ; ok = 1
                   )
                  )
                 )
                )
            "##]],
        );
        check(
            &REFACTORING,
            "(call \"p\" (\"srv\" \"f$0n\") [1])",
            expect![[r#"
            nothing
        "#]],
        );
    }
}
