//! Lets two branches change places.

use air_semantics::hir::InstrKind;

use super::context::Context;
use super::draft::Draft;
use super::refactoring::{Behaviour, Kind, Refactoring};

pub(super) static REFACTORING: Refactoring = Refactoring {
    name: "swap-branches",
    kind: Kind::Rewrite,
    behaviour: Behaviour::ChangeInTitle,
    what: "Swaps the branches of `par`, `seq` or `xor`, each with its comments. Offered with the cursor on the \
           keyword, where the second branch needs nothing that the first one defines.",
    example: "($0par\n (call \"one\" (\"srv\" \"fn\") []) ; slow\n (call \"two\" (\"srv\" \"fn\") [])\n)",
    offer,
};

fn offer(context: &Context<'_>) -> Vec<Draft> {
    let instr = context.instr;
    let title = match instr.kind {
        InstrKind::Par => "Swap the branches of `par`: the other one starts first",
        InstrKind::Seq => "Swap the steps of `seq`: they run in the other order",
        InstrKind::Xor => "Swap the branches of `xor`: the handler is tried first",
        _ => return Vec::new(),
    };
    let (head, parts, tail) = context.parts(instr);
    let [first, second] = parts.as_slice() else { return Vec::new() };
    if !context.whole(instr) || !context.on_head() || first.body == second.body {
        return Vec::new();
    }
    let mut text = head;
    second.write(&mut text);
    first.write(&mut text);
    text.push_str(tail);
    text.push(')');
    vec![Draft::form(title, instr.range, text, 0)]
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::refactor::testing::check;

    #[test]
    fn with_their_comments() {
        check(
            &REFACTORING,
            "(pa$0r ; both\n ; first\n (ap 1 x) ; one\n\n ; second\n (ap 2 y) ; two\n ; end\n)",
            expect![[r#"
                # Swap the branches of `par`: the other one starts first
                $0(par ; both
                 ; second
                 (ap 2 y) ; two

                 ; first
                 (ap 1 x) ; one

                 ; end
                )
            "#]],
        );
    }

    #[test]
    fn what_comes_first_must() {
        check(
            &REFACTORING,
            "($0seq (ap 1 x) (ap x y))",
            expect![[r#"
            nothing
        "#]],
        );
        check(
            &REFACTORING,
            "($0seq (null) (null))",
            expect![[r#"
            nothing
        "#]],
        );
    }
}
