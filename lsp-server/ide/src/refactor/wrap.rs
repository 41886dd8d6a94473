//! Puts an instruction into `seq`, `par` or `xor`.

use air_semantics::hir::InstrKind;

use super::context::Context;
use super::draft::Draft;
use super::refactoring::{Behaviour, Kind, Refactoring};

pub(super) static SEQ: Refactoring = Refactoring {
    name: "wrap-in-seq",
    kind: Kind::Rewrite,
    behaviour: Behaviour::Same,
    what: "Puts the instruction into a `seq` whose second step is a `(null)` to be replaced. Not offered for `next`, \
           which `par` treats differently when it stands there alone.",
    example: "($0call %init_peer_id% (\"op\" \"noop\") [])",
    offer: |context| wrap(context, "seq", "Wrap in `seq`"),
};

pub(super) static PAR: Refactoring = Refactoring {
    name: "wrap-in-par",
    kind: Kind::Rewrite,
    behaviour: Behaviour::ChangeInTitle,
    what: "Puts the instruction into a `par` beside a `(null)` to be replaced. A `par` is done when one of its sides is, \
           and fails only if both do: until the `(null)` is replaced, what follows does not wait.",
    example: "($0call %init_peer_id% (\"op\" \"noop\") [])",
    offer: |context| {
        wrap(
            context,
            "par",
            "Wrap in `par`: what follows neither waits for the instruction nor sees its errors",
        )
    },
};

pub(super) static XOR: Refactoring = Refactoring {
    name: "wrap-in-xor",
    kind: Kind::Rewrite,
    behaviour: Behaviour::ChangeInTitle,
    what: "Puts the instruction into an `xor` whose second branch, run after an error, is a `(null)` to be replaced.",
    example: "($0call %init_peer_id% (\"op\" \"noop\") [])",
    offer: |context| wrap(context, "xor", "Wrap in `xor`: its errors are caught and dropped"),
};

fn wrap(context: &Context<'_>, keyword: &str, title: &str) -> Vec<Draft> {
    let instr = context.instr;
    if !context.whole(instr)
        || matches!(instr.kind, InstrKind::Next | InstrKind::Unknown)
        || !context.on_head()
    {
        return Vec::new();
    }
    let text = format!("({keyword} {} (null))", context.attached_text(instr));
    let caret = text.len() - "(null))".len();
    vec![Draft::form(title, context.attached(instr), text, caret)]
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::refactor::testing::check;

    #[test]
    fn in_its_place_with_its_comment() {
        check(
            &SEQ,
            "(seq\n  (null)\n  ; above\n  (c$0all %init_peer_id% (\"s\" \"f\") []) ; ok = 1\n)",
            expect![[r#"
                # Wrap in `seq`
                (seq
                  (null)
                  ; above
                  (seq
                   (call %init_peer_id% ("s" "f") []) ; ok = 1
                   $0(null)
                  )
                )
            "#]],
        );
    }

    #[test]
    fn others() {
        check(
            &PAR,
            "(nu$0ll)",
            expect![[r#"
                # Wrap in `par`: what follows neither waits for the instruction nor sees its errors
                (par
                 (null)
                 $0(null)
                )
            "#]],
        );
        check(
            &XOR,
            "(nu$0ll)",
            expect![[r#"
                # Wrap in `xor`: its errors are caught and dropped
                (xor
                 (null)
                 $0(null)
                )
            "#]],
        );
    }

    #[test]
    fn not_where_it_would_be_refused() {
        // The end of a stream fold must be `next`.
        check(
            &SEQ,
            "(seq (ap 1 $s) (fold $s i ($0seq (null) (next i))))",
            expect![[r#"
            nothing
        "#]],
        );
        check(
            &SEQ,
            "(seq (ap 1 $s) (fold $s i (ne$0xt i)))",
            expect![[r#"
            nothing
        "#]],
        );
        check(
            &SEQ,
            "(ca$0ll p (\"s\" \"f\") [] x y)",
            expect![[r#"
            nothing
        "#]],
        );
    }
}
