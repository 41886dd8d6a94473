//! Names that are set twice where AquaVM lets them be set once.

use air_semantics::hir::{Instr, InstrId, InstrKind, Role};
use air_semantics::resolve::{Access, Binding, BindingId, Occurrence};

use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Maker, Report, is_stream};

pub(crate) static ENTRY: Entry = entry(
    "L009",
    "reused-name",
    Severity::Warning,
    Page {
        summary: "a name is set twice, which fails at run time",
        what: prose!(
            "A scalar or canonicalised stream is set twice outside of any `fold`, and both
instructions run: they are not alternatives."
        ),
        why: prose!(
            "AquaVM accepts the script and ends it with error 20007 at the second one. A name may be
set again only inside a `fold`."
        ),
        example: r#"(seq
 (call %init_peer_id% ("service" "first") [] result)
 (seq
  (call %init_peer_id% ("service" "second") [result] result)
  (call %init_peer_id% ("service" "third") [result])))"#,
        fix: "Give the second value its own name, or its own scope with `new`.",
        fixed: r#"(seq
 (call %init_peer_id% ("service" "first") [] result)
 (seq
  (call %init_peer_id% ("service" "second") [result] other)
  (call %init_peer_id% ("service" "third") [other])))"#,
    },
);

pub(super) const LINT: Lint = Lint {
    code: Code::ReusedName,
    looks: &[Looks::Variable(|of| of.made_by != Maker::Fold && of.writes > 1, look)],
    fix: Fixing::None("Only the author knows which of the two values later reads mean."),
};

fn look(context: &Context<'_>, id: BindingId, binding: &Binding, report: &mut Report<'_>) {
    let name = context.name(binding);
    if is_stream(name) {
        return;
    }
    let mut writes = context.places(id, Access::Write);
    let Some(mut first) = writes.next() else { return };
    for second in writes {
        if both_run(context, first, second) {
            report
                .add(
                    Code::ReusedName,
                    second.range,
                    format!("`{name}` is already set: setting it again ends the script with error 20007"),
                )
                .related(first.range, format!("`{name}` is first set here"));
        }
        first = second;
    }
}

/// Whether the second always meets the first: the first is on no way that may be left out, the innermost
/// instruction around both is a `seq` or `par`, no fold is around, and neither is cut off.
fn both_run(context: &Context<'_>, first: &Occurrence, second: &Occurrence) -> bool {
    let mut from = second.instr;
    let mut meets = false;
    for (id, around) in context.around(second.instr) {
        // In a fold a name may be set again, also over one from outside of it.
        if around.kind == InstrKind::Fold || is_cut(context, around, from) {
            return false;
        }
        meets = around.range.contains_range(first.range);
        if meets {
            // Each of two peers may well see its own `canon` alone.
            meets = around.kind != InstrKind::Par || !canonised_elsewhere(context, first, second);
            break;
        }
        from = id;
    }
    if !meets {
        return false;
    }
    let (mut met, mut conditional, mut from) = (false, false, first.instr);
    for (id, around) in context.around(first.instr) {
        let left_out = match around.kind {
            InstrKind::Fold => true,
            InstrKind::Xor => !met,
            // A condition that does not hold ends the way to the second, unless a `par` lets go on beside it.
            InstrKind::Par => !met && conditional,
            _ => !met && is_cut(context, around, from),
        };
        if left_out {
            return false;
        }
        conditional |= matches!(around.kind, InstrKind::Match | InstrKind::Mismatch);
        met = met || around.range.contains_range(second.range);
        from = id;
    }
    met && context.has_fuel()
}

/// Whether one of two instructions is a `canon` on another peer than the other one.
fn canonised_elsewhere(context: &Context<'_>, first: &Occurrence, second: &Occurrence) -> bool {
    let [Some(one), Some(other)] = [first, second].map(|write| context.instr(write.instr)) else {
        return false;
    };
    let peer = |instr| context.operand(instr, Role::Peer).map(|peer| context.text(peer.range));
    let apart = peer(one).zip(peer(other)).is_some_and(|(one, other)| one != other);
    apart && (one.kind == InstrKind::Canon || other.kind == InstrKind::Canon)
}

/// Whether an instruction in a `seq` never runs, because what is before it never completes.
fn is_cut(context: &Context<'_>, seq: &Instr, child: InstrId) -> bool {
    seq.kind == InstrKind::Seq
        && context
            .child(seq, 0)
            .is_some_and(|first| first != child && !context.control_flow.outcomes(first).completes())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::code::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::ReusedName, text, expected);
    }

    #[test]
    fn one_after_the_other_and_beside() {
        check(
            r#"(xor (seq (call "p" ("s" "f") [] x) (new y (ap 1 x))) (par (ap 1 z) (seq (null) (canon "p" %m z))))"#,
            expect![[r#"
                | (xor (seq (call "p" ("s" "f") [] x) (new y (ap 1 x))) (par (ap 1 z) (seq (null) (canon "p" %m z))))
                |                                                  ^ L009 `x` is already set: setting it again ends the script with error 20007
                | (xor (seq (call "p" ("s" "f") [] x) (new y (ap 1 x))) (par (ap 1 z) (seq (null) (canon "p" %m z))))
                |                                  - `x` is first set here
                | (xor (seq (call "p" ("s" "f") [] x) (new y (ap 1 x))) (par (ap 1 z) (seq (null) (canon "p" %m z))))
                |                                                                                               ^ L009 `z` is already set: setting it again ends the script with error 20007
                | (xor (seq (call "p" ("s" "f") [] x) (new y (ap 1 x))) (par (ap 1 z) (seq (null) (canon "p" %m z))))
                |                                                                  - `z` is first set here
            "#]],
        );
    }

    #[test]
    fn alternatives_and_folds_are_fine() {
        check(
            r#"(seq (xor (ap 1 x) (ap 2 x)) (fold [] i (seq (ap 1 y) (seq (ap 2 y) (next i)))))"#,
            expect![[r#"
                nothing
            "#]],
        );
        check(
            r#"(seq (xor (match %ttl% 1 (ap 1 x)) (null)) (ap 2 x))"#,
            expect![[r#"
            nothing
        "#]],
        );
    }

    #[test]
    fn branches_under_conditions_and_what_never_runs() {
        for text in [
            r#"(par (match %ttl% 1 (ap 1 x)) (mismatch %ttl% 1 (ap 2 x)))"#,
            r#"(seq (par (match %ttl% 1 (ap 1 x)) (null)) (ap 2 x))"#,
            r#"(seq (par (seq (never) (ap 1 x)) (null)) (ap 2 x))"#,
            r#"(seq (ap 1 x) (par (seq (never) (ap 2 x)) (null)))"#,
            r##"(par (canon "p" $s #c) (canon "q" $s #c))"##,
        ] {
            check(text, expect!["nothing\n"]);
        }
        check(
            "(seq (match %ttl% 1 (ap 1 x)) (ap 2 x))",
            expect![[r#"
            | (seq (match %ttl% 1 (ap 1 x)) (ap 2 x))
            |                                     ^ L009 `x` is already set: setting it again ends the script with error 20007
            | (seq (match %ttl% 1 (ap 1 x)) (ap 2 x))
            |                           - `x` is first set here
        "#]],
        );
    }

    #[test]
    fn a_scope_of_its_own_is_fine() {
        check(
            "(seq (ap 1 x) (new x (ap 2 x)))",
            expect![[r#"
            nothing
        "#]],
        );
        check(
            "(new x (seq (ap 1 x) (ap 2 x)))",
            expect![[r#"
            | (new x (seq (ap 1 x) (ap 2 x)))
            |                            ^ L009 `x` is already set: setting it again ends the script with error 20007
            | (new x (seq (ap 1 x) (ap 2 x)))
            |                   - `x` is first set here
        "#]],
        );
    }
}
