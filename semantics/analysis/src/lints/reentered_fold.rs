//! `next` of an outer fold inside of an inner one.

use air_semantics::hir::{Instr, InstrId, InstrKind};
use air_semantics::resolve::BindingKind;

use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Report};

pub(crate) static ENTRY: Entry = entry(
    "L039",
    "reentered-fold",
    Severity::Warning,
    Page {
        summary: "the `next` of a fold stands inside another fold",
        what: prose!(
            "The `next` of an outer `fold` stands in an inner one, which the body of the outer fold
always runs."
        ),
        why: prose!(
            "`next` runs the body of the outer fold for the next element at once. The body enters
the inner fold while that still runs, and AquaVM ends the script with error 20005."
        ),
        example: r#"(seq
 (call %init_peer_id% ("service" "list") [] list)
 (fold list x
  (fold list y
   (par
    (call %init_peer_id% ("service" "function") [x y])
    (seq
     (next y)
     (next x))))))"#,
        fix: "Move the `next` after the inner fold.",
        fixed: r#"(seq
 (call %init_peer_id% ("service" "list") [] list)
 (fold list x
  (seq
   (fold list y
    (par
     (call %init_peer_id% ("service" "function") [x y])
     (next y)))
   (next x))))"#,
    },
);

pub(super) const LINT: Lint = Lint {
    code: Code::ReenteredFold,
    looks: &[Looks::Instr(&[InstrKind::Next], look)],
    fix: Fixing::None(
        "Only the author knows whether the outer fold should go on beside or after the inner one.",
    ),
};

fn look(context: &Context<'_>, next: InstrId, instr: &Instr, report: &mut Report<'_>) {
    let Some(iterator) = context.hir.operands_of(instr).first() else { return };
    let Some((_, binding)) = context.variable(iterator) else { return };
    let BindingKind::Iterator(outer) = binding.kind else { return };
    let mut inner = None;
    let mut around = context.around(next);
    let met = around.find(|(id, around)| {
        match around.kind {
            _ if *id == outer => return true,
            InstrKind::Fold => inner = Some(*around),
            InstrKind::Seq | InstrKind::Par | InstrKind::New => {}
            // The second time another way may be taken.
            _ => inner = None,
        }
        false
    });
    let (Some(_), Some(inner)) = (met, inner) else { return };
    let name = context.name(binding);
    report
        .add(
            Code::ReenteredFold,
            instr.range,
            format!("`next {name}` enters the inner `fold` again while that still runs: error 20005"),
        )
        .related(inner.keyword, "the inner `fold` starts here");
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::code::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::ReenteredFold, text, expected);
    }

    #[test]
    fn in_body_and_last() {
        check(
            "(seq (ap [] l) (fold l i (seq (null) (fold l j (par (next i) (next j))))))",
            expect![[r#"
            | (seq (ap [] l) (fold l i (seq (null) (fold l j (par (next i) (next j))))))
            |                                                     ^^^^^^^^ L039 `next i` enters the inner `fold` again while that still runs: error 20005
            | (seq (ap [] l) (fold l i (seq (null) (fold l j (par (next i) (next j))))))
            |                                       ---- the inner `fold` starts here
        "#]],
        );
        check(
            "(seq (ap [] l) (fold l i (fold l j (next j) (new $s (next i)))))",
            expect![[r#"
            | (seq (ap [] l) (fold l i (fold l j (next j) (new $s (next i)))))
            |                                                     ^^^^^^^^ L039 `next i` enters the inner `fold` again while that still runs: error 20005
            | (seq (ap [] l) (fold l i (fold l j (next j) (new $s (next i)))))
            |                           ---- the inner `fold` starts here
        "#]],
        );
    }

    #[test]
    fn behind_it_or_only_at_times() {
        check(
            "(seq (ap [] l) (fold l i (seq (fold l j (next j)) (next i))))",
            expect![[r#"
            nothing
        "#]],
        );
        check(
            "(seq (ap [] l) (fold l i (xor (match i 1 (fold l j (seq (next j) (next i)))) (null))))",
            expect![[r#"
                nothing
            "#]],
        );
    }
}
