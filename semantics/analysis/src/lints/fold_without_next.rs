//! Folds that look at one element only.

use air_semantics::hir::{InstrKind, OperandKind, Role};
use air_semantics::resolve::{Access, Binding, BindingId, BindingKind};
use air_syntax::TextRange;

use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Maker, Report, replace};

pub(crate) static ENTRY: Entry = entry(
    "L011",
    "fold-without-next",
    Severity::Warning,
    Page {
        summary: "a fold never goes on to the next element",
        what: "The body of a `fold` has no `next` for its iterator.",
        why: prose!(
            "The body runs for the first element only; with a stream, for the first value of each
round of new values."
        ),
        example: r#"(seq
 (call %init_peer_id% ("service" "list") [] list)
 (fold list item
  (call item ("service" "function") [])))"#,
        fix: prose!(
            "Add `next`: in a `seq` the elements are handled one after the other, in a `par` all at
once. To take only one element, use a lens: `list.$.[0]`."
        ),
        fixed: r#"(seq
 (call %init_peer_id% ("service" "list") [] list)
 (fold list item
  (seq
   (call item ("service" "function") [])
   (next item))))"#,
    },
);

pub(super) const LINT: Lint = Lint {
    code: Code::FoldWithoutNext,
    looks: &[Looks::Variable(|of| of.made_by == Maker::Fold, look)],
    fix: Fixing::Offered,
};

fn look(context: &Context<'_>, id: BindingId, binding: &Binding, report: &mut Report<'_>) {
    let BindingKind::Iterator(fold) = binding.kind else { return };
    let is_next = |instr| context.instr(instr).is_some_and(|instr| instr.kind == InstrKind::Next);
    if context.places(id, Access::Read).any(|read| is_next(read.instr)) {
        return;
    }
    let Some(fold) = context.instr(fold) else { return };
    let Some(iterable) = context.operand(fold, Role::Iterable) else { return };
    let Some(body) = context.child(fold, 0).and_then(|body| context.instr(body)) else { return };
    let name = context.name(binding);
    let one = match iterable.kind {
        // It has no elements at all, which is another finding.
        OperandKind::EmptyArray => return,
        OperandKind::Stream(_) | OperandKind::StreamMap(_) => "the first value of each round",
        _ => "the first element",
    };
    let message = format!("`fold` has no `next {name}`: its body runs for {one} only");
    let wrap = |word: &str| {
        Some(vec![
            replace(TextRange::empty(body.range.start()), format!("({word} ")),
            replace(TextRange::empty(body.range.end()), format!(" (next {name}))")),
        ])
    };
    report
        .add(Code::FoldWithoutNext, fold.keyword, message)
        .offer(format!("insert `(next {name})` after the body, with `seq`"), wrap("seq"))
        .offer(format!("insert `(next {name})` beside the body, with `par`"), wrap("par"));
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::code::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::FoldWithoutNext, text, expected);
    }

    #[test]
    fn of_a_list_and_of_a_stream() {
        check(
            "(seq (ap 1 $s) (fold $s i (null)))",
            expect![[r#"
                | (seq (ap 1 $s) (fold $s i (null)))
                |                 ^^^^ L011 `fold` has no `next i`: its body runs for the first value of each round only
                fix: insert `(next i)` after the body, with `seq`: "(seq (ap 1 $s) (fold $s i (seq (null) (next i))))"
                fix: insert `(next i)` beside the body, with `par`: "(seq (ap 1 $s) (fold $s i (par (null) (next i))))"
            "#]],
        );
        check(
            "(seq (ap [] l) (fold l i (ap i $x)))",
            expect![[r#"
            | (seq (ap [] l) (fold l i (ap i $x)))
            |                 ^^^^ L011 `fold` has no `next i`: its body runs for the first element only
            fix: insert `(next i)` after the body, with `seq`: "(seq (ap [] l) (fold l i (seq (ap i $x) (next i))))"
            fix: insert `(next i)` beside the body, with `par`: "(seq (ap [] l) (fold l i (par (ap i $x) (next i))))"
        "#]],
        );
    }

    #[test]
    fn next_may_be_anywhere_inside() {
        check(
            "(seq (ap [] l) (fold l i (null) (next i)))",
            expect![[r#"
            nothing
        "#]],
        );
        check(
            "(seq (ap [] l) (fold l i (fold l j (par (next i) (next j)))))",
            expect![[r#"
            nothing
        "#]],
        );
    }
}
