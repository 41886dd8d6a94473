//! Branches of a `par` that wait for each other.

use air_semantics::hir::InstrKind;
use air_semantics::resolve::{Access, Binding, BindingId, Occurrence};

use super::self_wait::{Continuation, early_wait, waits};
use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Report};

pub(crate) static ENTRY: Entry = entry(
    "L022",
    "mutual-wait",
    Severity::Warning,
    Page {
        summary: "two branches of a `par` wait for each other",
        what: prose!(
            "One branch of a `par` waits for a value that only the other branch writes, and the
other branch writes it only after waiting for a value that the first one writes after its own wait."
        ),
        why: "Neither branch can go on.",
        example: "(new $a
 (new $b
  (par
   (seq
    (fold $a x (seq (null) (next x)))
    (ap 1 $b))
   (seq
    (fold $b y (seq (null) (next y)))
    (ap 1 $a)))))",
        fix: "Let one of the branches write first.",
        fixed: "(new $a
 (new $b
  (par
   (seq
    (ap 1 $b)
    (fold $a x (seq (null) (next x))))
   (seq
    (fold $b y (seq (null) (next y)))
    (ap 1 $a)))))",
    },
);

pub(super) const LINT: Lint = Lint {
    code: Code::MutualWait,
    looks: &[Looks::Variable(|of| of.read && of.writes > 0, look)],
    fix: Fixing::None("Only the author knows which of the branches should go first."),
};

fn look(context: &Context<'_>, id: BindingId, binding: &Binding, report: &mut Report<'_>) {
    let Some(wait) = early_wait(context, id, binding) else { return };
    let continuation = Continuation::new(context, wait.instr);
    let Some((par, branch)) = continuation.par else { return };
    let (Some(par), Some(branch)) = (context.instr(par), context.instr(branch)) else { return };
    let mut other = None;
    for write in context.places(id, Access::Write) {
        if !par.range.contains_range(write.range) || branch.range.contains_range(write.range) {
            return;
        }
        let Some(blocked) = blocked_by(context, write, &continuation) else { return };
        other = Some(blocked);
    }
    let Some(other) = other.filter(|_| context.has_fuel()) else { return };
    let name = context.name(binding);
    let theirs = context.resolution.binding(other.binding).map_or("", |other| context.name(other));
    report
        .add(
            Code::MutualWait,
            wait.range,
            format!("`{name}` never comes: the other branch of the `par` first waits for `{theirs}`, which is written only after this wait"),
        )
        .related(other.range, format!("the other branch waits for `{theirs}` here"));
}

/// What stands before a write, in its branch, and waits for what is only written after the first wait.
fn blocked_by<'a>(
    context: &Context<'a>,
    write: &Occurrence,
    continuation: &Continuation,
) -> Option<&'a Occurrence> {
    let places = &context.resolution.occurrences;
    let mut from = write.instr;
    for (id, around) in context.around(write.instr) {
        if Some(id) == continuation.par.map(|(par, _)| par) {
            return None;
        }
        if around.kind == InstrKind::Seq
            && let Some(first) = context.child(around, 0).filter(|first| *first != from)
            && let Some(before) = context.instr(first)
        {
            let start = places.partition_point(|place| place.range.start() < before.range.start());
            for place in places.iter().skip(start) {
                if place.range.start() >= before.range.end() || !context.burn() {
                    break;
                }
                // Only what surely runs: directly there, or in a `seq` or `new` of it.
                let sure = place.instr == first
                    || context
                        .around(place.instr)
                        .take_while(|(id, _)| *id != around_of(context, first))
                        .all(|(_, around)| matches!(around.kind, InstrKind::Seq | InstrKind::New));
                let only_behind = || {
                    let mut writes = context.places(place.binding, Access::Write).peekable();
                    writes.peek().is_some() && writes.all(|write| continuation.holds(write.range))
                };
                if place.access == Access::Read && sure && waits(context, place) && only_behind() {
                    return Some(place);
                }
            }
        }
        from = id;
    }
    None
}

/// The parent of an instruction, or itself at the root.
fn around_of(context: &Context<'_>, id: air_semantics::hir::InstrId) -> air_semantics::hir::InstrId {
    context.instr(id).and_then(|instr| instr.parent).unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::code::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::MutualWait, text, expected);
    }

    #[test]
    fn streams_crosswise() {
        check(
            "(new $a (new $b (par (seq (fold $a x (next x)) (ap 1 $b)) (seq (seq (null) (fold $b y (next y))) (ap 1 $a)))))",
            expect![[r#"
                | (new $a (new $b (par (seq (fold $a x (next x)) (ap 1 $b)) (seq (seq (null) (fold $b y (next y))) (ap 1 $a)))))
                |                                 ^^ L022 `$a` never comes: the other branch of the `par` first waits for `$b`, which is written only after this wait
                | (new $a (new $b (par (seq (fold $a x (next x)) (ap 1 $b)) (seq (seq (null) (fold $b y (next y))) (ap 1 $a)))))
                |                                                                                  -- the other branch waits for `$b` here
            "#]],
        );
    }

    #[test]
    fn one_of_them_is_written_elsewhere() {
        check(
            "(new $a (new $b (par (seq (fold $a x (next x)) (ap 1 $b)) (seq (ap 2 $b) (seq (fold $b y (next y)) (ap 1 $a))))))",
            expect![[r#"
                nothing
            "#]],
        );
    }
}
