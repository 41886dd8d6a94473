//! Takes an instruction away that is around another one.

use air_semantics::hir::{Instr, InstrKind, Role};

use super::context::Context;
use super::draft::Draft;
use super::pieces::{comments_between, trailing_comment};
use super::refactoring::{Behaviour, Kind, Refactoring};

pub(super) static REFACTORING: Refactoring = Refactoring {
    name: "unwrap",
    kind: Kind::Rewrite,
    behaviour: Behaviour::ChangeInTitle,
    what: "Replaces `seq`, `par` and `xor` by one of their branches, `new`, `match` and `mismatch` by their body. Offered \
           with the cursor on the keyword or the operands. Removing a `(null)` beside a step of a `seq`, or a \
           `new` of a variable that the body does not use, changes nothing.",
    example: "($0xor\n (call \"peer\" (\"srv\" \"fn\") []) ; may fail\n (null)\n)",
    offer,
};

fn offer(context: &Context<'_>) -> Vec<Draft> {
    let instr = context.instr;
    if !context.whole(instr) || !context.on_head() {
        return Vec::new();
    }
    let children = context.children(instr);
    let word = context.hir.text_at(instr.keyword);
    match (instr.kind, children.as_slice()) {
        (InstrKind::Seq | InstrKind::Par | InstrKind::Xor, [first, second]) => [
            keep(context, first, second, title(instr.kind, word, true, first, second)),
            keep(context, second, first, title(instr.kind, word, false, second, first)),
        ]
        .into(),
        (InstrKind::New, [body]) => {
            let name = context.hir.operand(instr, Role::Declared).map(|it| context.hir.text_at(it.range));
            let Some(name) = name else { return Vec::new() };
            let used = context.analysis.resolution().occurrences.iter().any(|place| {
                body.range.contains_range(place.range) && context.hir.text_at(place.range) == name
            });
            let title = match used {
                true => format!("Unwrap `new`: `{name}` is no longer a separate variable here"),
                false => "Unwrap `new`".to_owned(),
            };
            vec![keep(context, body, body, title)]
        }
        (InstrKind::Match | InstrKind::Mismatch, [body]) => {
            vec![keep(context, body, body, format!("Unwrap `{word}`: its body always runs"))]
        }
        _ => Vec::new(),
    }
}

fn title(kind: InstrKind, word: &str, first: bool, kept: &Instr, lost: &Instr) -> String {
    let which = if first { "first" } else { "second" };
    // `par` looks whether a branch is a bare `next`.
    if kind == InstrKind::Seq && lost.kind == InstrKind::Null && kept.kind != InstrKind::Next {
        return "Unwrap `seq`".to_owned();
    }
    match (kind, first) {
        (InstrKind::Seq, _) => format!("Keep the {which} step of `{word}`: the other one is removed"),
        (InstrKind::Xor, true) => {
            "Keep the first branch of `xor`: its errors are no longer caught".to_owned()
        }
        (InstrKind::Xor, false) => "Keep the second branch of `xor`: it always runs".to_owned(),
        _ => format!("Keep the {which} branch of `{word}`: the other one is removed"),
    }
}

/// One child for all; comments that are in neither child stay.
fn keep(context: &Context<'_>, kept: &Instr, lost: &Instr, title: String) -> Draft {
    let text = &context.hir.text;
    let instr = context.instr;
    let trail = trailing_comment(text, kept.range.end());
    let mut comments = Vec::new();
    let mut at = instr.range.start();
    for child in context.children(instr) {
        comments.extend(comments_between(text, air_syntax::TextRange::new(at, child.range.start())));
        at = child.range.end();
        if child.range == kept.range {
            at = trail.end();
        } else if child.range == lost.range {
            at = trailing_comment(text, at).end();
        }
    }
    comments.extend(comments_between(text, air_syntax::TextRange::new(at, instr.range.end())));
    let trail = (!trail.is_empty()).then(|| context.hir.text_at(trail));
    Draft::part(text, title, instr.range, comments, context.hir.text_at(kept.range), trail)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::refactor::testing::check;

    #[test]
    fn comments_stay() {
        check(
            &REFACTORING,
            "(seq\n (xor$0 ; try\n  ; this\n  (ap 1 x) ; one\n  ; or\n  (null) ; two\n ) ; all\n (null)\n)",
            expect![[r#"
                # Keep the first branch of `xor`: its errors are no longer caught
                (seq
                 ; try
                 ; this
                 ; or
                 ; all
                 $0(ap 1 x) ; one
                 (null)
                )
                # Keep the second branch of `xor`: it always runs
                (seq
                 ; try
                 ; this
                 ; or
                 ; all
                 $0(null) ; two
                 (null)
                )
            "#]],
        );
    }

    #[test]
    fn without_a_change() {
        check(
            &REFACTORING,
            "($0seq (ap 1 x) (null))",
            expect![[r#"
            # Unwrap `seq`
            $0(ap 1 x)
            # Keep the second step of `seq`: the other one is removed
            $0(null)
        "#]],
        );
        check(
            &REFACTORING,
            "($0new $s (ap 1 x))",
            expect![[r#"
            # Unwrap `new`
            $0(ap 1 x)
        "#]],
        );
    }

    #[test]
    fn with_one() {
        check(
            &REFACTORING,
            "(seq (ap 1 x) (ma$0tch x 1 (null)))",
            expect![[r#"
                # Unwrap `match`: its body always runs
                (seq (ap 1 x) $0(null))
            "#]],
        );
        check(
            &REFACTORING,
            "(n$0ew $s (ap 1 $s))",
            expect![[r#"
                # Unwrap `new`: `$s` is no longer a separate variable here
                $0(ap 1 $s)
            "#]],
        );
        check(
            &REFACTORING,
            "(p$0ar (ap 1 x) (never))",
            expect![[r#"
            # Keep the first branch of `par`: the other one is removed
            $0(ap 1 x)
            # Keep the second branch of `par`: the other one is removed
            $0(never)
        "#]],
        );
    }

    #[test]
    fn what_is_defined_stays() {
        check(
            &REFACTORING,
            "(seq ($0seq (ap 1 x) (ap 1 y)) (ap x z))",
            expect![[r#"
            # Keep the first step of `seq`: the other one is removed
            (seq $0(ap 1 x) (ap x z))
        "#]],
        );
        check(
            &REFACTORING,
            "(seq (null) (nu$0ll))",
            expect![[r#"
            nothing
        "#]],
        );
    }
}
