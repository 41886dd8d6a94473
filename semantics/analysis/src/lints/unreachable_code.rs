//! Instructions after one that never completes.

use air_semantics::hir::{Instr, InstrId, InstrKind};
use air_semantics::resolve::{Access, Binding};

use crate::idioms::hop_canon;
use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Report};

pub(crate) static ENTRY: Entry = entry(
    "L007",
    "unreachable-code",
    Severity::Warning,
    Page {
        summary: "an instruction can never run",
        what: prose!(
            "The first instruction of a `seq` never completes: it is `never` or `fail`, or all its
branches end in them. The second one never runs. If that is a `next`, the finding is `unreachable-next`."
        ),
        why: "The instruction looks as if it did something.",
        example: r#"(seq
 (fail 1 "stop")
 (call %init_peer_id% ("service" "function") []))"#,
        fix: "Remove the instruction, or let the one before it complete.",
        fixed: r#"(fail 1 "stop")"#,
    },
);

pub(super) const LINT: Lint =
    Lint { code: Code::UnreachableCode, looks: &[Looks::Cut(look)], fix: Fixing::Offered };

fn look(context: &Context<'_>, _: InstrId, instr: &Instr, report: &mut Report<'_>) {
    let Some(dead) = dead(context, instr) else { return };
    if dead.next.is_some() {
        return;
    }
    let why = if dead.fails { "always fails" } else { "never completes" };
    let Some(before) = context.instr(dead.before) else { return };
    let removal = context.remove(dead.id).filter(|_| !defines(context, dead.instr));
    let (this, cause) = (context.keyword(dead.instr), context.keyword(before));
    report
        .add(
            Code::UnreachableCode,
            dead.instr.keyword,
            format!("`{this}` never runs: the `{cause}` before it {why}"),
        )
        .related(before.keyword, format!("this `{cause}` {why}"))
        .offer(format!("remove this `{this}`"), removal);
}

/// Whether AquaVM takes a later name for defined because of it: that it never runs does not matter there. Also
/// true where the search was given up.
fn defines(context: &Context<'_>, dead: &Instr) -> bool {
    let mut inside = context.resolution.within(dead.range).iter();
    inside.any(|place| {
        let read_after = |binding: &Binding| context.of_name(binding.name).last_read >= dead.range.end();
        !context.burn()
            || place.access != Access::Read
                && context.resolution.binding(place.binding).is_some_and(read_after)
    })
}

/// The second part of a `seq` that never runs.
pub(super) struct DeadPart<'a> {
    pub(super) id: InstrId,
    pub(super) instr: &'a Instr,
    /// What does not let it run.
    pub(super) before: InstrId,
    pub(super) fails: bool,
    /// A `next` in it whose fold is around it.
    pub(super) next: Option<InstrId>,
}

/// In a `seq` of [`air_semantics::control_flow::ControlFlow::cut`]; of several in a row the first.
pub(super) fn dead<'a>(context: &Context<'a>, seq: &Instr) -> Option<DeadPart<'a>> {
    let before = context.child(seq, 0)?;
    let outcomes = context.control_flow.outcomes(before);
    let id = context.child(seq, 1)?;
    let instr = context.instr(id)?;
    let first = context.instr(before)?;
    let known = first.kind == InstrKind::Seq
        && context.child(first, 0).is_some_and(|first| !context.control_flow.outcomes(first).completes());
    // The compiler's way back from a block that always fails.
    let hop = hop_canon(context.hir, instr).is_some();
    if known || hop || instr.kind == InstrKind::Null {
        return None;
    }
    let next = (instr.kind == InstrKind::Next).then_some(id);
    Some(DeadPart { id, instr, before, fails: !outcomes.waits(), next })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::code::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::UnreachableCode, text, expected);
    }

    #[test]
    fn once_for_all_that_follows() {
        check(
            "(seq (seq (seq (never) (ap 1 $s)) (ap 2 $s)) (ap 3 $s))",
            expect![[r#"
                | (seq (seq (seq (never) (ap 1 $s)) (ap 2 $s)) (ap 3 $s))
                |                         ^^ L007 `ap` never runs: the `never` before it never completes
                | (seq (seq (seq (never) (ap 1 $s)) (ap 2 $s)) (ap 3 $s))
                |                 ----- this `never` never completes
                fix: remove this `ap`: "(seq (seq (never) (ap 2 $s)) (ap 3 $s))"
            "#]],
        );
    }

    #[test]
    fn what_is_named_behind_it_stays() {
        check(
            "(seq (seq (never) (ap 1 x)) (ap x $s))",
            expect![[r#"
            | (seq (seq (never) (ap 1 x)) (ap x $s))
            |                    ^^ L007 `ap` never runs: the `never` before it never completes
            | (seq (seq (never) (ap 1 x)) (ap x $s))
            |            ----- this `never` never completes
        "#]],
        );
    }

    #[test]
    fn all_ways_end() {
        check(
            r#"(seq (xor (fail 1 "a") (fail 2 "b")) (ap 1 $s))"#,
            expect![[r#"
                | (seq (xor (fail 1 "a") (fail 2 "b")) (ap 1 $s))
                |                                       ^^ L007 `ap` never runs: the `xor` before it always fails
                | (seq (xor (fail 1 "a") (fail 2 "b")) (ap 1 $s))
                |       --- this `xor` always fails
                fix: remove this `ap`: "(xor (fail 1 \"a\") (fail 2 \"b\"))"
            "#]],
        );
        check(
            r#"(seq (par (fail 1 "a") (never)) (ap 1 $s))"#,
            expect![[r#"
            | (seq (par (fail 1 "a") (never)) (ap 1 $s))
            |                                  ^^ L007 `ap` never runs: the `par` before it never completes
            | (seq (par (fail 1 "a") (never)) (ap 1 $s))
            |       --- this `par` never completes
            fix: remove this `ap`: "(par (fail 1 \"a\") (never))"
        "#]],
        );
    }

    #[test]
    fn one_way_does_not() {
        check(
            r#"(seq (par (never) (null)) (seq (xor (fail 1 "a") (null)) (seq (fold [] i (never)) (ap 1 $s))))"#,
            expect![[r#"
                nothing
            "#]],
        );
    }
}
