//! The last instruction of a fold: written or not.

use air_semantics::hir::{Instr, InstrKind, OperandKind, Role};

use super::context::Context;
use super::draft::Draft;
use super::pieces::{comments_between, trailing_comment};
use super::refactoring::{Behaviour, Kind, Refactoring};

pub(super) static REFACTORING: Refactoring = Refactoring {
    name: "fold-last",
    kind: Kind::Rewrite,
    behaviour: Behaviour::ChangeInTitle,
    what: "Adds the last instruction to a fold, which runs after the last element, or removes it. Without one, a fold \
           over a stream is not complete there, as with `(never)`; other folds just end, as with `(null)` where \
           `next` is reached by `seq` alone.",
    example: "(seq\n (ap 1 $all)\n ($0fold $all item\n  (seq\n   (call item (\"srv\" \"fn\") [])\n   (next item)\n  )\n )\n)",
    offer,
};

fn offer(context: &Context<'_>) -> Vec<Draft> {
    let instr = context.instr;
    if instr.kind != InstrKind::Fold || !context.whole(instr) || !context.on_head() {
        return Vec::new();
    }
    let iterable = context.hir.operand(instr, Role::Iterable);
    let stream = iterable
        .is_some_and(|operand| matches!(operand.kind, OperandKind::Stream(_) | OperandKind::StreamMap(_)));
    match context.children(instr).as_slice() {
        [_] => add(context, stream),
        [_, last] => vec![drop(context, stream, last)],
        _ => Vec::new(),
    }
}

fn add(context: &Context<'_>, stream: bool) -> Vec<Draft> {
    let instr = context.instr;
    let before = context.hir.text_at(instr.range).strip_suffix(')').unwrap_or_default();
    let draft = |title: &str, last: &str| {
        // The bracket may follow a comment.
        let text = format!("{before}\n{last})");
        let caret = text.len() - last.len() - 1;
        Draft::form(title, instr.range, text, caret)
    };
    match stream {
        true => vec![
            draft("Add `(never)` as last instruction", "(never)"),
            draft("Add `(null)` as last instruction: the fold is complete after its last element", "(null)"),
        ],
        false if next_in_seq(context, instr) => vec![draft("Add `(null)` as last instruction", "(null)")],
        false => {
            vec![draft(
                "Add `(null)` as last instruction: the fold is complete after its last element",
                "(null)",
            )]
        }
    }
}

fn drop(context: &Context<'_>, stream: bool, last: &Instr) -> Draft {
    let instr = context.instr;
    let text = &context.hir.text;
    let same = match last.kind {
        InstrKind::Never => stream,
        InstrKind::Null => !stream && next_in_seq(context, instr),
        _ => false,
    };
    let title = match same {
        true => "Remove the last instruction",
        false => "Remove the last instruction: it no longer runs after the last element",
    };
    let body_end = context.children(instr).first().map_or(last.range.start(), |body| body.range.end());
    let trail = trailing_comment(text, body_end);
    let mut new = context.text(instr.range.start(), trail.end()).to_owned();
    let around = [(trail.end(), last.range.start()), (last.range.end(), instr.range.end())];
    for (start, end) in around {
        for comment in comments_between(text, air_syntax::TextRange::new(start, end)) {
            new.push('\n');
            new.push_str(comment);
        }
    }
    new.push_str("\n)");
    Draft::form(title, instr.range, new, 0)
}

/// Whether the way to `next` goes through nothing that could be done without it.
fn next_in_seq(context: &Context<'_>, fold: &Instr) -> bool {
    let hir = context.hir;
    let name = |instr: &Instr| hir.operand(instr, Role::Iterator).and_then(|it| it.kind.name());
    let next = hir.instrs.iter().find(|it| {
        it.kind == InstrKind::Next && fold.range.contains_range(it.range) && name(it) == name(fold)
    });
    let Some(mut at) = next else { return true };
    while let Some(outer) = context.parent(at) {
        if outer.range == fold.range {
            return true;
        }
        if matches!(outer.kind, InstrKind::Par | InstrKind::Fold) {
            return false;
        }
        at = outer;
    }
    false
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::refactor::testing::check;

    #[test]
    fn added() {
        check(
            &REFACTORING,
            "(fo$0ld [] i\n (seq (null) (next i)) ; body\n)",
            expect![[r#"
            # Add `(null)` as last instruction
            (fold [] i
             (seq
              (null)
              (next i)
             ) ; body

             $0(null)
            )
        "#]],
        );
        check(
            &REFACTORING,
            "($0fold [] i (par (null) (next i)))",
            expect![[r#"
                # Add `(null)` as last instruction: the fold is complete after its last element
                (fold [] i
                 (par
                  (null)
                  (next i)
                 )
                 $0(null)
                )
            "#]],
        );
    }

    #[test]
    fn dropped() {
        check(
            &REFACTORING,
            "($0fold [] i\n (next i) ; body\n ; then\n (null) ; last\n)",
            expect![[r#"
                # Remove the last instruction
                $0(fold [] i
                 (next i) ; body
                 ; then
                 ; last
                )
            "#]],
        );
        check(
            &REFACTORING,
            "($0fold [] i (next i) (ap 1 x))",
            expect![[r#"
            # Remove the last instruction: it no longer runs after the last element
            $0(fold [] i
             (next i)
            )
        "#]],
        );
    }

    #[test]
    fn not_where_something_needs_it() {
        check(
            &REFACTORING,
            "(seq ($0fold [] i (next i) (ap 1 x)) (ap x y))",
            expect![[r#"
            nothing
        "#]],
        );
    }
}
