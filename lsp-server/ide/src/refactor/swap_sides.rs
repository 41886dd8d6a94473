//! Lets the two sides of a comparison change places.

use air_analysis::diagnostic::TextEdit;
use air_semantics::hir::Role;

use super::context::Context;
use super::draft::Draft;
use super::refactoring::{Behaviour, Kind, Refactoring};

pub(super) static REFACTORING: Refactoring = Refactoring {
    name: "swap-sides",
    kind: Kind::Rewrite,
    behaviour: Behaviour::Same,
    what: "Swaps the two values of `match` or `mismatch`.",
    example: "(seq\n (call %init_peer_id% (\"srv\" \"fn\") [] answer)\n ($0match \"yes\" answer\n  (null)\n )\n)",
    offer,
};

fn offer(context: &Context<'_>) -> Vec<Draft> {
    let Context { hir, instr, .. } = *context;
    let (Some(left), Some(right)) = (hir.operand(instr, Role::Left), hir.operand(instr, Role::Right)) else {
        return Vec::new();
    };
    let (one, other) = (hir.text_at(left.range), hir.text_at(right.range));
    if !context.whole(instr) || !context.on_head() || one == other {
        return Vec::new();
    }
    let mut draft =
        Draft::word(format!("Swap the sides of `{}`", hir.text_at(instr.keyword)), left.range, other);
    draft.elsewhere.push(TextEdit { range: right.range, new_text: one.to_owned() });
    vec![draft]
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::refactor::testing::check;

    #[test]
    fn words_only() {
        check(
            &REFACTORING,
            "(seq (ap \"é\" x) (match   $0\"é\" ; which\n x.$.[0] (null)))",
            expect![[r##"
                # Swap the sides of `match`
                (seq (ap "é" x) (match   $0x.$.[0] ; which
                 "é" (null)))
            "##]],
        );
        check(
            &REFACTORING,
            "(mat$0ch [] [] (null))",
            expect![[r#"
            nothing
        "#]],
        );
    }
}
