//! Takes an instruction out.

use air_semantics::hir::InstrKind;

use super::context::Context;
use super::draft::Draft;
use super::refactoring::{Behaviour, Kind, Refactoring};

pub(super) static REFACTORING: Refactoring = Refactoring {
    name: "replace-by-null",
    kind: Kind::Rewrite,
    behaviour: Behaviour::ChangeInTitle,
    what: "Puts `(null)` in place of the instruction, where nothing else needs what it defines. The comment after it goes \
           with it.",
    example: "(seq\n ($0call \"peer\" (\"srv\" \"fn\") [])\n (null)\n)",
    offer,
};

fn offer(context: &Context<'_>) -> Vec<Draft> {
    let instr = context.instr;
    let idle = matches!(instr.kind, InstrKind::Null | InstrKind::Unknown);
    if idle || !context.whole(instr) || !context.on_head() {
        return Vec::new();
    }
    let title = format!("Replace `{}` by `(null)`: it no longer runs", context.hir.text_at(instr.keyword));
    vec![Draft::form(title, context.attached(instr), "(null)".to_owned(), 0)]
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::refactor::testing::check;

    #[test]
    fn where_nothing_needs_it() {
        check(
            &REFACTORING,
            "(seq\n (ap$0 1 x) ; one\n (ap 2 y)\n)",
            expect![[r#"
                # Replace `ap` by `(null)`: it no longer runs
                (seq
                 $0(null)
                 (ap 2 y)
                )
            "#]],
        );
        check(
            &REFACTORING,
            "(seq\n (ap$0 1 x)\n (ap x y)\n)",
            expect![[r#"
            nothing
        "#]],
        );
        check(
            &REFACTORING,
            "(nu$0ll)",
            expect![[r#"
            nothing
        "#]],
        );
    }
}
