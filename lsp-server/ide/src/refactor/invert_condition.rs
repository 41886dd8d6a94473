//! `match` to `mismatch` and back.

use air_semantics::hir::InstrKind;

use super::context::Context;
use super::draft::Draft;
use super::refactoring::{Behaviour, Kind, Refactoring};

pub(super) static REFACTORING: Refactoring = Refactoring {
    name: "invert-condition",
    kind: Kind::Rewrite,
    behaviour: Behaviour::ChangeInTitle,
    what: "Turns `match` into `mismatch` and back. In an `xor` it can also swap the body and the other branch, so that each \
           runs when it did before; but then the `xor` catches the errors of the other one.",
    example: "(seq\n (call %init_peer_id% (\"srv\" \"fn\") [] answer)\n (xor\n  ($0match answer \"yes\"\n   (call %init_peer_id% (\"srv\" \"go\") [])\n  )\n  (null)\n )\n)",
    offer,
};

fn offer(context: &Context<'_>) -> Vec<Draft> {
    let instr = context.instr;
    let (from, to) = match instr.kind {
        InstrKind::Match => ("match", "mismatch"),
        InstrKind::Mismatch => ("mismatch", "match"),
        _ => return Vec::new(),
    };
    if !context.whole(instr) || !context.on_head() {
        return Vec::new();
    }
    let title = format!("Turn `{from}` into `{to}`: the body runs in the opposite case");
    let mut drafts = vec![Draft::word(title, instr.keyword, to)];
    drafts.extend(both(context, from, to));
    drafts
}

/// `(xor (match a b X) Y)` to `(xor (mismatch a b Y) X)`.
fn both(context: &Context<'_>, from: &str, to: &str) -> Option<Draft> {
    let instr = context.instr;
    let xor = context.parent(instr).filter(|xor| xor.kind == InstrKind::Xor && context.whole(xor))?;
    let (head, parts, tail) = context.parts(xor);
    let [condition, other] = parts.as_slice() else { return None };
    if context.children(xor).first()?.range != instr.range {
        return None;
    }
    let (inner_head, inner_parts, inner_tail) = context.parts(instr);
    let [body] = inner_parts.as_slice() else { return None };
    let mut inner = inner_head.replacen(from, to, 1);
    other.write(&mut inner);
    inner.push_str(inner_tail);
    inner.push(')');
    let caret = head.len() + 2;
    let mut text = head;
    condition.with_body(&inner).write(&mut text);
    body.write(&mut text);
    text.push_str(tail);
    text.push(')');
    let title = format!(
        "Turn `{from}` into `{to}` and swap the branches: errors of the other branch are caught instead"
    );
    Some(Draft::form(title, xor.range, text, caret))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::refactor::testing::check;

    #[test]
    fn alone() {
        check(
            &REFACTORING,
            "(seq (null) (misma$0tch 1 2 (null)))",
            expect![[r#"
            # Turn `mismatch` into `match`: the body runs in the opposite case
            (seq (null) ($0match 1 2 (null)))
        "#]],
        );
    }

    #[test]
    fn in_its_xor() {
        check(
            &REFACTORING,
            "(xor ; if\n (mat$0ch 1 2\n  ; then\n  (ap 1 x) ; one\n ) ; match\n ; else\n (ap 2 y) ; two\n)",
            expect![[r#"
                # Turn `match` into `mismatch`: the body runs in the opposite case
                (xor ; if
                 ($0mismatch 1 2
                  ; then
                  (ap 1 x) ; one
                 ) ; match
                 ; else
                 (ap 2 y) ; two
                )
                # Turn `match` into `mismatch` and swap the branches: errors of the other branch are caught instead
                (xor ; if
                 $0(mismatch 1 2
                  ; else
                  (ap 2 y) ; two
                 ) ; match

                 ; then
                 (ap 1 x) ; one
                )
            "#]],
        );
    }
}
